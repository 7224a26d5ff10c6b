//! A cluster of three masters, each with a replica.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{
    LazyLock, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use std::thread;

use super::epochs::{Used, after_the_skew};
use super::server::{Cluster, wait_until};
use super::*;
use crate::ledger::redis::request::Shard;

/// One for all tests: starting it takes longer than most of them. It ends with this process.
static CLUSTER: LazyLock<RwLock<Cluster>> = LazyLock::new(|| RwLock::new(Cluster::start()));

/// The cluster, for tests that leave the shards of others alone.
pub(super) fn shared() -> RwLockReadGuard<'static, Cluster> {
    loop {
        match CLUSTER.read() {
            Ok(cluster) => return cluster,
            // Nobody knows what the test that failed has left.
            Err(_) => drop(alone()),
        }
    }
}

/// The cluster, empty, for one test alone. It leaves it complete.
pub(super) fn alone() -> RwLockWriteGuard<'static, Cluster> {
    let cluster = CLUSTER.write().unwrap_or_else(|poisoned| {
        let mut cluster = PoisonError::into_inner(poisoned);
        *cluster = Cluster::start();
        CLUSTER.clear_poison();
        cluster
    });
    for node in cluster.nodes() {
        node.command(&["FLUSHALL"]);
    }
    cluster
}

pub(super) fn cluster_config(cluster: &Cluster) -> RedisConfig {
    RedisConfig::cluster(cluster.addresses().iter().map(String::as_str)).unwrap()
}

/// The name of a shard's epoch.
pub(super) fn epoch(shard: u8) -> String {
    String::from_utf8(Shard(shard).epoch()).unwrap()
}

/// So many shards of one master.
pub(super) fn shards(cluster: &Cluster, master: usize, count: usize) -> Vec<u8> {
    (0..=u8::MAX)
        .filter(|shard| cluster.owner(&epoch(*shard)) == master)
        .take(count)
        .collect()
}

/// The same in this shard.
pub(super) fn within(shard: u8, mut settlement: Settlement) -> Settlement {
    let mut task = *settlement.task.as_bytes();
    task[0] = shard;
    settlement.task = EntryKey::from_bytes(task);
    settlement
}

/// One settlement for each shard.
fn everywhere() -> Vec<Settlement> {
    let of = |shard| within(shard, paying(spend(Measure::Uses, 1, 2)));
    (0..=u8::MAX).map(of).collect()
}

/// The same, as it would come in now.
fn replay(of: &Settlement) -> Settlement {
    Settlement {
        now: now(),
        ..of.clone()
    }
}

fn count(codes: &[&str], code: &str) -> usize {
    codes.iter().filter(|it| **it == code).count()
}

#[test]
fn a_node_that_lost_its_memory_denies_what_is_older_and_the_others_go_on() {
    let mut cluster = alone();
    let ledger = Blocking::acknowledged(cluster_config(&cluster));
    let all = everywhere();
    assert!(all.iter().all(|it| ledger.code(it) == "first"));
    let all_spread = cluster
        .nodes()
        .iter()
        .all(|it| it.command(&["DBSIZE"]) != "0");
    assert!(all_spread);
    cluster.node(0).restart();
    cluster.is_complete();
    wait_until("it is there again", || {
        let codes: Vec<_> = all.iter().map(|it| ledger.code(&another(it))).collect();
        count(&codes, "ledger_unavailable") == 0
    });
    let codes: Vec<_> = all.iter().map(|it| ledger.code(&another(it))).collect();
    let lost = count(&codes, "ledger_reset");
    assert!(lost > 50, "{lost}");
    assert_eq!(count(&codes, "budget_exceeded"), 256 - lost);
    cluster.is_in_step();
}

#[test]
fn a_node_that_evicts_is_refused() {
    let cluster = alone();
    let set = |policy| cluster.nodes()[0].command(&["CONFIG", "SET", "maxmemory-policy", policy]);
    set("allkeys-lru");
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
    set("noeviction");
}

