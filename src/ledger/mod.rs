//! What may happen only once, or only so often.
//!
//! A ledger settles the dues of one allow, all or nothing: it claims the proof's nonce and the
//! approvals, spends budgets, remembers the attempt and whether the task is tainted. In comes a
//! [`Settlement`], out goes [`Settled`], or a [`LedgerError`] that says which due failed. A ledger
//! that fails, is full, or may have forgotten, denies.
//!
//! [`Ledger`] is for stores in this process, [`AsyncLedger`] for those at the other end of a
//! network.

mod book;
mod dropped;
mod entry;
mod error;
mod forgetful;
mod key;
#[cfg(test)]
mod model;
#[cfg(feature = "redb")]
mod redb;
#[cfg(feature = "redis")]
mod redis;
mod settlement;
#[cfg(test)]
mod suite;

use std::future::Future;
use std::sync::Arc;

pub use error::{Forgotten, LedgerError};
pub use forgetful::ForgetfulLedger;
pub use key::{BudgetOwner, EntryKey};
#[cfg(feature = "redb")]
pub use redb::{RedbError, RedbLedger, RedbOptions};
#[cfg(all(test, feature = "redis"))]
pub(crate) use redis::server as redis_server;
#[cfg(feature = "redis")]
pub(crate) use redis::{Failure, Topology, Wire};
#[cfg(feature = "redis")]
pub use redis::{RedisConfig, RedisError, RedisLedger};
pub use settlement::{
    ApprovalClaim, Attempt, BudgetShape, ProofClaim, Receipt, Refund, Refunded, Settled,
    Settlement, Spend, Spends, Taint,
};

/// Settles dues. All verifiers of one service share one.
pub trait Ledger: Send + Sync {
    /// Settles everything, or nothing.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] says which due failed. After [`LedgerError::Unavailable`] it is not known
    /// whether anything was settled: a retry of the same attempt is charged once all the same.
    fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError>;

    /// Gives back what was spent for an action that did not happen: once, and never more than was
    /// spent. Approvals and proofs stay used.
    ///
    /// # Errors
    ///
    /// [`LedgerError::NothingToRefund`] if the settlement is not known, or was given back before.
    fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError>;
}

/// As [`Ledger`], for stores that are waited for.
pub trait AsyncLedger: Send + Sync {
    /// Settles everything, or nothing.
    ///
    /// # Errors
    ///
    /// As [`Ledger::settle`].
    fn settle(
        &self,
        settlement: &Settlement,
    ) -> impl Future<Output = Result<Settled, LedgerError>> + Send;

    /// Gives back what was spent for an action that did not happen.
    ///
    /// # Errors
    ///
    /// As [`Ledger::refund`].
    fn refund(&self, refund: &Refund)
    -> impl Future<Output = Result<Refunded, LedgerError>> + Send;
}

/// A ledger that never waits, for a gate that is asynchronous for other reasons.
///
/// For a [`ForgetfulLedger`]. One that waits for its disk would hold up the whole runtime.
#[derive(Clone, Copy, Debug)]
pub struct Immediate<L>(pub L);

impl<L: Ledger> AsyncLedger for Immediate<L> {
    async fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        self.0.settle(settlement)
    }

    async fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        self.0.refund(refund)
    }
}

macro_rules! behind_a_pointer {
    ($($pointer:ty),*) => {$(
        impl<L: Ledger + ?Sized> Ledger for $pointer {
            fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
                (**self).settle(settlement)
            }

            fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
                (**self).refund(refund)
            }
        }
    )*};
}

behind_a_pointer!(Arc<L>, Box<L>, &L);

impl<L: AsyncLedger> AsyncLedger for Arc<L> {
    async fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        (**self).settle(settlement).await
    }

    async fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        (**self).refund(refund).await
    }
}
