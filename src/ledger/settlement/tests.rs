use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

fn spend(amount: i64, cap: i64) -> Spend {
    Spend {
        key: EntryKey::from_bytes([1; 16]),
        name: BudgetName::new("pay").unwrap(),
        shape: BudgetShape::new(None, &Measure::Uses),
        amount,
        cap,
        ends: None,
    }
}

fn code(result: Result<(), LedgerError>) -> &'static str {
    result.map_or_else(|error| error.code(), |()| "pushed")
}

#[test]
fn what_one_call_spends_twice_counts_twice() {
    let mut spends = Spends::none();
    assert!(spends.is_empty());
    spends.push(spend(60, 100)).unwrap();
    assert_eq!(
        spends.push(spend(41, 100)),
        Err(LedgerError::BudgetExceeded {
            name: BudgetName::new("pay").unwrap(),
            cap: 100,
            spent: 60,
            amount: 41
        })
    );
    spends.push(spend(40, 100)).unwrap();
    assert_eq!(spends.len(), 1);
    assert_eq!(spends.iter().next().unwrap().amount, 100);
}

#[test]
fn zero_negative_and_overflowing_amounts_are_refused() {
    let mut spends = Spends::none();
    for amount in [0, -1, i64::MIN] {
        let code = code(spends.push(spend(amount, i64::MAX)));
        assert_eq!(code, "budget_exceeded", "{amount}");
    }
    spends.push(spend(10, i64::MAX)).unwrap();
    for amount in [0, -1, i64::MIN, i64::MAX, i64::MAX - 9] {
        let code = code(spends.push(spend(amount, i64::MAX)));
        assert_eq!(code, "budget_exceeded", "{amount}");
    }
    spends.push(spend(i64::MAX - 10, i64::MAX)).unwrap();
}

#[test]
fn of_two_caps_the_lower_one_holds() {
    for (one, two) in [(100, 50), (50, 100)] {
        let mut spends = Spends::none();
        spends.push(spend(30, one)).unwrap();
        assert_eq!(code(spends.push(spend(21, two))), "budget_exceeded");
        spends.push(spend(20, two)).unwrap();
        assert_eq!(spends.iter().next().unwrap().cap, 50);
    }
}

#[test]
fn one_budget_does_not_count_in_two_ways() {
    let mut spends = Spends::none();
    spends.push(spend(1, 9)).unwrap();
    let other = Spend {
        shape: BudgetShape::new(Some(HOUR), &Measure::Uses),
        ..spend(1, 9)
    };
    assert_eq!(code(spends.push(other)), "budget_changed");
}

#[test]
fn a_budget_ends_with_the_last_that_can_spend_of_it() {
    let at = |second| Some(Timestamp::from_unix_seconds(second).unwrap());
    let both = |one, two| {
        let mut spends = Spends::none();
        for ends in [one, two] {
            let spend = spend(1, 9);
            spends.push(Spend { ends, ..spend }).unwrap();
        }
        spends.iter().next().unwrap().ends
    };
    assert_eq!(both(at(1), at(2)), at(2));
    assert_eq!(both(at(2), at(1)), at(2));
    assert_eq!(both(at(1), None), None);
    assert_eq!(both(None, at(1)), None);
}

#[test]
fn a_window_is_the_whole_multiples_of_its_length() {
    let at = |millis| Timestamp::from_unix_millis(millis).unwrap();
    let minute = BudgetShape::new(Some(Duration::from_secs(60)), &Measure::Uses);
    assert_eq!(minute.window(at(119_999)), (1, Some(at(120_000))));
    assert_eq!(minute.window(at(120_000)), (2, Some(at(180_000))));
    let life = BudgetShape::new(None, &Measure::Uses);
    assert_eq!(life.window(at(120_000)), (0, None));
}
