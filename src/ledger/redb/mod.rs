//! A ledger in a file of this machine.
//!
//! All of it is also in memory, where everything is decided by the same logic as in
//! [`ForgetfulLedger`](super::ForgetfulLedger). One thread writes to the file what was decided
//! meanwhile, in one commit, and wakes those who wait for it.

mod codec;
mod error;
mod file;
mod lease;
mod state;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

pub use error::RedbError;

use self::file::{File, Header};
use self::state::State;
use self::writer::{Shared, Written};
use super::book::Book;
use super::entry::Epoch;
use super::{AsyncLedger, ForgetfulLedger, Ledger, LedgerError};
use super::{Refund, Refunded, Settled, Settlement};
use crate::clock::Timestamp;

/// A ledger in a file, for all verifiers of one process: a crash forgets nothing that was used.
///
/// Approvals, budgets, taint and charged attempts are on the disk before a settlement returns; what
/// is settled meanwhile shares one commit. Proofs are not written: after a start it refuses those
/// from before it. Nor are attempts that charge nothing: a retry after a restart is settled anew.
///
/// When the disk fails it denies everything until it is opened again.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::clock::Timestamp;
/// use bailiwick::ledger::RedbLedger;
/// # let directory = std::env::temp_dir().join(format!("bailiwick-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let path = directory.join("ledger.redb");
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let ledger = RedbLedger::options().open(&path, now)?;
/// let refused = RedbLedger::options().open(&path, now).unwrap_err();
/// assert_eq!(refused.code(), "ledger_in_use");
///
/// drop(ledger);
/// let ledger = RedbLedger::options().open(&path, now)?;
/// assert!(ledger.is_empty());
/// # drop(ledger);
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// Whoever can write the file can give back what was spent. An earlier copy of it gives back what
/// was spent since. A file that is missing is created, as a ledger that may have forgotten: see
/// [`RedbOptions::acknowledge_reset`].
pub struct RedbLedger {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

/// How to open a [`RedbLedger`].
#[derive(Clone, Debug)]
pub struct RedbOptions {
    capacity: usize,
    acknowledge: bool,
    trust_clock: bool,
    prompt: bool,
}

impl RedbOptions {
    /// Holds at most so many entries, [`ForgetfulLedger::DEFAULT_CAPACITY`] unless told otherwise.
    #[must_use]
    pub fn capacity(mut self, entries: usize) -> Self {
        self.capacity = entries;
        self
    }

    /// Takes every budget and every approval from before the file was created for unused.
    ///
    /// For the first start of a service, and for whoever knows what was spent before. Without it, a
    /// new file refuses approvals and tokens from before it was there, as it may stand in place of
    /// one that was lost.
    #[must_use]
    pub fn acknowledge_reset(mut self) -> Self {
        self.acknowledge = true;
        self
    }

    /// Takes `now` for the time, though the file knows of a later one: the clock was wrong once.
    ///
    /// Without it, proofs are refused until that later time has come. With it, proofs that were
    /// claimed then can be claimed again.
    #[must_use]
    pub fn trust_clock(mut self) -> Self {
        self.trust_clock = true;
        self
    }

    /// Lets a settlement that spends of budgets alone return before its attempt is on the disk, if
    /// what it spends is.
    ///
    /// Several times faster with few threads, as budgets that are spent often are reserved ahead: a
    /// crash counts a little too much of them, never too little. After a crash, a retry of what was
    /// settled in the last milliseconds is settled, and charged, a second time.
    #[must_use]
    pub fn prompt(mut self) -> Self {
        self.prompt = true;
        self
    }

    /// Opens the file, or creates it.
    ///
    /// # Errors
    ///
    /// [`RedbError`] if it is in use, damaged, or no ledger of this version.
    pub fn open(&self, path: impl AsRef<Path>, now: Timestamp) -> Result<RedbLedger, RedbError> {
        self.open_file(File::open(path.as_ref())?, now)
    }

    fn open_file(&self, file: File, now: Timestamp) -> Result<RedbLedger, RedbError> {
        let before = file.header()?;
        let since = before.map_or(Some(now), |header| header.since);
        let seen = before.map_or(now, |header| header.seen);
        let header = Header {
            since: since.filter(|_| !self.acknowledge),
            seen: if self.trust_clock { now } else { now.max(seen) },
        };
        file.write_header(header)?;
        let epoch = Epoch {
            proofs: header.seen,
            dues: header.since,
        };
        let mut book = Book::new(self.capacity, epoch);
        if let Some(before) = before {
            book.reopened_after(before.seen);
        }
        file.entries(|key, entry| match book.insert(key, entry) {
            None => Ok(()),
            Some(_) => Err(RedbError::Corrupt("an entry is there twice".into())),
        })?;
        let shared = Shared::new(State::new(book, header.seen, self.prompt));
        let theirs = Arc::clone(&shared);
        let writer = std::thread::Builder::new()
            .name("bailiwick-ledger".into())
            .spawn(move || writer::run(&file, &theirs))
            .map_err(|error| RedbError::Storage(error.to_string()))?;
        let writer = Some(writer);
        Ok(RedbLedger { shared, writer })
    }
}

impl RedbLedger {
    /// How to open one.
    pub fn options() -> RedbOptions {
        RedbOptions {
            capacity: ForgetfulLedger::DEFAULT_CAPACITY,
            acknowledge: false,
            trust_clock: false,
            prompt: false,
        }
    }

    /// How many entries it holds that are not known to be past.
    pub fn len(&self) -> usize {
        self.shared.lock().book.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Ledger for RedbLedger {
    fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        let mut state = self.shared.lock();
        let settled = state.settle(settlement);
        self.shared.wake_writer(&state);
        let (settled, ticket) = settled?;
        self.shared.wait(state, ticket)?;
        Ok(settled)
    }

    fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        let mut state = self.shared.lock();
        let refunded = state.refund(refund);
        self.shared.wake_writer(&state);
        let (refunded, ticket) = refunded?;
        self.shared.wait(state, ticket)?;
        Ok(refunded)
    }
}

impl AsyncLedger for RedbLedger {
    async fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        let (settled, ticket) = {
            let mut state = self.shared.lock();
            let settled = state.settle(settlement);
            self.shared.wake_writer(&state);
            settled?
        };
        let shared = &self.shared;
        Written { shared, ticket }.await?;
        Ok(settled)
    }

    async fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        let (refunded, ticket) = {
            let mut state = self.shared.lock();
            let refunded = state.refund(refund);
            self.shared.wake_writer(&state);
            refunded?
        };
        let shared = &self.shared;
        Written { shared, ticket }.await?;
        Ok(refunded)
    }
}

/// Writes the true figures and closes the file.
impl Drop for RedbLedger {
    fn drop(&mut self) {
        self.shared.close();
        if let Some(writer) = self.writer.take() {
            // It has panicked, and said so to whoever waited.
            let _ = writer.join();
        }
    }
}

impl fmt::Debug for RedbLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbLedger")
            .field("entries", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
