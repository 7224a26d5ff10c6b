//! Stopping: what is revoked stays so, whoever carries the word, and nobody else is stopped.
//!
//! | class | test |
//! |---|---|
//! | parent revoked: all below fail, siblings do not | `what_is_revoked_by_a_list_falls_with_all_below_it_and_no_sibling` |
//! | list missing | `before_its_first_list_a_gate_denies_everything` |
//! | list stale, under each policy | `a_stale_list_does_what_was_declared_and_never_more` |
//! | list rolled back, also to before a release; forked; a gap | `a_list_that_is_rolled_back_brings_nobody_back`, `a_gap_revokes_nothing_by_halves_and_forgets_nothing` |
//! | list wrongly signed, altered, cut | `a_list_by_a_stranger_or_changed_on_its_way_changes_nothing` |
//! | another root's signer; tenants never mix | `who_may_revoke_for_one_root_revokes_nothing_of_another`, `a_ticket_stops_the_task_of_its_own_root_alone`, `tenants_never_share_a_budget_or_taint` |
//! | stop ticket of another root, altered, truncated, expired, replayed | `a_ticket_stops_the_task_of_its_own_root_alone`, `a_ticket_that_is_changed_or_cut_stops_nothing`, `a_ticket_is_over_with_its_task_and_posting_it_again_changes_nothing` |
//! | a stopped task is minted again | `a_stopped_task_stays_stopped_when_it_is_minted_again` |
//! | revoked between check and use | `what_is_stopped_between_check_and_use_is_not_done` |
//! | brakes in doubt | `a_brake_matches_when_in_doubt` |
//! | a brake isolates those who run into it | `a_brake_trips_nobodys_wire` |
//! | tripwire tripped by strangers | `strangers_trip_nobodys_wire` |
//! | tripwire isolates what is above, or a sibling | `a_wire_isolates_what_is_below_and_nothing_above_or_beside` |
//! | secrets in errors and `Debug` | `nothing_that_stops_is_shown` |

use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::{Action, Effect, Task};
use bailiwick::clock::{Clock as _, FixedClock};
use bailiwick::gate::{Gate, Mapped};
use bailiwick::keys::dangerous::{issuer_key_from_seed, revocation_key_from_seed};
use bailiwick::keys::{KeyRing, Root, RootKeyId};
use bailiwick::mint::{Issuer, Minted};
use bailiwick::present::Holder;
use bailiwick::revoke::{
    Brake, KillSwitch, ListError, Posted, Revocation, SharedRevocations, SignedRevocations,
    StopTicket, Tripwire, WhenStale,
};
use bailiwick::scope::{Budget, Matcher, Pattern, Scope};

use crate::forge;
use crate::world::{
    END, ROOT, START, SharedGate, action, agent, at, call, counted, forum, gate, gate_of, hand_on,
    holder, issuer_key, later, ledger, now, outcome, post, present, read, root_of, scope, try_at,
    verifier_of, with_approval,
};

const HOUR: Duration = Duration::from_secs(3_600);
/// The seed of the other root, of id 2.
const OTHER: u8 = 101;

/// The two roots, each with its own revocation key.
fn roots() -> [Root; 2] {
    let bound =
        |id, seed, signer| root_of(id, seed).with_revocation_key(switch(signer).public_key());
    [bound(1, ROOT, 200), bound(2, OTHER, 201)]
}

fn switch(seed: u8) -> KillSwitch {
    KillSwitch::new(
        revocation_key_from_seed(&[seed; 32]),
        Duration::from_secs(120),
    )
}

/// A source for both roots that knows a first list of each.
fn source(when_stale: WhenStale) -> (Arc<SignedRevocations>, KillSwitch, KillSwitch) {
    let ring = KeyRing::new(roots()).unwrap();
    let source = SignedRevocations::new(&ring, HOUR, when_stale);
    let (mut ours, mut theirs) = (switch(200), switch(201));
    source.apply(ours.list(now()).as_bytes(), now()).unwrap();
    source.apply(theirs.list(now()).as_bytes(), now()).unwrap();
    (Arc::new(source), ours, theirs)
}

