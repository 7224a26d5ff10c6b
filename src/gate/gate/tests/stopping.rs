//! What stops an agent that has a valid token: tickets, brakes, the tripwire, stale lists.

use super::*;
use crate::clock::Timestamp;
use crate::keys::RootKeyId;
use crate::mint::Issuer;
use crate::revoke::{Brake, ChainFacts, Freshness, Revoked, SharedRevocations, Standing};
use crate::testing::task;

#[test]
fn a_stop_ticket_stops_its_task_at_any_gate_and_no_other_task() {
    let gate = gate();
    let ada = Issuer::new(issuer(), RootKeyId::new(1));
    let scope = scope().build().unwrap();
    let agent = crate::testing::agent(1);
    let minted = ada.mint(&task(), scope, &agent.public_key(), at(START));
    let ticket = minted.unwrap().stop.to_text();
    let other = crate::action::Task::new("t-2", "sing", "ada@example.com", "helper").unwrap();
    let scope = crate::testing::scope().build().unwrap();
    let minted = ada.mint(&other, scope, &agent.public_key(), at(START));
    let other = Holder::new(minted.unwrap().token, agent).unwrap();

    let scout = hand_on(&holder(crate::testing::scope()), 2, Scope::builder());
    assert_eq!(code(admit(&gate, &scout, post())), "admitted");
    gate.stop(&ticket).unwrap();
    assert_eq!(code(admit(&gate, &scout, post())), "revoked");
    assert_eq!(
        code(admit(&gate, &holder(crate::testing::scope()), post())),
        "revoked"
    );
    assert_eq!(code(admit(&gate, &other, post())), "admitted");
    assert_eq!(
        gate.stop(&ticket[..40]).unwrap_err().code(),
        "stop_malformed"
    );
}

#[test]
fn a_brake_stops_what_it_names_for_every_token() {
    let brakes = Arc::new(SharedRevocations::default());
    let gate = gate().with_revocations(brakes.clone());
    let holder = holder(scope());
    assert_eq!(code(admit(&gate, &holder, post())), "admitted");
    let reads = Pattern::any().with_effect(Effect::Read);
    brakes.change(|set| _ = set.brake(Brake::new(reads).unwrap()));
    assert_eq!(code(admit(&gate, &holder, post())), "brake_applied");
}

#[test]
fn an_agent_that_goes_astray_is_isolated_with_all_below_it() {
    let gate = gate().with_tripwire(Arc::new(Tripwire::new(3, Duration::from_secs(60))));
    let above = holder(scope());
    let rogue = hand_on(&above, 2, Scope::builder());
    let below = hand_on(&rogue, 3, Scope::builder());
    let astray = || read("forum/thread/43/post");
    for _ in 0..3 {
        assert_eq!(code(admit(&gate, &rogue, astray())), "resource_outside");
    }
    assert_eq!(code(admit(&gate, &rogue, post())), "revoked");
    assert_eq!(code(admit(&gate, &below, post())), "revoked");
    assert_eq!(code(admit(&gate, &above, post())), "admitted");
}

#[test]
fn what_others_send_in_an_agents_name_does_not_trip_its_wire() {
    let gate = gate().with_tripwire(Arc::new(Tripwire::new(2, Duration::from_secs(60))));
    let holder = holder(scope());
    let sent = present(&holder, now());
    let other = crate::action::Call::tool("other".parse().unwrap(), Tree::empty());
    for _ in 0..4 {
        // A stranger without the key, and one who repeats what was denied, or was admitted.
        assert_eq!(code(gate.admit(&sent, &other, post())), "proof_invalid");
        let denied = gate.admit(&sent, &call(), read("forum/thread/43/post"));
        assert_eq!(code(denied), "resource_outside");
    }
    let sent = present(&holder, now());
    assert_eq!(code(gate.admit(&sent, &call(), post())), "admitted");
    for _ in 0..4 {
        assert_eq!(code(gate.admit(&sent, &call(), post())), "proof_replayed");
    }
    assert_eq!(code(admit(&gate, &holder, post())), "admitted");
}

#[test]
fn an_agent_that_waits_for_people_does_not_trip_its_wire() {
    let gate = gate().with_tripwire(Arc::new(Tripwire::new(1, Duration::from_secs(60))));
    let editor = approver_key_from_seed(&[50; 32]).public_key();
    let rule = Condition::Approval(ApprovalRule::any_of([editor]).unwrap());
    let holder = holder(scope().require(Requirement::new(Pattern::any(), rule)));
    for _ in 0..3 {
        assert_eq!(code(admit(&gate, &holder, post())), "approval_required");
    }
}

#[test]
fn an_agent_that_meets_a_brake_does_not_trip_its_wire() {
    let brakes = Arc::new(SharedRevocations::default());
    let gate = gate()
        .with_revocations(brakes.clone())
        .with_tripwire(Arc::new(Tripwire::new(2, Duration::from_secs(60))));
    let reads = Pattern::any().with_effect(Effect::Read);
    brakes.change(|set| _ = set.brake(Brake::new(reads).unwrap()));
    let holder = holder(scope());
    for _ in 0..3 {
        assert_eq!(code(admit(&gate, &holder, post())), "brake_applied");
    }
    // What is denied for other reasons too is counted.
    let astray = || read("forum/thread/43/post");
    for _ in 0..2 {
        assert_ne!(code(admit(&gate, &holder, astray())), "revoked");
    }
    assert_eq!(code(admit(&gate, &holder, post())), "revoked");
}

#[test]
fn spending_more_than_there_is_trips_the_wire() {
    let gate = gate().with_tripwire(Arc::new(Tripwire::new(1, Duration::from_secs(60))));
    let holder = one_use();
    assert_eq!(code(admit(&gate, &holder, post())), "admitted");
    assert_eq!(code(admit(&gate, &holder, post())), "budget_exceeded");
    assert_eq!(code(admit(&gate, &holder, post())), "revoked");
}

/// A list of which nobody knows more than this.
struct List(Freshness);

impl Revocations for List {
    fn revoked(&self, _: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
        None
    }

    fn freshness(&self, _: &crate::keys::IssuerPublicKey, _: Timestamp) -> Freshness {
        self.0
    }
}

#[test]
fn a_list_that_is_behind_admits_what_its_policy_says_and_both_answers_name_it() {
    let known = |standing| Freshness {
        number: Some(7),
        age: Some(Duration::from_secs(90)),
        standing,
    };
    let gate = |standing| gate().with_revocations(Arc::new(List(known(standing))));
    let holder = holder(scope());
    let write = || {
        let operation = "forum.draft".parse().unwrap();
        let post = "forum/thread/42/post".parse().unwrap();
        Action::new(forum(), operation, Effect::Draft, post)
    };
    let admitted = admit(&gate(Standing::Fresh), &holder, write()).unwrap();
    assert_eq!(admitted.verified().freshness(), known(Standing::Fresh));

    let behind = gate(Standing::ReadsOnly);
    assert_eq!(code(admit(&behind, &holder, post())), "admitted");
    let refused = admit(&behind, &holder, write()).unwrap_err();
    assert_eq!(refused.code(), "revocations_stale");
    let json = serde_json::to_value(&refused).unwrap();
    assert_eq!(json["revocations"]["number"], 7);
    assert_eq!(json["revocations"]["age_ms"], 90_000);

    let stale = gate(Standing::Stale);
    assert_eq!(code(admit(&stale, &holder, post())), "revocations_stale");
}
