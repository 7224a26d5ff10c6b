//! The book in memory, and what of it has to go to the disk.

use std::collections::HashMap;
use std::task::Waker;
use std::time::Duration;

use super::codec::{disk_key, encode};
use super::file::{Batch, Write};
use super::lease::Lease;
use crate::clock::Timestamp;
use crate::ledger::book::Book;
use crate::ledger::entry::{Change, Entry};
use crate::ledger::{EntryKey, LedgerError, Refund, Refunded, Settled, Settlement};

/// How far ahead the disk says that proofs were claimed.
const AHEAD: Duration = Duration::from_secs(1);

/// Everything that a lock protects.
pub(super) struct State {
    pub(super) book: Book,
    pub(super) disk: Disk,
    /// Whom to wake when a batch is written.
    pub(super) wakers: Vec<(u64, Waker)>,
    /// Why nothing can be written any more.
    pub(super) failed: Option<String>,
    pub(super) closing: bool,
}

/// What is on its way to the disk. A ticket is the number of a batch.
pub(super) struct Disk {
    /// What is being gathered.
    batch: Batch,
    /// Its number.
    ticket: u64,
    /// The last batch that is on the disk.
    pub(super) durable: u64,
    leases: HashMap<EntryKey, Lease>,
    /// No later proof is claimed before the disk says so.
    seen: Timestamp,
    seen_ticket: u64,
    seen_surely: Timestamp,
    /// The last time that something was settled.
    last: Timestamp,
    /// The last mark of taint.
    tainted: u64,
    /// An attempt that spends of budgets alone does not wait for its own commit.
    pub(super) prompt: bool,
}

/// What changes an entry.
enum Cause<'a> {
    Settlement(&'a Settlement),
    Refund,
}

impl State {
    pub(super) fn new(book: Book, seen: Timestamp, prompt: bool) -> Self {
        let disk = Disk {
            batch: Batch::default(),
            ticket: 1,
            durable: 0,
            leases: HashMap::new(),
            seen,
            seen_ticket: 0,
            seen_surely: seen,
            last: seen,
            tainted: 0,
            prompt,
        };
        Self {
            book,
            disk,
            wakers: Vec::new(),
            failed: None,
            closing: false,
        }
    }

    /// Settles in memory, and says which batch has to be waited for.
    pub(super) fn settle(
        &mut self,
        settlement: &Settlement,
    ) -> Result<(Settled, u64), LedgerError> {
        self.check()?;
        let Self { book, disk, .. } = self;
        let cause = Cause::Settlement(settlement);
        let mut wait = 0;
        let settled = book.settle(settlement, |change| {
            wait = wait.max(disk.note(change, &cause));
        })?;
        wait = wait.max(disk.see(settlement.now));
        if settlement.taint.marks {
            wait = wait.max(disk.tainted);
        }
        if let Settled::Again(_) = settled {
            // What it was settled with the first time may still be on its way.
            wait = wait.max(disk.outstanding());
        }
        Ok((settled, wait))
    }

    /// Gives back in memory, and says which batch has to be waited for.
    pub(super) fn refund(&mut self, refund: &Refund) -> Result<(Refunded, u64), LedgerError> {
        self.check()?;
        let Self { book, disk, .. } = self;
        let mut wait = 0;
        let refunded = book.refund(refund, |change| {
            wait = wait.max(disk.note(change, &Cause::Refund));
        })?;
        Ok((refunded, wait))
    }

    pub(super) fn check(&self) -> Result<(), LedgerError> {
        match &self.failed {
            None => Ok(()),
            Some(why) => Err(LedgerError::Unavailable(why.clone())),
        }
    }

    /// The true figures, for a clean end.
    pub(super) fn true_figures(&mut self) -> Batch {
        let Self { book, disk, .. } = self;
        for (key, _) in disk.leases.drain() {
            if let Some(entry @ Entry::Budget { .. }) = book.get(&key)
                && let Some(value) = encode(entry)
            {
                let put = Write::Put(disk_key(key, entry), value);
                disk.batch.writes.push(put);
            }
        }
        disk.batch.seen = Some(disk.last);
        std::mem::take(&mut disk.batch)
    }
}

impl Disk {
    pub(super) fn has_work(&self) -> bool {
        !self.batch.is_empty()
    }

    /// The batch to be written now, and its ticket.
    pub(super) fn take(&mut self) -> (Batch, u64) {
        let ticket = self.ticket;
        self.ticket = self.ticket.saturating_add(1);
        (std::mem::take(&mut self.batch), ticket)
    }

