//! What layers can never do.

use super::compare::{Beyond, search};
use super::effort::{Effort, Steps};
use super::formula::Formula;
use super::literal::Literal;
use super::vocabulary::Vocabulary;
use super::witness::Witness;
use crate::scope::{ApprovalRule, Budget, Layers, Pattern};

/// What a reviewer wants to be sure of.
///
/// Each speaks of the actions that a pattern matches, **in doubt too**, as a deny entry does: an
/// action that lacks the argument that the pattern is about counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// None of these is ever allowed.
    Never(Pattern),
    /// None is allowed before approvals satisfy this rule; without one, before anybody approves.
    OnlyWithApproval(Pattern, Option<ApprovalRule>),
    /// None is allowed but one whose amount this budget can count, and that its cap leaves room
    /// for. The scopes must name the same budget: its name, measure and window.
    WithinBudget(Pattern, Budget),
}

/// What became of a claim. See [`prove`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Proof {
    /// It holds of every case.
    Proved,
    /// It does not hold of this one, which is allowed.
    Refuted(Box<Witness>),
    /// It would take more effort to say.
    Undecided,
}

impl Proof {
    /// Whether the claim is proved. Undecided is not.
    pub fn is_proved(&self) -> bool {
        *self == Self::Proved
    }
}

/// Proves a claim about layers, or shows a case that they allow and that breaks it.
///
/// ```
/// use bailiwick::keys::dangerous::approver_key_from_seed;
/// use bailiwick::review::{Claim, Effort, Proof, prove};
/// use bailiwick::scope::{ApprovalRule, Capability, Condition, Layers, Pattern, Scope};
/// let editor = approver_key_from_seed(&[7; 32]).public_key();
/// let rule = ApprovalRule::any_of([editor])?;
/// let publish = Capability::operation("forum.publish", "forum/**")?;
/// let blocks = [Scope::builder().allow_with(publish, Condition::Approval(rule)).build()?];
/// let layers = Layers::blocks(&blocks);
///
/// let publishing = Pattern::any().operation("forum.publish")?;
/// let approved = Claim::OnlyWithApproval(publishing.clone(), None);
/// assert!(prove(&layers, &approved, Effort::default()).is_proved());
///
/// let Proof::Refuted(witness) = prove(&layers, &Claim::Never(publishing), Effort::default()) else {
///     panic!("an editor can approve");
/// };
/// assert_eq!(witness.approved_by(), [editor]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Limits
///
/// A case has one action.
pub fn prove(layers: &Layers<'_>, claim: &Claim, effort: Effort) -> Proof {
    Vocabulary::everything().prove(layers, claim, effort)
}

/// The first of many layers that break the claim, with its index. They share the effort.
pub(super) fn prove_all<'a>(
    vocabulary: &Vocabulary,
    many: impl Iterator<Item = Layers<'a>>,
    claim: &Claim,
    effort: Effort,
) -> (Proof, usize) {
    let mut steps = Steps::new(effort);
    let mut all = Proof::Proved;
    for (index, layers) in many.enumerate() {
        match prove_in(vocabulary, &layers, claim, &mut steps) {
            Proof::Proved => {}
            Proof::Undecided => all = Proof::Undecided,
            refuted @ Proof::Refuted(_) => return (refuted, index),
        }
    }
    (all, 0)
}

pub(super) fn prove_in(
    vocabulary: &Vocabulary,
    layers: &Layers<'_>,
    claim: &Claim,
    steps: &mut Steps,
) -> Proof {
    let broken = claim.broken();
    let formula = Formula::All(vec![
        Formula::allowed_by(layers),
        broken.clone(),
        vocabulary.formula(),
    ]);
    let is_real =
        |witness: &Witness| witness.is_allowed_by(layers) && broken.is_true_of(witness.case());
    match search(&formula, steps, is_real) {
        Beyond::Nothing => Proof::Proved,
        Beyond::Case(witness) => Proof::Refuted(witness),
        Beyond::Undecided => Proof::Undecided,
    }
}

impl Claim {
    /// Which actions it speaks of.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        match self {
            Self::Never(pattern)
            | Self::OnlyWithApproval(pattern, _)
            | Self::WithinBudget(pattern, _) => pattern,
        }
    }

    /// The cases that break it, were they allowed.
    fn broken(&self) -> Formula<'_> {
        let (pattern, condition) = match self {
            Self::Never(pattern) => (pattern, Formula::always()),
            Self::OnlyWithApproval(pattern, None) => (pattern, Formula::Is(Literal::Nobody)),
            Self::OnlyWithApproval(pattern, Some(rule)) => {
                (pattern, Formula::approved(rule).negation())
            }
            Self::WithinBudget(pattern, budget) => (pattern, Literal::Within(budget).negation()),
        };
        Formula::All(vec![Formula::matched_by(pattern), condition])
    }
}
