use super::*;

pub(crate) fn what_was_spent_is_given_back_once(world: &impl World) {
    let desk = Desk::open(world);
    desk.first(&desk.paying([desk.spend("pay", 40, 100)]));
    let one = desk.paying([desk.spend("pay", 60, 100), desk.spend("mail", 1, 1)]);
    let receipt = desk.first(&one);
    let refund = desk.refund_of(&one, receipt);
    assert_eq!(desk.refund(&refund), Ok(61));
    assert_eq!(desk.refund(&refund), Err("nothing_to_refund"));
    assert_eq!(desk.pay("pay", 61, 100), "budget_exceeded");
    assert_eq!(desk.pay("pay", 60, 100), "first");
    assert_eq!(desk.pay("mail", 1, 1), "first");
    assert_eq!(desk.pay("mail", 1, 1), "budget_exceeded");
}

pub(crate) fn a_refund_never_gives_more_than_was_spent(world: &impl World) {
    let desk = Desk::open(world);
    let one = desk.paying([desk.spend("pay", 10, 100)]);
    let receipt = desk.first(&one);
    let mut refund = desk.refund_of(&one, receipt);
    refund.spends = spends_of([desk.spend("pay", 99, 100), desk.spend("mail", 5, 9)]);
    assert_eq!(desk.refund(&refund), Ok(10));
    assert_eq!(desk.pay("pay", 101, 200), "first");
    assert_eq!(desk.pay("pay", 100, 200), "budget_exceeded");
    assert_eq!(desk.pay("mail", 9, 9), "first");
    assert_eq!(desk.pay("mail", 1, 9), "budget_exceeded");
}

pub(crate) fn a_refund_goes_into_no_other_window(world: &impl World) {
    let desk = Desk::open(world);
    let window = world.unit() * 2;
    let shape = BudgetShape::new(Some(window), &Measure::Uses);
    let paying = |amount| {
        let spend = desk.spend("pay", amount, 100);
        desk.paying([Spend { shape, ..spend }])
    };
    desk.next_window(window);
    let (one, unseen) = (paying(60), paying(20));
    let receipt = desk.first(&one);
    let unseen = desk.refund_of(&unseen, desk.first(&unseen));
    desk.next_window(window);
    assert_eq!(desk.refund(&unseen), Ok(0));
    desk.first(&paying(100));
    assert_eq!(desk.refund(&desk.refund_of(&one, receipt)), Ok(0));
    assert_eq!(desk.code(&paying(1)), "budget_exceeded");
}

pub(crate) fn a_refund_of_something_else_is_refused(world: &impl World) {
    let desk = Desk::open(world);
    let one = desk.paying([desk.spend("pay", 10, 10)]);
    let receipt = desk.first(&one);
    let right = desk.refund_of(&one, receipt);

    let mut wrong = right.clone();
    wrong.receipt.decision = DecisionId::from_bytes([9; 16]);
    assert_eq!(desk.refund(&wrong), Err("nothing_to_refund"));
    let mut wrong = right.clone();
    wrong.receipt.at = wrong.receipt.at + MILLISECOND;
    assert_eq!(desk.refund(&wrong), Err("nothing_to_refund"));
    let mut wrong = right.clone();
    wrong.attempt.content = desk.key("content", 2);
    assert_eq!(desk.refund(&wrong), Err("nothing_to_refund"));
    let mut wrong = right.clone();
    wrong.attempt.key = desk.key("attempt", 1_000);
    assert_eq!(desk.refund(&wrong), Err("nothing_to_refund"));
    // A budget that counts otherwise is another.
    let mut other = right.clone();
    let shape = BudgetShape::new(Some(HOUR), &Measure::Uses);
    other.spends = spends_of([Spend {
        shape,
        ..desk.spend("pay", 10, 10)
    }]);

    assert_eq!(desk.pay("pay", 1, 10), "budget_exceeded");
    assert_eq!(desk.refund(&other), Ok(0));
    assert_eq!(desk.pay("pay", 1, 10), "budget_exceeded");
    assert_eq!(desk.refund(&right), Err("nothing_to_refund"));
}

pub(crate) fn a_refund_never_passes_the_cap(world: &impl World) {
    // Given back, settled anew, given back again.
    let desk = Desk::open(world);
    let one = desk.paying([desk.spend("pay", 10, 10)]);
    let earlier = desk.first(&one);
    assert_eq!(desk.refund(&desk.refund_of(&one, earlier)), Ok(10));
    let anew = desk.retry(&one);
    let later = desk.first(&anew);
    assert_eq!(
        desk.refund(&desk.refund_of(&anew, earlier)),
        Err("nothing_to_refund")
    );
    assert_eq!(desk.pay("pay", 1, 10), "budget_exceeded");
    assert_eq!(desk.refund(&desk.refund_of(&anew, later)), Ok(10));
    assert_eq!(desk.pay("pay", 11, 20), "first");
    assert_eq!(desk.pay("pay", 10, 20), "budget_exceeded");
}
