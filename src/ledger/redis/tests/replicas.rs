//! What replicas must have.

use std::time::{Duration, Instant};

use super::server::Redis;
use super::*;

#[test]
fn approvals_and_sums_wait_for_replicas_and_nothing_else_does() {
    let master = Redis::start(&[]);
    let replica = Redis::replica_of(&master);
    let ledger = config(&master).with_replicas(1, Duration::from_millis(100));
    let ledger = Blocking::acknowledged(ledger);
    let sum = || paying(spend(Measure::Int("args.amount".parse().unwrap()), 1, 1));
    let approved = || Settlement {
        approvals: vec![approval()],
        ..settlement()
    };
    assert_eq!(ledger.code(&sum()), "first");
    assert_eq!(ledger.code(&approved()), "first");

    replica.pause();
    for one in [sum(), approved()] {
        let error = ledger.settle(&one).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the ledger is unavailable: 0 of 1 replicas have it"
        );
        // Nor is it taken for settled before.
        assert_eq!(ledger.code(&retry(&one)), "ledger_unavailable");
        let start = Instant::now();
        assert_eq!(ledger.code(&paying(spend(Measure::Uses, 1, 1))), "first");
        assert!(
            start.elapsed() < Duration::from_millis(90),
            "{:?}",
            start.elapsed()
        );
        replica.resume();
        assert_eq!(ledger.code(&retry(&one)), "again");
        replica.pause();
    }
    replica.resume();
}

#[test]
fn without_its_replicas_no_sum_is_settled() {
    let master = Redis::start(&[]);
    let ledger = config(&master).with_replicas(1, Duration::from_millis(20));
    let ledger = Blocking::acknowledged(ledger);
    let one = paying(spend(
        Measure::Decimal("args.amount".parse().unwrap(), 2),
        1,
        1,
    ));
    assert_eq!(ledger.code(&one), "ledger_unavailable");
    assert_eq!(ledger.code(&settlement()), "first");
    // A refusal is one without replicas too.
    assert_eq!(ledger.code(&another(&one)), "budget_exceeded");
}
