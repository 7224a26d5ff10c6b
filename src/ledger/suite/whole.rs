use super::*;

/// A settlement that has one of every due.
fn everything<W: World>(desk: &Desk<'_, W>) -> Settlement {
    let mut all = desk.paying([desk.spend("mail", 1, 1), desk.spend("pay", 50, 50)]);
    all.approvals = vec![desk.approval(1), desk.approval(2)];
    all.taint.assumes_clean = true;
    all.taint.marks = true;
    all
}

pub(crate) fn a_settlement_is_all_or_nothing(world: &impl World) {
    type Spoil<W> = fn(&Desk<'_, W>, &mut Settlement);
    fn spoils<W: World>() -> [(&'static str, Spoil<W>); 8] {
        [
            ("proof_replayed", |desk, all| {
                let other = desk.settlement();
                desk.first(&other);
                all.proof = other.proof;
            }),
            ("attempt_changed", |desk, all| {
                let other = desk.settlement();
                desk.first(&other);
                all.attempt.key = other.attempt.key;
                all.attempt.content = desk.key("content", 2);
            }),
            ("tainted", |desk, all| {
                let mut other = desk.settlement();
                other.taint.key = desk.key("taint", 2);
                other.taint.marks = true;
                desk.first(&other);
                all.taint.key = other.taint.key;
            }),
            ("approval_used", |desk, all| {
                desk.first(&desk.approved(&[desk.approval(3)]));
                all.approvals.push(desk.approval(3));
            }),
            ("approval_expired", |desk, all| {
                let mut ended = desk.approval(4);
                ended.until = desk.world.now();
                all.approvals.push(ended);
            }),
            ("budget_exceeded", |desk, all| {
                desk.first(&desk.paying([desk.spend("last", 1, 1)]));
                all.spends.push(desk.spend("last", 1, 1)).unwrap();
            }),
            ("budget_changed", |desk, all| {
                let spend = desk.spend("last", 1, 9);
                let shape = BudgetShape::new(Some(HOUR), &Measure::Uses);
                all.spends.push(Spend { shape, ..spend }).unwrap();
            }),
            ("approval_used", |desk, all| {
                all.approvals.push(desk.approval(2));
            }),
        ]
    }
    let desk = Desk::open(world);
    let good = everything(&desk);
    for (expected, spoil) in spoils() {
        let mut spoilt = good.clone();
        spoil(&desk, &mut spoilt);
        assert_eq!(desk.code(&spoilt), expected);
        let receipt = desk.first(&desk.settlement());
        let nothing = desk.refund(&desk.refund_of(&spoilt, receipt));
        assert_eq!(nothing, Err("nothing_to_refund"), "{expected}");
    }
    // Nothing of it was used up.
    let receipt = desk.first(&good);
    assert_eq!(
        desk.code(&desk.approved(&good.approvals[..1])),
        "approval_used"
    );
    assert_eq!(
        desk.code(&desk.approved(&good.approvals[1..])),
        "approval_used"
    );
    assert_eq!(desk.pay("mail", 1, 1), "budget_exceeded");
    assert_eq!(desk.pay("pay", 1, 50), "budget_exceeded");
    assert_eq!(desk.settle(&desk.retry(&good)), Ok(Settled::Again(receipt)));
}

pub(crate) fn what_fails_first_is_the_reason(world: &impl World) {
    let desk = Desk::open(world);
    let mut all = everything(&desk);
    desk.first(&all);
    assert_eq!(desk.code(&all), "proof_replayed");
    all.proof = desk.proof();
    all.attempt.content = desk.key("content", 2);
    assert_eq!(desk.code(&all), "attempt_changed");
    all.attempt = desk.settlement().attempt;
    assert_eq!(desk.code(&all), "tainted");
    all.taint.assumes_clean = false;
    assert_eq!(desk.code(&all), "approval_used");
    all.approvals.clear();
    assert_eq!(desk.code(&all), "budget_exceeded");
}

pub(crate) fn a_full_ledger_denies_and_evicts_nothing(world: &impl World) {
    // Each has a proof and an attempt.
    let Some(ledger) = world.start_small(4) else {
        return;
    };
    let desk = Desk::of(world, ledger);
    let ending = || {
        let mut settlement = desk.settlement();
        let until = world.now() + world.unit();
        (settlement.proof.until, settlement.attempt.until) = (until, until);
        settlement
    };
    let (one, two) = (ending(), ending());
    desk.first(&one);
    desk.first(&two);
    assert_eq!(desk.code(&desk.settlement()), "ledger_full");
    assert_eq!(desk.code(&desk.retry(&one)), "ledger_full");
    assert_eq!(desk.code(&one), "proof_replayed");
    assert_eq!(desk.code(&two), "proof_replayed");
    // Room comes back with time alone.
    world.pass(world.unit() * 3);
    assert_eq!(desk.code(&desk.settlement()), "first");
}

pub(crate) fn a_full_ledger_takes_no_part_of_a_settlement(world: &impl World) {
    let Some(ledger) = world.start_small(4) else {
        return;
    };
    let desk = Desk::of(world, ledger);
    let large = everything(&desk);
    assert_eq!(desk.code(&large), "ledger_full");
    let mut small = large;
    (small.approvals, small.taint.marks) = (Vec::new(), false);
    assert_eq!(desk.code(&small), "first");
    assert_eq!(desk.pay("mail", 1, 9), "ledger_full");
}

pub(crate) fn what_is_there_already_needs_no_room(world: &impl World) {
    let Some(ledger) = world.start_small(5) else {
        return;
    };
    let desk = Desk::of(world, ledger);
    assert_eq!(desk.pay("mail", 1, 9), "first");
    assert_eq!(desk.pay("mail", 1, 9), "first");
    assert_eq!(desk.pay("mail", 1, 9), "ledger_full");
}
