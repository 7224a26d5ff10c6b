//! What every ledger does, as tests over a [`World`] that has such a ledger.
//!
//! A back-end's tests say `suite_of!(MyWorld::new)`. All times are relative to [`World::now`], so
//! that a ledger with a clock of its own can be tested too: there, time passes by waiting.

mod approvals;
mod attempts;
mod budgets;
mod epochs;
mod proofs;
mod random;
mod refunds;
mod taint;
mod threads;
mod whole;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub(crate) use approvals::*;
pub(crate) use attempts::*;
pub(crate) use budgets::*;
pub(crate) use epochs::*;
pub(crate) use proofs::*;
pub(crate) use random::*;
pub(crate) use refunds::*;
pub(crate) use taint::*;
pub(crate) use threads::*;
pub(crate) use whole::*;

use super::{
    ApprovalClaim, Attempt, BudgetShape, EntryKey, Ledger, LedgerError, ProofClaim, Receipt,
    Refund, Refunded, Settled, Settlement, Spend, Spends, Taint,
};
use crate::clock::Timestamp;
use crate::decide::DecisionId;
use crate::keys::ApproverPublicKey;
use crate::keys::dangerous::approver_key_from_seed;
use crate::scope::{BudgetName, Measure};

pub(super) const SKEW: Duration = Duration::from_secs(5);
pub(super) const HOUR: Duration = Duration::from_secs(3_600);
pub(super) const MILLISECOND: Duration = Duration::from_millis(1);

/// Where ledgers of one kind can be had, and their time.
pub(crate) trait World {
    type Ledger: Ledger;

    /// A new ledger that starts now.
    fn start(&self) -> Self::Ledger;

    /// The same with room for so many entries, if it has a limit of its own.
    fn start_small(&self, entries: usize) -> Option<Self::Ledger>;

    /// One that starts now and may have forgotten everything from before, if this can happen.
    fn start_forgetful(&self) -> Option<Self::Ledger>;

    /// The same, after somebody has said that what was forgotten does not matter.
    fn start_acknowledged(&self) -> Option<Self::Ledger>;

    /// Now, by the ledger's clock.
    fn now(&self) -> Timestamp;

    /// Time passes: at least so much, and little more.
    fn pass(&self, time: Duration);

    /// Sets the clock back or ahead; `false` if this world has no such clock.
    fn set_clock(&self, now: Timestamp) -> bool;

    /// The shortest time that a test can let pass, in whole seconds.
    fn unit(&self) -> Duration;

    /// Whether time passes by itself, so that nobody knows exactly what the ledger's clock says.
    fn time_flies(&self) -> bool {
        false
    }

    /// If time passes by itself: how long a step of a test takes that lets it. It is a part of a
    /// second, and long beside what calls take.
    fn step(&self) -> Option<Duration> {
        None
    }

    /// How the tasks of its tests begin, if others have the rest of the ledger.
    fn shard(&self) -> Option<u8> {
        None
    }
}

/// One ledger, and settlements that have nothing in common with those of other tests.
pub(crate) struct Desk<'w, W: World> {
    pub(crate) world: &'w W,
    pub(crate) ledger: W::Ledger,
    salt: [u8; 8],
    count: AtomicU64,
}

impl<'w, W: World> Desk<'w, W> {
    pub(crate) fn open(world: &'w W) -> Self {
        Self::of(world, world.start())
    }

    pub(crate) fn of(world: &'w W, ledger: W::Ledger) -> Self {
        let count = AtomicU64::new(0);
        let mut desk = Self {
            world,
            ledger,
            salt: [0; 8],
            count,
        };
        let elsewhere = |task: EntryKey| {
            let shard = world.shard();
            shard.is_some_and(|shard| task.as_bytes()[0] != shard)
        };
        loop {
            getrandom::getrandom(&mut desk.salt).unwrap();
            if !elsewhere(desk.task()) {
                return desk;
            }
        }
    }

    fn task(&self) -> EntryKey {
        self.key("task", 1)
    }

    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn key(&self, kind: &str, number: u64) -> EntryKey {
        EntryKey::of(kind.as_bytes(), &[&self.salt, &number.to_be_bytes()])
    }

