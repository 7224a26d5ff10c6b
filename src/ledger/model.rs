//! What a ledger should say, in the plainest way: it keeps a list of everything that was settled,
//! and reads all of it for every answer. It forgets nothing while it runs.

use std::time::Duration;

use super::{EntryKey, Receipt, Refund, Settled, Settlement, Spend};
use crate::clock::Timestamp;

/// When a ledger lets go of what has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// At the end of its second.
    WithItsSecond,
    /// To the millisecond; but a budget only once no clock says that it goes on. Proofs that are
    /// past are refused.
    AtOnce,
}

/// The list.
#[derive(Clone)]
pub(crate) struct Model {
    ends: Ends,
    settled: Vec<Line>,
    taints: Vec<EntryKey>,
    proofs: Vec<EntryKey>,
    /// When it last started.
    started: Option<Timestamp>,
    /// When it last started without knowing what was before.
    forgot: Option<Timestamp>,
}

#[derive(Clone)]
struct Line {
    settlement: Settlement,
    receipt: Receipt,
    given_back: Option<Refund>,
}

impl Model {
    pub(crate) fn started_at(now: Timestamp, knows: bool, ends: Ends) -> Self {
        Self {
            ends,
            settled: Vec::new(),
            taints: Vec::new(),
            proofs: Vec::new(),
            started: Some(now),
            forgot: (!knows).then_some(now),
        }
    }

    /// It ends and starts again.
    pub(crate) fn restart(&mut self, now: Timestamp, remembers: bool) {
        if !remembers {
            *self = Self::started_at(now, false, self.ends);
            return;
        }
        self.started = Some(now);
        // Of what charges nothing, nothing is kept.
        self.settled.retain(|line| {
            !line.settlement.approvals.is_empty() || !line.settlement.spends.is_empty()
        });
    }

