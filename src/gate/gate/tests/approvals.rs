//! Approvals at the gate: bound to the exact act, used once, and claimed with everything else.

use super::*;
use crate::action::ActionDigest;
use crate::approve::{Approval, Approver};
use crate::keys::KeyRing;
use crate::scope::ApproverGroup;
use crate::testing::{approval, approver_key};

/// An agent that may do anything in thread 42 which so many of approvers 51, 52 and 53 approve.
fn needing(threshold: u32) -> Holder {
    let keys = [51, 52, 53].map(|number| approver_key(number).public_key());
    let rule = ApprovalRule::at_least(threshold, keys).unwrap();
    holder(scope().require(Requirement::new(Pattern::any(), Condition::Approval(rule))))
}

fn say(text: &str) -> Action {
    let arguments = Tree::from_pairs([("text", text)]).unwrap();
    read("forum/thread/42/post").with_arguments(arguments)
}

fn digest(text: &str) -> Vec<ActionDigest> {
    vec![say(text).digest()]
}

fn ask<L: Ledger>(
    gate: &Gate<L>,
    holder: &Holder,
    approvals: &[Approval],
    does: impl Into<Mapped>,
) -> Result<Permit, Refusal> {
    let presentation = holder.present(&forum(), &call(), now()).unwrap();
    let sent = presentation.with_approvals(approvals.to_vec()).unwrap();
    gate.admit(&sent.to_text(), &call(), does)?.first()
}

#[test]
fn what_a_person_approved_is_done_once_and_nothing_else_is() {
    let (gate, holder) = (gate(), needing(1));
    let yes = [approval(51, &holder, digest("It depends."))];
    let other = ask(&gate, &holder, &yes, say("Yes, everywhere."));
    assert_eq!(code(other), "approval_mismatch");
    let permit = ask(&gate, &holder, &yes, say("It depends.")).unwrap();
    let by: Vec<_> = permit.approved_by().iter().map(|by| by.key).collect();
    assert_eq!(by, [approver_key(51).public_key()]);
    let again = ask(&gate, &holder, &yes, say("It depends."));
    assert_eq!(code(again), "approval_used");
}

#[test]
fn so_many_people_must_approve_and_those_alone_whom_the_token_names() {
    let (gate, holder) = (gate(), needing(2));
    let yes = |who| approval(who, &holder, digest("Yes."));
    let ask = |approvals: &[Approval]| code(ask(&gate, &holder, approvals, say("Yes.")));
    assert_eq!(ask(&[]), "approval_required");
    assert_eq!(ask(&[yes(51)]), "approval_required");
    assert_eq!(ask(&[yes(51), yes(51)]), "approval_required");
    assert_eq!(ask(&[yes(51), yes(60)]), "approval_required");
    assert_eq!(ask(&[yes(51), yes(52)]), "admitted");
}

#[test]
fn every_group_of_approvers_must_agree() {
    let group = |number| ApproverGroup::new(1, [approver_key(number).public_key()]).unwrap();
    let rule = ApprovalRule::new(vec![group(51), group(52)]).unwrap();
    let both = Requirement::new(Pattern::any(), Condition::Approval(rule));
    let (gate, holder) = (gate(), holder(scope().require(both)));
    let yes = |who| approval(who, &holder, digest("Yes."));
    let ask = |approvals: &[Approval]| code(ask(&gate, &holder, approvals, say("Yes.")));
    assert_eq!(ask(&[yes(51)]), "approval_required");
    assert_eq!(ask(&[yes(52)]), "approval_required");
    assert_eq!(ask(&[yes(51), yes(52)]), "admitted");
}

#[test]
fn an_approval_over_the_threshold_is_used_up_too() {
    let (gate, holder) = (gate(), needing(1));
    let (one, two) = (
        approval(51, &holder, digest("Yes.")),
        approval(52, &holder, digest("Yes.")),
    );
    let both = [one, two.clone()];
    assert_eq!(code(ask(&gate, &holder, &both, say("Yes."))), "admitted");
    assert_eq!(
        code(ask(&gate, &holder, &[two], say("Yes."))),
        "approval_used"
    );
}

