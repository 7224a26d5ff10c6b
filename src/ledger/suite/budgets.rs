use super::*;

pub(crate) fn a_budget_is_spent_up_to_its_cap_and_not_beyond(world: &impl World) {
    let desk = Desk::open(world);
    assert_eq!(desk.pay("pay", 60, 100), "first");
    assert_eq!(
        desk.settle(&desk.paying([desk.spend("pay", 41, 100)])),
        Err(LedgerError::BudgetExceeded {
            name: BudgetName::new("pay").unwrap(),
            cap: 100,
            spent: 60,
            amount: 41,
        })
    );
    assert_eq!(desk.pay("mail", 1, 1), "first");
    assert_eq!(desk.pay("pay", 40, 100), "first");
    assert_eq!(desk.pay("pay", 1, 100), "budget_exceeded");
}

pub(crate) fn a_lower_cap_counts_what_was_spent_under_a_higher_one(world: &impl World) {
    let desk = Desk::open(world);
    assert_eq!(desk.pay("pay", 60, 100), "first");
    assert_eq!(desk.pay("pay", 1, 50), "budget_exceeded");
    assert_eq!(desk.pay("pay", 1, 61), "first");
}

pub(crate) fn sums_reach_the_largest_number_and_never_wrap(world: &impl World) {
    let desk = Desk::open(world);
    assert_eq!(desk.pay("pay", 10, i64::MAX), "first");
    for amount in [i64::MAX, i64::MAX - 9] {
        assert_eq!(desk.pay("pay", amount, i64::MAX), "budget_exceeded");
    }
    // One more than a double can tell from the next.
    assert_eq!(desk.pay("pay", (1 << 53) + 1, i64::MAX), "first");
    let rest = i64::MAX - (1 << 53) - 11;
    assert_eq!(desk.pay("pay", rest + 1, i64::MAX), "budget_exceeded");
    assert_eq!(desk.pay("pay", rest, i64::MAX), "first");
    assert_eq!(desk.pay("pay", 1, i64::MAX), "budget_exceeded");
}

pub(crate) fn a_budget_that_counts_otherwise_is_refused(world: &impl World) {
    let desk = Desk::open(world);
    let path = || "args.amount".parse().unwrap();
    let shapes = [
        BudgetShape::new(None, &Measure::Uses),
        BudgetShape::new(None, &Measure::Int(path())),
        BudgetShape::new(None, &Measure::Decimal(path(), 0)),
        BudgetShape::new(None, &Measure::Decimal(path(), 2)),
        BudgetShape::new(Some(HOUR), &Measure::Uses),
        BudgetShape::new(Some(HOUR * 2), &Measure::Uses),
    ];
    for (index, shape) in shapes.into_iter().enumerate() {
        let name = format!("b{index}");
        let of = |shape| Spend {
            shape,
            ..desk.spend(&name, 1, 9)
        };
        desk.first(&desk.paying([of(shape)]));
        for other in shapes {
            let expected = if shape == other {
                "first"
            } else {
                "budget_changed"
            };
            assert_eq!(desk.code(&desk.paying([of(other)])), expected);
        }
    }
}

pub(crate) fn a_budget_of_the_whole_life_outlasts_time(world: &impl World) {
    let desk = Desk::open(world);
    assert_eq!(desk.pay("mail", 1, 1), "first");
    let years = world.now() + HOUR * 24 * 365 * 40;
    if !world.set_clock(years) {
        world.pass(world.unit() * 2);
    }
    assert_eq!(desk.pay("mail", 1, 1), "budget_exceeded");
}

pub(crate) fn a_window_begins_at_a_multiple_of_its_length_and_gives_the_whole_cap_again(
    world: &impl World,
) {
    let desk = Desk::open(world);
    let window = world.unit() * 2;
    let pay = |amount| {
        let shape = BudgetShape::new(Some(window), &Measure::Uses);
        desk.code(&desk.paying([Spend {
            shape,
            ..desk.spend("mail", amount, 2)
        }]))
    };
    desk.next_window(window);
    assert_eq!(
        [pay(1), pay(2), pay(1), pay(1)],
        ["first", "budget_exceeded", "first", "budget_exceeded"]
    );
    let end = world.now().unix_seconds() / window.as_secs() * window.as_secs() + window.as_secs();
    let last = Timestamp::from_unix_millis(end * 1_000 - 1).unwrap();
    if world.set_clock(last) {
        assert_eq!(pay(1), "budget_exceeded");
    }
    desk.next_window(window);
    assert_eq!([pay(2), pay(1)], ["first", "budget_exceeded"]);
}

pub(crate) fn a_clock_that_is_set_back_gives_no_window_again(world: &impl World) {
    let desk = Desk::open(world);
    let window = Duration::from_secs(60);
    let start = Timestamp::from_unix_seconds(world.now().unix_seconds() / 60 * 60 + 60).unwrap();
    let pay = |name| {
        let shape = BudgetShape::new(Some(window), &Measure::Uses);
        desk.code(&desk.paying([Spend {
            shape,
            ..desk.spend(name, 1, 1)
        }]))
    };
    if !world.set_clock(start) {
        return;
    }
    assert_eq!(
        [pay("dropped"), pay("later"), pay("later")],
        ["first", "first", "budget_exceeded"]
    );
    world.set_clock(start + window + Duration::from_secs(1));
    assert_eq!(pay("later"), "first"); // and drops the window before of the other
    world.set_clock(start + Duration::from_secs(59));
    assert_eq!(pay("later"), "ledger_reset");
    assert_eq!(pay("dropped"), "ledger_reset");
    // Nor is a later window given again by one that was never spent of.
    world.set_clock(start + window * 10);
    assert_eq!(pay("ahead"), "first");
    world.set_clock(start + window * 8);
    assert_eq!(pay("ahead"), "ledger_reset");
    world.set_clock(start + window * 10);
    assert_eq!(pay("ahead"), "budget_exceeded");
}

pub(crate) fn a_budget_that_has_ended_is_not_given_again(world: &impl World) {
    let desk = Desk::open(world);
    let before = world.now();
    let spend = Spend {
        ends: Some(before + world.unit()),
        ..desk.spend("mail", 1, 1)
    };
    desk.first(&desk.paying([spend.clone()]));
    world.pass(world.unit() * 3);
    desk.first(&desk.settlement());
    if world.set_clock(before) {
        assert_eq!(desk.code(&desk.paying([spend])), "ledger_reset");
    }
}