fn gate_by(source: &Arc<SignedRevocations>) -> SharedGate {
    gate_of(verifier_of(roots())).with_revocations(source.clone())
}

fn minted_by(id: u32, seed: u8, task: &str, end: u64) -> Minted {
    let issuer = Issuer::new(issuer_key_from_seed(&[seed; 32]), RootKeyId::new(id));
    let task = Task::new(task, "answer thread 42", "ada@example.com", "helper").unwrap();
    let scope = scope().not_after(at(end)).build().unwrap();
    let key = agent(1).public_key();
    issuer.mint(&task, scope, &key, at(START)).unwrap()
}

/// The same agent, with the same task by the other root.
fn of_other_root() -> Holder {
    Holder::new(minted_by(2, OTHER, "t-1", END).token, agent(1)).unwrap()
}

fn draft() -> Action {
    action("forum.draft", Effect::Draft, "forum/thread/42/post")
}

fn code<T>(result: Result<T, ListError>) -> &'static str {
    match result {
        Ok(_) => "applied",
        Err(error) => error.code(),
    }
}

// Lists.

#[test]
fn what_is_revoked_by_a_list_falls_with_all_below_it_and_no_sibling() {
    let (source, mut switch, _) = source(WhenStale::Deny);
    let gate = gate_by(&source);
    let top = holder(scope());
    let (left, right) = (
        hand_on(&top, 2, Scope::builder()),
        hand_on(&top, 3, Scope::builder()),
    );
    let below = hand_on(&left, 4, Scope::builder());
    let each = || [&top, &left, &right, &below].map(|who| try_at(&gate, who, post()));
    assert_eq!(each(), ["allowed"; 4]);
    let stolen = Revocation::Holder(agent(2).public_key());
    let delta = switch.revoke(stolen, now());
    source.apply(delta.as_bytes(), now()).unwrap();
    assert_eq!(each(), ["allowed", "revoked", "allowed", "revoked"]);
    let stolen = Revocation::Holder(agent(1).public_key());
    let delta = switch.revoke(stolen, now());
    source.apply(delta.as_bytes(), now()).unwrap();
    assert_eq!(each(), ["revoked"; 4]);
}

#[test]
fn before_its_first_list_a_gate_denies_everything() {
    for policy in [WhenStale::Deny, WhenStale::AllowReadsFor(HOUR)] {
        let ring = KeyRing::new(roots()).unwrap();
        let source = Arc::new(SignedRevocations::new(&ring, HOUR, policy));
        let gate = gate_by(&source);
        assert_eq!(try_at(&gate, &holder(scope()), post()), "revocations_stale");
        // The list of the other root says nothing of this one.
        let others = switch(201).list(now());
        source.apply(others.as_bytes(), now()).unwrap();
        assert_eq!(try_at(&gate, &holder(scope()), post()), "revocations_stale");
        assert_eq!(try_at(&gate, &of_other_root(), post()), "allowed");
    }
}

#[test]
fn a_stale_list_does_what_was_declared_and_never_more() {
    let minute = Duration::from_secs(60);
    let ask = |policy, millis, does: Action| {
        let (source, mut switch, _) = source(policy);
        let stolen = Revocation::Holder(agent(9).public_key());
        let delta = switch.revoke(stolen, now());
        source.apply(delta.as_bytes(), now()).unwrap();
        let clock = Arc::new(FixedClock::new(later(now(), millis)));
        let gate = gate_by(&source).with_clock(clock.clone());
        let say = |holder: &Holder| {
            let sent = holder.present(&forum(), &call(), clock.now()).unwrap();
            outcome(&gate.admit(&sent.to_text(), &call(), does.clone()))
        };
        let top = holder(scope());
        // What is known to be revoked is, by however old a list.
        assert_eq!(say(&hand_on(&top, 9, Scope::builder())), "revoked");
        say(&top)
    };
    let (deny, reads) = (WhenStale::Deny, WhenStale::AllowReadsFor(minute));
    let post = || read("forum/thread/42/post");
    assert_eq!(ask(deny, 119_999, draft()), "allowed");
    assert_eq!(ask(deny, 120_000, post()), "revocations_stale");
    assert_eq!(ask(reads, 119_999, draft()), "allowed");
    assert_eq!(ask(reads, 120_000, post()), "allowed");
    assert_eq!(ask(reads, 120_000, draft()), "revocations_stale");
    assert_eq!(ask(reads, 179_999, post()), "allowed");
    assert_eq!(ask(reads, 180_000, post()), "revocations_stale");
}