#[test]
fn an_approval_that_two_requirements_want_is_claimed_once() {
    let rule = || ApprovalRule::any_of([approver_key(51).public_key()]).unwrap();
    let on = |pattern| Requirement::new(pattern, Condition::Approval(rule()));
    let reading = Pattern::any().operation("forum.read").unwrap();
    let holder = holder(scope().require(on(Pattern::any())).require(on(reading)));
    let yes = [approval(51, &holder, digest("Yes."))];
    let ledger = Answer::settled();
    let gate = gate_with(ledger.clone());
    assert_eq!(code(ask(&gate, &holder, &yes, say("Yes."))), "admitted");
    assert_eq!(ledger.asked()[0].approvals.len(), 1);
}

#[test]
fn claimed_is_what_a_requirement_names_and_everybody_is_named_once() {
    let (ledger, holder) = (Answer::settled(), needing(1));
    let gate = gate_with(ledger.clone());
    let plan = [say("one"), say("two")];
    let yes = [51, 60].map(|who| {
        let digests = plan.iter().map(Action::digest).collect();
        approval(who, &holder, digests)
    });
    let permit = ask(&gate, &holder, &yes, plan.to_vec()).unwrap();
    let by: Vec<_> = permit.approved_by().iter().map(|by| by.key).collect();
    assert_eq!(by, [approver_key(51).public_key()]);
    assert_eq!(ledger.asked()[0].approvals.len(), 2);
}

#[test]
fn what_is_done_twice_in_one_call_is_approved_twice() {
    let (gate, holder) = (gate(), needing(1));
    let one = || approval(51, &holder, digest("Yes."));
    let twice = || vec![say("Yes."), say("Yes.")];
    assert_eq!(
        code(ask(&gate, &holder, &[one()], twice())),
        "approval_used"
    );
}

#[test]
fn each_action_of_a_plan_is_used_once_in_any_order() {
    let (gate, holder) = (gate(), needing(1));
    let plan = [say("one"), say("two"), say("three")].map(|action| action.digest());
    let plan = [approval(51, &holder, plan.to_vec())];
    assert_eq!(code(ask(&gate, &holder, &plan, say("three"))), "admitted");
    let pair = vec![say("one"), say("three")];
    assert_eq!(code(ask(&gate, &holder, &plan, pair)), "approval_used");
    // Of a call that is refused, nothing is used.
    let pair = vec![say("one"), say("two")];
    assert_eq!(code(ask(&gate, &holder, &plan, pair)), "admitted");
    assert_eq!(
        code(ask(&gate, &holder, &plan, say("two"))),
        "approval_used"
    );
}

#[test]
fn an_approval_of_something_else_is_an_error_where_none_is_needed() {
    let (gate, holder) = (gate(), holder(scope()));
    let yes = [approval(51, &holder, digest("Yes."))];
    assert_eq!(
        code(ask(&gate, &holder, &yes, say("No."))),
        "approval_mismatch"
    );
    // What is not needed is not used.
    assert_eq!(code(ask(&gate, &holder, &yes, say("Yes."))), "admitted");
    assert_eq!(code(ask(&gate, &holder, &yes, say("Yes."))), "admitted");
}

