//! What settling means: the one logic of every ledger that lives in this process.
//!
//! Every check comes before the first change, so that a settlement is all or nothing.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::{
    ApprovalClaim, Attempt, BudgetShape, EntryKey, Forgotten, LedgerError, ProofClaim, Receipt,
    Refund, Refunded, Settled, Settlement, Spend,
};
use crate::clock::Timestamp;

/// What was claimed and spent.
pub(super) struct Book {
    entries: HashMap<EntryKey, Entry>,
    /// The keys of entries that can end, by the second in which they may.
    ends: BTreeMap<u64, Vec<EntryKey>>,
    capacity: usize,
    epoch: Epoch,
    /// Up to when entries were dropped that had ended.
    swept: Timestamp,
    /// For each service, when the youngest proof was made whose claim was dropped: a gate with a
    /// longer window would still accept it.
    dropped: HashMap<EntryKey, Timestamp>,
}

/// From when on the book knows what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch {
    /// Which proofs were presented.
    pub(super) proofs: Timestamp,
    /// Which approvals were used and what was spent; `None` since ever.
    pub(super) dues: Option<Timestamp>,
}

/// One thing that a book remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Proof {
        service: EntryKey,
        issued: Timestamp,
        until: Timestamp,
    },
    Attempt {
        content: EntryKey,
        receipt: Receipt,
        refunded: bool,
        until: Timestamp,
    },
    Approval {
        until: Timestamp,
    },
    Budget {
        shape: BudgetShape,
        window: u64,
        spent: i64,
        /// From when on nobody spends of it any more, if there is such a time.
        until: Option<Timestamp>,
    },
    Tainted,
}

impl Entry {
    pub(super) fn until(&self) -> Option<Timestamp> {
        match *self {
            Self::Proof { until, .. } | Self::Attempt { until, .. } | Self::Approval { until } => {
                Some(until)
            }
            Self::Budget { until, .. } => until,
            Self::Tainted => None,
        }
    }
}

impl Book {
    pub(super) fn new(capacity: usize, epoch: Epoch) -> Self {
        Self {
            entries: HashMap::new(),
            ends: BTreeMap::new(),
            capacity,
            epoch,
            swept: Timestamp::MIN,
            dropped: HashMap::new(),
        }
    }

    pub(super) fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// What was forgotten before does not matter: somebody says so.
    pub(super) fn acknowledge(&mut self) {
        self.epoch.dues = None;
    }

    /// Settles everything, or nothing; each entry that it writes goes through `written`.
    pub(super) fn settle(
        &mut self,
        settlement: &Settlement,
        mut written: impl FnMut(EntryKey, &Entry),
    ) -> Result<Settled, LedgerError> {
        let now = settlement.now;
        self.sweep(now);
        self.check_proof(settlement)?;
        let again = self.retried(&settlement.attempt)?;
        let mut writes = Writes::default();
        if again.is_none() {
            if settlement.taint.assumes_clean && self.entries.contains_key(&settlement.taint.key) {
                return Err(LedgerError::Tainted);
            }
            for claim in &settlement.approvals {
                self.check_approval(claim, settlement)?;
                if writes.contains(&claim.key) {
                    let approver = claim.approver;
                    return Err(LedgerError::ApprovalUsed { approver });
                }
                writes.put(claim.key, Entry::Approval { until: claim.until });
            }
            for spend in &settlement.spends {
                writes.put(spend.key, self.spent_after(spend, settlement)?);
            }
        }
        let receipt = again.unwrap_or(Receipt {
            decision: settlement.decision,
            at: now,
        });
        let ProofClaim { key, issued, until } = settlement.proof;
        let service = settlement.service;
        writes.put(
            key,
            Entry::Proof {
                service,
                issued,
                until,
            },
        );
        if again.is_none() {
            let Attempt {
                key,
                content,
                until,
            } = settlement.attempt;
            let refunded = false;
            writes.put(
                key,
                Entry::Attempt {
                    content,
                    receipt,
                    refunded,
                    until,
                },
            );
        }
        if settlement.taint.marks {
            writes.put(settlement.taint.key, Entry::Tainted);
        }
        self.write(writes, &mut written)?;
        Ok(match again {
            Some(receipt) => Settled::Again(receipt),
            None => Settled::First(receipt),
        })
    }