#[test]
fn a_stale_list_admits_no_write_that_comes_with_a_read() {
    let (source, ..) = source(WhenStale::AllowReadsFor(HOUR));
    let clock = Arc::new(FixedClock::new(later(now(), 120_000)));
    let gate = gate_by(&source).with_clock(clock.clone());
    let ask = |does: Vec<Action>| {
        let sent = holder(scope()).present(&forum(), &call(), clock.now());
        outcome(&gate.admit(&sent.unwrap().to_text(), &call(), does))
    };
    let post = || read("forum/thread/42/post");
    assert_eq!(ask(vec![post(), post()]), "allowed");
    assert_eq!(ask(vec![post(), draft()]), "revocations_stale");
}

#[test]
fn a_list_that_is_rolled_back_brings_nobody_back() {
    let (source, mut switch, _) = source(WhenStale::Deny);
    let gate = gate_by(&source);
    let empty = switch.list(now());
    let delta = switch.revoke(Revocation::Holder(agent(1).public_key()), now());
    source.apply(delta.as_bytes(), now()).unwrap();
    let full = switch.list(now());
    assert_eq!(
        code(source.apply(empty.as_bytes(), now())),
        "list_rolled_back"
    );
    assert_eq!(try_at(&gate, &holder(scope()), post()), "revoked");
    // Released, and brought back by whoever kept the old list or delta.
    let released = switch.release(&Revocation::Holder(agent(1).public_key()), now());
    source.apply(released.unwrap().as_bytes(), now()).unwrap();
    assert_eq!(try_at(&gate, &holder(scope()), post()), "allowed");
    for old in [full.as_bytes(), delta.as_bytes(), empty.as_bytes()] {
        assert_eq!(code(source.apply(old, now())), "list_rolled_back");
        assert_eq!(try_at(&gate, &holder(scope()), post()), "allowed");
    }
    // A signer of two minds: another list with the number that is known.
    let mut forked = self::switch(200);
    forked.revoke(Revocation::Holder(agent(7).public_key()), now());
    forked.revoke(Revocation::Holder(agent(8).public_key()), now());
    let forked = forked.list(now());
    assert_eq!(
        forked.number(),
        source.number(&switch.public_key()).unwrap()
    );
    assert_eq!(code(source.apply(forked.as_bytes(), now())), "list_forked");
}

#[test]
fn a_gap_revokes_nothing_by_halves_and_forgets_nothing() {
    let (source, mut switch, _) = source(WhenStale::Deny);
    let gate = gate_by(&source);
    let top = holder(scope());
    let each =
        || [2, 3, 4].map(|seed| try_at(&gate, &hand_on(&top, seed, Scope::builder()), post()));
    let mut revoke = |seed| switch.revoke(Revocation::Holder(agent(seed).public_key()), now());
    let (one, two, three) = (revoke(2), revoke(3), revoke(4));
    source.apply(one.as_bytes(), now()).unwrap();
    assert_eq!(code(source.apply(three.as_bytes(), now())), "list_gap");
    assert_eq!(each(), ["revoked", "allowed", "allowed"]);
    source.apply(two.as_bytes(), now()).unwrap();
    source.apply(three.as_bytes(), now()).unwrap();
    assert_eq!(each(), ["revoked"; 3]);
}

