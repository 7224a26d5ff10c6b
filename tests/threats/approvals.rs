//! Approvals: of exactly these actions, for exactly this token, at one service, once, by somebody else.
//!
//! | class | test |
//! |---|---|
//! | change an argument, an attribute, the operation, the effect, the resource | `whatever_is_changed_in_an_action_was_not_approved` |
//! | change the holder: hand on after the approval, or hand in from above | `an_approval_does_not_change_hands` |
//! | change the task, or the token: minted again, narrowed | `an_approval_is_for_one_token_of_one_task` |
//! | use it twice | `an_approval_is_used_once_at_whatever_gate` |
//! | two uses at the same moment | `of_many_uses_at_the_same_moment_one_wins` |
//! | use it at another service, also of one ledger | `an_approval_for_one_service_is_none_at_another` |
//! | use it after its end, or from the future | `an_approval_ends`, `an_approval_from_the_future_is_refused` |
//! | it ends, or its approver is revoked, between check and use | `what_ends_between_check_and_use_is_not_used`, `an_approver_who_is_revoked_between_check_and_use_does_not_count` |
//! | approver is the holder, the root, or any holder of the chain | `nobody_of_the_chain_approves_under_another_role` |
//! | one approver counted twice, or in two groups; threshold over the number | `one_approver_counts_once`, `a_rule_that_would_count_somebody_twice_is_none` |
//! | part of a plan, in another order, twice | `a_plan_is_done_in_any_order_and_each_part_once`, `a_part_of_a_plan_that_was_left_out_is_not_approved` |
//! | malformed is an error, never "none" | `an_approval_cut_anywhere_is_an_error_and_never_none`, `an_approval_with_any_flipped_bit_is_an_error_and_never_none`, `an_approval_that_is_something_else_is_an_error_and_never_none`, `more_approvals_than_are_announced_or_possible_are_an_error` |
//! | one bad approval beside a good one | `a_good_approval_does_not_carry_a_bad_one` |
//! | shown is what is hashed: bidi, controls, zero-width, look-alike keys | `what_is_shown_hides_nothing`, `what_differs_in_its_bytes_differs_in_what_is_shown` |
//! | the agent changes the request on its way | `a_request_with_any_flipped_bit_is_shown_to_nobody`, `a_request_that_the_agent_rewrote_approves_what_it_shows_and_not_what_the_service_asked` |
//! | a request by a stranger, of a foreign root, replayed, unsigned | `a_stranger_with_the_token_asks_nobody`, `a_request_of_a_foreign_root_is_shown_to_nobody`, `a_request_is_answered_once`, `an_unsigned_request_is_shown_to_nobody_else` |
//! | a decline taken for an approval, or for somebody else's | `a_decline_approves_nothing`, `a_forged_decline_denies_nothing` |
//! | secrets in errors and `Debug` | `nothing_that_can_be_presented_is_shown_of_approvals` |

use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::{Action, Effect, Service, Tree};
use bailiwick::approve::{Approval, Approver, RequestError, WaitState, Waiting};
use bailiwick::clock::{Clock as _, FixedClock};
use bailiwick::gate::Gate;
use bailiwick::keys::KeyRing;
use bailiwick::keys::dangerous::{approver_key_from_seed, directory_key_from_seed};
use bailiwick::present::Holder;
use bailiwick::revoke::SharedRevocations;
use bailiwick::scope::{ApprovalRule, ApproverGroup, Condition, Pattern, Requirement, Scope};
use bailiwick::verify::Verifier;

use crate::forge::{self, Parts};
use crate::world::{
    END, ROOT, SharedGate, action, agent, approved, approver, approver_key, ask_for, at, bounded,
    call, forum, gate, gate_of, hand_on, holder, later, ledger, mail, mint_for, now, outcome,
    present, root, root_of, scope, try_approved, try_approved_at, verifier, with_approval,
};

