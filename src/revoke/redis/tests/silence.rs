//! Servers that cannot be reached.

use super::*;

const BOUND: Duration = Duration::from_millis(700);

/// A verifier that knows that holder 1 is revoked, and watches.
fn watching(server: &Redis) -> (Member, RedisWatch) {
    let (owner, verifier) = (Member::on(server), Member::of(config(server), BOUND));
    let mut switch = switch();
    owner.publish(switch.list(now()).as_bytes()).unwrap();
    owner.publish(&revoke(&mut switch, 1)).unwrap();
    let watch = verifier.watch();
    wait_until("the list is known", || verifier.number() == Some(2));
    (verifier, watch)
}

fn goes_stale_in_time_and_comes_back(verifier: &Member, resume: impl FnOnce()) {
    let took = time_until(|| verifier.standing() == Standing::Stale);
    let earliest = BOUND - 3 * RedisRevocations::DEFAULT_PERIOD;
    assert!((earliest..=BOUND + SECOND / 10).contains(&took), "{took:?}");
    assert!(verifier.revokes(1));
    wait_until("it is reported", || {
        verifier.last_error() == "relay_unavailable"
    });
    assert!(verifier.revokes(1));
    resume();
    let took = time_until(|| verifier.standing() == Standing::Fresh);
    assert!(took < 2 * SECOND, "{took:?}");
    assert!(verifier.revokes(1));
}

#[test]
fn before_the_first_contact_everything_is_stale() {
    let nobody = RedisConfig::new(["redis://127.0.0.1:1"]).unwrap();
    let verifier = Member::of(nobody, HOUR);
    assert_eq!(verifier.standing(), Standing::Stale);
    // Nor does it help to have a list from elsewhere.
    let list = switch().list(now()).into_bytes();
    verifier.0.lists().apply(&list, now()).unwrap();
    assert_eq!(verifier.standing(), Standing::Stale);
    assert_eq!(verifier.poll(), "relay_unavailable");
    assert_eq!(code(verifier.publish(&list)), "relay_unavailable");
    assert_eq!(verifier.standing(), Standing::Stale);

    let server = Redis::start(&[]);
    let verifier = Member::on(&server);
    assert_eq!(verifier.poll(), "list_missing");
    assert_eq!(verifier.standing(), Standing::Stale);
}

#[test]
fn a_server_that_died_makes_stale_after_the_bound() {
    let mut server = Redis::durable();
    let (verifier, _watch) = watching(&server);
    assert_eq!(verifier.standing(), Standing::Fresh);
    server.crash();
    goes_stale_in_time_and_comes_back(&verifier, || server.restart());
}

#[test]
fn a_server_that_does_not_answer_makes_stale_after_the_bound() {
    let server = Redis::start(&[]);
    let (verifier, _watch) = watching(&server);
    assert_eq!(verifier.standing(), Standing::Fresh);
    server.pause();
    goes_stale_in_time_and_comes_back(&verifier, || server.resume());
}

#[test]
fn whoever_stops_looking_goes_stale() {
    let server = Redis::start(&[]);
    let (verifier, watch) = watching(&server);
    drop(watch);
    time_until(|| verifier.standing() == Standing::Stale);
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(verifier.standing(), Standing::Fresh);
    let later = now() + BOUND;
    let root = issuer().public_key();
    assert_eq!(verifier.0.freshness(&root, later).standing, Standing::Stale);
}

#[test]
fn a_replica_is_no_contact_and_its_master_is_found() {
    let master = Redis::start(&[]);
    let replica = Redis::replica_of(&master);
    let (owner, alone) = (Member::on(&master), Member::on(&replica));
    owner.publish(switch().list(now()).as_bytes()).unwrap();
    wait_until("the replica has it", || replica.command(&["DBSIZE"]) == "2");
    assert_eq!(alone.poll(), "relay_unavailable");
    assert_eq!(alone.number(), None);

    let both = [replica.address(), master.address()];
    let both = RedisConfig::new(both.iter().map(String::as_str)).unwrap();
    let verifier = Member::of(both, HOUR);
    assert_eq!(verifier.poll(), "polled");
    replica.command(&["REPLICAOF", "NO", "ONE"]);
    master.command(&["REPLICAOF", "127.0.0.1", &replica.port().to_string()]);
    // A master that became a replica is left.
    assert_eq!(verifier.poll(), "relay_unavailable");
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(alone.poll(), "polled");
}

#[test]
fn no_error_shows_a_password() {
    let server = Redis::start(&["--requirepass", "right"]);
    let port = server.port();
    for address in [
        format!("redis://:wrong-secret@127.0.0.1:{port}"),
        format!("redis://secret:wrong-secret@127.0.0.1:{port}"),
        "redis://:secret@127.0.0.1:1".to_owned(),
        "redis://:secret@no-such-host.invalid".to_owned(),
    ] {
        let member = Member::of(RedisConfig::new([address.as_str()]).unwrap(), HOUR);
        assert_eq!(member.poll(), "relay_unavailable");
        let error = member.0.last_error().unwrap();
        let shown = format!("{error} {error:?} {:?}", member.0);
        assert!(!shown.contains("secret"), "{shown}");
    }
    let right = format!("redis://:right@127.0.0.1:{port}");
    let member = Member::of(RedisConfig::new([right.as_str()]).unwrap(), HOUR);
    assert_eq!(member.poll(), "list_missing");
}

#[test]
fn a_full_server_publishes_nothing_and_says_so() {
    let server = Redis::start(&["--maxmemory", "100kb"]);
    let owner = Member::on(&server);
    let list = switch().list(now()).into_bytes();
    let error = owner.publish(&list).unwrap_err();
    assert_eq!(error.to_string(), "no server: the server is full");
    assert_eq!(code(owner.post(&ticket("t-1"))), "relay_unavailable");
    assert!(owner.stopped("t-1"));
    server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    owner.publish(&list).unwrap();
    owner.post(&ticket("t-1")).unwrap();
    assert_eq!(owner.poll(), "polled");
}