    /// Gives back what an attempt spent, once.
    pub(super) fn refund(
        &mut self,
        refund: &Refund,
        mut written: impl FnMut(EntryKey, &Entry),
    ) -> Result<Refunded, LedgerError> {
        self.sweep(refund.now);
        let Attempt { key, content, .. } = refund.attempt;
        let until = match self.entries.get(&key) {
            Some(Entry::Attempt {
                content: settled,
                receipt,
                refunded: false,
                until,
            }) if *settled == content && *receipt == refund.receipt => *until,
            _ => return Err(LedgerError::NothingToRefund),
        };
        let mut writes = Writes::default();
        let receipt = refund.receipt;
        let refunded = true;
        writes.put(
            key,
            Entry::Attempt {
                content,
                receipt,
                refunded,
                until,
            },
        );
        let mut amounts = Vec::new();
        for spend in &refund.spends {
            let (then, _) = spend.shape.window(receipt.at);
            if let Some(&Entry::Budget {
                shape,
                window,
                spent,
                until,
            }) = self.entries.get(&spend.key)
                && (shape, window) == (spend.shape, then)
            {
                let back = spend.amount.clamp(0, spent.max(0));
                let spent = spent.saturating_sub(back);
                writes.put(
                    spend.key,
                    Entry::Budget {
                        shape,
                        window,
                        spent,
                        until,
                    },
                );
                amounts.push((spend.name.clone(), back));
            }
        }
        self.write(writes, &mut written)?;
        let decision = receipt.decision;
        Ok(Refunded { decision, amounts })
    }

    fn check_proof(&self, settlement: &Settlement) -> Result<(), LedgerError> {
        let ProofClaim { key, issued, .. } = settlement.proof;
        let dropped = self.dropped.get(&settlement.service).copied();
        // By a clock that is ahead, a proof that was used before the start was made after it.
        let started = after_skew(self.epoch.proofs, settlement.skew);
        let since = started.max(dropped.unwrap_or(Timestamp::MIN));
        if issued <= since {
            let what = Forgotten::Proof;
            return Err(LedgerError::Forgotten { what, since });
        }
        match self.entries.get(&key) {
            None => Ok(()),
            Some(_) => Err(LedgerError::Replayed),
        }
    }

    /// What the attempt was settled with before, unless that was given back.
    fn retried(&self, attempt: &Attempt) -> Result<Option<Receipt>, LedgerError> {
        match self.entries.get(&attempt.key) {
            None | Some(Entry::Attempt { refunded: true, .. }) => Ok(None),
            Some(Entry::Attempt {
                content, receipt, ..
            }) if *content == attempt.content => Ok(Some(*receipt)),
            Some(_) => Err(LedgerError::AttemptChanged),
        }
    }

    fn check_approval(
        &self,
        claim: &ApprovalClaim,
        settlement: &Settlement,
    ) -> Result<(), LedgerError> {
        let approver = claim.approver;
        if claim.until <= settlement.now {
            return Err(LedgerError::ApprovalExpired { approver });
        }
        let started = self
            .epoch
            .dues
            .map(|since| after_skew(since, settlement.skew));
        if started.is_some_and(|since| claim.issued <= since) || claim.until <= self.swept {
            return Err(LedgerError::Forgotten {
                what: Forgotten::Approval(approver),
                since: started.unwrap_or(self.swept).max(self.swept),
            });
        }
        match self.entries.get(&claim.key) {
            None => Ok(()),
            Some(_) => Err(LedgerError::ApprovalUsed { approver }),
        }
    }

