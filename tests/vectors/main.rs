//! The vectors of format 1: what a second implementation must read, write, decide and refuse.
//!
//! They are files in this folder; its `README.md` says how to read them. Here they are generated anew, compared byte for
//! byte, and run. `BAILIWICK_WRITE_VECTORS=1 cargo test --test vectors` writes them, and the Datalog and
//! the bytes that the pages of the format show.

#![allow(unreachable_pub, reason = "nothing is outside of a test")]

mod actions;
mod answers;
mod ask;
mod asked;
mod blocks;
mod codes;
mod constructs;
mod decided;
mod decisions;
mod directories;
mod examples;
mod file;
mod forge;
mod forge_approval;
mod forge_note;
mod forge_revocation;
mod hex;
mod json;
mod layout;
mod lists;
mod page;
mod pieces;
mod presentations;
mod requests;
mod roots;
#[cfg(feature = "oracle")]
mod stock;
mod stops;
mod world;

use file::{compare_or_write, read};

#[test]
fn decisions_are_what_the_vectors_say() {
    compare_or_write(decisions::KIND, &decisions::all());
    let vectors = read(decisions::KIND);
    vectors.iter().for_each(decided::check);
    let allowed = vectors
        .iter()
        .filter(|vector| vector.get("expect") == "allow")
        .count();
    println!("{} decisions, {allowed} of them allow", vectors.len());
    assert!(allowed * 4 > vectors.len(), "one verdict is rare");
}

#[test]
fn every_construct_is_decided_both_ways() {
    for construct in constructs::all() {
        let allowed = construct
            .cases
            .iter()
            .filter(|case| case.denied.is_none())
            .count();
        // A depth limit that is passed needs one more block; a block that says nothing denies nothing.
        let one_way = ["depth", "empty-scope"].contains(&construct.name);
        assert!(
            allowed > 0 && (one_way || allowed < construct.cases.len()),
            "{}",
            construct.name
        );
    }
}

#[test]
fn presentations_are_what_the_vectors_say() {
    compare_or_write(presentations::KIND, &presentations::all());
    let vectors = read(presentations::KIND);
    vectors.iter().for_each(presentations::check);
    println!("{} presentations", vectors.len());
}

#[test]
fn blocks_are_written_as_the_vectors_say_and_as_a_stock_builder_writes_them() {
    compare_or_write(blocks::KIND, &blocks::all());
    let vectors = read(blocks::KIND);
    vectors
        .iter()
        .for_each(|vector| blocks::check(vector, &vectors));
    println!("{} blocks", vectors.len());
}

#[test]
fn digests_keys_and_signed_messages_are_what_the_vectors_say() {
    for (kind, vectors) in pieces::all() {
        compare_or_write(kind, &vectors);
        let vectors = read(kind);
        vectors.iter().for_each(pieces::check);
        println!("{} of {kind}", vectors.len());
    }
}

/// Writes or compares the vectors of a kind, and runs each.
fn run(kind: &str, vectors: &[file::Vector], check: fn(&file::Vector)) {
    compare_or_write(kind, vectors);
    let vectors = read(kind);
    vectors.iter().for_each(check);
    println!("{} of {kind}", vectors.len());
}

#[test]
fn the_bytes_of_actions_are_what_the_vectors_say() {
    run(actions::KIND, &actions::all(), actions::check);
}

#[test]
fn requests_are_what_the_vectors_say() {
    run(requests::KIND, &requests::all(), requests::check);
}

#[test]
fn answers_are_what_the_vectors_say() {
    run(answers::KIND, &answers::all(), answers::check);
}

#[test]
fn directories_are_what_the_vectors_say() {
    run(directories::KIND, &directories::all(), directories::check);
}

#[test]
fn lists_and_deltas_are_what_the_vectors_say() {
    run(lists::KIND, &lists::all(), lists::check);
}

#[test]
fn stop_tickets_are_what_the_vectors_say() {
    run(stops::KIND, &stops::all(), stops::check);
}

#[test]
fn the_pages_show_what_is_written() {
    page::compare_or_write("docs/format.md", &blocks::all(), &examples::of_approvals());
    page::compare_or_write("docs/format/revocation.md", &[], &examples::of_revocation());
}

/// Of every kind of check that the encoder writes.
#[cfg(feature = "oracle")]
#[test]
fn stock_denies_when_a_supplied_fact_is_left_out() {
    let mut left_out = std::collections::BTreeMap::new();
    for vector in read(decisions::KIND) {
        if vector.get("expect") == "allow" {
            for fact in stock::check_omissions(&vector, &decided::Read::of(&vector)) {
                *left_out.entry(fact).or_insert(0) += 1;
            }
        }
    }
    println!("left out: {left_out:?}");
    assert_eq!(left_out.len(), 13, "not every fact was left out");
}