    /// When things are made that the ledger cannot have forgotten.
    pub(crate) fn fresh(&self) -> Timestamp {
        self.world.now() + SKEW + Duration::from_secs(1)
    }

    /// A new attempt with a new proof that charges nothing.
    pub(crate) fn settlement(&self) -> Settlement {
        let number = self.next();
        let mut decision = [0; 16];
        getrandom::getrandom(&mut decision).unwrap();
        Settlement {
            task: self.task(),
            service: self.key("service", 1),
            decision: DecisionId::from_bytes(decision),
            proof: self.proof(),
            attempt: Attempt {
                key: self.key("attempt", number),
                content: self.key("content", 1),
                until: self.world.now() + HOUR,
            },
            approvals: Vec::new(),
            spends: Spends::none(),
            taint: Taint {
                key: self.key("taint", 1),
                assumes_clean: false,
                marks: false,
            },
            token_issued: self.fresh(),
            now: self.world.now(),
            skew: SKEW,
        }
    }

    /// A new proof.
    pub(crate) fn proof(&self) -> ProofClaim {
        ProofClaim {
            key: self.key("proof", self.next()),
            issued: self.fresh(),
            until: self.world.now() + HOUR,
        }
    }

    /// The same attempt, with another proof and under another decision.
    pub(crate) fn retry(&self, settlement: &Settlement) -> Settlement {
        let Settlement {
            proof, decision, ..
        } = self.settlement();
        Settlement {
            proof,
            decision,
            ..settlement.clone()
        }
    }

    pub(crate) fn approval(&self, number: u64) -> ApprovalClaim {
        ApprovalClaim {
            key: self.key("approval", number),
            approver: approver(),
            issued: self.fresh(),
            until: self.world.now() + HOUR,
        }
    }

    /// A new attempt that uses these approvals.
    pub(crate) fn approved(&self, approvals: &[ApprovalClaim]) -> Settlement {
        Settlement {
            approvals: approvals.to_vec(),
            ..self.settlement()
        }
    }

    /// So much of a budget for the whole life of its task.
    pub(crate) fn spend(&self, name: &str, amount: i64, cap: i64) -> Spend {
        Spend {
            key: EntryKey::of(b"budget", &[&self.salt, name.as_bytes()]),
            name: BudgetName::new(name).unwrap(),
            shape: BudgetShape::new(None, &Measure::Uses),
            amount,
            cap,
            ends: None,
        }
    }

    /// A new attempt that spends this.
    pub(crate) fn paying(&self, spends: impl IntoIterator<Item = Spend>) -> Settlement {
        Settlement {
            spends: spends_of(spends),
            ..self.settlement()
        }
    }

    pub(crate) fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        let now = self.world.now();
        self.ledger.settle(&Settlement {
            now,
            ..settlement.clone()
        })
    }

    /// `first`, `again`, or the code of the error.
    pub(crate) fn code(&self, settlement: &Settlement) -> &'static str {
        code(&self.settle(settlement))
    }

    /// Spends so much of a budget for the whole life: `first`, or the code of the error.
    pub(crate) fn pay(&self, name: &str, amount: i64, cap: i64) -> &'static str {
        self.code(&self.paying([self.spend(name, amount, cap)]))
    }

    pub(crate) fn first(&self, settlement: &Settlement) -> Receipt {
        match self.settle(settlement) {
            Ok(Settled::First(receipt)) => receipt,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn refund_of(&self, settlement: &Settlement, receipt: Receipt) -> Refund {
        Refund {
            task: settlement.task,
            attempt: settlement.attempt,
            receipt,
            spends: settlement.spends.clone(),
            now: self.world.now(),
        }
    }

    /// Gives back: how much in all.
    pub(crate) fn refund(&self, refund: &Refund) -> Result<i64, &'static str> {
        let now = self.world.now();
        let refund = Refund {
            now,
            ..refund.clone()
        };
        let refunded: Result<Refunded, _> = self.ledger.refund(&refund);
        let refunded = refunded.map_err(|error| error.code())?;
        assert_eq!(refunded.decision, refund.receipt.decision);
        Ok(refunded.amounts.iter().map(|(_, amount)| amount).sum())
    }

    /// Waits for the start of the next window of so many seconds.
    pub(crate) fn next_window(&self, window: Duration) {
        let length = u64::try_from(window.as_millis()).unwrap();
        let into = self.world.now().unix_millis() % length;
        // Two clocks agree to the millisecond at best.
        let late = if self.world.time_flies() { 20 } else { 0 };
        self.world.pass(Duration::from_millis(length - into + late));
    }
}