#[test]
fn a_replica_that_took_over_denies_what_is_older_and_the_other_nodes_go_on() {
    let mut cluster = alone();
    let ledger = Blocking::acknowledged(cluster_config(&cluster));
    after_the_skew();
    let on = |master, count| -> Vec<Used> {
        let shards = shards(&cluster, master, count);
        shards
            .into_iter()
            .map(|shard| Used::within(shard, &ledger))
            .collect()
    };
    let (here, elsewhere) = (on(0, 4), [on(1, 2), on(2, 2)].concat());
    cluster.is_in_step();
    // Its replica never gets the last of it.
    cluster.cut_off(0);
    let last: Vec<_> = here.iter().map(Used::last).collect();
    assert!(last.iter().all(|it| ledger.code(it) == "first"));
    cluster.take_over(0);
    for used in here.iter().chain(&elsewhere) {
        wait_until("it is there again", || {
            ledger.code(&used.nothing()) == "first"
        });
    }

    elsewhere.iter().for_each(|used| used.is_known_to(&ledger));
    for (used, last) in here.iter().zip(&last) {
        assert_eq!(ledger.code(&replay(last)), "ledger_reset");
        assert_eq!(ledger.code(&retry(last)), "ledger_reset");
        assert_eq!(ledger.code(&retry(&used.paid)), "again");
        used.is_denied_by(&ledger);
    }

    // What is made later was not forgotten, and what is acknowledged is taken for unused, unless
    // the replica knows better.
    after_the_skew();
    for used in &here {
        let mut young = used.nothing();
        young.proof.issued = now();
        assert_eq!(ledger.code(&young), "first");
        assert_eq!(ledger.code(&another(&used.paid)), "ledger_reset");
    }
    ledger.acknowledge();
    for (used, last) in here.iter().zip(&last) {
        assert_eq!(ledger.code(&replay(last)), "ledger_reset");
        assert_eq!(ledger.code(&another(&used.paid)), "first");
        assert_eq!(ledger.code(&another(&used.paid)), "budget_exceeded");
        assert_eq!(ledger.code(&another(&used.approved)), "approval_used");
        assert_eq!(ledger.code(&another(&used.clean)), "first");
    }

    // The dead one comes back with nothing, takes itself for the master, and learns better.
    cluster.replica(0).restart();
    wait_until("it is a replica", || {
        for used in &here {
            let code = ledger.code(&another(&used.paid));
            assert!(
                ["budget_exceeded", "ledger_reset", "ledger_unavailable"].contains(&code),
                "{code}"
            );
        }
        cluster
            .replica(0)
            .info("replication")
            .contains("role:slave")
    });
    cluster.is_in_step();
}

/// A budget that somebody spends, until it is refused.
struct Purse {
    one: Settlement,
    settled: Mutex<Vec<Settlement>>,
    /// How much nobody knows the fate of.
    unknown: AtomicUsize,
    refusal: OnceLock<&'static str>,
}

const CAP: usize = 60;

impl Purse {
    fn within(shard: u8) -> Self {
        let cap = i64::try_from(CAP).unwrap();
        Self {
            one: within(shard, paying(spend(Measure::Uses, 1, cap))),
            settled: Mutex::default(),
            unknown: AtomicUsize::new(0),
            refusal: OnceLock::new(),
        }
    }

    fn spent(&self) -> usize {
        self.settled.lock().unwrap().len()
    }

    fn spend(&self, ledger: &Blocking) {
        // Far too much is enough.
        while self.spent() < 3 * CAP {
            let mut next = another(&self.one);
            next.proof.issued = now();
            match ledger.code(&next) {
                "first" => self.settled.lock().unwrap().push(next),
                "ledger_unavailable" => {
                    self.unknown.fetch_add(1, Ordering::Relaxed);
                }
                refusal => return self.refusal.set(refusal).unwrap(),
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn while_a_replica_takes_over_nothing_is_spent_twice_and_no_proof_is_taken_twice() {
    let mut cluster = alone();
    let ledger = Blocking::acknowledged(cluster_config(&cluster));
    after_the_skew();
    let [here, first, second] = [0, 1, 2].map(|master| -> Vec<Purse> {
        let shards = shards(&cluster, master, 3);
        shards.into_iter().map(Purse::within).collect()
    });
    let all_spent = |count| {
        wait_until("they spend", || here.iter().all(|it| it.spent() >= count));
    };
    thread::scope(|scope| {
        for purse in here.iter().chain(&first).chain(&second) {
            scope.spawn(|| purse.spend(&ledger));
        }
        all_spent(10);
        // From here on, nobody but the master knows.
        cluster.cut_off(0);
        all_spent(20);
        cluster.take_over(0);
    });
    for (is_lost, purse) in [(true, &here), (false, &first), (false, &second)]
        .into_iter()
        .flat_map(|(is_lost, purses)| purses.iter().map(move |it| (is_lost, it)))
    {
        let (spent, unknown) = (purse.spent(), purse.unknown.load(Ordering::Relaxed));
        assert!(spent <= CAP, "{spent}");
        let refusal = *purse.refusal.get().unwrap();
        if is_lost {
            assert_eq!(refusal, "ledger_reset");
        } else {
            assert_eq!(refusal, "budget_exceeded");
            assert!(spent + unknown >= CAP, "{spent} and {unknown}");
        }
        for settled in purse.settled.lock().unwrap().iter() {
            let code = ledger.code(&replay(settled));
            assert!(
                code == "ledger_reset" && is_lost || code == "proof_replayed" && !is_lost,
                "{code}"
            );
        }
    }
    cluster.replica(0).restart();
    cluster.is_in_step();
}
