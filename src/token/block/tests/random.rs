use proptest::prelude::*;

use super::*;
use crate::support::cases::Case;
use crate::support::dice::Dice;
use crate::token::datalog::stock::stock_blocks;
use crate::token::oracle::{Opinion, Oracle};

fn contents(case: &Case) -> Vec<BlockContent> {
    let blocks = case.blocks.iter().cloned().enumerate();
    blocks
        .map(|(index, scope)| {
            if index == 0 {
                first(scope)
            } else {
                later(scope)
            }
        })
        .collect()
}

/// Bytes without text: the stock parser reads no empty `hex:`.
fn has_text(text: &str) -> bool {
    !text.contains("hex:)")
        && !text.contains("hex:,")
        && !text.contains("hex:]")
        && !text.contains("hex: ")
        && !text.contains("hex:;")
}

fn check_round_trip(case: &Case) {
    let contents = contents(case);
    let blocks = encode_all(&contents);
    let again = decode_all(&blocks).unwrap_or_else(|error| {
        let texts: Vec<_> = contents
            .iter()
            .enumerate()
            .map(|(index, one)| datalog(one, index))
            .collect();
        panic!("{error}\n{}", texts.join("\n"))
    });
    assert_eq!(again, contents);
}

fn check_stock_bytes(case: &Case) {
    let contents = contents(case);
    let texts: Vec<_> = contents
        .iter()
        .enumerate()
        .map(|(index, one)| datalog(one, index))
        .collect();
    if texts.iter().all(|text| has_text(text)) {
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        assert_eq!(encode_all(&contents), stock_blocks(&texts), "{texts:#?}");
    }
}

/// Returns whether both allow.
fn check_verdict(case: &Case) -> bool {
    let blocks = encode_all(&contents(case));
    let oracle = Oracle::new(&blocks, case.layers()).unwrap();
    case.with_context(|context| {
        let ours = crate::scope::evaluate(case.layers(), &case.actions, context).is_allow();
        let stock = oracle.opinion(&case.actions, context);
        let texts: Vec<_> = contents(case)
            .iter()
            .enumerate()
            .map(|(index, one)| datalog(one, index))
            .collect();
        match (&stock, ours) {
            (Opinion::Allow, true) | (Opinion::Deny(_), false) => ours,
            _ => panic!(
                "ours allows: {ours}; stock: {stock:?}\n{}\n{case:#?}",
                texts.join("\n")
            ),
        }
    })
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same(rolls in prop::collection::vec(any::<u16>(), 0..600)) {
        check_round_trip(&Case::random(&mut Dice::list(&rolls)));
    }

    #[test]
    fn the_text_of_a_block_makes_the_same_block_in_a_stock_builder(rolls in prop::collection::vec(any::<u16>(), 0..600)) {
        check_stock_bytes(&Case::random(&mut Dice::list(&rolls)));
    }

    #[test]
    fn the_stock_engine_agrees_with_the_evaluator(rolls in prop::collection::vec(any::<u16>(), 0..600)) {
        check_verdict(&Case::random(&mut Dice::list(&rolls)));
    }
}

#[test]
fn both_verdicts_come_up_often() {
    let (from, cases) = seeds();
    let allowed = (from..from + cases)
        .filter(|seed| check_verdict(&Case::random(&mut Dice::seeded(*seed))))
        .count();
    let percent = allowed as u64 * 100 / cases;
    assert!((20..=80).contains(&percent), "{percent} % allowed");
}

/// The first seed and how many: more than in a quick run with `BAILIWICK_SEEDS=1000000,500000`.
fn seeds() -> (u64, u64) {
    let given = std::env::var("BAILIWICK_SEEDS").ok();
    let given = given.as_deref().and_then(|given| given.split_once(','));
    given.map_or((0, 2_000), |(from, count)| {
        (from.parse().unwrap(), count.parse().unwrap())
    })
}
