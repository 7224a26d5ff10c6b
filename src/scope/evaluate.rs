//! Scopes × actions × context → verdict.

use super::case::Call;
use super::{ApprovalRule, Budget, Context, Layers, Origin, Reason};
use crate::action::Action;

/// What the scopes say of the actions.
#[derive(Debug)]
#[must_use = "a verdict that nobody looks at protects nothing"]
pub enum Verdict<'a> {
    /// Every scope permits every action, once these dues are settled.
    Allow(Dues<'a>),
    /// Why not: the reasons in the order of the actions, then of the scopes. There is none where
    /// there was nothing to decide: no action, or no block.
    Deny(Vec<Reason>),
}

impl Verdict<'_> {
    /// Whether it is [`Verdict::Allow`].
    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

/// Decides whether every scope of `layers` permits every action of one call.
///
/// Pure, linear in scopes and actions, and without allocation where the verdict is to allow.
///
/// ```
/// use bailiwick::action::{Action, Effect};
/// use bailiwick::clock::Timestamp;
/// use bailiwick::scope::{Capability, Context, Layers, ReasonCode, Scope, Verdict, evaluate};
/// let blocks = [Scope::builder()
///     .allow(Capability::operation("forum.read", "forum/thread/42")?)
///     .build()?];
/// let context = Context::at(Timestamp::from_unix_seconds(1_800_000_000)?);
/// let service = "forum.example".parse()?;
/// let thread = "forum/thread/42".parse()?;
/// let read = Action::new(service, "forum.read".parse()?, Effect::Read, thread);
/// let publish = Action::new(
///     read.service().clone(),
///     "forum.publish".parse()?,
///     Effect::Publish,
///     read.resource().clone(),
/// );
///
/// assert!(evaluate(Layers::blocks(&blocks), &[read], &context).is_allow());
///
/// let actions = [publish];
/// let Verdict::Deny(reasons) = evaluate(Layers::blocks(&blocks), &actions, &context) else {
///     panic!("publishing was never granted");
/// };
/// assert_eq!(reasons[0].code, ReasonCode::OperationNotGranted);
/// assert_eq!(reasons[0].to_string(), "operation `forum.publish` is not granted by block 0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate<'a>(
    layers: Layers<'a>,
    actions: &'a [Action],
    context: &'a Context<'a>,
) -> Verdict<'a> {
    let call = Call {
        layers,
        actions,
        context,
    };
    // Nobody grants anything without a block, and nothing is asked without an action.
    let decidable = !layers.blocks.is_empty() && !actions.is_empty();
    if decidable && call.permits() {
        Verdict::Allow(Dues { call })
    } else {
        Verdict::Deny(call.cases().flat_map(|case| case.reasons()).collect())
    }
}

/// What an allow must still settle, in the order of actions, scopes and requirements.
///
/// Computed as it is read, so that an allow without dues costs nothing.
#[derive(Clone, Copy, Debug)]
pub struct Dues<'a> {
    call: Call<'a>,
}

/// One thing that an allow must still settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due<'a> {
    /// Which action of the call it is for, from 0.
    pub action: usize,
    /// Whose requirement it is.
    pub origin: Origin,
    /// What is to be settled.
    pub kind: DueKind<'a>,
}

/// What is to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DueKind<'a> {
    /// Claim the approvals that satisfied this rule.
    Approval(&'a ApprovalRule),
    /// Spend this much of this budget.
    Spend(&'a Budget, i64),
}

impl<'a> Dues<'a> {
    /// The dues.
    pub fn iter(&self) -> impl Iterator<Item = Due<'a>> + use<'a> {
        self.call.cases().flat_map(|case| case.dues())
    }

    /// Whether there is nothing to settle.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}
