//! Binding: a proof is for one call, to one service, with one token, once; and what is authorized is what is done.
//!
//! | class | test |
//! |---|---|
//! | change operation, resource, argument after the proof was made | `a_proof_covers_the_operation_the_resource_and_every_argument` |
//! | change the audience | `a_proof_for_one_service_is_none_for_another` |
//! | change the token | `a_proof_for_one_token_is_none_for_another_of_the_same_holder` |
//! | change the time, nonce or attempt | `the_time_the_nonce_and_the_attempt_cannot_be_changed` |
//! | replay at the window's edges | `a_proof_is_accepted_within_its_window_alone`, `a_replay_is_refused_at_both_edges_of_the_window` |
//! | replay with clock skew | `a_replay_is_refused_with_any_skew_of_the_clocks`, `a_clock_that_is_set_back_admits_no_replay` |
//! | replay after a restart | `a_replay_after_a_restart_is_refused` |
//! | replay at a second verifier | `a_replay_at_a_second_gate_of_the_service_is_refused`, `of_many_replays_at_the_same_moment_one_is_admitted` |
//! | two resources in one request | `one_bad_action_denies_the_whole_call` |
//! | authorised is executed: case, slash, query, method, body | `an_http_call_is_covered_to_the_byte`, `an_http_call_that_could_be_read_twice_is_refused` |
//! | duplicate JSON key | `a_duplicate_key_is_refused_wherever_it_stands` |
//! | the actions that were authorised | `a_permit_holds_the_actions_that_were_authorized` |
//! | a token supplies facts of the request | `a_token_cannot_say_what_is_asked_for`; `attenuation::a_holders_block_with_a_fact_is_refused` |
//! | rights from elsewhere | `rights_of_another_token_are_not_inherited`, `rights_of_the_delegator_are_not_inherited` |
//! | a kind of call read as another | `a_call_of_one_kind_is_no_call_of_another` |

use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::{Action, Call, Effect, Tree};
use bailiwick::clock::{FixedClock, Timestamp};
use bailiwick::gate::Gate;
use bailiwick::keys::KeyRing;
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::present::Holder;
use bailiwick::scope::{Capability, Scope};
use bailiwick::verify::Verifier;

use crate::forge::{Parts, Proof, presentation, text};
use crate::world::{
    START, SharedGate, action, agent, ask, at, bounded, call, forum, gate, hand_on, holder, later,
    ledger, mail, mint_task, now, outcome, post, present, present_at, read, resource, root, scope,
    tree, try_actions, verifier,
};

// One call.

/// Whether a proof that is made for one call admits another.
fn covers(made_for: &Call, received: &Call) -> bool {
    let sent = holder(scope())
        .present(&forum(), made_for, now())
        .unwrap()
        .to_text();
    match outcome(&gate().admit(&sent, received, post())) {
        "allowed" => true,
        "proof_invalid" => false,
        other => panic!("{other}"),
    }
}

/// No proof for the first covers any other.
fn assert_different(calls: &[Call]) {
    for (one, made_for) in calls.iter().enumerate() {
        for (other, received) in calls.iter().enumerate() {
            assert_eq!(
                covers(made_for, received),
                one == other,
                "{made_for:?} as {received:?}"
            );
        }
    }
}