    /// What the budget has spent, this included, if that fits.
    fn spent_after(&self, spend: &Spend, settlement: &Settlement) -> Result<Entry, LedgerError> {
        let now = settlement.now;
        let (window, window_ends) = spend.shape.window(now);
        let until = [spend.ends, window_ends].into_iter().flatten().min();
        let name = || spend.name.clone();
        let forgotten = |since| LedgerError::Forgotten {
            what: Forgotten::Budget(name()),
            since,
        };
        let before = match self.entries.get(&spend.key) {
            Some(Entry::Budget { shape, .. }) if *shape != spend.shape => {
                return Err(LedgerError::BudgetChanged { name: name() });
            }
            // The clock was set back.
            Some(Entry::Budget { window: later, .. }) if *later > window => {
                return Err(forgotten(now));
            }
            Some(Entry::Budget {
                window: same,
                spent,
                ..
            }) if *same == window => *spent,
            Some(Entry::Budget { .. }) => 0,
            Some(_) => return Err(LedgerError::BudgetChanged { name: name() }),
            None => {
                self.remembers_budgets_of(settlement, spend.shape)
                    .map_err(forgotten)?;
                0
            }
        };
        if until.is_some_and(|until| until <= self.swept) {
            return Err(forgotten(self.swept));
        }
        let fits = |sum: &i64| spend.amount > 0 && *sum <= spend.cap;
        let Some(spent) = before.checked_add(spend.amount).filter(fits) else {
            return Err(LedgerError::BudgetExceeded {
                name: name(),
                cap: spend.cap,
                spent: before,
                amount: spend.amount,
            });
        };
        Ok(Entry::Budget {
            shape: spend.shape,
            window,
            spent,
            until,
        })
    }

    /// Whether that there is no entry means that nothing was spent: the token was minted, or the
    /// window began, after the book did.
    fn remembers_budgets_of(
        &self,
        settlement: &Settlement,
        shape: BudgetShape,
    ) -> Result<(), Timestamp> {
        let Some(since) = self.epoch.dues else {
            return Ok(());
        };
        let since = after_skew(since, settlement.skew);
        let (window, _) = shape.window(settlement.now);
        let begins = window.saturating_mul(shape.window_s());
        let window_is_younger = shape.window_s() > 0 && begins > since.unix_seconds();
        if settlement.token_issued > since || window_is_younger {
            return Ok(());
        }
        Err(since)
    }

    fn write(
        &mut self,
        writes: Writes,
        written: &mut impl FnMut(EntryKey, &Entry),
    ) -> Result<(), LedgerError> {
        let is_new = |(key, _): &&(EntryKey, Entry)| !self.entries.contains_key(key);
        let fresh = writes.0.iter().filter(is_new).count();
        if self.entries.len().saturating_add(fresh) > self.capacity {
            return Err(LedgerError::Full);
        }
        for (key, entry) in writes.0 {
            written(key, &entry);
            self.insert(key, entry);
        }
        Ok(())
    }

    /// Puts an entry where it belongs, as it was written before.
    pub(super) fn insert(&mut self, key: EntryKey, entry: Entry) {
        let before = self
            .entries
            .insert(key, entry)
            .and_then(|entry| entry.until());
        if let Some(until) = entry.until().filter(|until| Some(*until) != before) {
            let second = until.unix_seconds().saturating_add(1);
            self.ends.entry(second).or_default().push(key);
        }
    }

    /// Drops what nobody can use any more, each entry once.
    fn sweep(&mut self, now: Timestamp) {
        while let Some(first) = self.ends.first_entry()
            && *first.key() <= now.unix_seconds()
        {
            self.swept = self.swept.max(at_second(*first.key()));
            for key in first.remove() {
                let Some(entry) = self.entries.get(&key) else {
                    continue;
                };
                if entry.until().is_none_or(|until| until > now) {
                    continue;
                }
                if let Entry::Proof {
                    service, issued, ..
                } = *entry
                {
                    let youngest = self.dropped.entry(service).or_insert(issued);
                    *youngest = issued.max(*youngest);
                }
                self.entries.remove(&key);
            }
        }
    }
}

/// The few entries of one settlement.
#[derive(Default)]
struct Writes(Vec<(EntryKey, Entry)>);

impl Writes {
    fn contains(&self, key: &EntryKey) -> bool {
        self.0.iter().any(|(other, _)| other == key)
    }

    fn put(&mut self, key: EntryKey, entry: Entry) {
        self.0.push((key, entry));
    }
}

fn after_skew(since: Timestamp, skew: Duration) -> Timestamp {
    since.saturating_add(skew)
}

fn at_second(second: u64) -> Timestamp {
    Timestamp::from_unix_seconds(second).unwrap_or(Timestamp::MAX)
}
