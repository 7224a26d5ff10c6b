//! A ledger in memory.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::book::Book;
use super::entry::Epoch;
use super::{Ledger, LedgerError, Refund, Refunded, Settled, Settlement};
use crate::clock::Timestamp;

/// A ledger in memory: **a restart forgets** what was claimed and spent.
///
/// For one process, and for tests. What it may have forgotten it denies: proofs, approvals and
/// budgets of tokens from before it started, or so shortly after it that a clock which is ahead may
/// have made them before. So a restart opens no way to use anything twice. When it is full it
/// denies, it never evicts.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::clock::Timestamp;
/// use bailiwick::ledger::ForgetfulLedger;
/// let ledger = ForgetfulLedger::started_at(Timestamp::from_unix_seconds(1_800_000_000)?);
/// assert!(ledger.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// A budget for the whole life of a task is never forgotten, as minting again would reset it
/// otherwise: an issuer that gives many tasks such budgets fills the ledger. A clock that is set
/// back over a restart lets proofs from before it through.
pub struct ForgetfulLedger(Mutex<Book>);

impl ForgetfulLedger {
    /// As many claims, attempts and budgets as it holds unless it is told otherwise: about 200 MB.
    pub const DEFAULT_CAPACITY: usize = 1_000_000;

    /// An empty ledger that refuses what is from up to `now` and the skew of its gates.
    pub fn started_at(now: Timestamp) -> Self {
        let epoch = Epoch {
            proofs: now,
            dues: Some(now),
        };
        Self(Mutex::new(Book::new(Self::DEFAULT_CAPACITY, epoch)))
    }

    /// Holds at most so many entries.
    pub fn with_capacity(self, entries: usize) -> Self {
        self.lock().set_capacity(entries);
        self
    }

    /// Takes every budget and every approval for unused, also those from before it started.
    ///
    /// For the first start of a service, and for whoever knows what was spent before. Proofs from
    /// before it started stay refused.
    pub fn acknowledge_reset(self) -> Self {
        self.lock().acknowledge();
        self
    }

    /// How many entries it holds that are not known to be past.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether nothing was settled yet, or all of it is past.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Nothing panics while the lock is held, and entries are only added after every check.
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for ForgetfulLedger {
    fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        self.lock().settle(settlement, |_| {})
    }

    fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        self.lock().refund(refund, |_| {})
    }
}

impl fmt::Debug for ForgetfulLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForgetfulLedger")
            .field("entries", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