#[test]
fn a_list_by_a_stranger_or_changed_on_its_way_changes_nothing() {
    let (source, mut ours, _) = source(WhenStale::Deny);
    let gate = gate_by(&source);
    let revocation = || Revocation::Holder(agent(1).public_key());
    let mut stranger = switch(202);
    stranger.revoke(revocation(), now());
    let strange = stranger.list(now());
    let refused = code(source.apply(strange.as_bytes(), now()));
    assert_eq!(refused, "list_signer_unknown");
    // Under our name, with the stranger's signature.
    let mut forged = strange.as_bytes().to_vec();
    forged[2..34].copy_from_slice(&forge::public(200));
    assert_eq!(code(source.apply(&forged, now())), "list_signature_invalid");
    let (delta, list) = (ours.revoke(revocation(), now()), ours.list(now()));
    for right in [list.as_bytes(), delta.as_bytes()] {
        for at in 0..right.len() {
            let mut bytes = right.to_vec();
            bytes[at] ^= 1;
            assert!(source.apply(&bytes, now()).is_err(), "at {at}");
            assert!(source.apply(&right[..at], now()).is_err(), "cut at {at}");
        }
    }
    assert_eq!(try_at(&gate, &holder(scope()), post()), "allowed");
    source.apply(delta.as_bytes(), now()).unwrap();
    assert_eq!(try_at(&gate, &holder(scope()), post()), "revoked");
}

#[test]
fn who_may_revoke_for_one_root_revokes_nothing_of_another() {
    let (source, _, mut theirs) = source(WhenStale::Deny);
    let gate = gate_by(&source);
    let ours = issuer_key().public_key();
    let mine = holder(scope());
    let block = forge::Parts::of(mine.token()).last().signature;
    let block = bailiwick::keys::Signature::from_bytes(block);
    let everything = Pattern::any().resource("**").unwrap();
    let delta = theirs.revoke_all(
        [
            Revocation::Root(ours),
            Revocation::IssuedBefore {
                root: ours,
                time: at(END),
            },
            Revocation::Principal {
                root: ours,
                principal: "ada@example.com".parse().unwrap(),
            },
            Revocation::Task {
                root: ours,
                task: "t-1".parse().unwrap(),
            },
            Revocation::Holder(agent(1).public_key()),
            Revocation::Block((&block).into()),
            Revocation::Approver(crate::world::approver_key(51)),
            Revocation::Brake(Brake::new(everything).unwrap()),
        ],
        now(),
    );
    source.apply(delta.as_bytes(), now()).unwrap();
    assert_eq!(try_at(&gate, &mine, post()), "allowed");
    let asking = holder(with_approval(1, &[51]));
    let yes = [crate::world::approved(51, &asking, &post())];
    assert_eq!(
        crate::world::try_approved(&gate, &asking, &yes, post()),
        "allowed"
    );
    assert_eq!(try_at(&gate, &of_other_root(), post()), "revoked");
}

// Tickets.

fn ticket(id: u32, seed: u8, task: &str, end: u64) -> String {
    minted_by(id, seed, task, end).stop.to_text()
}

#[test]
fn a_ticket_stops_the_task_of_its_own_root_alone() {
    let gate = gate_of(verifier_of(roots()));
    let (ours, theirs) = (holder(scope()), of_other_root());
    gate.stop(&ticket(2, OTHER, "t-1", END)).unwrap();
    assert_eq!(try_at(&gate, &ours, post()), "allowed");
    assert_eq!(try_at(&gate, &theirs, post()), "revoked");
    // A root that this gate does not know, and ours under the id of another.
    let unknown = gate.stop(&ticket(3, 102, "t-1", END)).unwrap_err();
    assert_eq!(unknown.code(), "stop_root_unknown");
    let other_id = gate.stop(&ticket(2, ROOT, "t-1", END)).unwrap_err();
    assert_eq!(other_id.code(), "stop_root_unknown");
    assert_eq!(try_at(&gate, &ours, post()), "allowed");
}