    /// The last batch that anything is in.
    fn outstanding(&self) -> u64 {
        match self.has_work() {
            true => self.ticket,
            false => self.ticket.saturating_sub(1),
        }
    }

    /// Takes a change on its way to the disk; gives back the batch to be waited for, or 0.
    fn note(&mut self, change: Change, cause: &Cause<'_>) -> u64 {
        let Change { key, before, after } = change;
        let Some(entry) = after else {
            self.batch.ended = self.batch.ended.max(before.and_then(|entry| entry.until()));
            self.leases.remove(&key);
            return 0;
        };
        match (entry, cause) {
            (Entry::Proof { .. }, _) => 0,
            (Entry::Approval { .. }, _) | (Entry::Attempt { .. }, Cause::Refund) => {
                self.put(key, before, entry)
            }
            (Entry::Attempt { .. }, Cause::Settlement(settlement)) => {
                let owes_nothing = settlement.approvals.is_empty() && settlement.spends.is_empty();
                // Charged again, it is charged nothing. What the file has of it from before moves along, though.
                if owes_nothing && before.is_none() {
                    return 0;
                }
                let ticket = self.put(key, before, entry);
                if self.prompt { 0 } else { ticket }
            }
            (Entry::Tainted, _) => {
                if before.is_none() {
                    self.tainted = self.put(key, before, entry);
                }
                self.tainted
            }
            (Entry::Budget { .. }, cause) => self.budget(key, before, entry, cause),
        }
    }

    fn budget(
        &mut self,
        key: EntryKey,
        before: Option<Entry>,
        mut entry: Entry,
        cause: &Cause<'_>,
    ) -> u64 {
        let (ticket, durable) = (self.ticket, self.durable);
        let Entry::Budget {
            window,
            ref mut spent,
            until,
            ..
        } = entry
        else {
            return 0;
        };
        let (same_window, spent_before) = match before {
            Some(Entry::Budget {
                window: earlier,
                until: end,
                spent,
                ..
            }) => ((earlier, end) == (window, until), spent),
            _ => (false, 0),
        };
        if !same_window {
            self.leases.remove(&key);
        }
        match (self.leases.get_mut(&key), cause) {
            (Some(lease), Cause::Settlement(settlement)) => {
                let of_it = settlement.spends.iter().find(|spend| spend.key == key);
                // Where every attempt is waited for, its budgets are too: nothing is taken ahead.
                let of_it = of_it.filter(|_| self.prompt);
                let cap = of_it.map_or(*spent, |spend| spend.cap);
                if !lease.runs_out(*spent, durable) {
                    return lease.covers(*spent, durable).unwrap_or(0);
                }
                let amount = spent.saturating_sub(spent_before);
                lease.grow(*spent, amount, cap, ticket, durable);
                let wait = lease.covers(*spent, durable).unwrap_or(0);
                *spent = lease.reserved;
                self.put(key, before, entry);
                wait
            }
            (Some(lease), Cause::Refund) => {
                lease.shrink(spent_before.saturating_sub(*spent), ticket);
                *spent = lease.reserved;
                self.put(key, before, entry)
            }
            (None, _) => {
                self.leases.insert(key, Lease::first(*spent, ticket));
                self.put(key, before, entry)
            }
        }
    }

    fn put(&mut self, key: EntryKey, before: Option<Entry>, entry: Entry) -> u64 {
        let Some(value) = encode(&entry) else {
            return 0;
        };
        let place = disk_key(key, &entry);
        let place_before = before.map(|before| disk_key(key, &before));
        if let Some(earlier) = place_before.filter(|earlier| *earlier != place) {
            self.batch.writes.push(Write::Remove(earlier));
        }
        self.batch.writes.push(Write::Put(place, value));
        self.ticket
    }

    /// A proof is claimed now: after a crash, and with a clock that is set back, it is refused
    /// because the disk says that it may have been.
    fn see(&mut self, now: Timestamp) -> u64 {
        self.last = self.last.max(now);
        if self.seen_ticket <= self.durable {
            self.seen_surely = self.seen;
        }
        if now.saturating_add(AHEAD / 2) > self.seen {
            self.seen = now.saturating_add(AHEAD);
            self.seen_ticket = self.ticket;
            self.batch.seen = Some(self.seen);
        }
        if now > self.seen_surely {
            return self.seen_ticket;
        }
        0
    }
}