#[test]
fn a_proof_covers_the_operation_the_resource_and_every_argument() {
    let direct = |operation: &str, path: &str, json: &str| {
        Call::direct(
            operation.parse().unwrap(),
            path.parse().unwrap(),
            tree(json),
        )
    };
    let base = r#"{"to": ["ann", "bob"], "n": 1, "deep": {"a": null}}"#;
    assert_different(&[
        direct("forum.post", "forum/42", base),
        direct("forum.posts", "forum/42", base),
        direct("forum.post", "forum/43", base),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["bob", "ann"], "n": 1, "deep": {"a": null}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob", "bob"], "n": 1, "deep": {"a": null}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": 2, "deep": {"a": null}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": "1", "deep": {"a": null}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": true, "deep": {"a": null}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": 1, "deep": {"a": false}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": 1, "deep": {}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": 1, "deep": {"b": null}}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": 1, "deep": {"a": null}, "x": null}"#,
        ),
        direct(
            "forum.post",
            "forum/42",
            r#"{"to": ["ann", "bob"], "n": 1}"#,
        ),
        direct("forum.post", "forum/42", "{}"),
    ]);
    let tool = |name: &str, json: &str| Call::tool(name.parse().unwrap(), tree(json));
    assert_different(&[
        tool("read", r#"{"id": 42}"#),
        tool("Read", r#"{"id": 42}"#),
        tool("read", r#"{"id": 43}"#),
        tool("read", r#"{"id": 9007199254740993}"#),
        tool("read", r#"{"id": 9007199254740992}"#),
    ]);
}

#[test]
fn the_same_arguments_in_another_spelling_are_the_same_call() {
    let tool = |json: &str| Call::tool("read".parse().unwrap(), tree(json));
    let base = tool(r#"{"a": 1, "b": "\u0041"}"#);
    assert!(covers(&base, &tool(r#"{"b":"A","a":1.0}"#)));
}

#[test]
fn a_call_of_one_kind_is_no_call_of_another() {
    let json = r#"{"id": 42}"#;
    assert_different(&[
        Call::direct("read".parse().unwrap(), "id".parse().unwrap(), tree(json)),
        Call::tool("read".parse().unwrap(), tree(json)),
        Call::http("read", "/id", None, json.as_bytes()).unwrap(),
    ]);
}

#[test]
fn an_http_call_is_covered_to_the_byte() {
    let http = |method: &str, path: &str, query: Option<&str>, body: &str| {
        Call::http(method, path, query, body.as_bytes()).unwrap()
    };
    assert_different(&[
        http("POST", "/threads/42/drafts", None, "{}"),
        http("PUT", "/threads/42/drafts", None, "{}"),
        http("post", "/threads/42/drafts", None, "{}"),
        http("POST", "/Threads/42/drafts", None, "{}"),
        http("POST", "/threads/42/drafts/", None, "{}"),
        http("POST", "/threads//42/drafts", None, "{}"),
        http("POST", "/threads/./42/drafts", None, "{}"),
        http("POST", "/threads/42/%64rafts", None, "{}"),
        http("POST", "/threads/43/drafts", None, "{}"),
        http("POST", "/threads/42/drafts", Some(""), "{}"),
        http("POST", "/threads/42/drafts", Some("a=1&b=2"), "{}"),
        http("POST", "/threads/42/drafts", Some("b=2&a=1"), "{}"),
        http("POST", "/threads/42/drafts", Some("a=1&a=1&b=2"), "{}"),
        http("POST", "/threads/42/drafts", Some("_method=DELETE"), "{}"),
        http("POST", "/threads/42/drafts", None, "{ }"),
        http("POST", "/threads/42/drafts", None, ""),
        http("POST", "/threads/42/drafts", None, r#"{"a":1,"a":2}"#),
        http("POST", "/threads/42/drafts", None, r#"{"a":2,"a":1}"#),
    ]);
}

#[test]
fn an_http_call_that_could_be_read_twice_is_refused() {
    for (method, path, query) in [
        ("POST", "/threads?id=42", None),
        ("POST", "/threads#42", None),
        ("POST", "/threads/4 2", None),
        ("POST", "/threads\r\nHost: evil", None),
        ("POST", "/thr\u{e9}ads", None),
        ("POST", "threads", None),
        ("POST", "", None),
        ("POST", "/threads", Some("a=1#b")),
        ("POST", "/threads", Some("a=1\n")),
        ("PO ST", "/threads", None),
        ("", "/threads", None),
    ] {
        assert!(
            Call::http(method, path, query, b"").is_err(),
            "{method} {path} {query:?}"
        );
    }
}

#[test]
fn a_duplicate_key_is_refused_wherever_it_stands() {
    for json in [
        r#"{"to": "ann", "to": "eve"}"#,
        r#"{"to": "ann", "t\u006f": "eve"}"#,
        r#"{"mail": {"to": "ann", "to": "ann"}}"#,
        r#"{"mails": [{"to": "ann", "cc": 1, "to": "eve"}]}"#,
    ] {
        assert!(Tree::from_json_slice(json.as_bytes()).is_err(), "{json}");
    }
}

// One service, one token, one time.

#[test]
fn a_proof_for_one_service_is_none_for_another() {
    let both = holder(scope().audience(mail()));
    let for_mail = both.present(&mail(), &call(), now()).unwrap().to_text();
    assert_eq!(ask(&for_mail), "proof_invalid");
    let ring = KeyRing::new([root()]).unwrap();
    let verifier = Verifier::new(mail(), ring);
    let gate = Gate::new(verifier, ledger()).with_clock(Arc::new(FixedClock::new(now())));
    let send = Action::new(
        mail(),
        "forum.read".parse().unwrap(),
        Effect::Read,
        resource(["forum", "thread", "42", "x"]),
    );
    assert_eq!(
        outcome(&gate.admit(&present(&both), &call(), vec![send.clone()])),
        "proof_invalid"
    );
    assert_eq!(
        outcome(&gate.admit(&for_mail, &call(), vec![send])),
        "allowed"
    );
}

#[test]
fn a_proof_for_one_token_is_none_for_another_of_the_same_holder() {
    let (one, two) = (mint_task("t-1", scope()), mint_task("t-2", scope()));
    let (one, two) = (Parts::of(&one), Parts::of(&two));
    let proof = Proof::sign(1, &forum(), &one.last().signature, &call(), now());
    assert_eq!(
        ask(&text("bwp1_", &presentation(&one.bytes(), &proof))),
        "allowed"
    );
    assert_eq!(
        ask(&text("bwp1_", &presentation(&two.bytes(), &proof))),
        "proof_invalid"
    );
    // Nor for a longer or shorter chain of the same token.
    let child = Parts::of(hand_on(&holder(scope()), 1, Scope::builder()).token());
    assert_eq!(
        ask(&text("bwp1_", &presentation(&child.bytes(), &proof))),
        "proof_invalid"
    );
}

#[test]
fn the_time_the_nonce_and_the_attempt_cannot_be_changed() {
    let parts = Parts::of(&mint_task("t-1", scope()));
    let proof = Proof::sign(1, &forum(), &parts.last().signature, &call(), now());
    let ask = |change: &dyn Fn(&mut Proof)| {
        let mut proof = proof.clone();
        change(&mut proof);
        ask(&text("bwp1_", &presentation(&parts.bytes(), &proof)))
    };
    assert_eq!(ask(&|_| {}), "allowed");
    assert_eq!(
        ask(&|proof| proof.issued = later(now(), 1)),
        "proof_invalid"
    );
    assert_eq!(
        ask(&|proof| proof.issued = later(now(), -1)),
        "proof_invalid"
    );
    assert_eq!(ask(&|proof| proof.nonce[15] ^= 1), "proof_invalid");
    assert_eq!(ask(&|proof| proof.attempt[0] ^= 1), "proof_invalid");
    assert_eq!(
        ask(&|proof| std::mem::swap(&mut proof.nonce, &mut proof.attempt)),
        "proof_invalid"
    );
}

// Once.

const WINDOW: i64 = 60_000;
const SKEW: i64 = 5_000;

/// A gate whose clock is set by the test, with a ledger that others may share.
fn gate_on(clock: &Arc<FixedClock>, ledger: &Arc<ForgetfulLedger>) -> SharedGate {
    Gate::new(verifier(), Arc::clone(ledger)).with_clock(Arc::clone(clock) as _)
}

fn admit(gate: &SharedGate, sent: &str) -> &'static str {
    outcome(&gate.admit(sent, &call(), post()))
}

#[test]
fn a_proof_is_accepted_within_its_window_alone() {
    let holder = holder(scope());
    for (seen, expected) in [
        (-SKEW - 1, "proof_skewed"),
        (-SKEW, "allowed"),
        (0, "allowed"),
        (WINDOW, "allowed"),
        (WINDOW + 1, "proof_skewed"),
    ] {
        let clock = Arc::new(FixedClock::new(later(now(), seen)));
        assert_eq!(
            admit(&gate_on(&clock, &ledger()), &present(&holder)),
            expected,
            "{seen}"
        );
    }
}

#[test]
fn a_replay_is_refused_at_both_edges_of_the_window() {
    let holder = holder(scope());
    for first in [-SKEW, 0, WINDOW] {
        let clock = Arc::new(FixedClock::new(later(now(), first)));
        let gate = gate_on(&clock, &ledger());
        let sent = present(&holder);
        assert_eq!(admit(&gate, &sent), "allowed");
        for again in [first, first + 1, WINDOW - 1, WINDOW] {
            clock.set(later(now(), again.clamp(first, WINDOW)));
            assert_eq!(admit(&gate, &sent), "proof_replayed", "{first} {again}");
        }
        clock.set(later(now(), WINDOW + 1));
        assert_eq!(admit(&gate, &sent), "proof_skewed");
    }
}

#[test]
fn a_replay_is_refused_with_any_skew_of_the_clocks() {
    // Two instances of the service share a ledger, and one's clock is behind the other's.
    let holder = holder(scope());
    let ledger = ledger();
    for behind in [0, 1, SKEW, 2 * SKEW, WINDOW + SKEW] {
        let sent = present(&holder);
        let ahead = Arc::new(FixedClock::new(later(now(), WINDOW)));
        let slow = Arc::new(FixedClock::new(later(now(), WINDOW - behind)));
        assert_eq!(admit(&gate_on(&ahead, &ledger), &sent), "allowed");
        assert_eq!(
            admit(&gate_on(&slow, &ledger), &sent),
            "proof_replayed",
            "{behind}"
        );
    }
}

#[test]
fn a_clock_that_is_set_back_admits_no_replay() {
    let holder = holder(scope());
    let clock = Arc::new(FixedClock::new(now()));
    let gate = gate_on(&clock, &ledger());
    let first = present(&holder);
    assert_eq!(admit(&gate, &first), "allowed");
    // Long after, something else is presented, and the ledger lets the first nonce go.
    clock.set(later(now(), 10 * WINDOW));
    assert_eq!(
        admit(&gate, &present_at(&holder, later(now(), 10 * WINDOW))),
        "allowed"
    );
    clock.set(now());
    assert_eq!(admit(&gate, &first), "ledger_reset");
    // And what was made a moment later than the first goes on.
    clock.set(later(now(), 1));
    assert_eq!(
        admit(&gate, &present_at(&holder, later(now(), 1))),
        "allowed"
    );
}

#[test]
fn a_replay_after_a_restart_is_refused() {
    let holder = holder(scope());
    let clock = Arc::new(FixedClock::new(now()));
    // The agent's clock is ahead by as much as is accepted.
    for made in [-1_000, 0, SKEW] {
        let sent = present_at(&holder, later(now(), made));
        assert_eq!(admit(&gate_on(&clock, &ledger()), &sent), "allowed");
        let restarted = Arc::new(ForgetfulLedger::started_at(now()));
        let gate = gate_on(&clock, &restarted);
        for seen in [0, 1, SKEW, WINDOW] {
            let clock = Arc::new(FixedClock::new(later(now(), seen)));
            let refused = admit(&gate_on(&clock, &restarted), &sent);
            assert!(
                ["ledger_reset", "proof_skewed"].contains(&refused),
                "{made} {seen}: {refused}"
            );
        }
        drop(gate);
    }
    let restarted = Arc::new(ForgetfulLedger::started_at(now()));
    let fresh = later(now(), SKEW + 1);
    let clock = Arc::new(FixedClock::new(fresh));
    assert_eq!(
        admit(&gate_on(&clock, &restarted), &present_at(&holder, fresh)),
        "allowed"
    );
}

#[test]
fn a_replay_at_a_second_gate_of_the_service_is_refused() {
    let clock = Arc::new(FixedClock::new(now()));
    let shared = ledger();
    let (one, two) = (gate_on(&clock, &shared), gate_on(&clock, &shared));
    let sent = present(&holder(scope()));
    assert_eq!(admit(&one, &sent), "allowed");
    assert_eq!(admit(&two, &sent), "proof_replayed");
    assert_eq!(admit(&one, &sent), "proof_replayed");
}

#[test]
fn of_many_replays_at_the_same_moment_one_is_admitted() {
    let (gate, sent) = (gate(), present(&holder(scope())));
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| admit(&gate, &sent)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let count = |outcome| outcomes.iter().filter(|other| **other == outcome).count();
    assert_eq!((count("allowed"), count("proof_replayed")), (1, 15));
}

#[test]
fn a_proof_that_is_denied_is_not_used_up_and_not_admitted_twice() {
    let (gate, sent) = (gate(), present(&holder(scope())));
    let denied = gate.admit(&sent, &call(), vec![read("forum/thread/43/post")]);
    assert_eq!(outcome(&denied), "resource_outside");
    assert_eq!(
        (admit(&gate, &sent), admit(&gate, &sent)),
        ("allowed", "proof_replayed")
    );
}

// Authorised is executed.

#[test]
fn one_bad_action_denies_the_whole_call() {
    let good = || read("forum/thread/42/post");
    let bad = || read("forum/thread/43/post");
    assert_eq!(try_actions(scope(), vec![good(), good()]), "allowed");
    for actions in [
        vec![good(), bad()],
        vec![bad(), good()],
        vec![good(), good(), bad(), good()],
    ] {
        assert_eq!(try_actions(scope(), actions), "resource_outside");
    }
    assert_eq!(try_actions(scope(), vec![]), "no_actions");
    assert_eq!(try_actions(scope(), vec![good(); 16]), "allowed");
    assert_eq!(try_actions(scope(), vec![good(); 17]), "too_many_actions");
    // An action of another service is not this service's to authorise.
    let both = scope().audience(mail());
    let elsewhere = Action::new(
        mail(),
        "forum.read".parse().unwrap(),
        Effect::Read,
        resource(["forum", "thread", "42", "x"]),
    );
    assert_eq!(
        try_actions(both, vec![good(), elsewhere]),
        "service_mismatch"
    );
}

#[test]
fn a_permit_holds_the_actions_that_were_authorized() {
    let actions = || {
        vec![
            read("forum/thread/42/post").with_arguments(tree(r#"{"id": 42}"#)),
            read("forum/thread/42/x"),
        ]
    };
    let permit = gate()
        .admit(&present(&holder(scope())), &call(), actions())
        .unwrap()
        .first()
        .unwrap();
    assert_eq!(permit.actions(), actions());
    assert_eq!(permit.verified().call(), &call().digest());
}

#[test]
fn a_token_cannot_say_what_is_asked_for() {
    // Whatever it says of itself, the service names operation, effect, resource, arguments and attributes.
    let told = bounded().allow(
        Capability::effect(Effect::Read, "forum/**")
            .unwrap()
            .attribute("owner", bailiwick::scope::Matcher::equals("ada"))
            .unwrap(),
    );
    let with = |effect, json: &str| {
        action("forum.read", effect, "forum/thread/42").with_attributes(tree(json))
    };
    assert_eq!(
        try_actions(
            told.clone(),
            vec![with(Effect::Read, r#"{"owner": "ada"}"#)]
        ),
        "allowed"
    );
    assert_eq!(
        try_actions(
            told.clone(),
            vec![with(Effect::Read, r#"{"owner": "eve"}"#)]
        ),
        "attribute_outside"
    );
    assert_eq!(
        try_actions(told.clone(), vec![with(Effect::Read, "{}")]),
        "attribute_missing"
    );
    assert_eq!(
        try_actions(
            told.clone(),
            vec![with(Effect::Admin, r#"{"owner": "ada"}"#)]
        ),
        "effect_not_granted"
    );
    // An argument of the same name is no attribute.
    let posed = action("forum.read", Effect::Read, "forum/thread/42")
        .with_arguments(tree(r#"{"owner": "ada"}"#));
    assert_eq!(try_actions(told, vec![posed]), "attribute_missing");
}

#[test]
fn rights_of_another_token_are_not_inherited() {
    let of = |task: &str, thread: &str| {
        let capability =
            Capability::operation("forum.read", &format!("forum/thread/{thread}")).unwrap();
        Holder::new(mint_task(task, bounded().allow(capability)), agent(1)).unwrap()
    };
    let (one, two) = (of("t-1", "42"), of("t-2", "43"));
    let (a, b) = (|| read("forum/thread/42"), || read("forum/thread/43"));
    let gate = gate();
    let admit = |holder, actions| outcome(&gate.admit(&present(holder), &call(), actions));
    assert_eq!(admit(&one, vec![a()]), "allowed");
    assert_eq!(admit(&two, vec![b()]), "allowed");
    // After both were seen by the gate.
    assert_eq!(admit(&one, vec![b()]), "resource_outside");
    assert_eq!(admit(&two, vec![a()]), "resource_outside");
    assert_eq!(admit(&one, vec![a(), b()]), "resource_outside");
}

#[test]
fn rights_of_the_delegator_are_not_inherited() {
    let parent = holder(scope());
    let only_posts = Capability::operation("forum.read", "forum/thread/42/post").unwrap();
    let child = hand_on(&parent, 2, Scope::builder().allow(only_posts));
    let gate = gate();
    let admit =
        |holder, path: &str| outcome(&gate.admit(&present(holder), &call(), vec![read(path)]));
    assert_eq!(admit(&parent, "forum/thread/42/title"), "allowed");
    assert_eq!(admit(&child, "forum/thread/42/title"), "resource_outside");
    assert_eq!(admit(&child, "forum/thread/42/post"), "allowed");
    // Nor by delegating to itself what it does not have.
    let everything = Capability::operation("forum.*", "forum/**").unwrap();
    let again = hand_on(&child, 2, Scope::builder().allow(everything));
    assert_eq!(admit(&again, "forum/thread/42/title"), "resource_outside");
}

#[test]
fn what_is_proved_at_the_end_of_time_does_not_overflow() {
    let parts = Parts::of(&mint_task("t-1", scope()));
    for issued in [Timestamp::MIN, Timestamp::MAX] {
        let proof = Proof::sign(1, &forum(), &parts.last().signature, &call(), issued);
        assert_eq!(
            ask(&text("bwp1_", &presentation(&parts.bytes(), &proof))),
            "proof_skewed"
        );
    }
    let forever = verifier()
        .with_proof_window(Duration::MAX)
        .with_skew(Duration::MAX);
    let gate = Gate::new(forever, ledger()).with_clock(Arc::new(FixedClock::new(at(START))));
    let proof = Proof::sign(
        1,
        &forum(),
        &parts.last().signature,
        &call(),
        Timestamp::MAX,
    );
    let sent = text("bwp1_", &presentation(&parts.bytes(), &proof));
    assert_eq!(admit(&gate, &sent), "ledger_reset");
}
