//! Why nothing was settled.

use crate::clock::Timestamp;
use crate::keys::ApproverPublicKey;
use crate::scope::BudgetName;

/// Why nothing was settled. Nothing is: a settlement is all or nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The proof was presented before.
    #[error("the proof was presented before")]
    Replayed,
    /// The attempt was settled for another call, or for other dues.
    #[error("the attempt was settled before, for another call or other dues")]
    AttemptChanged,
    /// The task is tainted, and the decision took it for clean. The gate decides again.
    #[error("the task has read what a service marks as untrusted")]
    Tainted,
    /// The approval was used before.
    #[error("the approval by {approver} was used before")]
    ApprovalUsed {
        /// Who approved.
        approver: ApproverPublicKey,
    },
    /// The approval has ended, by the ledger's clock.
    #[error("the approval by {approver} has ended")]
    ApprovalExpired {
        /// Who approved.
        approver: ApproverPublicKey,
    },
    /// A budget would be passed, or the amount is not above 0.
    #[error("budget `{name}` is {cap}, {spent} is spent and {amount} asked for")]
    BudgetExceeded {
        /// Its name.
        name: BudgetName,
        /// Its cap.
        cap: i64,
        /// What is spent.
        spent: i64,
        /// What was asked for.
        amount: i64,
    },
    /// The budget has counted something else, or over other windows.
    #[error("budget `{name}` has counted in another measure or over other windows")]
    BudgetChanged {
        /// Its name.
        name: BudgetName,
    },
    /// The ledger may have forgotten whether this happened before: it has started since, was
    /// emptied or failed over, or its clock was set back.
    #[error("the ledger may have forgotten {what}: it remembers what is from after {since}")]
    Forgotten {
        /// What may have been forgotten.
        what: Forgotten,
        /// From when on it remembers.
        since: Timestamp,
    },
    /// The ledger is full. It never forgets one thing to remember another.
    #[error("the ledger is full")]
    Full,
    /// There is nothing to give back: it was never settled, is forgotten, or was given back before.
    #[error("nothing is settled that could be given back")]
    NothingToRefund,
    /// The ledger failed.
    #[error("the ledger is unavailable: {}", .0.escape_debug())]
    Unavailable(String),
}

/// What a ledger may have forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forgotten {
    /// Whether a proof was presented.
    Proof,
    /// Whether the approval of this key was used.
    Approval(ApproverPublicKey),
    /// What was spent of the budget of this name.
    Budget(BudgetName),
}

impl std::fmt::Display for Forgotten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Proof => f.write_str("the proof"),
            Self::Approval(approver) => write!(f, "the approval by {approver}"),
            Self::Budget(name) => write!(f, "what budget `{name}` spent"),
        }
    }
}

impl LedgerError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Replayed => "proof_replayed",
            Self::AttemptChanged => "attempt_changed",
            Self::Tainted => "tainted",
            Self::ApprovalUsed { .. } => "approval_used",
            Self::ApprovalExpired { .. } => "approval_expired",
            Self::BudgetExceeded { .. } => "budget_exceeded",
            Self::BudgetChanged { .. } => "budget_changed",
            Self::Forgotten { .. } => "ledger_reset",
            Self::Full => "ledger_full",
            Self::NothingToRefund => "nothing_to_refund",
            Self::Unavailable(_) => "ledger_unavailable",
        }
    }
}
