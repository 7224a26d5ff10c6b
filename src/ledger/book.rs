//! What settling means: the one logic of every ledger that lives in this process.
//!
//! Every check comes before the first change, so that a settlement is all or nothing.

use std::collections::{BTreeMap, HashMap};

use super::dropped::Dropped;
use super::entry::{Change, Entry, Epoch};
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
    dropped: Dropped,
}

impl Book {
    pub(super) fn new(capacity: usize, epoch: Epoch) -> Self {
        Self {
            entries: HashMap::new(),
            ends: BTreeMap::new(),
            capacity,
            epoch,
            dropped: Dropped::default(),
        }
    }

    pub(super) fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    /// Whatever ended by then may have been dropped from it before.
    #[cfg(feature = "redb")]
    pub(super) fn reopened_after(&mut self, end: Timestamp) {
        self.dropped.approvals = Some(end);
        self.dropped.budgets = Some(end);
    }

    #[cfg(feature = "redb")]
    pub(super) fn get(&self, key: &EntryKey) -> Option<&Entry> {
        self.entries.get(key)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// What was forgotten before does not matter: somebody says so.
    pub(super) fn acknowledge(&mut self) {
        self.epoch.dues = None;
    }

    /// Settles everything, or nothing; each change goes through `written`.
    pub(super) fn settle(
        &mut self,
        settlement: &Settlement,
        mut written: impl FnMut(Change),
    ) -> Result<Settled, LedgerError> {
        let now = settlement.now;
        self.sweep(now, &mut written);
        self.check_proof(settlement)?;
        let again = self.retried(&settlement.attempt)?;
        let mut writes = Writes::default();
        if again.is_none() {
            if settlement.taint.assumes_clean && self.may_be_tainted(settlement) {
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
        mut written: impl FnMut(Change),
    ) -> Result<Refunded, LedgerError> {
        self.sweep(refund.now, &mut written);
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
        let dropped = self.dropped.proofs.get(&settlement.service).copied();
        // By a clock that is ahead, a proof that was used before the start was made after it.
        let started = self.epoch.proofs.saturating_add(settlement.skew);
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

    /// Up to when something may have been used and is forgotten, if there is such a time. By a clock
    /// that is ahead, what was made before the start is from after it.
    fn forgot_dues_before(&self, settlement: &Settlement) -> Option<Timestamp> {
        let since = self.epoch.dues?;
        Some(since.saturating_add(settlement.skew))
    }

    /// Whether the task is tainted, or was before the book began and nobody remembers.
    fn may_be_tainted(&self, settlement: &Settlement) -> bool {
        let since = self.forgot_dues_before(settlement);
        since.is_some_and(|since| settlement.token_issued <= since)
            || self.entries.contains_key(&settlement.taint.key)
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
        let started = self.forgot_dues_before(settlement);
        let started = started.filter(|since| claim.issued <= *since);
        let dropped = self.dropped.approvals.filter(|end| claim.until <= *end);
        if let Some(since) = started.max(dropped) {
            let what = Forgotten::Approval(approver);
            return Err(LedgerError::Forgotten { what, since });
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
        if let Some(dropped) = self.dropped.budgets
            && until.is_some_and(|until| until <= dropped)
        {
            return Err(forgotten(dropped));
        }
        // `Spends` holds amounts above 0 alone.
        let fits = |sum: &i64| *sum <= spend.cap;
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
        let Some(since) = self.forgot_dues_before(settlement) else {
            return Ok(());
        };
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
        written: &mut impl FnMut(Change),
    ) -> Result<(), LedgerError> {
        let is_new = |(key, _): &&(EntryKey, Entry)| !self.entries.contains_key(key);
        let fresh = writes.0.iter().filter(is_new).count();
        if self.entries.len().saturating_add(fresh) > self.capacity {
            return Err(LedgerError::Full);
        }
        for (key, entry) in writes.0 {
            let before = self.insert(key, entry);
            let after = Some(entry);
            written(Change { key, before, after });
        }
        Ok(())
    }

    /// Puts an entry where it belongs, and gives back the one before it.
    pub(super) fn insert(&mut self, key: EntryKey, entry: Entry) -> Option<Entry> {
        let before = self.entries.insert(key, entry);
        let end_before = before.and_then(|entry| entry.until());
        if let Some(until) = entry.until().filter(|until| Some(*until) != end_before) {
            let second = until.unix_millis().div_ceil(1_000);
            self.ends.entry(second).or_default().push(key);
        }
        before
    }

    /// Drops what nobody can use any more, each entry once.
    fn sweep(&mut self, now: Timestamp, written: &mut impl FnMut(Change)) {
        while let Some(first) = self.ends.first_entry()
            && *first.key() <= now.unix_seconds()
        {
            for key in first.remove() {
                let Some(entry) = self.entries.get(&key).copied() else {
                    continue;
                };
                if entry.until().is_none_or(|until| until > now) {
                    continue;
                }
                self.entries.remove(&key);
                self.dropped.note(&entry);
                let (before, after) = (Some(entry), None);
                written(Change { key, before, after });
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