#[test]
fn a_ticket_that_is_changed_or_cut_stops_nothing() {
    let gate = gate();
    let right = ticket(1, ROOT, "t-2", END);
    let payload = forge::untext(&right);
    for at in 0..payload.len() {
        let mut bytes = payload.clone();
        bytes[at] ^= 1;
        let changed = forge::text("bws1_", &bytes);
        assert!(gate.stop(&changed).is_err(), "at {at}");
        let cut = forge::text("bws1_", &payload[..at]);
        assert_eq!(gate.stop(&cut).unwrap_err().code(), "stop_malformed");
    }
    // The ticket of one task made into that of another.
    let renamed = payload.iter().enumerate().map(|(at, byte)| {
        if payload[at.saturating_sub(2)..].starts_with(b"t-2") {
            b'1'
        } else {
            *byte
        }
    });
    let renamed = forge::text("bws1_", &renamed.collect::<Vec<_>>());
    assert_ne!(renamed, right);
    let refused = gate.stop(&renamed).unwrap_err();
    assert_eq!(refused.code(), "stop_signature_invalid");
    assert_eq!(try_at(&gate, &holder(scope()), post()), "allowed");
    assert!(gate.stop(&right).is_ok());
    assert_eq!(try_at(&gate, &holder(scope()), post()), "allowed");
}

#[test]
fn a_ticket_is_over_with_its_task_and_posting_it_again_changes_nothing() {
    let clock = Arc::new(FixedClock::new(now()));
    let gate = gate().with_clock(clock.clone());
    let text = ticket(1, ROOT, "t-1", END);
    clock.set(at(END));
    assert_eq!(gate.stop(&text).unwrap_err().code(), "stop_expired");
    clock.set(later(at(END), -1));
    assert!(matches!(gate.stop(&text), Ok(Posted::Stopped(_))));
    clock.set(now());
    for _ in 0..3 {
        assert!(matches!(gate.stop(&text), Ok(Posted::Already(_))));
        assert_eq!(try_at(&gate, &holder(scope()), post()), "revoked");
    }
}

#[test]
fn a_stopped_task_stays_stopped_when_it_is_minted_again() {
    let clock = Arc::new(FixedClock::new(now()));
    let gate = gate().with_clock(clock.clone());
    gate.stop(&ticket(1, ROOT, "t-1", END)).unwrap();
    let again = minted_by(1, ROOT, "t-1", END + 600);
    let again = Holder::new(again.token, agent(1)).unwrap();
    assert_eq!(try_at(&gate, &again, post()), "revoked");
    // Also after the end of the first, and after others were stopped.
    clock.set(at(END + 60));
    gate.stop(&ticket(1, ROOT, "t-2", END + 600)).unwrap();
    let sent = again.present(&forum(), &call(), clock.now()).unwrap();
    let said = gate.admit(&sent.to_text(), &call(), post());
    assert_eq!(outcome(&said), "revoked");
}

#[test]
fn what_is_stopped_between_check_and_use_is_not_done() {
    let gate = gate();
    let sent = present(&holder(scope()));
    let said = gate.admit_with(&sent, &call(), |_| {
        gate.stop(&ticket(1, ROOT, "t-1", END)).unwrap();
        Ok(post())
    });
    assert_eq!(outcome(&said), "revoked");
}

// Brakes.

