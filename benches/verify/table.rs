//! The table that the bench ends with.

use crate::rounds::{Subject, measure};
use crate::subject::Subjects;

/// What is aimed at, by the number of blocks.
fn cold_target(blocks: usize) -> f64 {
    if blocks == 1 { 1.20 } else { 1.10 }
}
const WARM_TARGET: f64 = 1.15;
const DECIDE_TARGET_NS: f64 = 120.0;

/// Measures everything side by side, and prints it.
pub(crate) fn print(all: &[Subjects]) {
    println!("\nRatios: medians of interleaved rounds of one run.");
    println!(
        "raw = ed25519-dalek verify_strict from key bytes, once for each block and the proof\n"
    );
    println!(
        "| blocks | raw, µs | cold from text / raw | cold from bytes / raw | target | stock, sealed / raw | stock, plain / raw | cold from text / stock, sealed | cold from text / stock, plain |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for one in all {
        let mut subjects = [
            Subject::new(|| one.raw()),
            Subject::new(|| one.cold_from_text()),
            Subject::new(|| one.cold_from_bytes()),
            Subject::new(|| one.sealed()),
            Subject::new(|| one.plain()),
        ];
        measure(&mut subjects);
        let [raw, text, bytes, sealed, plain] = &subjects;
        println!(
            "| {} | {:.1} | {:.3} | {:.3} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            one.blocks,
            raw.nanoseconds() / 1e3,
            text.ratio(raw),
            bytes.ratio(raw),
            cold_target(one.blocks),
            sealed.ratio(raw),
            plain.ratio(raw),
            text.ratio(sealed),
            text.ratio(plain),
        );
    }

    println!("\none = one strict verification, of a message as long as a proof\n");
    println!(
        "| blocks | one, µs | warm from text / one | warm from bytes / one | target | decide, ns | target, ns | mint or delegate, µs | / one | present, µs |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for one in all {
        let mut subjects = [
            Subject::new(|| one.raw_proof()),
            Subject::new(|| one.warm_from_text()),
            Subject::new(|| one.warm_from_bytes()),
            Subject::new(|| one.decide()),
            Subject::new(|| one.mint_or_delegate()),
            Subject::new(|| one.present()),
        ];
        measure(&mut subjects);
        let [raw, text, bytes, decide, extend, present] = &subjects;
        println!(
            "| {} | {:.1} | {:.3} | {:.3} | {WARM_TARGET} | {:.0} | {} | {:.1} | {:.2} | {:.1} |",
            one.blocks,
            raw.nanoseconds() / 1e3,
            text.ratio(raw),
            bytes.ratio(raw),
            decide.nanoseconds(),
            if one.blocks == 4 {
                DECIDE_TARGET_NS.to_string()
            } else {
                "-".to_owned()
            },
            extend.nanoseconds() / 1e3,
            extend.ratio(raw),
            present.nanoseconds() / 1e3,
        );
    }

    println!(
        "\n| blocks | token, characters | presentation, characters | stock, plain, characters | token / plain |"
    );
    println!("|--:|--:|--:|--:|--:|");
    for one in all {
        let Some(chain) = one.chains.first() else {
            continue;
        };
        let (token, plain) = (
            chain.holder.token().to_text().len(),
            chain.plain.characters(),
        );
        println!(
            "| {} | {token} | {} | {plain} | {:.2} |",
            one.blocks,
            chain.text.len(),
            token as f64 / plain as f64,
        );
    }
}
