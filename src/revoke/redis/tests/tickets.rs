//! Stop tickets.

use super::*;

/// With a list, so that there is nothing to complain about.
fn listed(server: &Redis) -> Member {
    let owner = Member::on(server);
    owner.publish(switch().list(now()).as_bytes()).unwrap();
    owner
}

fn put_ticket(server: &Redis, text: &str, number: u64) {
    let [head, ends, tickets] = ticket_keys(&issuer().public_key());
    let before = String::from_utf8(get(server, &head)).unwrap();
    let (order, _) = before.split_once(' ').unwrap();
    server.command(&["ZADD", &ends, "4000000000000", text]);
    server.command(&["ZADD", &tickets, &number.to_string(), text]);
    put(server, &head, format!("{order} {number}").as_bytes());
}

#[test]
fn a_ticket_stops_a_task_at_another_verifier_within_a_second() {
    let server = Redis::start(&[]);
    let (one, other) = (listed(&server), Member::on(&server));
    let _watch = other.watch();
    wait_until("there is contact", || other.standing() == Standing::Fresh);
    for task in ["t-1", "t-2", "t-3"] {
        assert!(!other.stopped(task));
        assert!(matches!(one.post(&ticket(task)), Ok(Posted::Stopped(_))));
        assert!(one.stopped(task));
        let took = time_until(|| other.stopped(task));
        assert!(took < SECOND, "{took:?}");
    }
    assert!(matches!(one.post(&ticket("t-1")), Ok(Posted::Already(_))));
    assert!(!other.stopped("t-4"));
}

#[test]
fn what_no_verifier_would_take_is_not_posted() {
    let server = Redis::start(&[]);
    let member = Member::on(&server);
    let good = ticket("t-1");
    assert_eq!(code(member.post(&good[..60])), "stop_malformed");
    assert_eq!(code(member.post("")), "stop_malformed");
    assert_eq!(
        code(member.post(&ticket_until("t-1", now()))),
        "stop_expired"
    );
    assert_eq!(server.command(&["DBSIZE"]), "0");
    assert!(!member.stopped("t-1"));
}

#[test]
fn a_forged_ticket_is_skipped_and_reported() {
    let server = Redis::start(&[]);
    let (one, other) = (listed(&server), Member::on(&server));
    one.post(&ticket("t-1")).unwrap();
    let stop = Stop {
        root_id: RootKeyId::new(1),
        root: issuer().public_key(),
        task: "t-2".parse().unwrap(),
        issued: now(),
        ends: now() + HOUR,
    };
    // Another key's signature under it.
    let mut others = stop.clone();
    let stranger = IssuerKey::generate().unwrap();
    others.root = stranger.public_key();
    let others = StopTicket::sign(others, &stranger).unwrap().to_text();
    put_ticket(&server, &others, 2);
    put_ticket(&server, "no ticket", 3);
    assert_eq!(other.poll(), "polled");
    assert_eq!(other.last_error(), "stop_malformed");
    assert!(other.stopped("t-1") && !other.stopped("t-2"));
    one.post(&ticket("t-3")).unwrap();
    assert_eq!(other.poll(), "polled");
    assert!(other.stopped("t-3"));
    assert_eq!(other.standing(), Standing::Fresh);
}

#[test]
fn many_tickets_are_read_in_pages() {
    let server = Redis::start(&[]);
    let (one, other) = (listed(&server), Member::on(&server));
    let tasks: Vec<_> = (0..600).map(|number| format!("t-{number}")).collect();
    for task in &tasks {
        one.post(&ticket(task)).unwrap();
    }
    assert_eq!(other.poll(), "polled");
    assert!(tasks.iter().all(|task| other.stopped(task)));
}

#[test]
fn after_a_server_lost_some_tickets_all_are_read_again() {
    let mut server = Redis::start(&[]);
    let (one, other) = (listed(&server), Member::on(&server));
    one.post(&ticket("t-1")).unwrap();
    assert_eq!(server.command(&["SAVE"]), "OK");
    one.post(&ticket("t-2")).unwrap();
    assert_eq!(other.poll(), "polled");
    server.restart();
    // As many as there were, and another one is the last.
    wait_until("it is there again", || one.post(&ticket("t-3")).is_ok());
    wait_until("it is there again", || other.poll() == "polled");
    assert!(["t-1", "t-2", "t-3"].iter().all(|task| other.stopped(task)));
}

#[test]
fn tickets_are_bounded_and_those_that_are_over_make_room() {
    let server = Redis::start(&[]);
    let member = listed(&server);
    let [_, ends, tickets] = ticket_keys(&issuer().public_key());
    let fill = "for i = 1, 100000 do \
        redis.call('ZADD', KEYS[1], ARGV[1], i) redis.call('ZADD', KEYS[2], i, i) end";
    let long_ago = now().saturating_sub(2 * HOUR).unix_millis().to_string();
    let later = (now() + HOUR).unix_millis().to_string();
    server.command(&["EVAL", fill, "2", &ends, &tickets, &later]);
    assert_eq!(code(member.post(&ticket("t-1"))), "relay_full");
    assert!(member.stopped("t-1"));
    server.command(&["ZADD", &ends, &long_ago, "77"]);
    member.post(&ticket("t-1")).unwrap();
    assert_eq!(server.command(&["ZSCORE", &tickets, "77"]), "-1");
    assert_eq!(server.command(&["ZCARD", &ends]), "100000");
}

#[test]
fn a_ticket_that_cannot_be_remembered_is_no_contact() {
    let server = Redis::start(&[]);
    let owner = listed(&server);
    let one = |stops: StopTickets| stops.with_capacity(1);
    let verifier = Member::limited(config(&server), HOUR, |lists| lists, one);
    owner.post(&ticket("t-1")).unwrap();
    assert_eq!(verifier.poll(), "polled");
    let verifier = Member::limited(config(&server), HOUR, |lists| lists, one);
    owner.post(&ticket("t-2")).unwrap();
    for _ in 0..2 {
        assert_eq!(verifier.poll(), "stops_full");
        assert_eq!(verifier.standing(), Standing::Stale);
    }
}

#[test]
fn a_number_of_tickets_that_is_none_is_no_contact() {
    let server = Redis::start(&[]);
    let (owner, verifier) = (listed(&server), Member::on(&server));
    let [head, ..] = ticket_keys(&issuer().public_key());
    put(&server, &head, b"7");
    assert_eq!(verifier.poll(), "relay_malformed");
    assert_eq!(verifier.standing(), Standing::Stale);
    // The next ticket puts it right.
    owner.post(&ticket("t-1")).unwrap();
    assert_eq!(verifier.poll(), "polled");
    assert_eq!(verifier.standing(), Standing::Fresh);
    assert!(verifier.stopped("t-1"));
}