    pub(crate) fn settle(&mut self, wanted: &Settlement) -> Result<Settled, &'static str> {
        let now = wanted.now;
        if is_before(wanted.proof.issued, self.started, wanted.skew) {
            return Err("ledger_reset");
        }
        if self.ends == Ends::AtOnce && self.ends.is_past(wanted.proof.until, now) {
            return Err("ledger_reset");
        }
        if self.proofs.contains(&wanted.proof.key) {
            return Err("proof_replayed");
        }
        let earlier = self
            .settled
            .iter()
            .filter(|line| line.settlement.attempt.key == wanted.attempt.key)
            .find(|line| {
                line.given_back.is_none() && !self.ends.is_past(line.settlement.attempt.until, now)
            });
        let receipt = match earlier {
            Some(line) if line.settlement.attempt.content != wanted.attempt.content => {
                return Err("attempt_changed");
            }
            Some(line) => Some(line.receipt),
            None => None,
        };
        if receipt.is_none() {
            self.check_dues(wanted)?;
        }
        self.proofs.push(wanted.proof.key);
        if wanted.taint.marks {
            self.taints.push(wanted.taint.key);
        }
        if let Some(receipt) = receipt {
            return Ok(Settled::Again(receipt));
        }
        let receipt = Receipt {
            decision: wanted.decision,
            at: now,
        };
        self.settled.push(Line {
            settlement: wanted.clone(),
            receipt,
            given_back: None,
        });
        Ok(Settled::First(receipt))
    }

    fn check_dues(&self, wanted: &Settlement) -> Result<(), &'static str> {
        let may_be = is_before(wanted.token_issued, self.forgot, wanted.skew);
        if wanted.taint.assumes_clean && (may_be || self.taints.contains(&wanted.taint.key)) {
            return Err("tainted");
        }
        let mut used: Vec<EntryKey> = Vec::new();
        for line in &self.settled {
            used.extend(line.settlement.approvals.iter().map(|claim| claim.key));
        }
        for claim in &wanted.approvals {
            if claim.until <= wanted.now {
                return Err("approval_expired");
            }
            if is_before(claim.issued, self.forgot, wanted.skew) {
                return Err("ledger_reset");
            }
            if used.contains(&claim.key) {
                return Err("approval_used");
            }
            used.push(claim.key);
        }
        wanted
            .spends
            .iter()
            .try_for_each(|spend| self.check_spend(spend, wanted))
    }

    fn check_spend(&self, wanted: &Spend, settlement: &Settlement) -> Result<(), &'static str> {
        let now = settlement.now;
        let window = window_of(wanted, now);
        let known: Vec<_> = self.spends_of(wanted.key).collect();
        let counts_otherwise = |other: &Spend| other.shape != wanted.shape;
        // A window that is over is forgotten, and with it what it counted.
        if known
            .iter()
            .any(|(line, spend)| counts_otherwise(spend) && !is_over(spend, line.receipt.at, now))
        {
            return Err("budget_changed");
        }
        let all_over = known
            .iter()
            .all(|(line, spend)| is_over(spend, line.receipt.at, now));
        if all_over {
            let length = wanted.shape.window_s();
            let begins = Timestamp::from_unix_seconds(window * length).unwrap();
            let window_is_known =
                length > 0 && !is_second_before(begins, self.forgot, settlement.skew);
            if is_before(settlement.token_issued, self.forgot, settlement.skew) && !window_is_known
            {
                return Err("ledger_reset");
            }
        }
        let spent: i128 = known
            .iter()
            .filter(|(line, spend)| {
                !counts_otherwise(spend)
                    && window_of(spend, line.receipt.at) == window
                    && line.given_back.is_none()
            })
            .map(|(_, spend)| i128::from(spend.amount))
            .sum();
        if spent + i128::from(wanted.amount) > i128::from(wanted.cap) {
            return Err("budget_exceeded");
        }
        Ok(())
    }

    fn spends_of(&self, key: EntryKey) -> impl Iterator<Item = (&Line, &Spend)> {
        self.settled.iter().flat_map(move |line| {
            let spends = line.settlement.spends.iter();
            spends
                .map(move |spend| (line, spend))
                .filter(move |(_, spend)| spend.key == key)
        })
    }

    /// How much of which budget is given back.
    pub(crate) fn refund(&mut self, refund: &Refund) -> Result<Vec<(EntryKey, i64)>, &'static str> {
        let (now, ends) = (refund.now, self.ends);
        let line = self.settled.iter_mut().rev().find(|line| {
            line.settlement.attempt.key == refund.attempt.key
                && line.settlement.attempt.content == refund.attempt.content
                && line.receipt == refund.receipt
                && line.given_back.is_none()
                && !ends.is_past(line.settlement.attempt.until, now)
        });
        let Some(line) = line else {
            return Err("nothing_to_refund");
        };
        line.given_back = Some(refund.clone());
        let at = line.receipt.at;
        let longer = match ends {
            Ends::WithItsSecond => Duration::ZERO,
            Ends::AtOnce => line.settlement.skew,
        };
        let spends = line.settlement.spends.iter();
        Ok(spends
            .filter(|spend| window_of(spend, at) == window_of(spend, now))
            .filter(|spend| spend.ends.is_none_or(|it| !ends.is_past(it + longer, now)))
            .map(|spend| (spend.key, spend.amount))
            .collect())
    }
}

fn window_of(spend: &Spend, at: Timestamp) -> u64 {
    match spend.shape.window_s() {
        0 => 0,
        length => at.unix_seconds() / length,
    }
}

/// Whether the window that something was spent in is over.
fn is_over(spend: &Spend, at: Timestamp, now: Timestamp) -> bool {
    window_of(spend, at) != window_of(spend, now)
}

impl Ends {
    fn is_past(self, until: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::WithItsSecond => until.unix_millis().div_ceil(1_000) <= now.unix_seconds(),
            Self::AtOnce => until <= now,
        }
    }
}

fn is_before(time: Timestamp, start: Option<Timestamp>, skew: Duration) -> bool {
    start.is_some_and(|start| time <= start + skew)
}

fn is_second_before(time: Timestamp, start: Option<Timestamp>, skew: Duration) -> bool {
    start.is_some_and(|start| time.unix_seconds() <= (start + skew).unix_seconds())
}
