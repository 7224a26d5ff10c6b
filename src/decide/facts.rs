//! What a service knows beside the token.

use crate::keys::ApproverPublicKey;
use crate::scope::{Context, Scope, Seen, Spending};
use crate::verify::Verified;

/// What a service knows beside the token and the actions. The time and the kind of proof are those
/// of the [`Verified`].
///
/// It begins strictest: nobody approved, nothing was noted, and the task counts as tainted.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    context: Context<'a>,
    brakes: Option<&'a Scope>,
}

impl<'a> Facts<'a> {
    /// Nothing is known beside what was verified.
    pub fn of(verified: &Verified) -> Self {
        let mut context = Context::at(verified.now());
        context.possession = verified.possession();
        Self {
            context,
            brakes: None,
        }
    }

    /// For each action, in order, the keys whose approval of exactly it was verified.
    pub fn approved_by(mut self, approvers: &'a [&'a [ApproverPublicKey]]) -> Self {
        self.context.approved_by = approvers;
        self
    }

    /// What services noted as given to this task.
    pub fn seen(mut self, seen: &'a Seen) -> Self {
        self.context.seen = seen;
        self
    }

    /// Whether the task has read what a service marks as untrusted.
    pub fn tainted(mut self, tainted: bool) -> Self {
        self.context.tainted = tainted;
        self
    }

    /// What budgets have spent, if it is known before settling.
    pub fn spending(mut self, spending: Spending<'a>) -> Self {
        self.context.spending = spending;
        self
    }

    /// What is stopped for every token now: the deny entries of a scope that
    /// [`Revocations::brakes`](crate::revoke::Revocations::brakes) gave. Anything else in it counts
    /// too.
    pub fn brakes(mut self, brakes: &'a Scope) -> Self {
        self.brakes = Some(brakes);
        self
    }

    pub(super) fn stopped(&self) -> Option<&'a Scope> {
        self.brakes
    }

    pub(crate) fn context(&self) -> &Context<'a> {
        &self.context
    }
}
