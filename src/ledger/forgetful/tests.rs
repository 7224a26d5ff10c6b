use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::ledger::suite::{World, compare_with_the_model, suite_of};

/// Ledgers in memory, and a clock that stands where it is set.
struct Memory(Mutex<Timestamp>);

fn memory() -> Memory {
    Memory(Mutex::new(
        Timestamp::from_unix_millis(1_800_000_000_250).unwrap(),
    ))
}

impl World for Memory {
    type Ledger = ForgetfulLedger;

    fn start(&self) -> ForgetfulLedger {
        ForgetfulLedger::started_at(self.now())
    }

    fn start_small(&self, entries: usize) -> Option<ForgetfulLedger> {
        Some(self.start().with_capacity(entries))
    }

    fn start_forgetful(&self) -> Option<ForgetfulLedger> {
        Some(self.start())
    }

    fn start_acknowledged(&self) -> Option<ForgetfulLedger> {
        Some(self.start().acknowledge_reset())
    }

    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn pass(&self, time: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = *now + time;
    }

    fn set_clock(&self, now: Timestamp) -> bool {
        *self.0.lock().unwrap() = now;
        true
    }

    fn unit(&self) -> Duration {
        Duration::from_secs(60)
    }
}

suite_of!(memory);

#[test]
fn random_commands_come_out_as_in_the_model() {
    let memory = memory();
    compare_with_the_model(&memory, 2_000, |_| memory.start(), false);
}

#[test]
fn it_is_empty_until_something_is_settled() {
    let memory = memory();
    let ledger = memory.start();
    assert!(ledger.is_empty());
    let desk = crate::ledger::suite::Desk::of(&memory, ledger);
    desk.first(&desk.settlement());
    // The proof and the attempt.
    assert_eq!(desk.ledger.len(), 2);
    assert!(!desk.ledger.is_empty());
    memory.pass(Duration::from_secs(4_000));
    desk.first(&desk.settlement());
    assert_eq!(desk.ledger.len(), 2);
}
