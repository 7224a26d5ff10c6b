//! What can happen to a fleet.

use std::thread;
use std::time::{Duration, Instant};

use bailiwick::revoke::Revocation;

use super::fleet::{COUNT, Fleet, servers};
use super::load::{Client, Load, attempt};
use super::server::{Redis, wait_until};
use super::world::{Deed, MAX_SILENCE, MONEY, SKEW, agent_key};

/// When nothing is in doubt, only what is used up is refused.
const USED_UP: [&str; 2] = ["budget_exceeded", "approval_used"];

/// These, and what is used up.
fn and(codes: &[&'static str]) -> Vec<&'static str> {
    [&USED_UP, codes].concat()
}

/// After a while, every verifier says so to a new post.
fn all_say(load: &Load<'_>, expected: &str) {
    for verifier in 0..COUNT {
        wait_until(expected, || load.probe(verifier) == expected);
    }
}

/// What had no answer is made again. Then exactly what is granted was done, refused was what is used
/// up and for these reasons, and nothing is done once more.
fn all_is_done_once(load: &Load<'_>, codes: &[&'static str], replayed: &[&str]) {
    load.make_again();
    load.check_exactly(&and(codes));
    load.replay_all(replayed);
}

/// A token from after the server began anew is as good as any.
fn goes_on(fleet: &Fleet, task: &str) {
    // Tokens are issued at whole seconds.
    thread::sleep(SKEW + Duration::from_millis(1_100));
    let young = Load::new(fleet, task);
    let posts = (0..50).map(|it| attempt(Deed::Post(it))).collect();
    young.fire(posts, 0, || {});
    young.check(&[]);
    young.replay_all(&["proof_replayed"]);
}

#[test]
fn where_nothing_fails_exactly_what_is_granted_is_done() {
    let redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let load = Load::new(&fleet, "t-calm");
    load.fire(load.all(), 0, || {});
    load.check_exactly(&USED_UP);
    load.replay_all(&["proof_replayed"]);
}

#[test]
fn a_verifier_is_killed_and_what_it_answered_nobody_is_done_once_elsewhere() {
    let redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let load = Load::new(&fleet, "t-killed");
    load.fire(load.all(), 400, || fleet.kill(1));
    assert!(load.codes().contains_key("lost"));
    all_is_done_once(&load, &["lost"], &["proof_replayed", "lost"]);
}

#[test]
fn a_retry_of_what_a_verifier_settled_before_it_died_is_known_at_the_others() {
    let redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let load = Load::new(&fleet, "t-retry");
    let publishing = load.publishings(1).next().unwrap();
    let attempts = [attempt(Deed::Post(1)), attempt(Deed::Pay(7)), publishing];
    let entries = || redis.command(&["DBSIZE"]).parse::<usize>().unwrap();
    let before = entries();
    thread::scope(|scope| {
        let (load, fleet) = (&load, &fleet);
        // Each is settled, and the verifier keeps the answer to itself.
        let lost: Vec<_> = attempts
            .iter()
            .map(|one| scope.spawn(move || load.withheld(0, one)))
            .collect();
        // A proof and an attempt each, a budget each of two, and an approval.
        wait_until("they are settled", || entries() == before + 9);
        fleet.kill(0);
        for answer in lost {
            assert_eq!(answer.join().unwrap(), "lost");
        }
    });
    for verifier in [1, 2, 1] {
        for one in &attempts {
            assert_eq!(load.probe_with(verifier, one), "again");
        }
    }
    // They were charged once.
    let rest = (0..MONEY / 7).map(|_| attempt(Deed::Pay(7))).collect();
    load.fire(rest, 0, || {});
    load.make_again();
    assert_eq!(load.codes()["budget_exceeded"], 1);
}

#[test]
fn redis_starts_again_empty() {
    let mut redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let load = Load::new(&fleet, "t-emptied");
    load.fire(load.all(), 400, || {
        redis.restart();
        fleet.publish_list();
    });
    load.make_again();
    all_say(&load, "ledger_reset");
    // What was used may have been forgotten: nothing of it is used again.
    load.fire(load.publishings(3).collect(), 0, || {});
    load.make_again();
    load.check(&and(&[
        "ledger_unavailable",
        "ledger_reset",
        "revocations_stale",
    ]));
    load.replay_all(&["ledger_reset"]);
    goes_on(&fleet, "t-after");
}

#[test]
fn redis_starts_again_with_all_that_it_answered_to() {
    let mut redis = Redis::durable();
    let fleet = Fleet::start(&servers("durable", &[&redis]));
    let load = Load::new(&fleet, "t-durable");
    load.fire(load.all(), 400, || redis.restart());
    assert!(load.codes().contains_key("ledger_unavailable"));
    all_is_done_once(
        &load,
        &["ledger_unavailable", "revocations_stale"],
        &["proof_replayed"],
    );
}

#[test]
fn a_replica_takes_over() {
    let mut master = Redis::start(&[]);
    let replica = Redis::replica_of(&master);
    let fleet = Fleet::start(&servers("replicated", &[&master, &replica]));
    let load = Load::new(&fleet, "t-failed-over");
    let mut next = None;
    load.fire(load.all(), 400, || {
        master.crash();
        thread::sleep(Duration::from_millis(100));
        replica.command(&["REPLICAOF", "NO", "ONE"]);
        // Sums and approvals are not settled without one.
        next = Some(Redis::replica_of(&replica));
    });
    load.make_again();
    all_say(&load, "ledger_reset");
    load.fire(load.publishings(3).collect(), 0, || {});
    load.make_again();
    load.check(&and(&[
        "ledger_unavailable",
        "ledger_reset",
        "revocations_stale",
    ]));
    load.replay_all(&["proof_replayed", "ledger_reset"]);
    goes_on(&fleet, "t-after");
    drop(next);
}

#[test]
fn redis_stands_still_for_longer_than_it_may() {
    let redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let load = Load::new(&fleet, "t-paused");
    load.fire(load.all(), 400, || {
        redis.pause();
        thread::sleep(MAX_SILENCE);
        all_say(&load, "revocations_stale");
        redis.resume();
    });
    assert!(load.codes().contains_key("revocations_stale"));
    all_is_done_once(
        &load,
        &["ledger_unavailable", "revocations_stale"],
        &["proof_replayed"],
    );
}

#[test]
fn redis_lets_its_clients_wait() {
    let redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let load = Load::new(&fleet, "t-waiting");
    load.fire(load.all(), 400, || {
        redis.command(&["CLIENT", "PAUSE", "1000", "ALL"]);
        thread::sleep(Duration::from_secs(1));
    });
    assert!(load.codes().contains_key("ledger_unavailable"));
    all_is_done_once(
        &load,
        &["ledger_unavailable", "revocations_stale"],
        &["proof_replayed"],
    );
}

#[test]
fn redis_is_full_for_a_while() {
    let redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let load = Load::new(&fleet, "t-full");
    load.fire(load.all(), 400, || {
        redis.command(&["CONFIG", "SET", "maxmemory", "100kb"]);
        all_say(&load, "ledger_full");
        redis.command(&["CONFIG", "SET", "maxmemory", "0"]);
    });
    all_is_done_once(&load, &["ledger_full"], &["proof_replayed"]);
}

#[test]
fn what_is_stopped_or_revoked_in_one_place_is_denied_in_all_within_a_second() {
    let redis = Redis::start(&[]);
    let fleet = Fleet::start(&servers("plain", &[&redis]));
    let (one, other) = (Load::new(&fleet, "t-stopped"), Load::new(&fleet, "t-other"));
    let all = |load: &Load<'_>, expected: &str| {
        (0..COUNT).all(|verifier| load.probe(verifier) == expected)
    };
    let within_a_second = |load: &Load<'_>| {
        let start = Instant::now();
        wait_until("it is denied everywhere", || all(load, "revoked"));
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{:?}",
            start.elapsed()
        );
    };
    assert!(all(&one, "first") && all(&other, "first"));
    let mut client = Client::new(&fleet);
    let cut = client.ask(0, &format!("stop {}", &one.ticket()[..60]));
    assert_eq!(cut, "stop_malformed");
    assert!(all(&one, "first"));
    assert_eq!(client.ask(0, &format!("stop {}", one.ticket())), "stopped");
    within_a_second(&one);
    assert!(all(&other, "first"));
    fleet.revoke(Revocation::Holder(agent_key().public_key()));
    within_a_second(&other);
}
