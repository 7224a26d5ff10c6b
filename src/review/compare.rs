//! Which of two sets of layers allows more.

use super::effort::{Effort, Steps};
use super::formula::Formula;
use super::search::find;
use super::vocabulary::Vocabulary;
use super::witness::Witness;
use crate::scope::Layers;

/// How what one set of layers allows relates to what another does. See [`compare`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Comparison {
    /// They allow the same.
    Equal,
    /// The second allows less. The witness is a case that only the first allows.
    Narrower(Box<Witness>),
    /// The second allows more. The witness is a case that only the second allows.
    Wider(Box<Witness>),
    /// Each allows what the other does not.
    Incomparable {
        /// A case that only the first allows.
        lost: Box<Witness>,
        /// A case that only the second allows.
        gained: Box<Witness>,
    },
    /// It would take more effort to say.
    Undecided {
        /// A case that only the first allows, if one was found.
        lost: Option<Box<Witness>>,
        /// A case that only the second allows, if one was found: then the second is not within the
        /// first, whatever else is so.
        gained: Option<Box<Witness>>,
    },
}

/// Whether there is a case of some kind. See [`beyond`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Beyond {
    /// There is none.
    Nothing,
    /// There is this one, of which the evaluator says the same.
    Case(Box<Witness>),
    /// It would take more effort to say.
    Undecided,
}

/// Compares what two sets of layers allow, over every action and all that can be known.
///
/// Exact: equal means that no case whatever tells them apart, and each witness has been put to the
/// evaluator. Budgets of one name, measure and window are one budget on both sides.
///
/// ```
/// use bailiwick::review::{Comparison, Effort, compare};
/// use bailiwick::scope::{Capability, Layers, Scope};
/// let reads = |resource| Scope::builder().allow(Capability::operation("forum.read", resource)?).build();
/// let old = [reads("forum/thread/42")?];
/// let new = [reads("forum/thread/*")?];
///
/// let Comparison::Wider(witness) = compare(&Layers::blocks(&old), &Layers::blocks(&new), Effort::default()) else {
///     panic!("it allows more threads");
/// };
/// assert!(witness.to_string().contains("resource: forum/thread/"));
///
/// let same = compare(&Layers::blocks(&old), &Layers::blocks(&old), Effort::default());
/// assert_eq!(same, Comparison::Equal);
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
///
/// # Limits
///
/// A case has one action. Each direction may cost the whole effort.
pub fn compare(first: &Layers<'_>, second: &Layers<'_>, effort: Effort) -> Comparison {
    Vocabulary::everything().compare(first, second, effort)
}

/// What `other` allows and `layers` do not: half of [`compare`].
///
/// For who wants to know only whether something grew.
pub fn beyond(layers: &Layers<'_>, other: &Layers<'_>, effort: Effort) -> Beyond {
    Vocabulary::everything().beyond(layers, other, effort)
}

impl Comparison {
    pub(crate) fn of(lost: Beyond, gained: Beyond) -> Self {
        match (lost, gained) {
            (Beyond::Nothing, Beyond::Nothing) => Self::Equal,
            (Beyond::Case(lost), Beyond::Nothing) => Self::Narrower(lost),
            (Beyond::Nothing, Beyond::Case(gained)) => Self::Wider(gained),
            (Beyond::Case(lost), Beyond::Case(gained)) => Self::Incomparable { lost, gained },
            (lost @ Beyond::Undecided, gained) | (lost, gained @ Beyond::Undecided) => {
                Self::Undecided {
                    lost: lost.into_case(),
                    gained: gained.into_case(),
                }
            }
        }
    }

    /// A case that only the first allows.
    #[must_use]
    pub fn lost(&self) -> Option<&Witness> {
        match self {
            Self::Narrower(lost) | Self::Incomparable { lost, .. } => Some(lost),
            Self::Undecided { lost, .. } => lost.as_deref(),
            Self::Equal | Self::Wider(_) => None,
        }
    }

    /// A case that only the second allows.
    #[must_use]
    pub fn gained(&self) -> Option<&Witness> {
        match self {
            Self::Wider(gained) | Self::Incomparable { gained, .. } => Some(gained),
            Self::Undecided { gained, .. } => gained.as_deref(),
            Self::Equal | Self::Narrower(_) => None,
        }
    }
}

impl Beyond {
    fn into_case(self) -> Option<Box<Witness>> {
        match self {
            Self::Case(witness) => Some(witness),
            Self::Nothing | Self::Undecided => None,
        }
    }
}

/// The first of many questions that has a case, with its index. They share the effort.
pub(super) fn beyond_any<'a>(
    vocabulary: &Vocabulary,
    pairs: impl Iterator<Item = (Layers<'a>, Layers<'a>)>,
    effort: Effort,
) -> (Beyond, usize) {
    let mut steps = Steps::new(effort);
    let mut all = Beyond::Nothing;
    for (index, (layers, other)) in pairs.enumerate() {
        match beyond_in(vocabulary, &layers, &other, &mut steps) {
            Beyond::Nothing => {}
            Beyond::Undecided => all = Beyond::Undecided,
            found @ Beyond::Case(_) => return (found, index),
        }
    }
    (all, 0)
}

pub(super) fn beyond_in(
    vocabulary: &Vocabulary,
    layers: &Layers<'_>,
    other: &Layers<'_>,
    steps: &mut Steps,
) -> Beyond {
    let formula = Formula::All(vec![
        Formula::allowed_by(other),
        Formula::allowed_by(layers).negation(),
        vocabulary.formula(),
    ]);
    let is_real =
        |witness: &Witness| witness.is_allowed_by(other) && !witness.is_allowed_by(layers);
    search(&formula, steps, is_real)
}

/// A case of the formula that the evaluator agrees on, as one of several questions that share their effort.
pub(super) fn search(
    formula: &Formula<'_>,
    steps: &mut Steps,
    is_real: impl Fn(&Witness) -> bool,
) -> Beyond {
    steps.begin();
    match find(formula, steps) {
        Ok(Some(case)) => {
            let witness = Box::new(Witness::of(case));
            if formula.is_true_of(witness.case()) && is_real(&witness) {
                Beyond::Case(witness)
            } else {
                Beyond::Undecided
            }
        }
        Ok(None) if steps.is_exhaustive() => Beyond::Nothing,
        _ => Beyond::Undecided,
    }
}
