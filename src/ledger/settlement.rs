//! What one allow must settle.

use std::time::Duration;

use super::{EntryKey, LedgerError};
use crate::clock::Timestamp;
use crate::decide::DecisionId;
use crate::keys::ApproverPublicKey;
use crate::scope::{BudgetName, Measure};

/// What one allow must settle, all or nothing.
///
/// The [`Gate`](crate::gate::Gate) makes it. A service that runs the line itself does, and is up to
/// itself that it claims and spends everything.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The task that it belongs to: all its entries lie together.
    pub task: EntryKey,
    /// The service that settles.
    pub service: EntryKey,
    /// Names the decision.
    pub decision: DecisionId,
    /// The proof, to be claimed.
    pub proof: ProofClaim,
    /// The attempt that it belongs to.
    pub attempt: Attempt,
    /// The approvals that it uses up.
    pub approvals: Vec<ApprovalClaim>,
    /// What it spends of which budget.
    pub spends: Spends,
    /// What it knows and says of taint.
    pub taint: Taint,
    /// When the token was issued, by its issuer's clock.
    pub token_issued: Timestamp,
    /// The time of the decision, by the verifier's clock.
    pub now: Timestamp,
    /// How far another's clock may be ahead.
    pub skew: Duration,
}

/// A proof, which is presented once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofClaim {
    /// [`EntryKey::proof`].
    pub key: EntryKey,
    /// When it was made, by its maker's clock.
    pub issued: Timestamp,
    /// From when on it is refused for its age anyway.
    pub until: Timestamp,
}

/// An attempt at a call, which is charged once, however often it is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// [`EntryKey::attempt`].
    pub key: EntryKey,
    /// The call, and what is charged for it: the same in a retry, or it is none.
    pub content: EntryKey,
    /// Until when it is remembered; a retry after that is charged again.
    pub until: Timestamp,
}

/// One use of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApprovalClaim {
    /// [`EntryKey::approval`].
    pub key: EntryKey,
    /// Who approved.
    pub approver: ApproverPublicKey,
    /// When, by the approver's clock.
    pub issued: Timestamp,
    /// From when on the approval holds no more.
    pub until: Timestamp,
}

/// What is known and said of taint: whether the task has read what a service marks as untrusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taint {
    /// [`EntryKey::taint`].
    pub key: EntryKey,
    /// The decision holds only if the task is not tainted.
    pub assumes_clean: bool,
    /// The call reads what is untrusted.
    pub marks: bool,
}

/// So much of one budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spend {
    /// [`EntryKey::budget`].
    pub key: EntryKey,
    /// Its name, for messages.
    pub name: BudgetName,
    /// What it counts. A budget that was counted otherwise before is refused.
    pub shape: BudgetShape,
    /// How much; above 0.
    pub amount: i64,
    /// Its cap.
    pub cap: i64,
    /// From when on nobody can spend of it any more: the end of the block that it belongs to.
    /// `None` for a budget that a new token can bring back.
    pub ends: Option<Timestamp>,
}

/// What a budget counts, over which windows. It is fixed by the first spend: counts over an hour and
/// over a day, or of cents and of euros, under one name would be no count at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetShape {
    window_s: u64,
    measure: u16,
}

impl BudgetShape {
    /// Of a budget with windows of so many seconds, or for the whole life of its task.
    pub fn new(window: Option<Duration>, measure: &Measure) -> Self {
        Self {
            window_s: window.map_or(0, |window| window.as_secs()),
            measure: match measure {
                Measure::Uses => 0,
                Measure::Int(_) => 1,
                Measure::Decimal(_, scale) => 0x100 | u16::from(*scale),
            },
        }
    }

    /// The length of its windows in seconds; 0 is the whole life.
    pub fn window_s(&self) -> u64 {
        self.window_s
    }

    /// What is counted, as a number: 0 uses, 1 an integer, 256 and more a decimal of that scale.
    pub fn measure(&self) -> u16 {
        self.measure
    }

    #[cfg(feature = "redb")]
    pub(super) fn from_parts(window_s: u64, measure: u16) -> Self {
        Self { window_s, measure }
    }

    /// The number of the window that a time falls into, and its end; the whole life is window 0.
    pub(super) fn window(&self, now: Timestamp) -> (u64, Option<Timestamp>) {
        let Some(number) = now.unix_seconds().checked_div(self.window_s) else {
            return (0, None);
        };
        let end = number.saturating_add(1).saturating_mul(self.window_s);
        let end = Timestamp::from_unix_seconds(end).unwrap_or(Timestamp::MAX);
        (number, Some(end))
    }
}

/// Spends, each of another budget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spends(Vec<Spend>);

impl Spends {
    /// Nothing is spent.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Adds a spend; of one budget that several actions spend of, the sum, under the lower cap.
    ///
    /// # Errors
    ///
    /// [`LedgerError::BudgetExceeded`] if the amount is not above 0, or over the cap whatever was
    /// spent before; [`LedgerError::BudgetChanged`] if the same budget is to count otherwise.
    pub fn push(&mut self, spend: Spend) -> Result<(), LedgerError> {
        let earlier = self.0.iter_mut().find(|other| other.key == spend.key);
        let before = earlier.as_ref().map_or(0, |earlier| earlier.amount);
        let lower = earlier.as_ref().map_or(spend.cap, |earlier| earlier.cap);
        let cap = spend.cap.min(lower);
        let fits = |sum: &i64| spend.amount > 0 && *sum <= cap;
        let Some(amount) = before.checked_add(spend.amount).filter(fits) else {
            return Err(LedgerError::BudgetExceeded {
                name: spend.name,
                cap,
                spent: before,
                amount: spend.amount,
            });
        };
        match earlier {
            Some(earlier) if earlier.shape != spend.shape => {
                return Err(LedgerError::BudgetChanged { name: spend.name });
            }
            Some(earlier) => {
                (earlier.amount, earlier.cap) = (amount, cap);
                // It is remembered for as long as either can be spent.
                earlier.ends = earlier.ends.zip(spend.ends).map(|(one, two)| one.max(two));
            }
            None => self.0.push(spend),
        }
        Ok(())
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Spend> {
        self.0.iter()
    }

    /// Whether nothing is spent.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Of how many budgets something is spent.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a Spends {
    type Item = &'a Spend;
    type IntoIter = std::slice::Iter<'a, Spend>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// That something was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the same attempt may have been settled before"]
pub enum Settled {
    /// Now, for the first time.
    First(Receipt),
    /// Before: this is a retry. Nothing was charged but the proof.
    Again(Receipt),
}

/// When something was settled first, and under which decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Names the decision.
    pub decision: DecisionId,
    /// By the ledger's clock.
    pub at: Timestamp,
}

/// What is given back for an action that did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The task, as in the settlement.
    pub task: EntryKey,
    /// The attempt, as in the settlement.
    pub attempt: Attempt,
    /// What the settlement said.
    pub receipt: Receipt,
    /// What was spent.
    pub spends: Spends,
    /// The time of the refund, by the verifier's clock.
    pub now: Timestamp,
}

/// What was given back. A budget whose window is over gets nothing back, and none gets more than was
/// spent of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refunded {
    /// Names the decision whose spends were given back.
    pub decision: DecisionId,
    /// How much of which budget.
    pub amounts: Vec<(BudgetName, i64)>,
}

#[cfg(test)]
mod tests;
