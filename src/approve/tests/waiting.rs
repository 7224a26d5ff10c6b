//! An agent that waits.

use super::*;
use crate::keys::ApproverPublicKey;
use crate::testing::{hand_on, holder, read};

fn waiting(scope: ScopeBuilder) -> Waiting {
    Waiting::new(ask(&holder(scope), vec![publish("It depends.")]))
}

fn key(number: u8) -> ApproverPublicKey {
    approver_key(number).public_key()
}

fn yes(number: u8, waiting: &Waiting) -> Approval {
    approvals(&[number], waiting.request()).remove(0)
}

fn no(number: u8, waiting: &Waiting) -> Declined {
    let approver = approver(number);
    let text = waiting.request().to_text();
    let opened = approver.open(&text, now()).unwrap();
    approver.decline(&opened, now()).unwrap()
}

fn missing(state: WaitState) -> Vec<(usize, usize, Vec<ApproverPublicKey>)> {
    match state {
        WaitState::Pending { missing } => missing
            .into_iter()
            .map(|one| (one.action, one.more, one.of))
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn sorted(numbers: &[u8]) -> Vec<ApproverPublicKey> {
    let mut keys: Vec<_> = numbers.iter().map(|number| key(*number)).collect();
    keys.sort();
    keys
}

#[test]
fn it_is_pending_until_as_many_approved_as_must() {
    let mut waiting = waiting(wants(2, &[11, 12, 13]));
    assert_eq!(
        missing(waiting.state(now())),
        [(0, 2, sorted(&[11, 12, 13]))]
    );
    let one = yes(11, &waiting);
    waiting.receive_text(&one.to_text(), now()).unwrap();
    assert_eq!(missing(waiting.state(now())), [(0, 1, sorted(&[12, 13]))]);
    let two = yes(12, &waiting);
    waiting.receive(two.clone(), now()).unwrap();
    assert_eq!(waiting.state(now()), WaitState::Approved(vec![one, two]));
}

#[test]
fn each_of_several_groups_and_blocks_must_be_met() {
    let groups = scope().require(requirement(vec![group(1, &[11]), group(1, &[12])]));
    let child = hand_on(&holder(groups), 2, {
        let rule = requirement(vec![group(1, &[13])]);
        crate::scope::Scope::builder().require(rule)
    });
    let mut waiting = Waiting::new(ask(
        &child,
        vec![publish("x"), read("forum/thread/42/post")],
    ));
    for (number, left) in [(11, 2), (12, 1)] {
        let answer = yes(number, &waiting);
        waiting.receive(answer, now()).unwrap();
        assert_eq!(missing(waiting.state(now())).len(), left);
    }
    let answer = yes(13, &waiting);
    waiting.receive(answer, now()).unwrap();
    assert!(matches!(waiting.state(now()), WaitState::Approved(all) if all.len() == 3));
}

#[test]
fn it_is_denied_once_a_group_can_no_longer_be_met() {
    let mut waiting = waiting(wants(2, &[11, 12, 13]));
    let answer = no(11, &waiting);
    waiting.receive(answer, now()).unwrap();
    assert_eq!(missing(waiting.state(now())), [(0, 2, sorted(&[12, 13]))]);
    let answer = no(12, &waiting);
    waiting.receive(answer, now()).unwrap();
    let by = sorted(&[11, 12]);
    assert_eq!(waiting.state(now()), WaitState::Denied { by });
}

#[test]
fn no_answer_in_time_is_a_no() {
    let mut waiting = waiting(wants(1, &[11]));
    assert!(matches!(
        waiting.state(later(299)),
        WaitState::Pending { .. }
    ));
    assert_eq!(waiting.state(later(300)), WaitState::Expired);
    let answer = yes(11, &waiting);
    let late = waiting.receive(answer, later(300)).unwrap_err();
    assert_eq!(late.code(), "request_expired");
    assert_eq!(waiting.state(later(300)), WaitState::Expired);
}

#[test]
fn what_was_approved_counts_for_as_long_as_the_approval_lasts() {
    let mut waiting = waiting(wants(1, &[11]));
    let answer = yes(11, &waiting);
    waiting.receive(answer, now()).unwrap();
    assert!(matches!(waiting.state(later(59)), WaitState::Approved(_)));
    assert!(matches!(
        waiting.state(later(60)),
        WaitState::Pending { .. }
    ));
    assert_eq!(waiting.state(later(300)), WaitState::Expired);
}

#[test]
fn an_approver_whose_approval_ended_may_give_another() {
    let mut waiting = waiting(wants(1, &[11]));
    let first = yes(11, &waiting);
    waiting.receive(first.clone(), now()).unwrap();
    let again = ask(&holder(wants(1, &[11])), vec![publish("It depends.")]);
    let approver = approver(11);
    let opened = approver.open(&again.to_text(), later(60)).unwrap();
    let second = approver.approve(&opened, MINUTE, later(60)).unwrap();
    waiting.receive(second.clone(), later(60)).unwrap();
    let state = waiting.state(later(60));
    assert_eq!(state, WaitState::Approved(vec![second]));
    let code = refused(&mut waiting, first, later(60));
    assert_eq!(code, "approval_duplicate");
}

#[test]
fn an_approval_of_a_part_leaves_the_rest_pending() {
    let holder = holder(wants(1, &[11, 12]));
    let mut waiting = Waiting::new(ask(&holder, vec![publish("one"), publish("two")]));
    let approver = approver(11);
    let opened = approver.open(&waiting.request().to_text(), now()).unwrap();
    let part = approver.approve_some(&opened, &[1], MINUTE, now()).unwrap();
    waiting.receive(part, now()).unwrap();
    let open = missing(waiting.state(now()));
    assert_eq!(open, [(0, 1, sorted(&[12]))]);
    // And is a no to the rest once nobody else can say yes.
    let answer = no(12, &waiting);
    waiting.receive(answer, now()).unwrap();
    let by = sorted(&[11, 12]);
    assert_eq!(waiting.state(now()), WaitState::Denied { by });
}

#[test]
fn where_the_token_wants_nothing_the_first_answer_decides() {
    let ceiling = crate::scope::Scope::builder().require(requirement(vec![group(1, &[11])]));
    let root = root().with_ceiling(ceiling.build().unwrap());
    let approver = || approver_of(11, root.clone());
    let mut one = waiting(scope());
    assert_eq!(missing(one.state(now())), []);
    let (yes_side, mut two) = (approver(), one.clone());
    let opened = yes_side.open(&one.request().to_text(), now()).unwrap();
    one.receive(yes_side.approve(&opened, MINUTE, now()).unwrap(), now())
        .unwrap();
    assert!(matches!(one.state(now()), WaitState::Approved(_)));
    let no_side = approver();
    let opened = no_side.open(&two.request().to_text(), now()).unwrap();
    two.receive(no_side.decline(&opened, now()).unwrap(), now())
        .unwrap();
    assert!(matches!(two.state(now()), WaitState::Denied { .. }));
}

#[test]
fn it_goes_on_after_a_restart() {
    let mut waiting = waiting(wants(2, &[11, 12, 13]));
    let (one, other) = (yes(11, &waiting), no(12, &waiting));
    waiting.receive(one, now()).unwrap();
    waiting.receive(other, now()).unwrap();
    let mut resumed = Waiting::resume(&waiting.to_text(), &limits()).unwrap();
    assert_eq!(resumed.state(now()), waiting.state(now()));
    assert_eq!(resumed.to_text(), waiting.to_text());
    let last = yes(13, &resumed);
    resumed.receive(last, now()).unwrap();
    assert!(matches!(resumed.state(now()), WaitState::Approved(_)));
}

#[test]
fn what_was_changed_meanwhile_is_not_resumed() {
    let mut waiting = waiting(wants(1, &[11]));
    let answer = yes(11, &waiting);
    waiting.receive(answer, now()).unwrap();
    let lines = waiting.to_text();
    let (request, answer) = lines.split_once('\n').unwrap();
    let mut forged = payload(request);
    *forged.last_mut().unwrap() ^= 1;
    for (text, code) in [
        (String::new(), "request_malformed"),
        (request[1..].to_owned(), "request_malformed"),
        (to_text(&forged), "request_signature_invalid"),
    ] {
        match Waiting::resume(&text, &limits()).unwrap_err() {
            ResumeError::Request(error) => assert_eq!(error.code(), code),
            other => panic!("{other}"),
        }
    }
    let other = yes(
        11,
        &Waiting::new(ask(&holder(wants(1, &[11])), vec![publish("x")])),
    );
    for (second, code) in [
        (String::new(), "approval_malformed"),
        (answer[..30].to_owned(), "approval_malformed"),
        (tampered(&yes(11, &waiting)).to_text(), "approval_invalid"),
        (other.to_text(), "approval_foreign"),
    ] {
        let text = format!("{request}\n{second}");
        match Waiting::resume(&text, &limits()).unwrap_err() {
            ResumeError::Answer { index: 0, source } => assert_eq!(source.code(), code),
            other => panic!("{other}"),
        }
    }
}

/// The same approval with another nonce, under the old signature.
fn tampered(approval: &Approval) -> Approval {
    let mut bytes = approval.to_bytes();
    bytes[1 + 32 + 64 + 16] ^= 1;
    Approval::from_bytes(&bytes).unwrap()
}

fn refused(waiting: &mut Waiting, answer: impl Into<Answer>, now: Timestamp) -> &'static str {
    let before = waiting.state(now);
    let error = waiting.receive(answer, now).unwrap_err();
    assert_eq!(waiting.state(now), before);
    error.code()
}

#[test]
fn a_damaged_text_is_no_answer() {
    let mut waiting = waiting(wants(1, &[11]));
    let text = yes(11, &waiting).to_text();
    for text in ["", "bwa1_", &text[..20], &waiting.request().to_text()] {
        let error = waiting.receive_text(text, now()).unwrap_err();
        assert_eq!(error.code(), "approval_malformed");
    }
}

#[test]
fn a_decline_is_no_approval() {
    let waiting = waiting(wants(1, &[11]));
    let declined = no(11, &waiting);
    assert_eq!(
        Answer::parse(&declined.to_text()).unwrap(),
        declined.clone().into()
    );
    let error = Approval::parse(&declined.to_text()).unwrap_err();
    assert_eq!(error, ApprovalWireError::WrongKind(2).into());
}

#[test]
fn answers_to_others_are_foreign() {
    let mut waiting = waiting(wants(1, &[11]));
    let same_token = Waiting::new(ask(&holder(wants(1, &[11])), vec![publish("x")]));
    let child = hand_on(&holder(wants(1, &[11])), 2, crate::scope::Scope::builder());
    let other_token = Waiting::new(ask(&child, vec![publish("It depends.")]));
    for other in [same_token, other_token] {
        assert_eq!(
            refused(&mut waiting, yes(11, &other), now()),
            "approval_foreign"
        );
        assert_eq!(
            refused(&mut waiting, no(11, &other), now()),
            "approval_foreign"
        );
    }
    // For the very same action it does not matter which request was answered.
    let again = Waiting::new(ask(&holder(wants(1, &[11])), vec![publish("It depends.")]));
    assert_eq!(
        refused(&mut waiting, no(11, &again), now()),
        "approval_foreign"
    );
    waiting.receive(yes(11, &again), now()).unwrap();
    assert!(matches!(waiting.state(now()), WaitState::Approved(_)));
}

#[test]
fn forged_answers_and_answers_of_strangers_and_holders_do_not_count() {
    let holder = holder(wants(1, &[1, 11]));
    let mut waiting = Waiting::new(ask(&holder, vec![publish("It depends.")]));
    let forged = tampered(&yes(11, &waiting));
    assert_eq!(refused(&mut waiting, forged, now()), "approval_invalid");
    let mut forged = no(11, &waiting).to_bytes();
    *forged.last_mut().unwrap() ^= 1;
    let forged = Declined::from_bytes(&forged).unwrap();
    assert_eq!(refused(&mut waiting, forged, now()), "approval_invalid");
    let digests = vec![publish("It depends.").digest()];
    let own = crate::testing::approval(1, &holder, digests.clone());
    assert_eq!(refused(&mut waiting, own, now()), "approver_in_chain");
    let stranger = crate::testing::approval(14, &holder, digests);
    assert_eq!(refused(&mut waiting, stranger, now()), "approver_not_asked");
}

#[test]
fn an_approver_has_one_answer_and_may_send_it_twice() {
    let mut waiting = waiting(wants(2, &[11, 12]));
    let answer = yes(11, &waiting);
    waiting.receive(answer.clone(), now()).unwrap();
    waiting.receive(answer, now()).unwrap();
    assert_eq!(missing(waiting.state(now())), [(0, 1, sorted(&[12]))]);
    let other = yes(11, &waiting);
    assert_eq!(refused(&mut waiting, other, now()), "approval_duplicate");
    let other = no(11, &waiting);
    assert_eq!(refused(&mut waiting, other, now()), "approval_duplicate");
}

#[test]
fn answers_from_the_future_and_ended_ones_do_not_count() {
    let mut waiting = waiting(wants(1, &[11]));
    let answer = yes(11, &waiting);
    assert_eq!(
        refused(&mut waiting, answer.clone(), later(60)),
        "approval_expired"
    );
    let early = |seconds| now().saturating_sub(Duration::from_secs(seconds));
    let code = refused(&mut waiting, answer.clone(), early(6));
    assert_eq!(code, "approval_not_yet_valid");
    waiting.receive(answer, early(5)).unwrap();
}

#[test]
fn no_more_answers_are_kept_than_a_presentation_carries() {
    let holder = holder(scope());
    let mut waiting = Waiting::new(ask(&holder, vec![publish("It depends.")]));
    let digests = || vec![publish("It depends.").digest()];
    for number in 11..43 {
        let approval = crate::testing::approval(number, &holder, digests());
        waiting.receive(approval, now()).unwrap();
    }
    let more = crate::testing::approval(43, &holder, digests());
    assert_eq!(refused(&mut waiting, more, now()), "too_many_approvals");
}
