//! What the review says of pairs of layers, against every case of a small world, put to the
//! evaluator one by one.
//!
//! `BAILIWICK_PAIRS` and `BAILIWICK_SEED` set how many pairs, and which; `scripts/review` runs a
//! million.

#![allow(dead_code, unreachable_pub, reason = "a test shares what others use")]

mod claims;
#[path = "../support/dice.rs"]
mod dice;
mod draw;
mod exact;
mod large;
mod world;

use std::time::Duration;

use bailiwick::review::{Case, Comparison, Effort, compare};
use bailiwick::scope::Layers;
use bailiwick::token::oracle::{Opinion, Oracle};

use dice::Dice;
use world::World;

const PAIRS: u64 = 6_000;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect(name))
}

#[test]
fn a_comparison_says_what_every_case_of_a_small_world_says() {
    let (pairs, seed) = (
        setting("BAILIWICK_PAIRS", PAIRS),
        setting("BAILIWICK_SEED", 1),
    );
    let mut verdicts = [0_u64; 5];
    let mut slowest = (Duration::ZERO, 0);
    let mut total = Duration::ZERO;
    let mut idle = 0_u64;
    let (mut witnesses, mut outside, mut stock) = (0, 0, 0);
    for number in 0..pairs {
        let mut dice = Dice::seeded(seed.wrapping_add(number));
        let world = World::random(&mut dice);
        let (a, b) = draw::pair(&mut dice, &world);
        let allows = |chain: &draw::Chain| {
            let mut cases = world.cases().iter();
            cases.any(|case| case.is_allowed_by(&chain.layers()))
        };
        let (a, b) = match allows(&a) || allows(&b) {
            true => (a, b),
            // Nothing is all too equal to nothing: once more.
            false => draw::pair(&mut dice, &world),
        };
        let start = std::time::Instant::now();
        let verdict = compare(&a.layers(), &b.layers(), Effort::default());
        let took = start.elapsed();
        if took > slowest.0 {
            slowest = (took, number);
        }
        total += took;
        let (index, lost, gained) = match &verdict {
            Comparison::Equal => (0, None, None),
            Comparison::Narrower(lost) => (1, Some(lost), None),
            Comparison::Wider(gained) => (2, None, Some(gained)),
            Comparison::Incomparable { lost, gained } => (3, Some(lost), Some(gained)),
            Comparison::Undecided => (4, None, None),
        };
        verdicts[index] += 1;
        idle += u64::from(index == 0 && !allows(&a));
        assert!(index != 4, "pair {number}: undecided\n{a:#?}\n{b:#?}");
        for (found, allowing, refusing) in [(lost, &a, &b), (gained, &b, &a)] {
            let real = |case: &Case| {
                case.is_allowed_by(&allowing.layers()) && !case.is_allowed_by(&refusing.layers())
            };
            let enumerated = world.cases().iter().find(|case| real(case));
            match (found, &enumerated) {
                (None, None) => {}
                (None, Some(case)) => {
                    panic!("pair {number}: overlooked {case:#?}\n{allowing:#?}\n{refusing:#?}")
                }
                (Some(witness), enumerated) => {
                    witnesses += 1;
                    outside += u64::from(enumerated.is_none());
                    assert!(real(witness.case()), "pair {number}: not real\n{witness}");
                    if number % 16 == 0 {
                        stock += 1;
                        assert_eq!(opinion(witness, allowing.layers()), Opinion::Allow);
                        let other = opinion(witness, refusing.layers());
                        assert!(
                            matches!(other, Opinion::Deny(_)),
                            "pair {number}: {other:?}"
                        );
                    }
                }
            }
        }
    }
    let names = ["equal", "narrower", "wider", "incomparable", "undecided"];
    println!("{pairs} pairs from seed {seed} on, 0 differences");
    for (name, count) in names.iter().zip(verdicts) {
        println!("{count:>9}  {name}");
    }
    println!(
        "{witnesses:>9}  witnesses, {stock} put to stock biscuit, {outside} from outside of the world"
    );
    println!("comparing took {total:?}, at most {slowest:?}; {idle} allow nothing");
    let rare = verdicts[..4].iter().any(|count| count * 10 < pairs);
    assert!(!rare, "a verdict is rare: {verdicts:?}");
}

fn opinion(case: &Case, layers: Layers<'_>) -> Opinion {
    let oracle = Oracle::of_scopes(layers).unwrap();
    let actions = [case.action().clone()];
    case.with_context(&layers, |context| oracle.opinion(&actions, context))
}
