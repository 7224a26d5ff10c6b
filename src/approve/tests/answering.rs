//! What an approver answers.

use super::*;
use crate::action::ActionDigest;
use crate::testing::{END, at, hand_on, holder};

fn opened(approver: &Approver, texts: &[&str]) -> VerifiedRequest {
    let actions = texts.iter().map(|text| publish(text)).collect();
    let asked = ask(&holder(wants(1, &[11, 12])), actions).to_text();
    approver.open(&asked, now()).unwrap()
}

fn digests(texts: &[&str]) -> Vec<ActionDigest> {
    texts.iter().map(|text| publish(text).digest()).collect()
}

#[test]
fn an_approval_is_of_exactly_what_was_opened() {
    let approver = approver(11);
    let opened = opened(&approver, &["one", "two"]);
    let approval = approver.approve(&opened, MINUTE, now()).unwrap();
    assert!(approval.is_signed());
    assert_eq!(*approval.approver(), approver.public_key());
    assert_eq!(
        *approval.token(),
        holder(wants(1, &[11, 12])).token().last_signature()
    );
    assert_eq!((approval.issued(), approval.until()), (now(), later(60)));
    assert_eq!(approval.digests(), digests(&["one", "two"]));
}

#[test]
fn a_subset_of_a_plan_is_approved_in_the_order_that_is_given() {
    let approver = approver(11);
    let opened = opened(&approver, &["one", "two", "three"]);
    let approve = |indices: &[usize]| approver.approve_some(&opened, indices, MINUTE, now());
    assert_eq!(approve(&[]).unwrap_err().code(), "no_actions");
    assert_eq!(approve(&[3]), Err(ApproveError::NoSuchAction(3)));
    assert_eq!(approve(&[0, 0]), Err(ApproveError::Duplicate(0)));
    assert_eq!(approve(&[0, 0]).unwrap_err().code(), "not_a_subset");
    // None of these was an answer.
    let approval = approve(&[2, 0]).unwrap();
    assert_eq!(approval.digests(), digests(&["three", "one"]));
}

#[test]
fn an_approval_ends_with_the_token_at_the_latest() {
    let approver = approver(11);
    let opened = opened(&approver, &["one"]);
    let day = Duration::from_secs(86_400);
    let approval = approver.approve(&opened, day, now()).unwrap();
    assert_eq!(approval.until(), at(END));
}

#[test]
fn an_approval_lasts_for_something_and_for_30_days_at_the_most() {
    let approver = approver(11);
    let opened = opened(&approver, &["one"]);
    let approve = |valid_for| approver.approve(&opened, valid_for, now());
    let millisecond = Duration::from_millis(1);
    let longer = Approval::LONGEST + millisecond;
    for valid_for in [Duration::ZERO, Duration::from_nanos(999_999), longer] {
        let error = approve(valid_for).unwrap_err();
        assert_eq!(error, ApproveError::ValidFor(valid_for));
        assert_eq!(error.code(), "valid_for_out_of_range");
    }
    assert!(approve(Approval::LONGEST).is_ok());
}

#[test]
fn a_request_that_ended_while_it_was_read_is_not_approved() {
    let approver = approver(11);
    let opened = opened(&approver, &["one"]);
    let late = approver.approve(&opened, MINUTE, later(300)).unwrap_err();
    assert_eq!(late.code(), "request_expired");
    assert!(approver.approve(&opened, MINUTE, later(299)).is_ok());
}

#[test]
fn another_approver_does_not_answer_what_it_did_not_open() {
    let (one, two) = (approver(11), approver(12));
    let opened = opened(&one, &["one"]);
    let error = ApproveError::OtherApprover(one.public_key());
    assert_eq!(two.approve(&opened, MINUTE, now()), Err(error));
    assert_eq!(two.decline(&opened, now()), Err(error));
    assert_eq!(error.code(), "other_approver");
}

#[test]
fn a_request_is_answered_once() {
    let approver = approver(11);
    let opened = opened(&approver, &["one"]);
    let declined = approver.decline(&opened, now()).unwrap();
    assert!(declined.is_signed());
    assert_eq!(declined.request(), opened.id());
    let again = approver.approve(&opened, MINUTE, now()).unwrap_err();
    assert_eq!(
        (again, again.code()),
        (ApproveError::Replayed, "request_replayed")
    );
    assert_eq!(approver.decline(&opened, now()), Err(again));
}

#[test]
fn two_requests_for_the_same_are_two() {
    let approver = approver(11);
    for _ in 0..2 {
        let opened = opened(&approver, &["one"]);
        assert!(approver.approve(&opened, MINUTE, now()).is_ok());
    }
}

#[test]
fn what_is_shown_names_the_task_and_marks_what_only_a_delegator_says() {
    let child = hand_on(&holder(wants(1, &[11])), 2, crate::scope::Scope::builder());
    let asked = ask(&child, vec![publish("It depends.\nReally.\u{202e}")]);
    let opened = approver(11).open(&asked.to_text(), now()).unwrap();
    let holder = format!("asked by {}", child.public_key());
    let expected = [
        r#"task "t-1""#,
        r#"purpose "answer thread 42""#,
        r#"for "ada@example.com""#,
        r#"agent "helper""#,
        r#"handed on to agent "scout" (as stated by its delegator)"#,
        &holder,
        r#"service "forum.example""#,
        "to be answered before 2027-01-15T08:06:00Z",
        "token ends 2027-01-15T08:15:00Z",
        "action 1 of 1",
        r#"  operation "forum.publish""#,
        "  effect publish",
        r#"  resource "forum/thread/42/post""#,
        r#"  argument "text" = "It depends.\nReally.\u{202e}""#,
        "  no attributes",
    ];
    assert_eq!(opened.lines().collect::<Vec<_>>(), expected);
    assert_eq!(opened.to_string(), expected.join("\n") + "\n");
}

#[test]
fn debug_shows_no_key_and_nothing_that_can_be_presented() {
    let approver = approver(11);
    let asked = ask(&holder(wants(1, &[11])), vec![publish("It depends.")]);
    let opened = approver.open(&asked.to_text(), now()).unwrap();
    let shown = format!("{approver:?} {asked:?} {opened:?}");
    let token = holder(wants(1, &[11])).token().last_signature().to_string();
    assert!(
        !shown.contains(&token) && !shown.contains("It depends"),
        "{shown}"
    );
}
