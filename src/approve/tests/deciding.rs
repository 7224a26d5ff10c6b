//! From the request to the decision.

use super::*;
use crate::decide::{Decision, Facts, decide};
use crate::scope::Scope;
use crate::testing::{hand_on, holder, verifier, verify_approved};
use crate::verify::{Verified, VerifyError};

/// What is decided of publishing this text with these approvals.
fn publishing(holder: &Holder, approvals: Vec<Approval>, text: &str) -> &'static str {
    match verify_approved(&verifier(), holder, approvals, now()) {
        Ok(verified) => decided(&verified, &[publish(text)]),
        Err(error) => error.code(),
    }
}

fn decided(verified: &Verified, actions: &[Action]) -> &'static str {
    let by_action: Vec<_> = actions
        .iter()
        .map(|one| verified.approvers_of(&one.digest()))
        .collect();
    let by_action: Vec<_> = by_action.iter().map(Vec::as_slice).collect();
    let facts = Facts::of(verified).approved_by(&by_action);
    match decide(verified, None, actions, &facts) {
        Decision::Allow(_) => "allow",
        Decision::Deny(denial) => denial.code(),
    }
}

#[test]
fn what_is_approved_is_allowed_and_nothing_else() {
    let holder = holder(wants(1, &[11]));
    let asked = ask(&holder, vec![publish("It depends.")]);
    assert_eq!(
        publishing(&holder, Vec::new(), "It depends."),
        "approval_required"
    );
    let approvals = approvals(&[11], &asked);
    assert_eq!(
        publishing(&holder, approvals.clone(), "It depends."),
        "allow"
    );
    assert_eq!(
        publishing(&holder, approvals, "It depends!"),
        "approval_required"
    );
}

#[test]
fn as_many_as_must_approve_and_each_counts_once() {
    let holder = holder(wants(2, &[11, 12, 13]));
    let asked = ask(&holder, vec![publish("It depends.")]);
    let by = |of: &[u8]| publishing(&holder, approvals(of, &asked), "It depends.");
    assert_eq!(by(&[11]), "approval_required");
    // Two approvals with two nonces by one approver.
    assert_eq!(by(&[11, 11]), "approval_required");
    assert_eq!(by(&[11, 13]), "allow");
}

#[test]
fn each_of_two_disjoint_sets_must_approve() {
    let groups = vec![group(1, &[11, 12]), group(1, &[13, 14])];
    let holder = holder(scope().require(requirement(groups)));
    let asked = ask(&holder, vec![publish("It depends.")]);
    let by = |of: &[u8]| publishing(&holder, approvals(of, &asked), "It depends.");
    assert_eq!(by(&[11, 12]), "approval_required");
    assert_eq!(by(&[13]), "approval_required");
    assert_eq!(by(&[12, 13]), "allow");
}

#[test]
fn an_approval_does_not_survive_narrowing() {
    let holder = holder(wants(1, &[11]));
    let approvals = approvals(&[11], &ask(&holder, vec![publish("It depends.")]));
    let child = hand_on(&holder, 2, Scope::builder());
    assert_eq!(
        publishing(&child, approvals, "It depends."),
        "approval_foreign"
    );
    // Narrow first, then ask.
    let asked = ask(&child, vec![publish("It depends.")]);
    let approvals = super::approvals(&[11], &asked);
    assert_eq!(publishing(&child, approvals, "It depends."), "allow");
}

#[test]
fn an_approval_by_somebody_of_the_chain_is_refused() {
    let first = holder(wants(1, &[1, 2, 100]));
    let second = hand_on(&first, 2, Scope::builder());
    for number in [1, 2, 100] {
        let digests = vec![publish("It depends.").digest()];
        let own = crate::testing::approval(number, &second, digests);
        assert_eq!(
            publishing(&second, vec![own], "It depends."),
            "approver_in_chain"
        );
    }
}

#[test]
fn an_approval_counts_until_its_end() {
    let holder = holder(wants(1, &[11]));
    let approvals = approvals(&[11], &ask(&holder, vec![publish("It depends.")]));
    let at = |seconds| -> Result<Verified, VerifyError> {
        verify_approved(&verifier(), &holder, approvals.clone(), later(seconds))
    };
    assert_eq!(
        decided(&at(59).unwrap(), &[publish("It depends.")]),
        "allow"
    );
    assert_eq!(at(60).unwrap_err().code(), "approval_expired");
}

#[test]
fn a_plan_is_carried_out_in_any_order_and_in_part() {
    let holder = holder(wants(1, &[11]));
    let plan = vec![publish("one"), publish("two"), publish("three")];
    let approvals = approvals(&[11], &ask(&holder, plan));
    let verified = verify_approved(&verifier(), &holder, approvals, now()).unwrap();
    assert_eq!(decided(&verified, &[publish("three")]), "allow");
    assert_eq!(
        decided(&verified, &[publish("two"), publish("one")]),
        "allow"
    );
    let more = [publish("one"), publish("four")];
    assert_eq!(decided(&verified, &more), "approval_required");
}
