//! Lists and deltas.

use super::super::heads::digits;
use super::*;
use crate::revoke::ListError;

fn head(base: u64, last: u64) -> String {
    [digits(base), digits(last), digits(now().unix_millis())].join(" ")
}

#[test]
fn a_revocation_reaches_another_verifier_within_a_second() {
    let server = Redis::start(&[]);
    let (owner, verifier) = (Member::on(&server), Member::on(&server));
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    let _watch = verifier.watch();
    wait_until("the list is known", || verifier.number() == Some(1));
    assert_eq!(verifier.standing(), Standing::Fresh);
    for number in 1..5 {
        assert!(!verifier.revokes(number));
        owner.publish(&revoke(&mut switch, number)).unwrap();
        let took = time_until(|| verifier.revokes(number));
        assert!(took < SECOND, "{took:?}");
    }
    let list = switch.release(&Revocation::Holder(holder(1)), now());
    owner.publish(list.unwrap().as_bytes()).unwrap();
    let took = time_until(|| !verifier.revokes(1));
    assert!(took < SECOND, "{took:?}");
    assert!(verifier.revokes(2));
    assert_eq!(verifier.last_error(), "none");
}

#[test]
fn whoever_comes_late_reads_the_list_and_its_deltas() {
    let server = Redis::start(&[]);
    let (owner, early) = (Member::on(&server), Member::on(&server));
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    assert_eq!(early.poll(), "polled");
    for number in 1..4 {
        owner.publish(&revoke(&mut switch, number)).unwrap();
    }
    let late = Member::on(&server);
    for member in [&early, &late] {
        assert_eq!(member.poll(), "polled");
        assert_eq!(member.number(), Some(4));
        assert!((1..4).all(|number| member.revokes(number)));
    }
    // The list takes the place of its deltas, and is good for longer.
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    let [_, _, deltas] = list_keys(&key().public_key());
    assert_eq!(server.command(&["LLEN", &deltas]), "0");
    let later = now() + Duration::from_millis(50);
    owner.publish(switch.list(later).as_bytes()).unwrap();
    assert_eq!(early.poll(), "polled");
    let root = issuer().public_key();
    let age = early.0.freshness(&root, later).age;
    assert_eq!(age, Some(Duration::ZERO));
}

#[test]
fn a_number_never_goes_down() {
    let server = Redis::start(&[]);
    let owner = Member::on(&server);
    let mut switch = switch();
    let first = switch.list(now()).into_bytes();
    let delta = revoke(&mut switch, 1);
    // There is no list that it would go on from.
    assert_eq!(code(owner.publish(&delta)), "list_gap");
    owner.publish(&first).unwrap();
    owner.publish(&delta).unwrap();
    // Once more changes nothing.
    owner.publish(&delta).unwrap();
    assert_eq!(code(owner.publish(&first)), "list_rolled_back");
    let other = Member::on(&server);
    assert_eq!(code(other.publish(&first)), "list_rolled_back");
    // It has learnt why.
    assert_eq!(other.number(), Some(2));

    let missed = revoke(&mut switch, 2);
    let delta = revoke(&mut switch, 3);
    owner.0.lists().apply(&missed, now()).unwrap();
    let held = Some(2);
    let gap = ListError::Gap { held, found: 4 };
    assert_eq!(owner.publish(&delta), Err(RelayError::List(gap)));
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    assert_eq!(other.poll(), "polled");
    assert!(other.revokes(3));
}

#[test]
fn what_no_verifier_would_take_is_not_published() {
    let server = Redis::start(&[]);
    let owner = Member::on(&server);
    let mut stranger = KillSwitch::new(RevocationKey::generate().unwrap(), HOUR);
    let list = stranger.list(now()).into_bytes();
    assert_eq!(code(owner.publish(&list)), "list_signer_unknown");
    let mut forged = switch().list(now()).into_bytes();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(code(owner.publish(&forged)), "list_signature_invalid");
    assert_eq!(code(owner.publish(b"")), "list_malformed");
    assert_eq!(server.command(&["DBSIZE"]), "0");
}

#[test]
fn a_forged_list_is_reported_and_changes_nothing() {
    let server = Redis::start(&[]);
    let (owner, verifier) = (Member::on(&server), Member::on(&server));
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    owner.publish(&revoke(&mut switch, 1)).unwrap();
    assert_eq!(verifier.poll(), "polled");

    let [at_head, at_list, deltas] = list_keys(&key().public_key());
    server.command(&["DEL", &deltas]);
    let release = switch.release(&Revocation::Holder(holder(1)), now());
    let mut forged = release.unwrap().into_bytes();
    *forged.last_mut().unwrap() ^= 1;
    let mut stranger = KillSwitch::new(RevocationKey::generate().unwrap(), HOUR);
    let foreign = stranger.list(now()).into_bytes();
    for (at, list, expected) in [
        (head(9, 9), forged.as_slice(), "list_signature_invalid"),
        (head(10, 10), foreign.as_slice(), "list_signer_unknown"),
        (head(11, 11), b"\0\x01", "list_malformed"),
        (head(12, 12), b"", "list_gap"),
        ("13".to_owned(), forged.as_slice(), "relay_malformed"),
    ] {
        put(&server, &at_list, list);
        put(&server, &at_head, at.as_bytes());
        assert_eq!(verifier.poll(), expected);
        // The second time it is not even fetched.
        let before = fetches(&server);
        assert_eq!(verifier.poll(), expected);
        assert_eq!(verifier.last_error(), expected);
        assert_eq!(fetches(&server), before);
        assert_eq!(verifier.number(), Some(2));
        assert!(verifier.revokes(1));
    }
    // Nor does it keep the owner of the key from publishing.
    put(&server, &at_list, &forged);
    put(&server, &at_head, head(u64::MAX, u64::MAX).as_bytes());
    assert_eq!(verifier.poll(), "list_signature_invalid");
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(verifier.last_error(), "none");
    assert_eq!(verifier.number(), Some(3));
    assert!(!verifier.revokes(1));
}

