//! A ledger in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::{BudgetKey, Ledger, LedgerError, Settlement, Spend};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::present::Nonce;

/// A ledger in memory: **a restart forgets** what was claimed and spent.
///
/// For one process, and for tests. It refuses proofs from before it started, so that a restart
/// opens no way to replay; but budgets begin anew with it. When it is full it denies, it never
/// evicts.
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
pub struct ForgetfulLedger {
    since: Timestamp,
    capacity: usize,
    entries: Mutex<Entries>,
}

struct Entries {
    claims: HashMap<(Service, [u8; 64], Nonce), Timestamp>,
    spent: HashMap<(BudgetKey, u64), Spent>,
    /// What ended up to this time is forgotten.
    swept: Timestamp,
}

#[derive(Clone, Copy)]
struct Spent {
    amount: i64,
    /// The end of its window, if it has one.
    until: Option<Timestamp>,
}

impl ForgetfulLedger {
    /// As many claims and budgets as it holds unless it is told otherwise: about 200 MB.
    pub const DEFAULT_CAPACITY: usize = 1_000_000;

    /// An empty ledger that refuses proofs from before `now`.
    pub fn started_at(now: Timestamp) -> Self {
        Self {
            since: now,
            capacity: Self::DEFAULT_CAPACITY,
            entries: Mutex::new(Entries {
                claims: HashMap::new(),
                spent: HashMap::new(),
                swept: Timestamp::MIN,
            }),
        }
    }

    /// Holds at most so many claims and budgets together.
    pub fn with_capacity(mut self, entries: usize) -> Self {
        self.capacity = entries;
        self
    }

    /// Whether nothing was settled yet, or all of it is past.
    pub fn is_empty(&self) -> bool {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.claims.is_empty() && entries.spent.is_empty()
    }
}

impl Ledger for ForgetfulLedger {
    fn settle(&self, settlement: &Settlement) -> Result<(), LedgerError> {
        let Settlement { claim, proof_issued, skew, .. } = settlement;
        // A clock that is ahead by the skew may have made the proof before the start.
        if *proof_issued < self.since.saturating_add(*skew) {
            return Err(LedgerError::Forgotten {
                issued: *proof_issued,
                since: self.since,
            });
        }
        // Nothing panics while the lock is held, and entries are only added after every check.
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.sweep(settlement.now, self.capacity);
        // A clock that was set back asks for what is swept already.
        if claim.until <= entries.swept {
            return Err(LedgerError::Forgotten {
                issued: *proof_issued,
                since: entries.swept,
            });
        }
        let key = (claim.service.clone(), *claim.token.as_bytes(), claim.nonce);
        if entries.claims.contains_key(&key) {
            return Err(LedgerError::Replayed);
        }
        let totals = entries.totals(&settlement.spends, settlement.now)?;
        let fresh = totals.keys().filter(|key| !entries.spent.contains_key(*key)).count();
        let held = entries.claims.len().saturating_add(entries.spent.len());
        if held.saturating_add(fresh).saturating_add(1) > self.capacity {
            return Err(LedgerError::Full {
                capacity: self.capacity,
            });
        }
        entries.claims.insert(key, claim.until);
        entries.spent.extend(totals);
        Ok(())
    }
}

impl Entries {
    /// Drops claims on proofs that are refused for their age anyway: once a second at most, or
    /// when there is no room.
    fn sweep(&mut self, now: Timestamp, capacity: usize) {
        let full = self.claims.len().saturating_add(self.spent.len()) >= capacity;
        if full || now.unix_seconds() > self.swept.unix_seconds() {
            self.claims.retain(|_, until| *until > now);
            self.spent.retain(|_, spent| spent.until.is_none_or(|until| until > now));
            self.swept = self.swept.max(now);
        }
    }

    /// What each budget will have spent, if all of it fits.
    fn totals(
        &self,
        spends: &[Spend],
        now: Timestamp,
    ) -> Result<HashMap<(BudgetKey, u64), Spent>, LedgerError> {
        let mut totals: HashMap<(BudgetKey, u64), Spent> = HashMap::new();
        for spend in spends {
            let (window, until) = window(spend, now);
            let key = (spend.budget.clone(), window);
            let earlier = totals.get(&key).or_else(|| self.spent.get(&key));
            let spent = earlier.map_or(0, |spent| spent.amount);
            let fits = |total: &i64| spend.amount > 0 && *total <= spend.cap;
            let forgotten = until.is_some_and(|until| until <= self.swept);
            match spent.checked_add(spend.amount).filter(fits) {
                Some(amount) if !forgotten => totals.insert(key, Spent { amount, until }),
                _ => {
                    return Err(LedgerError::BudgetExceeded {
                        name: spend.budget.name.clone(),
                        cap: spend.cap,
                        spent,
                        amount: spend.amount,
                    });
                }
            };
        }
        Ok(totals)
    }
}

/// The number of the window that `now` falls into, and its end.
fn window(spend: &Spend, now: Timestamp) -> (u64, Option<Timestamp>) {
    let length = spend.window.map_or(0, |window| window.as_secs());
    match now.unix_seconds().checked_div(length) {
        None => (0, None),
        Some(number) => {
            let end = number.saturating_add(1).saturating_mul(length);
            (number, Some(Timestamp::from_unix_seconds(end).unwrap_or(Timestamp::MAX)))
        }
    }
}

impl fmt::Debug for ForgetfulLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForgetfulLedger").field("since", &self.since).finish_non_exhaustive()
    }
}

