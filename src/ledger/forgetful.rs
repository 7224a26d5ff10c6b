//! A ledger in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{BudgetKey, Ledger, LedgerError, Settlement, Spend};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::present::Nonce;

/// A ledger in memory: **a restart forgets** what was claimed and spent.
///
/// For one process, and for tests. It refuses proofs that were made before it started, or so
/// shortly after it that a clock which is ahead may have made them before; so a restart opens no
/// way to replay. But budgets begin anew with it. When it is full it denies, it never evicts.
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
pub struct ForgetfulLedger {
    since: Timestamp,
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    claims: HashMap<(Service, [u8; 64], Nonce), Claimed>,
    spent: HashMap<(BudgetKey, u64), Spent>,
    /// For each service, when the youngest proof was made whose claim was dropped. No proof that is
    /// as old is let through any more, whatever the clock or another gate's window says.
    dropped: HashMap<Service, Timestamp>,
    /// Up to when budgets have ended whose spends were dropped.
    dropped_spent: Option<Timestamp>,
    /// The second of the last sweep.
    swept: u64,
}

#[derive(Clone, Copy)]
struct Claimed {
    issued: Timestamp,
    until: Timestamp,
}

#[derive(Clone, Copy)]
struct Spent {
    amount: i64,
    /// From when on nobody can spend of it any more, if there is such a time.
    until: Option<Timestamp>,
}

impl ForgetfulLedger {
    /// As many claims and budgets as it holds unless it is told otherwise: about 300 MB.
    pub const DEFAULT_CAPACITY: usize = 1_000_000;

    /// An empty ledger that refuses proofs from up to `now` and the skew of its gates.
    pub fn started_at(now: Timestamp) -> Self {
        Self {
            since: now,
            capacity: Self::DEFAULT_CAPACITY,
            entries: Mutex::default(),
        }
    }

    /// Holds at most so many claims and budgets together.
    pub fn with_capacity(mut self, entries: usize) -> Self {
        self.capacity = entries;
        self
    }

    /// Whether nothing was settled yet, or all of it is past.
    pub fn is_empty(&self) -> bool {
        let entries = self.lock();
        entries.claims.is_empty() && entries.spent.is_empty()
    }

    /// Nothing panics while the lock is held, and entries are only added after every check.
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for ForgetfulLedger {
    fn settle(&self, settlement: &Settlement) -> Result<(), LedgerError> {
        let Settlement { claim, spends, .. } = settlement;
        let (issued, now) = (settlement.proof_issued, settlement.now);
        let remembers = |since| match issued {
            issued if issued > since => Ok(()),
            _ => Err(LedgerError::Forgotten { issued, since }),
        };
        // By a clock that is ahead, a proof that was used before the start was made after it.
        remembers(self.since.saturating_add(settlement.skew))?;
        let mut entries = self.lock();
        entries.sweep(now);
        if let Some(dropped) = entries.dropped.get(&claim.service) {
            remembers(*dropped)?;
        }
        let key = (claim.service.clone(), *claim.token.as_bytes(), claim.nonce);
        if entries.claims.contains_key(&key) {
            return Err(LedgerError::Replayed);
        }
        let totals = entries.totals(spends, now)?;
        let fresh = totals
            .keys()
            .filter(|key| !entries.spent.contains_key(*key));
        let held = entries.claims.len().saturating_add(entries.spent.len());
        if held.saturating_add(fresh.count()).saturating_add(1) > self.capacity {
            return Err(LedgerError::Full {
                capacity: self.capacity,
            });
        }
        let until = claim.until;
        entries.claims.insert(key, Claimed { issued, until });
        entries.spent.extend(totals);
        Ok(())
    }
}

impl Entries {
    /// Drops claims on proofs that are refused for their age anyway, and budgets that nobody can
    /// spend of any more: once a second, so that a full ledger does no more work than another.
    fn sweep(&mut self, now: Timestamp) {
        if now.unix_seconds() == self.swept {
            return;
        }
        self.swept = now.unix_seconds();
        let dropped = &mut self.dropped;
        self.claims.retain(|(service, ..), claimed| {
            let keep = claimed.until > now;
            if !keep {
                let youngest = dropped.entry(service.clone()).or_insert(claimed.issued);
                *youngest = claimed.issued.max(*youngest);
            }
            keep
        });
        let dropped = &mut self.dropped_spent;
        self.spent.retain(|_, spent| match spent.until {
            Some(until) if until <= now => {
                *dropped = Some(until).max(*dropped);
                false
            }
            _ => true,
        });
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
            if until.is_some() && until <= self.dropped_spent {
                return Err(LedgerError::BudgetForgotten {
                    name: spend.budget.name.clone(),
                });
            }
            let key = (spend.budget.clone(), window);
            let earlier = totals.get(&key).or_else(|| self.spent.get(&key));
            let spent = earlier.map_or(0, |spent| spent.amount);
            let fits = |total: &i64| spend.amount > 0 && *total <= spend.cap;
            let Some(amount) = spent.checked_add(spend.amount).filter(fits) else {
                return Err(LedgerError::BudgetExceeded {
                    name: spend.budget.name.clone(),
                    cap: spend.cap,
                    spent,
                    amount: spend.amount,
                });
            };
            totals.insert(key, Spent { amount, until });
        }
        Ok(totals)
    }
}

/// The number of the window that `now` falls into, and from when on nobody spends in it.
fn window(spend: &Spend, now: Timestamp) -> (u64, Option<Timestamp>) {
    let length = spend.window.map_or(0, |window| window.as_secs());
    let Some(number) = now.unix_seconds().checked_div(length) else {
        return (0, spend.ends);
    };
    let end = number.saturating_add(1).saturating_mul(length);
    let end = Timestamp::from_unix_seconds(end).unwrap_or(Timestamp::MAX);
    (number, Some(spend.ends.map_or(end, |ends| ends.min(end))))
}

impl fmt::Debug for ForgetfulLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForgetfulLedger")
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
