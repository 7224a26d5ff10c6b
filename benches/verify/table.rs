//! The tables that the bench ends with.

use crate::decide::Decision;
use crate::noted::Noted;
use crate::rounds::{Subject, measure};
use crate::subject::Subjects;

const WARM_TARGET: f64 = 1.15;
const NOTE_TARGET: f64 = 1.20;
const DECIDE_TARGET_NS: f64 = 120.0;

fn cold_target(blocks: usize) -> f64 {
    if blocks == 1 { 1.20 } else { 1.10 }
}

/// Measures everything side by side, and prints it.
pub(crate) fn print(all: &[Subjects], decisions: &[Decision], noted: &[Noted]) {
    cold(all);
    warm(all);
    decide(decisions);
    notes(noted);
    sizes(all);
}

fn cold(all: &[Subjects]) {
    println!(
        "\nCold, from a presentation to a decision. raw: one `verify_strict` from key bytes for"
    );
    println!("each block and one for the proof. Stock biscuit-auth verifies no proof.\n");
    heading(&[
        "blocks",
        "raw, µs",
        "from text / raw",
        "from bytes / raw",
        "target",
        "stock, our token / raw",
        "stock, plain checks / raw",
        "from text / stock, our token",
        "from text / stock, plain checks",
    ]);
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
}

fn warm(all: &[Subjects]) {
    println!(
        "\nWarm, from a presentation of a remembered token to a decision; and what makes tokens"
    );
    println!("and presentations. one: one `verify_strict` from key bytes, of a proof.\n");
    heading(&[
        "blocks",
        "one, µs",
        "from text / one",
        "from bytes / one",
        "target",
        "mint or delegate, µs",
        "mint or delegate / one",
        "present, µs",
        "present / one",
        "decide, ns",
    ]);
    for one in all {
        let mut subjects = [
            Subject::new(|| one.raw_proof()),
            Subject::new(|| one.warm_from_text()),
            Subject::new(|| one.warm_from_bytes()),
            Subject::new(|| one.mint_or_delegate()),
            Subject::new(|| one.present()),
            Subject::new(|| one.decide()),
        ];
        measure(&mut subjects);
        let [raw, text, bytes, made, present, decide] = &subjects;
        println!(
            "| {} | {:.1} | {:.3} | {:.3} | {WARM_TARGET:.2} | {:.1} | {:.2} | {:.1} | {:.2} | {:.0} |",
            one.blocks,
            raw.nanoseconds() / 1e3,
            text.ratio(raw),
            bytes.ratio(raw),
            made.nanoseconds() / 1e3,
            made.ratio(raw),
            present.nanoseconds() / 1e3,
            present.ratio(raw),
            decide.nanoseconds(),
        );
    }
}

fn decide(decisions: &[Decision]) {
    println!("\nPure decision, 4 blocks of 3 capabilities, the last of which grants.\n");
    heading(&["", "ns", "target, ns"]);
    let mut subjects: Vec<_> = decisions
        .iter()
        .map(|one| Subject::new(|| one.decide()))
        .collect();
    measure(&mut subjects);
    for (one, subject) in decisions.iter().zip(&subjects) {
        println!(
            "| {} | {:.0} | {DECIDE_TARGET_NS} |",
            one.name,
            subject.nanoseconds()
        );
    }
}

fn notes(noted: &[Noted]) {
    println!(
        "\nWarm, one block, with a note of which one value is shown; from text to what was noted.\n"
    );
    heading(&[
        "values",
        "without, µs",
        "with, µs",
        "with / without",
        "target",
        "characters",
    ]);
    for one in noted {
        let mut subjects = [Subject::new(|| one.without()), Subject::new(|| one.with())];
        measure(&mut subjects);
        let [without, with] = &subjects;
        println!(
            "| {} | {:.1} | {:.1} | {:.3} | {NOTE_TARGET:.2} | {} |",
            one.values,
            without.nanoseconds() / 1e3,
            with.nanoseconds() / 1e3,
            with.ratio(without),
            one.characters(),
        );
    }
}

fn sizes(all: &[Subjects]) {
    println!("\nSizes, in characters.\n");
    heading(&[
        "blocks",
        "token",
        "presentation",
        "stock, plain checks",
        "token / plain checks",
    ]);
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

fn heading(columns: &[&str]) {
    println!("| {} |", columns.join(" | "));
    println!("|{}", "--:|".repeat(columns.len()));
}
