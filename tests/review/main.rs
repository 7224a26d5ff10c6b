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
mod gallery;
mod hostile;
mod large;
mod parameters;
mod words;
mod world;

use bailiwick::review::{Case, Comparison, Effort, Witness, compare};
use bailiwick::scope::Layers;
use bailiwick::token::oracle::{Opinion, Oracle};

use dice::Dice;
use world::World;

const PAIRS: u64 = 5_000;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect(name))
}

#[test]
fn a_comparison_says_what_every_case_of_a_small_world_says() {
    let (pairs, seed) = (
        setting("BAILIWICK_PAIRS", PAIRS),
        setting("BAILIWICK_SEED", 1),
    );
    let mut verdicts = [0_u64; 4];
    let mut tally = Tally::default();
    for number in 0..pairs {
        let mut dice = Dice::seeded(seed.wrapping_add(number));
        let world = World::random(&mut dice);
        let (a, b) = draw::pair(&mut dice, &world);
        let (index, lost, gained) = match compare(&a.layers(), &b.layers(), Effort::default()) {
            Comparison::Equal => (0, None, None),
            Comparison::Narrower(lost) => (1, Some(lost), None),
            Comparison::Wider(gained) => (2, None, Some(gained)),
            Comparison::Incomparable { lost, gained } => (3, Some(lost), Some(gained)),
            Comparison::Undecided { .. } => panic!("pair {number}: undecided\n{a:#?}\n{b:#?}"),
        };
        verdicts[index] += 1;
        let (in_a, in_b) = (world.allowed(&a.layers()), world.allowed(&b.layers()));
        let only = |one: &[bool], other: &[bool]| {
            let mut both = one.iter().zip(other);
            let index = both.position(|(one, other)| *one && !*other);
            index.map(|index| &world.cases()[index])
        };
        tally.check(lost.as_deref(), only(&in_a, &in_b), a.layers(), b.layers());
        tally.check(
            gained.as_deref(),
            only(&in_b, &in_a),
            b.layers(),
            a.layers(),
        );
    }
    println!("\n{pairs} pairs from seed {seed} on, 0 differences");
    let names = ["equal", "narrower", "wider", "incomparable"];
    for (name, count) in names.iter().zip(verdicts) {
        println!("{count:>9}  {name}");
    }
    let Tally {
        witnesses,
        stock,
        outside,
    } = tally;
    println!(
        "{witnesses:>9}  witnesses, {stock} put to stock biscuit, {outside} of no small world"
    );
    let rare = verdicts.iter().any(|count| count * 10 < pairs);
    assert!(!rare, "a verdict is rare: {verdicts:?}");
}

#[derive(Default)]
struct Tally {
    witnesses: u64,
    stock: u64,
    /// Those of which the world, which is small, has no like.
    outside: u64,
}

impl Tally {
    /// A witness is real, and where there is none, the world has none either.
    fn check(
        &mut self,
        found: Option<&Witness>,
        enumerated: Option<&Case>,
        allowing: Layers<'_>,
        refusing: Layers<'_>,
    ) {
        let Some(witness) = found else {
            let overlooked =
                enumerated.map(|case| format!("{case:#?}\n{allowing:#?}\n{refusing:#?}"));
            assert_eq!(overlooked, None);
            return;
        };
        let real = witness.is_allowed_by(&allowing) && !witness.is_allowed_by(&refusing);
        assert!(real, "not real: {witness}\n{allowing:#?}\n{refusing:#?}");
        self.witnesses += 1;
        self.outside += u64::from(enumerated.is_none());
        // Stock Biscuit takes its time.
        if self.witnesses.is_multiple_of(16) {
            self.stock += 1;
            assert_eq!(opinion(witness, allowing), Opinion::Allow);
            assert!(matches!(opinion(witness, refusing), Opinion::Deny(_)));
        }
    }
}

fn opinion(case: &Case, layers: Layers<'_>) -> Opinion {
    let oracle = Oracle::of_scopes(layers).unwrap();
    let actions = [case.action().clone()];
    case.with_context(&layers, |context| oracle.opinion(&actions, context))
}
