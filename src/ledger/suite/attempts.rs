use super::*;

pub(crate) fn a_retry_is_settled_once_with_the_first_decision_and_time(world: &impl World) {
    let desk = Desk::open(world);
    let one = desk.paying([desk.spend("mail", 1, 2)]);
    let receipt = desk.first(&one);
    assert_eq!(receipt.decision, one.decision);
    world.pass(world.unit());
    for _ in 0..3 {
        assert_eq!(desk.settle(&desk.retry(&one)), Ok(Settled::Again(receipt)));
    }
    assert_eq!(desk.pay("mail", 1, 2), "first");
    assert_eq!(desk.pay("mail", 1, 2), "budget_exceeded");
}

pub(crate) fn a_retry_of_other_content_is_refused(world: &impl World) {
    let desk = Desk::open(world);
    let one = desk.paying([desk.spend("mail", 1, 2)]);
    let receipt = desk.first(&one);
    let mut other = desk.retry(&one);
    other.attempt.content = desk.key("content", 2);
    assert_eq!(desk.code(&other), "attempt_changed");
    // Nothing was changed: its proof is not used.
    let proof = other.proof;
    let retry = Settlement {
        proof,
        ..desk.retry(&one)
    };
    assert_eq!(desk.settle(&retry), Ok(Settled::Again(receipt)));
}

pub(crate) fn a_retry_needs_a_new_proof(world: &impl World) {
    let desk = Desk::open(world);
    let one = desk.settlement();
    desk.first(&one);
    assert_eq!(desk.code(&one), "proof_replayed");
    let retry = desk.retry(&one);
    assert_eq!(desk.code(&retry), "again");
    assert_eq!(desk.code(&retry), "proof_replayed");
}

pub(crate) fn a_retry_asks_for_no_approval_and_no_budget_again(world: &impl World) {
    let desk = Desk::open(world);
    let mut one = desk.paying([desk.spend("mail", 1, 1)]);
    one.approvals = vec![desk.approval(1)];
    one.approvals[0].until = world.now() + world.unit();
    one.taint.assumes_clean = true;
    desk.first(&one);
    world.pass(world.unit() * 2);
    let mut marks = desk.settlement();
    marks.taint.marks = true;
    desk.first(&marks);
    assert_eq!(desk.code(&desk.retry(&one)), "again");
}

pub(crate) fn after_a_refund_an_attempt_is_settled_anew(world: &impl World) {
    let desk = Desk::open(world);
    let mut one = desk.paying([desk.spend("mail", 1, 1)]);
    one.approvals = vec![desk.approval(1)];
    let receipt = desk.first(&one);
    assert_eq!(desk.refund(&desk.refund_of(&one, receipt)), Ok(1));

    // The approval stays used.
    assert_eq!(desk.code(&desk.retry(&one)), "approval_used");
    let mut anew = desk.retry(&one);
    anew.approvals = vec![desk.approval(2)];
    let receipt = desk.first(&anew);
    assert_eq!(receipt.decision, anew.decision);
    assert_eq!(desk.settle(&desk.retry(&anew)), Ok(Settled::Again(receipt)));
    assert_eq!(desk.pay("mail", 1, 1), "budget_exceeded");
}

pub(crate) fn after_a_refund_an_attempt_may_be_another(world: &impl World) {
    let desk = Desk::open(world);
    let one = desk.settlement();
    let receipt = desk.first(&one);
    assert_eq!(desk.refund(&desk.refund_of(&one, receipt)), Ok(0));
    let mut other = desk.retry(&one);
    other.attempt.content = desk.key("content", 2);
    assert_eq!(desk.code(&other), "first");
    assert_eq!(desk.code(&desk.retry(&one)), "attempt_changed");
}

pub(crate) fn an_attempt_that_is_settled_anew_is_held_until_its_own_end(world: &impl World) {
    let desk = Desk::open(world);
    let unit = world.unit();
    let mut one = desk.settlement();
    one.attempt.until = world.now() + unit;
    let receipt = desk.first(&one);
    assert_eq!(desk.refund(&desk.refund_of(&one, receipt)), Ok(0));
    one.attempt.until = world.now() + HOUR;
    assert_eq!(desk.code(&desk.retry(&one)), "first");
    world.pass(unit * 3);
    assert_eq!(desk.code(&desk.retry(&one)), "again");
}

pub(crate) fn an_attempt_that_is_past_is_settled_anew(world: &impl World) {
    let desk = Desk::open(world);
    let unit = world.unit();
    let mut one = desk.paying([desk.spend("mail", 1, 2)]);
    one.attempt.until = world.now() + unit;
    desk.first(&one);
    world.pass(unit * 3);
    assert_eq!(desk.code(&desk.retry(&one)), "first");
    assert_eq!(desk.pay("mail", 1, 2), "budget_exceeded");
}