#[test]
fn a_brake_matches_when_in_doubt() {
    let braked = |pattern: Pattern, does: Action| {
        let shared = Arc::new(SharedRevocations::default());
        shared.change(|set| _ = set.brake(Brake::new(pattern).unwrap()));
        try_at(&gate().with_revocations(shared), &holder(scope()), does)
    };
    let to = |json: &str| draft().with_arguments(crate::world::tree(json));
    let eve = || {
        let pattern = Pattern::any().with_effect(Effect::Draft);
        pattern.argument("to", Matcher::equals("eve")).unwrap()
    };
    assert_eq!(braked(eve(), to(r#"{"to": "ann"}"#)), "allowed");
    for json in [
        r#"{"to": "eve"}"#,
        r#"{"to": ["eve"]}"#,
        r#"{"to": 7}"#,
        r#"{"to": null}"#,
        r#"{}"#,
        r#"{"to": {"name": "eve"}}"#,
    ] {
        assert_eq!(braked(eve(), to(json)), "brake_applied", "{json}");
    }
    let any_of_them = || {
        Pattern::any()
            .argument("to.*", Matcher::equals("eve"))
            .unwrap()
    };
    assert_eq!(
        braked(any_of_them(), to(r#"{"to": ["ann", "eve"]}"#)),
        "brake_applied"
    );
}

#[test]
fn a_brake_that_comes_between_check_and_use_stops_it() {
    let shared = Arc::new(SharedRevocations::default());
    let gate = gate().with_revocations(shared.clone());
    let said = gate.admit_with(&present(&holder(scope())), &call(), |_| {
        let everything = Pattern::any().resource("**").unwrap();
        shared.change(|set| _ = set.brake(Brake::new(everything).unwrap()));
        Ok(post())
    });
    assert_eq!(outcome(&said), "brake_applied");
}

#[test]
fn a_brake_trips_nobodys_wire() {
    let shared = Arc::new(SharedRevocations::default());
    let gate = gate()
        .with_revocations(shared.clone())
        .with_tripwire(Arc::new(Tripwire::new(2, Duration::from_secs(60))));
    let everything = || Brake::new(Pattern::any().resource("**").unwrap()).unwrap();
    shared.change(|set| _ = set.brake(everything()));
    let holder = holder(scope());
    for _ in 0..5 {
        assert_eq!(try_at(&gate, &holder, post()), "brake_applied");
    }
    shared.change(|set| _ = set.remove(&Revocation::Brake(everything())));
    assert_eq!(try_at(&gate, &holder, post()), "allowed");
    // What is outside of its scope counts, whatever a brake says of it beside.
    shared.change(|set| _ = set.brake(everything()));
    for _ in 0..2 {
        let astray = try_at(&gate, &holder, read("forum/thread/43/post"));
        assert_ne!(astray, "allowed");
    }
    assert_eq!(try_at(&gate, &holder, post()), "revoked");
}

// The wire.

fn wired(denials: u32) -> SharedGate {
    gate().with_tripwire(Arc::new(Tripwire::new(denials, Duration::from_secs(60))))
}

#[test]
fn strangers_trip_nobodys_wire() {
    let gate = wired(2);
    let victim = holder(scope());
    let astray = || read("forum/thread/43/post");
    // With the token alone, and keys of their own.
    for signer in [2, 9, ROOT, 51] {
        let forged = forge::Parts::of(victim.token()).presented_by(signer);
        for _ in 0..4 {
            let said = outcome(&gate.admit(&forged, &call(), astray()));
            assert_eq!(said, "proof_invalid");
        }
    }
    // With one presentation that they saw, as often as they like, whole, cut, or with garbage beside.
    let seen = victim.present(&forum(), &call(), now()).unwrap();
    for _ in 0..4 {
        let said = outcome(&gate.admit(&seen.to_text(), &call(), astray()));
        assert_eq!(said, "resource_outside");
        let garbage = forge::with_approvals(&seen, &[vec![7; 40]]);
        assert_eq!(
            outcome(&gate.admit(&garbage, &call(), astray())),
            "approval_malformed"
        );
        let cut = &seen.to_text()[..100];
        assert!(gate.admit(cut, &call(), astray()).is_err());
    }
    assert_eq!(try_at(&gate, &victim, post()), "allowed");
}

#[test]
fn a_strangers_approvals_trip_nobodys_wire() {
    let gate = wired(1);
    let victim = holder(with_approval(1, &[51]));
    let seen = victim.present(&forum(), &call(), now()).unwrap();
    let digests = [*post()[0].digest().as_bytes()];
    for (signer, expected) in [(9, "approval_required"), (1, "approver_in_chain")] {
        let forged = forge::approval(signer, victim.token(), &digests, at(END));
        let sent = forge::with_approvals(&seen, &[forged]);
        assert_eq!(outcome(&gate.admit(&sent, &call(), post())), expected);
    }
    assert_eq!(try_at(&gate, &victim, post()), "approval_required");
}

#[test]
fn a_wire_isolates_what_is_below_and_nothing_above_or_beside() {
    let gate = wired(3);
    let top = holder(scope());
    let rogue = hand_on(&top, 2, Scope::builder());
    let beside = hand_on(&top, 3, Scope::builder());
    let below = hand_on(&rogue, 4, Scope::builder());
    for _ in 0..3 {
        let said = try_at(&gate, &rogue, read("forum/thread/43/post"));
        assert_eq!(said, "resource_outside");
    }
    let each = [&top, &rogue, &beside, &below].map(|who| try_at(&gate, who, post()));
    assert_eq!(each, ["allowed", "revoked", "allowed", "revoked"]);
    // What is below goes astray by itself.
    let low = hand_on(&beside, 5, Scope::builder());
    for _ in 0..3 {
        try_at(&gate, &low, read("forum/thread/43/post"));
    }
    let each = [&top, &beside, &low].map(|who| try_at(&gate, who, post()));
    assert_eq!(each, ["allowed", "allowed", "revoked"]);
}

// Tenants.

#[test]
fn tenants_never_share_a_budget_or_taint() {
    let ledger = ledger();
    let clock = Arc::new(FixedClock::new(now()));
    let gate = Gate::new(verifier_of(roots()), ledger).with_clock(clock);
    let of = |id, seed| {
        let issuer = Issuer::new(issuer_key_from_seed(&[seed; 32]), RootKeyId::new(id));
        let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper").unwrap();
        let scope = scope()
            .require(counted(Budget::uses("calls", 2).unwrap()))
            .require(counted(Budget::uses("tainted", 1).unwrap()).when_tainted());
        let (scope, key) = (scope.build().unwrap(), agent(1).public_key());
        let minted = issuer.mint(&task, scope, &key, at(START)).unwrap();
        Holder::new(minted.token, agent(1)).unwrap()
    };
    // One agent, one name of a task, two principals' roots.
    let (ours, theirs) = (of(1, ROOT), of(2, OTHER));
    let untrusted = || Mapped::from(post()).reading_untrusted();
    assert_eq!(try_at(&gate, &ours, untrusted()), "allowed");
    assert_eq!(try_at(&gate, &ours, post()), "budget_exceeded");
    assert_eq!(try_at(&gate, &theirs, post()), "allowed");
    assert_eq!(try_at(&gate, &theirs, post()), "allowed");
    assert_eq!(try_at(&gate, &theirs, post()), "budget_exceeded");
}

// What is told.

#[test]
fn nothing_that_stops_is_shown() {
    let minted = minted_by(1, ROOT, "t-1", END);
    let text = minted.stop.to_text();
    let payload = forge::untext(&text);
    let mut switch = switch(200);
    let list = switch.list(now());
    let gate = gate();
    let mut bad = payload.clone();
    *bad.last_mut().unwrap() ^= 1;
    let bad = forge::text("bws1_", &bad);
    let told = format!(
        "{minted:?} {:?} {:?} {:?} {switch:?} {list:?} {gate:?} {:?}",
        StopTicket::parse(&text[..70]).unwrap_err(),
        gate.stop(&bad).unwrap_err(),
        gate.stop(&text).unwrap(),
        source(WhenStale::Deny).0,
    );
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let list = |bytes: &[u8]| format!("{bytes:?}").trim_matches(['[', ']']).to_owned();
    for secret in [&payload[payload.len() - 64..], &[200; 32], &[ROOT; 32]] {
        assert!(!told.contains(&hex(secret)[..32]), "{told}");
        assert!(!told.contains(&list(&secret[..8])), "{told}");
    }
    assert!(!told.contains(&text[70..110]), "{told}");
}