pub(super) fn spends_of(spends: impl IntoIterator<Item = Spend>) -> Spends {
    let mut all = Spends::none();
    for spend in spends {
        all.push(spend).unwrap();
    }
    all
}

pub(super) fn code(result: &Result<Settled, LedgerError>) -> &'static str {
    match result {
        Ok(Settled::First(_)) => "first",
        Ok(Settled::Again(_)) => "again",
        Err(error) => error.code(),
    }
}

pub(super) fn approver() -> ApproverPublicKey {
    approver_key_from_seed(&[7; 32]).public_key()
}

/// Every behaviour as a test of one back-end: `suite_of!(f)`, where `f()` is its [`World`].
macro_rules! suite_of {
    ($world:expr) => {
        $crate::ledger::suite::tests_of! { $world;
            a_nonce_is_claimed_once
            a_claim_is_held_until_its_proof_is_too_old
            a_longer_window_at_another_gate_opens_no_replay
            what_one_service_forgets_stops_no_other
            a_clock_that_is_set_back_opens_no_replay
            a_clock_that_jumped_ahead_and_back_stops_no_later_proof

            a_retry_is_settled_once_with_the_first_decision_and_time
            a_retry_of_other_content_is_refused
            a_retry_needs_a_new_proof
            a_retry_asks_for_no_approval_and_no_budget_again
            after_a_refund_an_attempt_is_settled_anew
            after_a_refund_an_attempt_may_be_another
            an_attempt_that_is_settled_anew_is_held_until_its_own_end
            an_attempt_that_is_past_is_settled_anew

            an_approval_is_used_once
            an_approval_is_used_once_in_a_settlement
            each_place_of_an_approval_is_used_once
            an_approval_that_has_ended_is_refused
            an_approval_that_is_past_is_not_taken_again
            a_clock_that_is_set_back_gives_no_approval_again

            a_budget_is_spent_up_to_its_cap_and_not_beyond
            a_lower_cap_counts_what_was_spent_under_a_higher_one
            sums_reach_the_largest_number_and_never_wrap
            a_budget_that_counts_otherwise_is_refused
            a_budget_of_the_whole_life_outlasts_time
            a_window_begins_at_a_multiple_of_its_length_and_gives_the_whole_cap_again
            a_clock_that_is_set_back_gives_no_window_again
            a_budget_that_has_ended_is_not_given_again

            a_settlement_is_all_or_nothing
            what_fails_first_is_the_reason
            a_full_ledger_denies_and_evicts_nothing
            a_full_ledger_takes_no_part_of_a_settlement
            what_is_there_already_needs_no_room

            a_task_is_tainted_once_and_for_all
            a_retry_can_taint
            what_taints_may_itself_assume_that_the_task_is_clean

            what_was_spent_is_given_back_once
            a_refund_never_gives_more_than_was_spent
            a_refund_goes_into_no_other_window
            a_refund_of_something_else_is_refused
            a_refund_never_passes_the_cap

            a_proof_from_before_the_start_is_refused
            an_approval_from_before_the_start_is_refused
            a_task_from_before_the_start_counts_as_tainted
            a_budget_of_a_token_from_before_the_start_is_refused_until_its_next_window
            what_is_acknowledged_is_taken_for_unused

            of_16_threads_exactly_1000_spend_a_budget_of_1000
            of_16_threads_one_claims_a_nonce
            of_16_threads_one_uses_an_approval
            of_16_threads_one_settles_an_attempt
            of_16_threads_none_takes_a_task_for_clean_that_another_tainted
            of_16_threads_one_gives_back
        }
    };
}
pub(crate) use suite_of;

macro_rules! tests_of {
    ($world:expr; $($behaviour:ident)*) => {$(
        #[test]
        fn $behaviour() {
            $crate::ledger::suite::$behaviour(&$world());
        }
    )*};
}
pub(crate) use tests_of;