#[test]
fn a_list_that_was_put_back_changes_nothing_and_is_no_contact() {
    let server = Redis::start(&[]);
    let bound = Duration::from_millis(500);
    let (owner, verifier) = (Member::on(&server), Member::of(config(&server), bound));
    let mut switch = switch();
    let first = switch.list(now()).into_bytes();
    owner.publish(&first).unwrap();
    let [at_head, at_list, deltas] = list_keys(&key().public_key());
    let before = get(&server, &at_head);
    owner.publish(&revoke(&mut switch, 1)).unwrap();
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(verifier.standing(), Standing::Fresh);

    server.command(&["DEL", &deltas]);
    put(&server, &at_head, &before);
    assert_eq!(verifier.poll(), "list_rolled_back");
    // Under a number that it has not.
    put(&server, &at_head, head(3, 3).as_bytes());
    assert_eq!(get(&server, &at_list), first);
    assert_eq!(verifier.poll(), "list_rolled_back");
    assert!(verifier.revokes(1));
    assert_eq!(verifier.number(), Some(2));
    let took = time_until(|| {
        verifier.poll();
        verifier.standing() == Standing::Stale
    });
    assert!(took < 2 * bound, "{took:?}");
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(verifier.standing(), Standing::Fresh);
}

#[test]
fn an_emptied_server_takes_back_nothing_and_is_no_contact() {
    let server = Redis::start(&[]);
    let bound = Duration::from_millis(500);
    let (owner, verifier) = (Member::on(&server), Member::of(config(&server), bound));
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    owner.publish(&revoke(&mut switch, 1)).unwrap();
    owner.post(&ticket("t-1")).unwrap();
    assert_eq!(verifier.poll(), "polled");
    server.command(&["FLUSHALL"]);
    assert_eq!(verifier.poll(), "list_missing");
    assert!(verifier.revokes(1) && verifier.stopped("t-1"));
    time_until(|| verifier.standing() == Standing::Stale);
    assert!(verifier.revokes(1) && verifier.stopped("t-1"));
    // A delta does not bring back the list.
    assert_eq!(code(owner.publish(&revoke(&mut switch, 2))), "list_gap");
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(verifier.standing(), Standing::Fresh);
    assert!(verifier.revokes(2));
}

#[test]
fn where_nothing_is_new_nothing_is_fetched() {
    let server = Redis::start(&[]);
    let (owner, verifier) = (Member::on(&server), Member::on(&server));
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    owner.publish(&revoke(&mut switch, 1)).unwrap();
    owner.post(&ticket("t-1")).unwrap();
    assert_eq!(verifier.poll(), "polled");
    let before = fetches(&server);
    for _ in 0..5 {
        assert_eq!(verifier.poll(), "polled");
    }
    assert_eq!(fetches(&server), before);
}

#[test]
fn a_server_that_has_less_than_came_from_elsewhere_is_no_contact() {
    let server = Redis::start(&[]);
    let bound = Duration::from_millis(200);
    let (owner, verifier) = (Member::on(&server), Member::of(config(&server), bound));
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    assert_eq!(verifier.poll(), "polled");
    let delta = revoke(&mut switch, 1);
    verifier.0.lists().apply(&delta, now()).unwrap();
    assert_eq!(verifier.poll(), "list_rolled_back");
    std::thread::sleep(bound);
    assert_eq!(verifier.poll(), "list_rolled_back");
    assert_eq!(verifier.standing(), Standing::Stale);
    owner.publish(&delta).unwrap();
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(verifier.standing(), Standing::Fresh);
}

#[test]
fn a_list_over_the_limit_is_cut_short_and_refused() {
    let server = Redis::start(&[]);
    let owner = Member::on(&server);
    let small = |lists: SignedRevocations| lists.with_max_bytes(200);
    let verifier = Member::limited(config(&server), HOUR, small, |stops| stops);
    let mut switch = switch();
    for number in 1..5 {
        revoke(&mut switch, number);
    }
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    assert_eq!(verifier.poll(), "list_too_large");
    let found = 201;
    let error = ListError::TooLarge { found, limit: 200 };
    assert_eq!(verifier.0.last_error(), Some(RelayError::List(error)));
    assert_eq!(verifier.standing(), Standing::Stale);
}

#[test]
fn deltas_are_bounded_and_a_list_makes_room() {
    let server = Redis::start(&[]);
    let owner = Member::on(&server);
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    let [_, _, deltas] = list_keys(&key().public_key());
    let fill = "for i = 1, 1024 do redis.call('RPUSH', KEYS[1], 'x') end";
    server.command(&["EVAL", fill, "1", &deltas]);
    assert_eq!(code(owner.publish(&revoke(&mut switch, 1))), "relay_full");
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    owner.publish(&revoke(&mut switch, 2)).unwrap();
}

#[test]
fn a_cluster_keeps_everything_in_one_slot() {
    let cluster = Cluster::start();
    let addresses = cluster.addresses();
    let config = RedisConfig::cluster(addresses.iter().map(String::as_str)).unwrap();
    let owner = Member::of(config.clone(), HOUR);
    let verifier = Member::of(config, HOUR);
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    owner.publish(&revoke(&mut switch, 1)).unwrap();
    owner.post(&ticket("t-1")).unwrap();
    assert_eq!(verifier.poll(), "polled");
    assert!(verifier.revokes(1) && verifier.stopped("t-1"));
    assert_eq!(verifier.standing(), Standing::Fresh);
}
