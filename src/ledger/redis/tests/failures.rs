//! Servers that are down, slow, full or wrong.

use std::time::{Duration, Instant};

use super::server::{Redis, wait_until};
use super::*;
use crate::ledger::redis::codec;
use crate::ledger::redis::session::Session;

#[test]
fn a_paused_server_is_unavailable_in_time_and_an_attempt_settles_once() {
    let server = Redis::start(&[]);
    let ledger = config(&server)
        .with_response_timeout(Duration::from_millis(200))
        .with_connect_timeout(Duration::from_millis(200));
    let ledger = Blocking::acknowledged(ledger);
    let one = paying(spend(Measure::Uses, 1, 9));
    server.pause();
    for _ in 0..3 {
        let start = Instant::now();
        assert_eq!(ledger.code(&retry(&one)), "ledger_unavailable");
        assert!(
            start.elapsed() < Duration::from_millis(700),
            "{:?}",
            start.elapsed()
        );
    }
    server.resume();
    wait_until("it is there again", || {
        ledger.code(&settlement()) == "first"
    });
    let code = ledger.code(&retry(&one));
    assert!(["first", "again"].contains(&code), "{code}");
    assert_eq!(ledger.code(&retry(&one)), "again");
    let mut rest = another(&one);
    rest.spends = Spends::none();
    rest.spends
        .push(Spend {
            amount: 8,
            ..one.spends.iter().next().unwrap().clone()
        })
        .unwrap();
    assert_eq!(ledger.code(&rest), "first");
}

#[test]
fn a_server_that_is_down_is_unavailable_at_once_and_comes_back() {
    let mut server = Redis::durable();
    let ledger = Blocking::acknowledged(config(&server).with_durable_server());
    let one = paying(spend(Measure::Uses, 1, 1));
    assert_eq!(ledger.code(&one), "first");
    server.crash();
    for _ in 0..5 {
        let start = Instant::now();
        assert_eq!(ledger.code(&settlement()), "ledger_unavailable");
        assert_eq!(
            ledger.refund(&refund_of_nothing()).unwrap_err().code(),
            "ledger_unavailable"
        );
        assert!(
            start.elapsed() < Duration::from_millis(500),
            "{:?}",
            start.elapsed()
        );
    }
    server.restart();
    wait_until("it is there again", || {
        ledger.code(&settlement()) == "first"
    });
    assert_eq!(ledger.code(&retry(&one)), "again");
    assert_eq!(ledger.code(&another(&one)), "budget_exceeded");
}

#[test]
fn a_full_server_settles_nothing_of_a_settlement() {
    let server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    let known = settlement();
    assert_eq!(ledger.code(&known), "first");
    // Less than it has.
    server.command(&["CONFIG", "SET", "maxmemory", "100kb"]);
    let before = server.command(&["DBSIZE"]);
    let mut all = paying(spend(Measure::Uses, 1, 1));
    all.approvals.push(approval());
    all.taint.marks = true;
    assert_eq!(ledger.code(&all), "ledger_full");
    assert_eq!(server.command(&["DBSIZE"]), before);
    assert_eq!(ledger.code(&known), "proof_replayed");
    // Whoever connects now finds it full too.
    let other = Blocking::connect(config(&server)).unwrap();
    assert_eq!(other.code(&all), "ledger_full");
    server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    all.now = now();
    assert_eq!(ledger.code(&all), "first");
}

#[test]
fn a_full_server_that_never_was_opened_is_full() {
    let server = Redis::start(&["--maxmemory", "1mb"]);
    let ledger = Blocking::connect(config(&server)).unwrap();
    assert_eq!(ledger.code(&settlement()), "ledger_full");
    let error = RUNTIME.block_on(ledger.0.acknowledge_reset()).unwrap_err();
    assert_eq!(error.to_string(), "no server: the server is full");
    server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(ledger.code(&settlement()), "first");
}

#[test]
fn a_server_that_evicts_is_refused() {
    let server = Redis::start(&["--maxmemory-policy", "allkeys-lru"]);
    let error = Blocking::connect(config(&server)).err().unwrap();
    assert_eq!(error.code(), "redis_evicts");
    assert_eq!(
        error.to_string(),
        "the server evicts: `maxmemory-policy` is `allkeys-lru`, not `noeviction`"
    );
}

#[test]
fn a_server_that_began_to_evict_is_refused_when_it_is_connected_to_again() {
    let server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    server.command(&["CONFIG", "SET", "maxmemory-policy", "volatile-ttl"]);
    server.command(&["CLIENT", "KILL", "TYPE", "normal"]);
    let error = ledger.settle(&settlement()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the ledger is unavailable: the server evicts: `maxmemory-policy` is `volatile-ttl`, not \
         `noeviction`"
    );
    server.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    wait_until("it is there again", || {
        ledger.code(&settlement()) == "first"
    });
}

#[test]
fn a_replica_is_refused() {
    let master = Redis::start(&[]);
    let replica = Redis::replica_of(&master);
    let error = Blocking::connect(config(&replica)).err().unwrap();
    assert_eq!(error.code(), "redis_replica");
    // Unless its master is named too.
    let both = [replica.address(), master.address()];
    let both = RedisConfig::new(both.iter().map(String::as_str)).unwrap();
    assert_eq!(
        Blocking::connect(both).unwrap().code(&settlement()),
        "first"
    );
}