fn say(text: &str) -> Action {
    publish(r#"{"text": "#.to_owned() + &format!("{text:?}") + "}")
}

fn publish(json: impl AsRef<str>) -> Action {
    let arguments = crate::world::tree(json.as_ref());
    action("forum.publish", Effect::Publish, "forum/thread/42/post").with_arguments(arguments)
}

fn digest(action: &Action) -> [u8; 32] {
    *action.digest().as_bytes()
}

// Another action.

#[test]
fn whatever_is_changed_in_an_action_was_not_approved() {
    let tree = crate::world::tree;
    let attributes = || tree(r#"{"visibility": "internal"}"#);
    let right = publish(r#"{"to": ["ann"], "text": "Yes.", "n": 1}"#).with_attributes(attributes());
    let with = |operation: &str, effect, resource: &str| {
        action(operation, effect, resource)
            .with_arguments(tree(r#"{"to": ["ann"], "text": "Yes.", "n": 1}"#))
            .with_attributes(attributes())
    };
    let (operation, post) = ("forum.publish", "forum/thread/42/post");
    let argued = |json: &str| right.clone().with_arguments(tree(json));
    let changed = [
        argued(r#"{"to": ["ann"], "text": "Yes", "n": 1}"#),
        argued(r#"{"to": ["ann"], "text": "yes.", "n": 1}"#),
        argued(r#"{"to": ["ann", "eve"], "text": "Yes.", "n": 1}"#),
        argued(r#"{"to": "ann", "text": "Yes.", "n": 1}"#),
        argued(r#"{"to": ["ann"], "text": "Yes.", "n": "1"}"#),
        argued(r#"{"to": ["ann"], "text": "Yes.", "n": true}"#),
        argued(r#"{"to": ["ann"], "text": "Yes."}"#),
        argued(r#"{"to": ["ann"], "text": "Yes.", "n": 1, "x": null}"#),
        argued(r#"{}"#),
        right
            .clone()
            .with_attributes(tree(r#"{"visibility": "public"}"#)),
        right.clone().with_attributes(tree("{}")),
        with("forum.publish_all", Effect::Publish, post),
        with(operation, Effect::Send, post),
        with(operation, Effect::Read, post),
        with(operation, Effect::Publish, "forum/thread/42/posts"),
        with(operation, Effect::Publish, "forum/thread/42/post/1"),
    ];
    let (gate, holder) = (gate(), holder(with_approval(1, &[51])));
    let yes = [approved(51, &holder, std::slice::from_ref(&right))];
    for other in changed {
        let said = try_approved(&gate, &holder, &yes, other.clone());
        assert_eq!(said, "approval_mismatch", "{other:?}");
    }
    let one = with(operation, Effect::Publish, post);
    assert_eq!(try_approved(&gate, &holder, &yes, one), "allowed");
}

#[test]
fn a_call_that_does_more_than_was_approved_is_denied() {
    let (gate, holder) = (gate(), holder(with_approval(1, &[51])));
    let yes = [approved(51, &holder, &[say("Yes.")])];
    let more = vec![say("Yes."), say("No.")];
    assert_eq!(
        try_approved(&gate, &holder, &yes, more),
        "approval_required"
    );
}

// Another token.

#[test]
fn an_approval_does_not_change_hands() {
    let gate = gate();
    let parent = holder(with_approval(1, &[51]));
    let child = hand_on(&parent, 2, Scope::builder());
    let of = |holder: &Holder| [approved(51, holder, &[say("Yes.")])];
    let (parents, childs) = (of(&parent), of(&child));
    let sibling = hand_on(&parent, 3, Scope::builder());
    let ask = |holder, yes| try_approved(&gate, holder, yes, say("Yes."));
    assert_eq!(ask(&child, &parents), "approval_foreign");
    assert_eq!(ask(&sibling, &childs), "approval_foreign");
    assert_eq!(ask(&parent, &childs), "approval_foreign");
    // Nothing of it was used.
    assert_eq!(ask(&parent, &parents), "allowed");
    assert_eq!(ask(&child, &childs), "allowed");
}

#[test]
fn an_approval_is_for_one_token_of_one_task() {
    let gate = gate();
    let approved_one = holder(with_approval(1, &[51]));
    let yes = [approved(51, &approved_one, &[say("Yes.")])];
    let minted = |task: &str, end| {
        let scope = with_approval(1, &[51]).not_after(at(end));
        Holder::new(mint_for(&agent(1), task, scope), agent(1)).unwrap()
    };
    let others = [
        ("another task", minted("t-2", END)),
        ("minted again, for less long", minted("t-1", END - 1)),
        ("minted again, for longer", minted("t-1", END + 1)),
        (
            "narrowed for another key of the same agent",
            hand_on(&approved_one, 7, Scope::builder().not_after(at(END - 1))),
        ),
    ];
    for (what, other) in &others {
        let said = try_approved(&gate, other, &yes, say("Yes."));
        assert_eq!(said, "approval_foreign", "{what}");
    }
}

// Twice.

#[test]
fn an_approval_is_used_once_at_whatever_gate() {
    let ledger = ledger();
    let gate = || {
        let clock = Arc::new(FixedClock::new(now()));
        Gate::new(verifier(), ledger.clone()).with_clock(clock)
    };
    let holder = holder(with_approval(1, &[51]));
    let yes = [approved(51, &holder, &[say("Yes.")])];
    assert_eq!(try_approved(&gate(), &holder, &yes, say("Yes.")), "allowed");
    assert_eq!(
        try_approved(&gate(), &holder, &yes, say("Yes.")),
        "approval_used"
    );
    // Approved again, it may be done again.
    let yes = [approved(51, &holder, &[say("Yes.")])];
    assert_eq!(try_approved(&gate(), &holder, &yes, say("Yes.")), "allowed");
}

#[test]
fn of_many_uses_at_the_same_moment_one_wins() {
    let ledger = ledger();
    let holder = holder(with_approval(1, &[51]));
    let yes = [approved(51, &holder, &[say("Yes.")])];
    let said: Vec<_> = std::thread::scope(|scope| {
        let ask = || {
            let clock = Arc::new(FixedClock::new(now()));
            let gate = Gate::new(verifier(), ledger.clone()).with_clock(clock);
            try_approved(&gate, &holder, &yes, say("Yes."))
        };
        let threads: Vec<_> = (0..32).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let count = |wanted| said.iter().filter(|code| **code == wanted).count();
    assert_eq!((count("allowed"), count("approval_used")), (1, 31));
}

#[test]
fn an_approval_for_one_service_is_none_at_another() {
    let ledger = ledger();
    let gate = |service: Service| {
        let verifier = Verifier::new(service, KeyRing::new([root()]).unwrap());
        Gate::new(verifier, ledger.clone()).with_clock(Arc::new(FixedClock::new(now())))
    };
    let holder = holder(with_approval(1, &[51]).audience(mail()));
    let yes = || [approved(51, &holder, &[say("Yes.")])];
    let used = yes();
    let same_at_mail = || {
        let right = say("Yes.");
        Action::new(
            mail(),
            right.operation().clone(),
            right.effect(),
            right.resource().clone(),
        )
        .with_arguments(right.arguments().clone())
    };
    let ask = |at: Service, does: Action, yes: &[Approval]| {
        let sent = holder.present(&at, &call(), now()).unwrap();
        let sent = sent.with_approvals(yes.to_vec()).unwrap().to_text();
        outcome(&gate(at).admit(&sent, &call(), does))
    };
    assert_eq!(ask(mail(), same_at_mail(), &used), "approval_mismatch");
    assert_eq!(ask(mail(), say("Yes."), &used), "service_mismatch");
    assert_eq!(ask(forum(), say("Yes."), &used), "allowed");
    assert_eq!(ask(mail(), same_at_mail(), &used), "approval_mismatch");
    assert_eq!(ask(forum(), say("Yes."), &used), "approval_used");
}

// Times.

/// A gate whose clock the test moves.
fn with_clock() -> (SharedGate, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new(now()));
    let gate = Gate::new(verifier(), ledger()).with_clock(clock.clone());
    (gate, clock)
}

#[test]
fn an_approval_ends() {
    let (gate, clock) = with_clock();
    let holder = holder(with_approval(1, &[51]));
    let yes = [approved(51, &holder, &[say("Yes.")])];
    let ask = || try_approved_at(clock.now(), &gate, &holder, &yes, say("Yes."));
    for millis in [60_000, 60_001, 600_000] {
        clock.set(later(now(), millis));
        assert_eq!(ask(), "approval_expired", "{millis}");
    }
    clock.set(later(now(), 59_999));
    assert_eq!(ask(), "allowed");
}

#[test]
fn an_approval_from_the_future_is_refused() {
    let (gate, clock) = with_clock();
    let holder = holder(with_approval(1, &[51]));
    let yes = [approved(51, &holder, &[say("Yes.")])];
    let ask = || try_approved_at(clock.now(), &gate, &holder, &yes, say("Yes."));
    clock.set(later(now(), -5_001));
    assert_eq!(ask(), "approval_not_yet_valid");
    clock.set(later(now(), -5_000));
    assert_eq!(ask(), "allowed");
}

#[test]
fn what_ends_between_check_and_use_is_not_used() {
    let (gate, clock) = with_clock();
    let holder = holder(with_approval(1, &[51]));
    let yes = approved(51, &holder, &[say("Yes.")]);
    let ask = |proved_at, used_at| {
        clock.set(later(now(), proved_at));
        let sent = holder.present(&forum(), &call(), clock.now()).unwrap();
        let sent = sent.with_approvals([yes.clone()]).unwrap().to_text();
        outcome(&gate.admit_with(&sent, &call(), |_| {
            clock.set(later(now(), used_at));
            Ok(say("Yes."))
        }))
    };
    assert_eq!(ask(59_999, 60_000), "approval_expired");
    assert_eq!(ask(30_000, 60_001), "approval_expired");
    // A clock that is set back during the look-up gives no time again.
    assert_eq!(ask(60_000, 0), "approval_expired");
    assert_eq!(ask(59_998, 59_999), "allowed");
}

#[test]
fn an_approver_who_is_revoked_between_check_and_use_does_not_count() {
    let revoked = Arc::new(SharedRevocations::default());
    let gate = gate().with_revocations(revoked.clone());
    let holder = holder(with_approval(1, &[51]));
    let yes = [approved(51, &holder, &[say("Yes.")])];
    let sent = holder.present(&forum(), &call(), now()).unwrap();
    let sent = sent.with_approvals(yes.clone()).unwrap().to_text();
    let said = gate.admit_with(&sent, &call(), |_| {
        revoked.change(|set| _ = set.approver(approver_key(51)));
        Ok(say("Yes."))
    });
    assert_eq!(outcome(&said), "approval_revoked");
    assert_eq!(
        try_approved(&gate, &holder, &yes, say("Yes.")),
        "approval_revoked"
    );
}

/// The directory is asked again too.
#[test]
fn a_directory_that_ends_between_check_and_use_counts_nobody() {
    use bailiwick::approve::{Directory, DirectoryEntry};
    let key = directory_key_from_seed(&[70; 32]);
    let ada = DirectoryEntry::active(approver_key(51), "ada".parse().unwrap());
    let signed = Directory::sign(&key, 1, at(END - 900), later(now(), 1_000), [ada]).unwrap();
    let directory = Directory::verify(signed.as_bytes(), &key.public_key(), now(), 0).unwrap();
    let clock = Arc::new(FixedClock::new(now()));
    let verifier = verifier().with_approvers(Arc::new(directory));
    let gate = Gate::new(verifier, ledger()).with_clock(clock.clone());
    let holder = holder(with_approval(1, &[51]));
    let yes = approved(51, &holder, &[say("Yes.")]);
    let ask = |millis| {
        clock.set(now());
        let sent = holder.present(&forum(), &call(), now()).unwrap();
        let sent = sent.with_approvals([yes.clone()]).unwrap().to_text();
        outcome(&gate.admit_with(&sent, &call(), |_| {
            clock.set(later(now(), millis));
            Ok(say("Yes."))
        }))
    };
    assert_eq!(ask(1_000), "directory_stale");
    assert_eq!(ask(999), "allowed");
}

// Who approves.

#[test]
fn nobody_of_the_chain_approves_under_another_role() {
    let gate = gate();
    // Named as approvers are the very bytes of the root's key and of each holder's.
    let parent = holder(with_approval(1, &[ROOT, 1, 2, 51]));
    let child = hand_on(&parent, 2, Scope::builder());
    let ask = |holder: &Holder, signer| {
        let digests = [digest(&say("Yes."))];
        let yes = forge::approval(signer, holder.token(), &digests, at(END));
        let sent = holder.present(&forum(), &call(), now()).unwrap();
        let sent = forge::with_approvals(&sent, &[yes]);
        outcome(&gate.admit(&sent, &call(), say("Yes.")))
    };
    assert_eq!(ask(&parent, ROOT), "approver_in_chain");
    assert_eq!(ask(&parent, 1), "approver_in_chain");
    assert_eq!(ask(&child, ROOT), "approver_in_chain");
    assert_eq!(ask(&child, 1), "approver_in_chain");
    assert_eq!(ask(&child, 2), "approver_in_chain");
    // An honest approver would not even open it.
    let asked = ask_for(&child, &[say("Yes.")]).to_text();
    for seed in [ROOT, 1, 2] {
        let refused = approver(seed).open(&asked, now()).unwrap_err();
        assert_eq!(refused.code(), "approver_in_chain");
    }
    // The forgery is sound: who is in no chain of it may, and so the second holder above its own.
    assert_eq!(ask(&parent, 2), "allowed");
    assert_eq!(ask(&child, 51), "allowed");
}

#[test]
fn one_approver_counts_once() {
    let (gate, holder) = (gate(), holder(with_approval(2, &[51, 52])));
    let yes = |by| approved(by, &holder, &[say("Yes.")]);
    let ask = |yes: &[Approval]| try_approved(&gate, &holder, yes, say("Yes."));
    let one = yes(51);
    assert_eq!(ask(&[one.clone(), one.clone()]), "approval_duplicate");
    assert_eq!(ask(&[one.clone(), yes(51)]), "approval_required");
    assert_eq!(ask(&[one.clone(), yes(51), yes(51)]), "approval_required");
    assert_eq!(ask(&[one, yes(52)]), "allowed");
}

#[test]
fn a_rule_that_would_count_somebody_twice_is_none() {
    let group = |threshold, of: &[u8]| {
        ApproverGroup::new(threshold, of.iter().map(|seed| approver_key(*seed)))
    };
    assert!(group(2, &[51, 51]).is_err());
    assert!(group(3, &[51, 52]).is_err());
    assert!(group(0, &[51, 52]).is_err());
    assert!(group(1, &[]).is_err());
    let two = |one: &[u8], other: &[u8]| {
        ApprovalRule::new(vec![group(1, one).unwrap(), group(1, other).unwrap()])
    };
    assert!(two(&[51, 52], &[52, 53]).is_err());
    assert!(ApprovalRule::new(Vec::new()).is_err());

    // Two groups want two people.
    let rule = two(&[51, 52], &[53, 54]).unwrap();
    let both = Requirement::new(Pattern::any(), Condition::Approval(rule));
    let (gate, holder) = (gate(), holder(scope().require(both)));
    let yes = |by| approved(by, &holder, &[say("Yes.")]);
    let ask = |yes: &[Approval]| try_approved(&gate, &holder, yes, say("Yes."));
    assert_eq!(ask(&[yes(51), yes(52)]), "approval_required");
    assert_eq!(ask(&[yes(51), yes(53)]), "allowed");
}

// Plans.

#[test]
fn a_plan_is_done_in_any_order_and_each_part_once() {
    let (gate, holder) = (gate(), holder(with_approval(1, &[51])));
    let plan = [say("one"), say("two"), say("three")];
    let yes = [approved(51, &holder, &plan)];
    let ask = |does: &[&str]| {
        let does: Vec<_> = does.iter().map(|text| say(text)).collect();
        try_approved(&gate, &holder, &yes, does)
    };
    assert_eq!(ask(&["three"]), "allowed");
    assert_eq!(ask(&["three"]), "approval_used");
    assert_eq!(ask(&["two", "three"]), "approval_used");
    assert_eq!(ask(&["two", "one"]), "allowed");
    for text in ["one", "two", "three"] {
        assert_eq!(ask(&[text]), "approval_used");
    }
    assert_eq!(ask(&["four"]), "approval_mismatch");
}

#[test]
fn a_part_of_a_plan_that_was_left_out_is_not_approved() {
    let (gate, holder) = (gate(), holder(with_approval(1, &[51])));
    let ada = approver(51);
    let asked = ask_for(&holder, &[say("one"), say("two"), say("three")]);
    let read = ada.open(&asked.to_text(), now()).unwrap();
    let minute = Duration::from_secs(60);
    let yes = [ada.approve_some(&read, &[2, 0], minute, now()).unwrap()];
    let ask = |text: &str| try_approved(&gate, &holder, &yes, say(text));
    assert_eq!(ask("two"), "approval_mismatch");
    assert_eq!(ask("one"), "allowed");
    assert_eq!(ask("three"), "allowed");
    assert_eq!(ask("two"), "approval_mismatch");
}

// Bytes.

/// What a gate says to these bytes in the place of one approval; where none is needed, and where one is.
fn sent_as_approval(holder: &Holder, bytes: &[u8]) -> &'static str {
    let sent = holder.present(&forum(), &call(), now()).unwrap();
    let sent = forge::with_approvals(&sent, &[bytes.to_vec()]);
    outcome(&gate().admit(&sent, &call(), say("Yes.")))
}

/// A holder that needs no approval, and one that does.
fn both() -> [Holder; 2] {
    [holder(scope()), holder(with_approval(1, &[51]))]
}

fn bytes_for(holder: &Holder) -> Vec<u8> {
    forge::approval(51, holder.token(), &[digest(&say("Yes."))], at(END))
}

#[test]
fn an_approval_cut_anywhere_is_an_error_and_never_none() {
    for holder in both() {
        let right = bytes_for(&holder);
        assert_eq!(sent_as_approval(&holder, &right), "allowed");
        for end in 0..right.len() {
            let said = sent_as_approval(&holder, &right[..end]);
            assert_eq!(said, "approval_malformed", "cut at {end}");
        }
        let longer = [&right[..], &[0]].concat();
        assert_eq!(sent_as_approval(&holder, &longer), "approval_malformed");
    }
}

#[test]
fn an_approval_with_any_flipped_bit_is_an_error_and_never_none() {
    for holder in both() {
        let right = bytes_for(&holder);
        for at in 0..right.len() {
            for bit in [1, 0x80] {
                let mut bytes = right.clone();
                bytes[at] ^= bit;
                let said = sent_as_approval(&holder, &bytes);
                let errors = ["approval_malformed", "approval_invalid", "approval_foreign"];
                assert!(errors.contains(&said), "{said} at {at}");
            }
        }
    }
}

#[test]
fn an_approval_that_is_something_else_is_an_error_and_never_none() {
    for holder in both() {
        let right = bytes_for(&holder);
        let kind = |kind: u8| [&[kind], &right[1..]].concat();
        let count = |count: [u8; 2], digests: usize| {
            let one = &right[131..163];
            [&right[..129], &count, &one.repeat(digests), &right[163..]].concat()
        };
        let junk: [Vec<u8>; 9] = [
            Vec::new(),
            vec![0; right.len()],
            vec![0xff; right.len()],
            kind(0),
            kind(2),
            count([0, 0], 0),
            count([0, 2], 2),
            count([0, 65], 65),
            count([0xff, 0xff], 1),
        ];
        for (index, bytes) in junk.iter().enumerate() {
            let said = sent_as_approval(&holder, bytes);
            assert_eq!(said, "approval_malformed", "{index}");
        }
        let ended = forge::approval(51, holder.token(), &[digest(&say("Yes."))], now());
        assert_eq!(sent_as_approval(&holder, &ended), "approval_malformed");
        let for_years = at(END + 31 * 24 * 3_600);
        let long = forge::approval(51, holder.token(), &[digest(&say("Yes."))], for_years);
        assert_eq!(sent_as_approval(&holder, &long), "approval_malformed");
    }
}

#[test]
fn more_approvals_than_are_announced_or_possible_are_an_error() {
    for holder in both() {
        let sent = || holder.present(&forum(), &call(), now()).unwrap();
        let ask = |text: &str| outcome(&gate().admit(text, &call(), say("Yes.")));
        let too_many = vec![bytes_for(&holder); 33];
        let text = forge::with_approvals(&sent(), &too_many);
        assert_eq!(ask(&text), "approval_malformed");
        // Counted as none, with one there; as two, with one; and after the end.
        let one = forge::untext(&forge::with_approvals(&sent(), &[bytes_for(&holder)]));
        let at = sent().to_bytes().len() - 4;
        for count in [0, 2] {
            let mut bytes = one.clone();
            bytes[at + 1] = count;
            let said = ask(&forge::text("bwp1_", &bytes));
            assert!(said.ends_with("_malformed"), "{said}");
        }
        let after = [&sent().to_bytes()[..], &bytes_for(&holder)].concat();
        let said = ask(&forge::text("bwp1_", &after));
        assert_eq!(said, "presentation_malformed");
    }
}

#[test]
fn a_good_approval_does_not_carry_a_bad_one() {
    for holder in both() {
        let good = bytes_for(&holder);
        let of = |signer, action: &Action| {
            forge::approval(signer, holder.token(), &[digest(action)], at(END))
        };
        let mut unsigned = of(52, &say("Yes."));
        *unsigned.last_mut().unwrap() ^= 1;
        for (bad, expected) in [
            (unsigned, "approval_invalid"),
            (of(1, &say("Yes.")), "approver_in_chain"),
            (of(52, &say("No.")), "approval_mismatch"),
            (good.clone(), "approval_duplicate"),
            (vec![1], "approval_malformed"),
        ] {
            for pair in [[good.clone(), bad.clone()], [bad.clone(), good.clone()]] {
                let sent = holder.present(&forum(), &call(), now()).unwrap();
                let sent = forge::with_approvals(&sent, &pair);
                let said = outcome(&gate().admit(&sent, &call(), say("Yes.")));
                assert_eq!(said, expected);
            }
        }
    }
}

// What is shown.

fn shown(action: &Action) -> String {
    let holder = holder(with_approval(1, &[51]));
    let asked = ask_for(&holder, std::slice::from_ref(action));
    let read = approver(51).open(&asked.to_text(), now()).unwrap();
    // The id of the request and its times are no part of the action.
    let lines = read.lines().skip_while(|line| !line.starts_with("action"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_shown_hides_nothing() {
    for hidden in [
        '\0',
        '\u{7}',
        '\u{8}',
        '\u{1b}',
        '\r',
        '\n',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{200b}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{e0041}',
    ] {
        let tree = Tree::from_pairs([
            ("text", format!("pay {hidden}1").into()),
            (&*format!("te{hidden}xt"), bailiwick::action::Value::from(1)),
        ]);
        let text = shown(&publish("{}").with_arguments(tree.unwrap()));
        let lines = text.matches('\n').count();
        assert!(hidden == '\n' || !text.contains(hidden), "{hidden:?}");
        let escaped = hidden.escape_debug().to_string();
        let by_number = hidden.escape_unicode().to_string();
        assert!(
            text.matches(&escaped).count() + text.matches(&by_number).count() >= 2,
            "{hidden:?}: {text}"
        );
        assert_eq!(
            lines,
            shown(&publish(r#"{"a": 1, "b": 2}"#)).matches('\n').count()
        );
    }
}

#[test]
fn what_differs_in_its_bytes_differs_in_what_is_shown() {
    let pairs = [
        // A Latin and a Cyrillic letter, in a key and in a value.
        (r#"{"to": "ann"}"#, "{\"t\u{43e}\": \"ann\"}"),
        (r#"{"to": "ann"}"#, "{\"to\": \"\u{430}nn\"}"),
        (r#"{"n": 1}"#, r#"{"n": "1"}"#),
        (r#"{"n": 1}"#, r#"{"n": true}"#),
        (r#"{"n": null}"#, r#"{}"#),
        (r#"{"n": "null"}"#, r#"{"n": null}"#),
        (r#"{"n": []}"#, r#"{"n": {}}"#),
        (r#"{"n": ["a"]}"#, r#"{"n": "a"}"#),
        (r#"{"a": {"b": 1}}"#, r#"{"a b": 1}"#),
        (r#"{"a": [1]}"#, r#"{"a[0]": 1}"#),
        (r#"{"a": "b\" \"c"}"#, r#"{"a": "b' 'c"}"#),
        (r#"{"a": "b\nc"}"#, r#"{"a": "b\\nc"}"#),
        (r#"{"a": "\u202e"}"#, r#"{"a": "\\u{202e}"}"#),
        (r#"{"n": 9007199254740993}"#, r#"{"n": 9007199254740992}"#),
    ];
    for (one, other) in pairs {
        let (one, other) = (publish(one), publish(other));
        assert_ne!(one.digest(), other.digest());
        assert_ne!(shown(&one), shown(&other));
    }
    // What is equal in meaning is one action, and shown as one.
    let (one, other) = (
        publish(r#"{"a": 1.0, "b": "\u0041"}"#),
        publish(r#"{"b": "A", "a": 1}"#),
    );
    assert_eq!(one.digest(), other.digest());
    assert_eq!(shown(&one), shown(&other));
}

#[test]
fn a_request_with_any_flipped_bit_is_shown_to_nobody() {
    let holder = holder(with_approval(1, &[51]));
    let payload = forge::untext(&ask_for(&holder, &[say("Yes.")]).to_text());
    let ada = approver(51);
    for at in 0..payload.len() {
        let mut bytes = payload.clone();
        bytes[at] ^= 1;
        let text = forge::text("bwr1_", &bytes);
        assert!(ada.open(&text, now()).is_err(), "at {at}");
    }
    for end in 0..payload.len() {
        let text = forge::text("bwr1_", &payload[..end]);
        assert!(ada.open(&text, now()).is_err(), "cut at {end}");
    }
    assert!(ada.open(&forge::text("bwr1_", &payload), now()).is_ok());
}

#[test]
fn a_request_that_the_agent_rewrote_approves_what_it_shows_and_not_what_the_service_asked() {
    let (gate, holder) = (gate(), holder(with_approval(1, &[51])));
    let asked = ask_for(&holder, &[say("Buy everything.")]);
    let harmless = say("It depends.");
    let rewritten = forge::request(1, asked.request(), std::slice::from_ref(&harmless));
    let ada = approver(51);
    let read = ada.open(&rewritten, now()).unwrap();
    assert_eq!(read.actions(), std::slice::from_ref(&harmless));
    assert!(read.to_string().contains("It depends."));
    let yes = [ada.approve(&read, Duration::from_secs(60), now()).unwrap()];
    let ask = |does| try_approved(&gate, &holder, &yes, does);
    assert_eq!(ask(say("Buy everything.")), "approval_mismatch");
    assert_eq!(ask(harmless), "allowed");
}

// Whose request.

fn code<T>(result: Result<T, RequestError>) -> &'static str {
    match result {
        Ok(_) => "opened",
        Err(error) => error.code(),
    }
}

#[test]
fn a_stranger_with_the_token_asks_nobody() {
    let parent = holder(with_approval(1, &[51]));
    let child = hand_on(&parent, 2, Scope::builder());
    let ada = approver(51);
    for (holder, signers) in [
        (&parent, &[2, 9, ROOT, 51][..]),
        (&child, &[1, 9, ROOT, 51]),
    ] {
        let asked = ask_for(holder, &[say("Yes.")]);
        for signer in signers {
            let forged = forge::request(*signer, asked.request(), &[say("Yes.")]);
            assert_eq!(code(ada.open(&forged, now())), "request_signature_invalid");
        }
        assert_eq!(code(ada.open(&asked.to_text(), now())), "opened");
    }
}

#[test]
fn a_request_of_a_foreign_root_is_shown_to_nobody() {
    let holder = holder(with_approval(1, &[51]));
    let asked = ask_for(&holder, &[say("Yes.")]).to_text();
    let open = |root| {
        let ring = KeyRing::new([root]).unwrap();
        code(Approver::new(approver_key_from_seed(&[51; 32]), ring).open(&asked, now()))
    };
    assert_eq!(open(root_of(2, ROOT)), "root_unknown");
    assert_eq!(open(root_of(1, 99)), "chain_invalid");
    assert_eq!(open(root()), "opened");
}

#[test]
fn a_request_is_answered_once() {
    let holder = holder(with_approval(1, &[51]));
    let asked = ask_for(&holder, &[say("Yes.")]).to_text();
    let (ada, minute) = (approver(51), Duration::from_secs(60));
    let (read, twice) = (
        ada.open(&asked, now()).unwrap(),
        ada.open(&asked, now()).unwrap(),
    );
    ada.approve(&read, minute, now()).unwrap();
    assert_eq!(code(ada.open(&asked, now())), "request_replayed");
    let again = ada.approve(&twice, minute, now()).unwrap_err();
    assert_eq!(again.code(), "request_replayed");

    // Nor is a no taken back.
    let asked = ask_for(&holder, &[say("Yes.")]).to_text();
    let (read, twice) = (
        ada.open(&asked, now()).unwrap(),
        ada.open(&asked, now()).unwrap(),
    );
    ada.decline(&read, now()).unwrap();
    let yes = ada.approve(&twice, minute, now()).unwrap_err();
    assert_eq!(yes.code(), "request_replayed");
}

#[test]
fn an_unsigned_request_is_shown_to_nobody_else() {
    let holder = holder(with_approval(1, &[51]));
    let refused = gate().admit(&present(&holder), &call(), say("Yes."));
    let refused = refused.unwrap_err();
    let request = refused.approval_request().unwrap();
    let unsigned = approver(51).open(&request.to_text(), now());
    assert_eq!(code(unsigned), "request_unsigned");
    let signed = holder.ask(request, now()).unwrap().to_text();
    assert_eq!(code(approver(51).open(&signed, now())), "opened");
    assert_eq!(
        code(approver(52).open(&signed, now())),
        "approver_not_asked"
    );
}

// No.

#[test]
fn a_decline_approves_nothing() {
    for holder in both() {
        let asking = self::holder(with_approval(1, &[51]));
        let asked = ask_for(&asking, &[say("Yes.")]);
        let ada = approver(51);
        let no = ada.decline(&ada.open(&asked.to_text(), now()).unwrap(), now());
        let no = no.unwrap().to_bytes();
        assert_eq!(sent_as_approval(&holder, &no), "approval_malformed");
        assert!(Approval::parse(&forge::text("bwa1_", &no)).is_err());
        // Its signature under an approval's kind is of something else.
        let mut relabelled = bytes_for(&holder);
        let signature = relabelled.len() - 64;
        relabelled[signature..].copy_from_slice(&no[no.len() - 64..]);
        assert_eq!(sent_as_approval(&holder, &relabelled), "approval_invalid");
    }
}

#[test]
fn a_forged_decline_denies_nothing() {
    let holder = holder(with_approval(1, &[51]));
    let asked = ask_for(&holder, &[say("Yes.")]);
    let decline = |signer: u8| {
        let (key, token) = (
            forge::public(51),
            Parts::of(holder.token()).last().signature,
        );
        let issued = now().unix_millis().to_be_bytes();
        let id = asked.request().id();
        let fields: [&[u8]; 4] = [&key, &token, id.as_bytes(), &issued];
        let signature = forge::sign(signer, &forge::message(12, &fields));
        forge::text("bwa1_", &[&[2][..], &fields.concat(), &signature].concat())
    };
    let mut waiting = Waiting::new(asked.clone());
    for stranger in [1, 52, ROOT] {
        let refused = waiting.receive_text(&decline(stranger), now()).unwrap_err();
        assert_eq!(refused.code(), "approval_invalid");
    }
    assert!(matches!(waiting.state(now()), WaitState::Pending { .. }));
    waiting.receive_text(&decline(51), now()).unwrap();
    assert!(matches!(waiting.state(now()), WaitState::Denied { .. }));
}

// What is told.

#[test]
fn nothing_that_can_be_presented_is_shown_of_approvals() {
    let holder = holder(with_approval(2, &[51, 52]));
    let secret = "a-secret-in-an-argument";
    let asked = ask_for(&holder, &[say(secret)]);
    let ada = approver(51);
    let read = ada.open(&asked.to_text(), now()).unwrap();
    let yes = ada.approve(&read, Duration::from_secs(60), now()).unwrap();
    let mut waiting = Waiting::new(asked.clone());
    waiting.receive(yes.clone(), now()).unwrap();
    let sent = holder.present(&forum(), &call(), now()).unwrap();
    let sent = sent.with_approvals([yes.clone()]).unwrap();
    let told = [
        format!("{ada:?} {read:?} {asked:?} {:?} {yes:?}", asked.request()),
        format!("{waiting:?} {sent:?}"),
        format!("{:?}", Approval::parse(&yes.to_text()[..60]).unwrap_err()),
        format!("{:?}", gate().admit(&sent.to_text(), &call(), say(secret))),
        format!(
            "{:?}",
            gate_of(verifier()).admit(&sent.to_text()[..300], &call(), say(secret))
        ),
    ]
    .concat();
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let list = |bytes: &[u8]| format!("{bytes:?}");
    let last = |bytes: Vec<u8>| bytes[bytes.len() - 64..].to_vec();
    for bytes in [
        last(yes.to_bytes()),
        last(forge::untext(&asked.to_text())),
        Parts::of(holder.token()).last().signature.to_vec(),
        vec![51; 32],
    ] {
        assert!(!told.contains(&hex(&bytes)[..32]), "{told}");
        assert!(
            !told.contains(list(&bytes[..8]).trim_matches(['[', ']'])),
            "{told}"
        );
    }
    for text in [yes.to_text(), asked.to_text(), sent.to_text()] {
        assert!(!told.contains(&text[5..45]), "{told}");
    }
    assert!(!told.contains(secret), "{told}");
}

#[test]
fn a_token_minted_for_nobody_else_is_not_asked_by_its_approver() {
    // A token whose holder is its approver is of no use to it.
    let scope = bounded()
        .allow(bailiwick::scope::Capability::operation("forum.*", "forum/thread/42/**").unwrap())
        .require(Requirement::new(
            Pattern::any(),
            Condition::Approval(ApprovalRule::any_of([approver_key(1)]).unwrap()),
        ));
    let holder = holder(scope);
    let yes = forge::approval(1, holder.token(), &[digest(&say("Yes."))], at(END));
    assert_eq!(sent_as_approval(&holder, &yes), "approver_in_chain");
}
