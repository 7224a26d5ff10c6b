//! What replicas must have.

use std::time::{Duration, Instant};

use super::cluster::{alone, cluster_config, shards, within};
use super::server::{Redis, wait_until};
use super::*;

/// How long replicas have: much longer than it takes them.
const WAIT: Duration = Duration::from_millis(300);

/// A replica that has just come says late for the first time what it has.
fn is_heard(ledger: &Blocking, sum: &Settlement) {
    wait_until("the replica is heard", || {
        ["first", "again"].contains(&ledger.code(&retry(sum)))
    });
}

#[test]
fn approvals_and_sums_wait_for_replicas_and_nothing_else_does() {
    let master = Redis::start(&[]);
    let replica = Redis::replica_of(&master);
    let ledger = config(&master).with_replicas(1, WAIT);
    let ledger = Blocking::acknowledged(ledger);
    let sum = || paying(spend(Measure::Int("args.amount".parse().unwrap()), 1, 1));
    let approved = || Settlement {
        approvals: vec![approval()],
        ..settlement()
    };
    is_heard(&ledger, &sum());
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
        assert!(start.elapsed() < WAIT, "{:?}", start.elapsed());
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
    let ledger = cluster_config(&cluster).with_replicas(1, WAIT);
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
        is_heard(&ledger, &sum(shard));
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
        assert!(start.elapsed() < WAIT, "{:?}", start.elapsed());
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
    is_heard(&ledger, &one);
    assert_eq!(ledger.code(&retry(&one)), "again");
}

#[test]
fn a_master_that_hung_while_its_replica_took_over_settles_no_sum_and_no_approval() {
    let mut cluster = alone();
    let ledger = cluster_config(&cluster).with_replicas(1, WAIT);
    let ledger = Blocking::acknowledged(ledger);
    let all: Vec<_> = shards(&cluster, 0, 3)
        .into_iter()
        .map(|shard| {
            let spend = spend(Measure::Int("args.amount".parse().unwrap()), 1, 9);
            let approvals = vec![approval()];
            let (sum, one) = (within(shard, paying(spend)), settlement());
            (sum, within(shard, Settlement { approvals, ..one }))
        })
        .collect();
    for (sum, _) in &all {
        is_heard(&ledger, sum);
    }
    cluster.is_in_step();
    cluster.node(0).pause();
    cluster.promote(0);
    cluster.replica(0).resume();
    // Whether it knows already or not, and whoever is asked.
    wait_until("the other is asked", || {
        let codes = all
            .iter()
            .flat_map(|(sum, approved)| [another(sum), retry(approved)].map(|it| ledger.code(&it)));
        let codes: Vec<_> = codes.collect();
        let denied = ["ledger_unavailable", "ledger_reset"];
        assert!(codes.iter().all(|it| denied.contains(it)), "{codes:?}");
        codes.iter().all(|it| *it == "ledger_reset")
    });
    cluster.is_in_step();
}