#[test]
fn a_connection_that_was_closed_is_made_again() {
    let server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    let one = paying(spend(Measure::Uses, 1, 1));
    assert_eq!(ledger.code(&one), "first");
    server.command(&["CLIENT", "KILL", "TYPE", "normal"]);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(ledger.code(&another(&one)), "budget_exceeded");
    // It is the same process: nothing is in doubt.
    assert_eq!(ledger.code(&paying(spend(Measure::Uses, 1, 1))), "first");
}

#[test]
fn scripts_that_were_dropped_are_sent_again() {
    let server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    server.command(&["SCRIPT", "FLUSH"]);
    let one = paying(spend(Measure::Uses, 1, 1));
    let receipt = match ledger.settle(&one) {
        Ok(Settled::First(receipt)) => receipt,
        other => panic!("{other:?}"),
    };
    server.command(&["SCRIPT", "FLUSH"]);
    let (task, attempt, spends) = (one.task, one.attempt, one.spends.clone());
    let refund = Refund {
        task,
        attempt,
        receipt,
        spends,
        now: now(),
    };
    assert_eq!(ledger.refund(&refund).unwrap().amounts[0].1, 1);
}

#[test]
fn a_call_whose_answer_was_lost_settles_once_and_is_told_the_same() {
    let server = Redis::start(&[]);
    Blocking::acknowledged(config(&server));
    let session = RUNTIME
        .block_on(Session::start(&config(&server), Duration::ZERO))
        .unwrap();
    let settle = |settlement: &Settlement, call: [u8; 16]| {
        let request = codec::settle(settlement, &call);
        let answer = RUNTIME.block_on(session.settle(&request, None)).unwrap();
        codec::Answer::parse(&answer).unwrap().settled(settlement)
    };
    let one = paying(spend(Measure::Uses, 1, 1));
    let first = settle(&one, [1; 16]);
    assert!(matches!(first, Ok(Settled::First(_))));
    assert_eq!(settle(&one, [1; 16]), first);
    assert_eq!(settle(&one, [2; 16]), Err(LedgerError::Replayed));
    let retried = retry(&one);
    let again = settle(&retried, [3; 16]);
    assert!(matches!(again, Ok(Settled::Again(_))));
    assert_eq!(settle(&retried, [3; 16]), again);
    // A call's name lets nobody have another call.
    let mut other = another(&one);
    other.proof = retried.proof;
    assert_eq!(settle(&other, [3; 16]), Err(LedgerError::Replayed));
}

#[test]
fn amounts_carry_and_borrow() {
    let server = Redis::start(&[]);
    let ledger = Blocking::acknowledged(config(&server));
    const BILLION: i64 = 1_000_000_000;
    let budget = spend(Measure::Uses, 10 * BILLION - 1, 30 * BILLION);
    let one = paying(budget.clone());
    let pay = |amount| {
        let mut next = another(&one);
        next.spends = Spends::none();
        next.spends
            .push(Spend {
                amount,
                ..budget.clone()
            })
            .unwrap();
        next
    };
    assert_eq!(ledger.code(&one), "first");
    assert_eq!(ledger.code(&pay(1)), "first");
    let two = pay(1);
    let Ok(Settled::First(receipt)) = ledger.settle(&two) else {
        panic!("not settled")
    };
    let back = |amount| {
        let refund = Refund {
            task: two.task,
            attempt: two.attempt,
            receipt,
            spends: pay(amount).spends,
            now: now(),
        };
        ledger.refund(&refund).unwrap().amounts[0].1
    };
    assert_eq!(back(2), 2);
    match ledger.settle(&pay(30 * BILLION)) {
        Err(LedgerError::BudgetExceeded { spent, .. }) => assert_eq!(spent, 10 * BILLION - 1),
        other => panic!("{other:?}"),
    }
    assert_eq!(ledger.code(&pay(20 * BILLION + 2)), "budget_exceeded");
    assert_eq!(ledger.code(&pay(20 * BILLION + 1)), "first");
}

#[test]
fn no_error_shows_a_password() {
    let server = Redis::start(&["--requirepass", "right"]);
    let port = server.port();
    let of = |address: String| {
        let config = RedisConfig::new([address.as_str()])?;
        let shown = format!("{config:?}");
        let ledger = Blocking::connect(config)?;
        Ok::<_, RedisError>(format!("{shown} {:?}", ledger.0))
    };
    for address in [
        format!("redis://:wrong-secret@127.0.0.1:{port}"),
        format!("redis://secret:wrong-secret@127.0.0.1:{port}"),
        "redis://:secret@127.0.0.1:1".to_owned(),
        "redis://:secret@[::1".to_owned(),
        "redis://:secret@no-such-host.invalid".to_owned(),
        "secret".to_owned(),
    ] {
        let error = of(address).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    let shown = of(format!("redis://:right@127.0.0.1:{port}")).unwrap();
    assert!(!shown.contains("right"), "{shown}");
}

fn refund_of_nothing() -> Refund {
    let one = settlement();
    let receipt = crate::ledger::Receipt {
        decision: one.decision,
        at: one.now,
    };
    Refund {
        task: one.task,
        attempt: one.attempt,
        receipt,
        spends: one.spends,
        now: one.now,
    }
}
