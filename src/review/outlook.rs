//! What becomes of some actions, under all that stands in their way.

use std::cell::RefCell;

use super::compare::{Beyond, search};
use super::effort::{Effort, Steps};
use super::formula::Formula;
use super::literal::Literal;
use super::vocabulary::Vocabulary;
use super::witness::Witness;
use crate::scope::{Condition, Layers, Origin, Pattern, Requirement};

/// What becomes of the actions that a pattern matches. See [`Vocabulary::outlook`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outlook {
    /// How much of them is left.
    pub left: Left,
    /// One that is allowed, with as little as it takes; none where nothing is, or where it was not
    /// decided.
    pub example: Option<Box<Witness>>,
    /// The requirements that one of them can meet.
    pub demands: Vec<Demand>,
}

/// A requirement that allowed actions can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Demand {
    /// Whose it is.
    pub origin: Origin,
    /// Its index among the requirements of that scope.
    pub index: usize,
    /// How many of the allowed actions meet it.
    pub reach: Reach,
}

/// How many of some actions meet a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// Each of them: it is proved.
    Every,
    /// Some of them; whether each does is not proved.
    Some,
    /// It would take more effort to say whether any does.
    Undecided,
}

/// How much of what is granted is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Left {
    /// Something happens without any approval, and without a budget.
    Freely,
    /// Something happens without any approval, and nothing without a budget.
    WithinBudget,
    /// Nothing happens before somebody approves.
    WithApproval,
    /// Nothing at all.
    Nothing,
    /// It would take more effort to say.
    Undecided,
}

/// Whether a task has read what a service marks as untrusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taint {
    /// It has not.
    Clean,
    /// It has, or nobody can say.
    Tainted,
}

pub(super) fn outlook_in(
    vocabulary: &Vocabulary,
    layers: &Layers<'_>,
    pattern: &Pattern,
    taint: Taint,
    effort: Effort,
) -> Outlook {
    let steps = RefCell::new(Steps::new(effort));
    let kind = vec![
        Formula::matched_by(pattern),
        Formula::Is(Literal::Tainted(taint == Taint::Tainted)),
        vocabulary.formula(),
    ];
    let asked = Asked::new(layers, kind, &steps);
    let (left, example) = asked.left();
    let demands = asked.demands(left).map(|(demand, _)| demand);
    Outlook {
        left,
        example,
        demands: demands.collect(),
    }
}

/// Questions about the allowed actions of one kind, which share their effort.
pub(super) struct Asked<'a, 's> {
    layers: &'s Layers<'a>,
    kind: Vec<Formula<'a>>,
    steps: &'s RefCell<Steps>,
}

impl<'a, 's> Asked<'a, 's> {
    pub(super) fn new(
        layers: &'s Layers<'a>,
        kind: Vec<Formula<'a>>,
        steps: &'s RefCell<Steps>,
    ) -> Self {
        Self {
            layers,
            kind,
            steps,
        }
    }

    /// How much of them is left, and one that is.
    pub(super) fn left(&self) -> (Left, Option<Box<Witness>>) {
        let nobody = || Formula::Is(Literal::Nobody);
        let unbudgeted = self
            .requirements()
            .filter(|(_, _, it)| matches!(it.condition(), Condition::Budget(_)))
            .map(|(_, _, it)| Formula::applies(it).negation());
        // From what takes least to what takes most: the first that there is.
        let ways = [
            (Left::Freely, unbudgeted.chain([nobody()]).collect()),
            (Left::WithinBudget, vec![nobody()]),
            (Left::WithApproval, Vec::new()),
        ];
        for (left, more) in ways {
            match self.case(more) {
                Beyond::Case(witness) => return (left, Some(witness)),
                Beyond::Nothing => {}
                Beyond::Undecided => return (Left::Undecided, None),
            }
        }
        (Left::Nothing, None)
    }

    /// The requirements that they can meet, if this much is left of them.
    pub(super) fn demands(&self, left: Left) -> impl Iterator<Item = (Demand, &'a Requirement)> {
        let all = (left != Left::Nothing).then(|| self.requirements());
        all.into_iter()
            .flatten()
            .filter_map(|(origin, index, requirement)| {
                let applies = || Formula::applies(requirement);
                let others = || self.case(vec![applies().negation()]);
                let reach = match self.case(vec![applies()]) {
                    Beyond::Nothing => return None,
                    Beyond::Undecided => Reach::Undecided,
                    Beyond::Case(_) if others() == Beyond::Nothing => Reach::Every,
                    Beyond::Case(_) => Reach::Some,
                };
                let demand = Demand {
                    origin,
                    index,
                    reach,
                };
                Some((demand, requirement))
            })
    }

    fn case(&self, more: Vec<Formula<'a>>) -> Beyond {
        let mut all = self.kind.clone();
        all.push(Formula::allowed_by(self.layers));
        all.extend(more);
        let real = |it: &Witness| it.is_allowed_by(self.layers);
        search(&Formula::All(all), &mut self.steps.borrow_mut(), real)
    }

    fn requirements(&self) -> impl Iterator<Item = (Origin, usize, &'a Requirement)> + use<'a> {
        self.layers.iter().flat_map(|(origin, scope)| {
            let own = scope.require().iter().enumerate();
            own.map(move |(index, requirement)| (origin, index, requirement))
        })
    }
}

impl Left {
    pub(super) const ALL: [Self; 5] = [
        Self::Freely,
        Self::WithinBudget,
        Self::WithApproval,
        Self::Nothing,
        Self::Undecided,
    ];

    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Freely => "freely",
            Self::WithinBudget => "within a budget",
            Self::WithApproval => "with approval",
            Self::Nothing => "granted, and never possible",
            Self::Undecided => "granted, and not decided",
        }
    }
}
