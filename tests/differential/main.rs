//! Our evaluator against stock biscuit-auth, case by case: the same verdict every time.
//!
//! `BAILIWICK_CASES` and `BAILIWICK_SEED` set how many cases, and which; `scripts/differential`
//! runs ten million.

mod flip;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use bailiwick::token::oracle::{Opinion, Oracle};
use support::cases::Case;
use support::dice::Dice;

/// Of these many cases each construct must have decided in at least 200, and each verdict was that
/// of one in five.
const CASES: u64 = 40_000;
const DECISIVE: u64 = 200;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect(name))
}

#[test]
fn stock_biscuit_gives_the_same_verdict_on_every_case() {
    let (cases, seed) = (
        setting("BAILIWICK_CASES", CASES),
        setting("BAILIWICK_SEED", 1),
    );
    let mut counts = BTreeMap::new();
    let mut allowed = 0;
    for number in 0..cases {
        let case = Case::random(&mut Dice::seeded(seed.wrapping_add(number)));
        let ours = case.allows();
        compare(number, &case, ours);
        allowed += u64::from(ours);
        // Flipping takes far longer than deciding: a long run counts its first cases only, twice as
        // many, so that no seed falls short by chance.
        if number < 2 * CASES {
            for construct in flip::decisive(&case) {
                *counts.entry(construct).or_insert(0) += 1;
            }
        }
    }
    println!(
        "{cases} cases from seed {seed} on, {allowed} allowed, 0 differences, 0 execution errors"
    );
    let count = |construct: &&str| counts.get(construct).copied().unwrap_or(0);
    for construct in flip::CONSTRUCTS {
        println!("{:>7}  {construct}", count(construct));
    }
    assert!(
        allowed * 5 >= cases && (cases - allowed) * 5 >= cases,
        "one verdict is rare"
    );
    let rare: Vec<_> = flip::CONSTRUCTS
        .iter()
        .filter(|one| count(one) < DECISIVE)
        .collect();
    assert!(
        rare.is_empty(),
        "decisive in fewer than {DECISIVE} cases: {rare:?}"
    );
}

fn compare(number: u64, case: &Case, ours: bool) {
    let oracle = Oracle::of_scopes(case.layers())
        .unwrap_or_else(|error| panic!("case {number}: {error}\n{case:#?}"));
    let stock = case.with_context(|context| oracle.opinion(&case.actions, context));
    let same = match &stock {
        Opinion::Allow => ours,
        Opinion::Deny(_) => !ours,
        Opinion::Error(_) => false,
    };
    assert!(
        same,
        "case {number}: ours allows: {ours}, stock: {stock:?}\n{case:#?}"
    );
}
