//! A cluster of three masters.

use super::server::{Cluster, Redis, wait_until};
use super::*;

pub(super) fn cluster_config(cluster: &Cluster) -> RedisConfig {
    RedisConfig::cluster(cluster.addresses().iter().map(String::as_str)).unwrap()
}

/// One settlement for each shard.
fn everywhere() -> Vec<Settlement> {
    let of = |shard: u8| {
        let mut one = paying(spend(Measure::Uses, 1, 2));
        let mut task = *one.task.as_bytes();
        task[0] = shard;
        one.task = EntryKey::from_bytes(task);
        one
    };
    (0..=u8::MAX).map(of).collect()
}

fn count(codes: &[&str], code: &str) -> usize {
    codes.iter().filter(|it| **it == code).count()
}

#[test]
fn a_node_that_lost_its_memory_denies_what_is_older_and_the_others_go_on() {
    let mut cluster = Cluster::start();
    let ledger = Blocking::acknowledged(cluster_config(&cluster));
    let all = everywhere();
    assert!(all.iter().all(|it| ledger.code(it) == "first"));
    let all_spread = cluster
        .nodes()
        .iter()
        .all(|it| it.command(&["DBSIZE"]) != "0");
    assert!(all_spread);
    cluster.node(0).restart();
    wait_until("the cluster is complete", || {
        cluster
            .nodes()
            .iter()
            .all(|it| it.command(&["CLUSTER", "INFO"]).contains("state:ok"))
    });
    wait_until("it is there again", || {
        let codes: Vec<_> = all.iter().map(|it| ledger.code(&another(it))).collect();
        count(&codes, "ledger_unavailable") == 0
    });
    let codes: Vec<_> = all.iter().map(|it| ledger.code(&another(it))).collect();
    let lost = count(&codes, "ledger_reset");
    assert!(lost > 50, "{lost}");
    assert_eq!(count(&codes, "budget_exceeded"), 256 - lost);
}

#[test]
fn a_node_that_evicts_is_refused() {
    let cluster = Cluster::start();
    let evict = |node: &Redis| node.command(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    evict(&cluster.nodes()[0]);
    let ledger = Blocking::connect(cluster_config(&cluster)).err();
    let ledger = ledger.map(|error| error.code());
    let one_refuses = ledger == Some("redis_evicts") || {
        let ledger = Blocking::connect(cluster_config(&cluster)).unwrap();
        let codes: Vec<_> = everywhere()
            .into_iter()
            .map(|it| Settlement {
                spends: Spends::none(),
                ..it
            })
            .map(|it| ledger.code(&it))
            .collect();
        count(&codes, "ledger_unavailable") > 50 && count(&codes, "first") > 100
    };
    assert!(one_refuses);
}