#[test]
fn of_many_that_use_an_approval_at_the_same_moment_one_is_admitted() {
    let (gate, holder) = (gate(), needing(1));
    let yes = [approval(51, &holder, digest("Yes."))];
    let codes: Vec<_> = std::thread::scope(|scope| {
        let ask = || code(ask(&gate, &holder, &yes, say("Yes.")));
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let admitted = codes.iter().filter(|code| **code == "admitted").count();
    let used = codes
        .iter()
        .filter(|code| **code == "approval_used")
        .count();
    assert_eq!((admitted, used), (1, 15));
}

#[test]
fn a_retry_with_the_same_approval_is_the_same_attempt() {
    let (gate, holder) = (gate(), needing(1));
    let yes = approval(51, &holder, digest("Yes."));
    let id = AttemptId::from_bytes([7; 16]);
    let attempt = |approval: &Approval| {
        let presentation = holder.present_attempt(&forum(), &call(), id, now());
        let sent = presentation.unwrap().with_approvals([approval.clone()]);
        gate.admit(&sent.unwrap().to_text(), &call(), say("Yes."))
    };
    let Ok(Admission::First(permit)) = attempt(&yes) else {
        panic!("a first try")
    };
    assert!(matches!(attempt(&yes), Ok(Admission::Again(_))));
    // With another approval it is another matter.
    let other = approval(51, &holder, digest("Yes."));
    assert_eq!(code(attempt(&other)), "attempt_changed");
    // What did not happen stays approved, and used.
    permit.refund(&gate).unwrap();
    assert_eq!(code(attempt(&yes)), "approval_used");
}

#[test]
fn a_denial_that_lacks_approvals_alone_carries_the_request_for_them() {
    let (gate, holder) = (gate(), needing(1));
    let denied = ask(&gate, &holder, &[], say("Yes.")).unwrap_err();
    let request = denied.approval_request().unwrap();
    let json = serde_json::to_value(&denied).unwrap();
    assert_eq!(json["approval_request"], request.to_text());

    let editor = Approver::new(approver_key(51), KeyRing::new([root()]).unwrap());
    let signed = holder.ask(request, now()).unwrap();
    let asked = editor.open(&signed.to_text(), now()).unwrap();
    assert_eq!(asked.actions(), [say("Yes.")]);
    let yes = editor
        .approve(&asked, Duration::from_secs(60), now())
        .unwrap();
    assert_eq!(code(ask(&gate, &holder, &[yes], say("Yes."))), "admitted");

    let elsewhere = ask(&gate, &holder, &[], read("mail/1")).unwrap_err();
    assert!(elsewhere.approval_request().is_none());
}

#[test]
fn what_ends_during_a_look_up_is_refused_after_it() {
    let clock = Arc::new(FixedClock::new(now()));
    let gate = Gate::new(verifier(), memory()).with_clock(clock.clone());
    let holder = needing(1);
    let yes = approval(51, &holder, digest("Yes."));
    let admit_after = |duration: Duration| {
        clock.set(now());
        let sent = holder.present(&forum(), &call(), now()).unwrap();
        let sent = sent.with_approvals([yes.clone()]).unwrap().to_text();
        code(gate.admit_with(&sent, &call(), |_| {
            clock.advance(duration);
            Ok(say("Yes."))
        }))
    };
    // The approval holds for less than a minute, the proof for a minute, the token for 14.
    assert_eq!(admit_after(Duration::from_secs(60)), "approval_expired");
    assert_eq!(admit_after(Duration::from_secs(61)), "proof_skewed");
    assert_eq!(admit_after(Duration::from_secs(59)), "admitted");
}

#[test]
fn a_label_says_which_agent_for_whom_and_who_approved() {
    let (gate, holder) = (gate(), needing(2));
    let yes = [51, 52].map(|who| approval(who, &holder, digest("Yes.")));
    let permit = ask(&gate, &holder, &yes, say("Yes.")).unwrap();
    let [one, two] = [51, 52].map(|who| approver_key(who).public_key());
    let expected = format!("helper, for ada@example.com (t-1), approved by {one} and {two}");
    assert_eq!(permit.label().to_string(), expected);

    let scout = hand_on(&crate::testing::holder(scope()), 2, Scope::builder());
    let permit = admit(&gate, &scout, post()).unwrap();
    let expected = "scout (so named by helper), for ada@example.com (t-1)";
    assert_eq!(permit.label().to_string(), expected);
}
