//! What replicas must have.

use std::time::{Duration, Instant};

use super::cluster::{alone, cluster_config, shards, within};
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

#[test]
fn in_a_cluster_each_master_waits_for_its_own_replica() {
    let mut cluster = alone();
    let ledger = cluster_config(&cluster).with_replicas(1, Duration::from_millis(100));
    let ledger = Blocking::acknowledged(ledger);
    let [here, elsewhere] = [0, 1].map(|master| shards(&cluster, master, 1)[0]);
    let sum = |shard| {
        let spend = spend(Measure::Int("args.amount".parse().unwrap()), 1, 1);
        within(shard, paying(spend))
    };
    let approved = |shard| {
        let approvals = vec![approval()];
        let one = settlement();
        within(shard, Settlement { approvals, ..one })
    };
    let denied = "the ledger is unavailable: 0 of 1 replicas have it";
    for shard in [here, elsewhere] {
        assert_eq!(ledger.code(&sum(shard)), "first");
        assert_eq!(ledger.code(&approved(shard)), "first");
    }

    cluster.replica(0).pause();
    for one in [sum(here), approved(here)] {
        assert_eq!(ledger.settle(&one).unwrap_err().to_string(), denied);
        // Nor is it taken for settled before.
        assert_eq!(ledger.code(&retry(&one)), "ledger_unavailable");
        let start = Instant::now();
        let other = within(here, paying(spend(Measure::Uses, 1, 1)));
        assert_eq!(ledger.code(&other), "first");
        assert!(
            start.elapsed() < Duration::from_millis(90),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(ledger.code(&sum(elsewhere)), "first");
        assert_eq!(ledger.code(&approved(elsewhere)), "first");
        cluster.replica(0).resume();
        assert_eq!(ledger.code(&retry(&one)), "again");
        cluster.replica(0).pause();
    }
    cluster.replica(0).resume();

    cluster.replica(0).crash();
    let one = sum(here);
    assert_eq!(ledger.settle(&one).unwrap_err().to_string(), denied);
    assert_eq!(ledger.code(&sum(elsewhere)), "first");
    cluster.replica(0).restart();
    cluster.is_in_step();
    assert_eq!(ledger.code(&retry(&one)), "again");
}
