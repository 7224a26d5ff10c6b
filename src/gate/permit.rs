//! The proof value that a tool runner takes.

use crate::action::Task;
use crate::action::{Action, AgentName};
use crate::decide::DecisionId;
use crate::keys::HolderPublicKey;
use crate::ledger::{AsyncLedger, Ledger, LedgerError, Refund, Refunded};
use crate::present::AttemptId;
use crate::verify::{RootKey, Verified};

use super::{ApprovedBy, Gate, Label};

/// The proof that these actions are permitted, now, once: what a function that acts takes by value.
///
/// Only a [`Gate`] makes one, so a function that takes a `Permit` cannot be reached around the gate.
/// It is neither cloned nor stored: act, and drop it; or give it back, if the action did not happen.
///
/// ```compile_fail
/// # fn twice(permit: bailiwick::gate::Permit) {
/// fn publish(permit: bailiwick::gate::Permit) {}
/// publish(permit);
/// publish(permit); // once
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a permit is for acting"]
pub struct Permit {
    pub(super) verified: Verified,
    pub(super) actions: Vec<Action>,
    pub(super) approved_by: Vec<ApprovedBy>,
    pub(super) paid: Paid,
}

/// What was settled for a permit, and where.
#[derive(Clone, Debug)]
pub(super) struct Paid {
    pub(super) refund: Refund,
    pub(super) by: PaidBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaidBy {
    /// The ledger that all gates of the service share.
    Shared,
    /// The gate's own, for reads.
    Local,
}

impl Permit {
    /// Names the decision.
    pub fn decision_id(&self) -> DecisionId {
        self.paid.refund.receipt.decision
    }

    /// The root key that the decision rests on.
    pub fn root(&self) -> RootKey {
        self.verified.root()
    }

    /// The task, by its issuer's word: id, purpose, principal and first agent.
    pub fn task(&self) -> &Task {
        self.verified.task()
    }

    /// The agent that acts: the last delegate by the word of its delegator, or the task's agent.
    pub fn agent(&self) -> &AgentName {
        let task = self.verified.task();
        self.verified
            .delegates()
            .last()
            .unwrap_or_else(|| task.agent())
    }

    /// The key of the agent that acts.
    pub fn holder(&self) -> Option<&HolderPublicKey> {
        self.verified.holders().last()
    }

    /// The first action: the only one of most calls.
    pub fn action(&self) -> Option<&Action> {
        self.actions.first()
    }

    /// Who approved these actions, where a requirement asked for it.
    pub fn approved_by(&self) -> &[ApprovedBy] {
        &self.approved_by
    }

    /// Which agent, for whom, approved by whom: to show beside what it did.
    pub fn label(&self) -> Label {
        Label::of(self)
    }

    /// Everything that was verified.
    pub fn verified(&self) -> &Verified {
        &self.verified
    }

    /// Which attempt it is.
    pub fn attempt(&self) -> AttemptId {
        self.verified.attempt()
    }

    /// The actions that are permitted: execute these, and not what else the request says.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// Gives the permit back for an action that did not happen: what it spent of budgets is theirs
    /// again, and a retry of the attempt is charged anew. Approvals stay used.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: nothing was given back.
    ///
    /// # Security
    ///
    /// Only for what certainly did not happen. An outcome that is not known is no refund.
    pub fn refund<L: Ledger>(self, gate: &Gate<L>) -> Result<Refunded, LedgerError> {
        let Paid { refund, by } = self.paid;
        let refund = gate.refund_now(refund);
        match by {
            PaidBy::Shared => gate.ledger().refund(&refund),
            PaidBy::Local => gate.refund_locally(&refund),
        }
    }

    /// As [`refund`](Self::refund), with a ledger that is waited for.
    ///
    /// # Errors
    ///
    /// As [`refund`](Self::refund).
    pub async fn refund_async<L: AsyncLedger>(
        self,
        gate: &Gate<L>,
    ) -> Result<Refunded, LedgerError> {
        let Paid { refund, by } = self.paid;
        let refund = gate.refund_now(refund);
        match by {
            PaidBy::Shared => gate.ledger().refund(&refund).await,
            PaidBy::Local => gate.refund_locally(&refund),
        }
    }
}
