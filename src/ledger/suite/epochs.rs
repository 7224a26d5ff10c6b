use super::*;

/// The last moment that may lie before the start, by a clock that is ahead.
fn last(world: &impl World) -> Timestamp {
    world.now() + SKEW
}

pub(crate) fn a_proof_from_before_the_start_is_refused(world: &impl World) {
    let before = last(world);
    let desk = Desk::open(world);
    let mut one = desk.settlement();
    one.proof.issued = before;
    assert_eq!(desk.code(&one), "ledger_reset");
    one.proof.issued = desk.fresh();
    assert_eq!(desk.code(&one), "first");
}

pub(crate) fn an_approval_from_before_the_start_is_refused(world: &impl World) {
    let before = last(world);
    let Some(ledger) = world.start_forgetful() else {
        return;
    };
    let desk = Desk::of(world, ledger);
    let mut approval = desk.approval(1);
    approval.issued = before;
    assert_eq!(desk.code(&desk.approved(&[approval])), "ledger_reset");
    approval.issued = desk.fresh();
    assert_eq!(desk.code(&desk.approved(&[approval])), "first");
}

pub(crate) fn a_task_from_before_the_start_counts_as_tainted(world: &impl World) {
    let before = last(world);
    let Some(ledger) = world.start_forgetful() else {
        return;
    };
    let desk = Desk::of(world, ledger);
    let asking = |token_issued| {
        let mut settlement = desk.settlement();
        settlement.token_issued = token_issued;
        settlement.taint.assumes_clean = true;
        settlement
    };
    assert_eq!(desk.code(&asking(before)), "tainted");
    assert_eq!(desk.code(&asking(desk.fresh())), "first");
}

pub(crate) fn a_budget_of_a_token_from_before_the_start_is_refused_until_its_next_window(
    world: &impl World,
) {
    let before = last(world);
    let Some(ledger) = world.start_forgetful() else {
        return;
    };
    let desk = Desk::of(world, ledger);
    let window = world.unit() * 2;
    let of = |window, token_issued| {
        let shape = BudgetShape::new(window, &Measure::Uses);
        let spend = desk.spend("mail", 1, 1);
        let spend = Spend { shape, ..spend };
        Settlement {
            token_issued,
            ..desk.paying([spend])
        }
    };
    assert_eq!(desk.code(&of(None, before)), "ledger_reset");
    assert_eq!(desk.code(&of(Some(window), before)), "ledger_reset");
    // What spends nothing goes on.
    let token_issued = before;
    let free = desk.settlement();
    assert_eq!(
        desk.code(&Settlement {
            token_issued,
            ..free
        }),
        "first"
    );

    world.pass(SKEW);
    desk.next_window(window);
    assert_eq!(desk.code(&of(None, before)), "ledger_reset");
    assert_eq!(desk.code(&of(Some(window), before)), "first");
    assert_eq!(desk.pay("pay", 1, 1), "first");
}

pub(crate) fn what_is_acknowledged_is_taken_for_unused(world: &impl World) {
    let before = last(world);
    let Some(ledger) = world.start_acknowledged() else {
        return;
    };
    let desk = Desk::of(world, ledger);
    let mut one = desk.paying([desk.spend("mail", 1, 1)]);
    one.token_issued = before;
    one.approvals = vec![desk.approval(1)];
    one.approvals[0].issued = before;
    assert_eq!(desk.code(&one), "first");
    // Proofs are not: whoever acknowledges cannot know them.
    let mut proof = desk.settlement();
    proof.proof.issued = before;
    assert_eq!(desk.code(&proof), "ledger_reset");
}
