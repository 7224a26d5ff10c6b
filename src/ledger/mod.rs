//! What may happen only once, or only so often.
//!
//! A [`Ledger`] settles the dues of one allow, all or nothing: it claims the proof's nonce and
//! spends budgets. A ledger that fails, or is full, denies.

mod forgetful;

use std::time::Duration;

pub use forgetful::ForgetfulLedger;

use crate::action::{Service, TaskId};
use crate::clock::Timestamp;
use crate::keys::{IssuerPublicKey, Signature};
use crate::present::Nonce;
use crate::scope::Origin;

/// What one allow must settle.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settlement {
    /// The proof's nonce, to be claimed.
    pub claim: Claim,
    /// When the proof was made, by its maker's clock.
    pub proof_issued: Timestamp,
    /// How far its maker's clock may be ahead.
    pub skew: Duration,
    /// What is spent of which budget, in the order of the actions.
    pub spends: Vec<Spend>,
    /// The time of the decision.
    pub now: Timestamp,
}

/// A nonce, within the service and the token that it was made for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The service.
    pub service: Service,
    /// The signature of the token's last block.
    pub token: Signature,
    /// The nonce.
    pub nonce: Nonce,
    /// From when on no proof with this nonce is accepted anyway.
    pub until: Timestamp,
}

/// So much of one budget.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spend {
    /// Which budget.
    pub budget: BudgetKey,
    /// How much; above 0.
    pub amount: i64,
    /// Its cap.
    pub cap: i64,
    /// The length of its windows, or `None` for the whole life of the task.
    pub window: Option<Duration>,
    /// From when on nobody can spend of it any more: the end of the block that it belongs to.
    /// `None` for a budget that a new token can bring back.
    pub ends: Option<Timestamp>,
}

/// Which budget: minting again does not make another one of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct BudgetKey {
    /// The service.
    pub service: Service,
    /// The root key.
    pub root: IssuerPublicKey,
    /// What it belongs to.
    pub owner: BudgetOwner,
    /// Its name.
    pub name: String,
}

/// What a budget belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BudgetOwner {
    /// The task: a budget of the first block.
    Task(TaskId),
    /// One later block, by its signature.
    Block([u8; 64]),
    /// The task, within the root's ceiling or the service's house rules.
    Layer(Origin, TaskId),
}

/// Why nothing was settled. Nothing is: a settlement is all or nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The proof was presented before.
    #[error("the proof was presented before")]
    Replayed,
    /// The ledger cannot know whether the proof was presented before: it has started since, or has
    /// dropped claims on proofs that are no older.
    #[error("the proof was made at {issued}, and the ledger remembers those from after {since}")]
    Forgotten {
        /// When the proof was made.
        issued: Timestamp,
        /// After which time a proof must be made.
        since: Timestamp,
    },
    /// A budget would be passed.
    #[error("budget `{name}` is {cap}, {spent} is spent and {amount} asked for")]
    BudgetExceeded {
        /// Its name.
        name: String,
        /// Its cap.
        cap: i64,
        /// What is spent.
        spent: i64,
        /// What was asked for.
        amount: i64,
    },
    /// The clock was set back into a time of which the ledger has forgotten what was spent.
    #[error("what budget `{name}` had spent at this time is forgotten")]
    BudgetForgotten {
        /// Its name.
        name: String,
    },
    /// The ledger is full. It never forgets one thing to remember another.
    #[error("the ledger holds {capacity} entries and is full")]
    Full {
        /// How many entries it holds.
        capacity: usize,
    },
    /// The ledger failed.
    #[error("the ledger is unavailable: {}", .0.escape_debug())]
    Unavailable(String),
}

impl LedgerError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Replayed => "proof_replayed",
            Self::Forgotten { .. } | Self::BudgetForgotten { .. } => "ledger_reset",
            Self::BudgetExceeded { .. } => "budget_exceeded",
            Self::Full { .. } => "ledger_full",
            Self::Unavailable(_) => "ledger_unavailable",
        }
    }
}

/// Settles dues. All verifiers of one service share one.
pub trait Ledger: Send + Sync {
    /// Settles everything, or nothing.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] says which due failed.
    fn settle(&self, settlement: &Settlement) -> Result<(), LedgerError>;
}
