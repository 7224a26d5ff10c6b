//! How much of a budget is reserved on disk ahead of what is spent.
//!
//! On disk stands what is reserved, never less than what is spent: a crash counts too much, never
//! too little. What fits into what is reserved needs no commit of its own. Only a ledger that is
//! [`prompt`](super::RedbOptions::prompt) takes anything ahead.

use std::time::{Duration, Instant};

/// What is taken ahead at most, of what remains under the cap: one part of so many.
const SHARE: i64 = 64;
/// A reservation that is used up sooner than this is followed by one of twice the size.
const BUSY: Duration = Duration::from_millis(10);
/// One that lasts longer by one that takes nothing ahead.
const IDLE: Duration = Duration::from_secs(1);

/// What is reserved of one budget in one window.
pub(super) struct Lease {
    /// What the disk will say.
    pub(super) reserved: i64,
    /// The batch that says so.
    pub(super) ticket: u64,
    /// What the disk surely says until that batch is written; `None` if nobody can tell.
    sure: Option<i64>,
    /// How much is taken ahead.
    step: i64,
    taken: Instant,
}

impl Lease {
    /// The first reservation in a window: just what is spent.
    pub(super) fn first(spent: i64, ticket: u64) -> Self {
        Self {
            reserved: spent,
            ticket,
            sure: None,
            step: 0,
            taken: Instant::now(),
        }
    }

    /// The batch to be waited for before `spent` may be said to be spent.
    pub(super) fn covers(&self, spent: i64, durable: u64) -> Option<u64> {
        let on_disk = self.ticket <= durable || self.sure.is_some_and(|sure| spent <= sure);
        (!on_disk).then_some(self.ticket)
    }

    /// Whether more should be reserved: nothing is left, or soon.
    pub(super) fn runs_out(&self, spent: i64, durable: u64) -> bool {
        let left = self.reserved.saturating_sub(spent);
        left < 0 || (left < self.step / 2 && self.ticket <= durable)
    }

    /// Reserves what is spent, and some more if there is much demand.
    pub(super) fn grow(&mut self, spent: i64, amount: i64, cap: i64, ticket: u64, durable: u64) {
        if self.ticket <= durable {
            self.sure = Some(self.reserved);
        }
        let lasted = self.taken.elapsed();
        if lasted < BUSY {
            self.step = self.step.saturating_mul(2).max(amount);
        } else if lasted > IDLE {
            self.step = 0;
        }
        let share = cap.saturating_sub(spent) / SHARE;
        self.step = self.step.min(share.max(0));
        self.reserved = self.reserved.max(spent.saturating_add(self.step));
        (self.ticket, self.taken) = (ticket, Instant::now());
    }

    /// So much was given back. Nothing may be spent of it before the disk knows, or it could be
    /// given back once more after a crash.
    pub(super) fn shrink(&mut self, back: i64, ticket: u64) {
        self.reserved = self.reserved.saturating_sub(back);
        (self.ticket, self.sure) = (ticket, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_budget_is_reserved_one_at_a_time() {
        let mut lease = Lease::first(1, 1);
        for spent in 2..=10 {
            assert!(lease.runs_out(spent, 1));
            lease.grow(spent, 1, 10, 1, 1);
            assert_eq!(lease.reserved, spent);
        }
    }

    #[test]
    fn what_is_taken_ahead_grows_with_demand_up_to_a_share_of_what_remains() {
        let mut lease = Lease::first(1, 1);
        let mut ahead = Vec::new();
        for _ in 0..8 {
            let spent = lease.reserved + 1;
            lease.grow(spent, 1, 6_400, 1, 1);
            ahead.push(lease.reserved - spent);
        }
        assert_eq!(ahead, [1, 2, 4, 8, 16, 32, 64, 97]);
        let spent = 6_300;
        lease.grow(spent, 1, 6_400, 1, 1);
        assert_eq!(lease.reserved, 6_301);
    }

    #[test]
    fn a_reservation_that_lasts_is_followed_by_a_small_one() {
        let mut lease = Lease::first(1, 1);
        lease.step = 50;
        let Some(earlier) = lease.taken.checked_sub(IDLE * 2) else {
            return;
        };
        lease.taken = earlier;
        lease.grow(2, 1, 1_000_000, 1, 1);
        assert_eq!(lease.reserved, 2);
    }

    #[test]
    fn what_is_not_on_disk_yet_is_waited_for() {
        let mut lease = Lease::first(10, 5);
        assert_eq!(lease.covers(10, 4), Some(5));
        assert_eq!(lease.covers(10, 5), None);
        lease.grow(11, 1, 10_000, 6, 5);
        assert_eq!(lease.covers(10, 5), None);
        assert_eq!(lease.covers(11, 5), Some(6));
        // The second batch is not written, and the third has been asked for.
        lease.grow(20, 1, 10_000, 7, 5);
        assert_eq!(lease.covers(11, 5), Some(7));
        assert_eq!(lease.covers(20, 7), None);
    }

    #[test]
    fn what_was_given_back_is_not_spent_before_the_disk_knows() {
        let mut lease = Lease::first(10, 5);
        lease.shrink(4, 6);
        assert_eq!(lease.covers(1, 5), Some(6));
        lease.grow(8, 2, 10, 7, 5);
        assert_eq!(lease.covers(1, 5), Some(7));
        assert_eq!(lease.covers(8, 7), None);
    }
}
