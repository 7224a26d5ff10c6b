//! The same decisions by stock biscuit-auth, and what it says when a fact is left out.

use std::collections::BTreeSet;

use bailiwick::token::oracle::{Opinion, Oracle};

use crate::decided::Read;
use crate::file::Vector;

pub fn check(vector: &Vector, read: &Read) {
    let opinion = read.with_context(|context| oracle(read).opinion(&read.actions, context));
    let same = match &opinion {
        Opinion::Allow => vector.find("code").is_none(),
        Opinion::Deny(_) => vector.find("code").is_some(),
        Opinion::Error(_) => false,
    };
    assert!(same, "{}: stock says {opinion:?}", vector.name);
}

fn oracle<'a>(read: &'a Read) -> Oracle<'a> {
    let blocks: Vec<&[u8]> = read.token().block_bytes().collect();
    Oracle::new(&blocks, read.layers()).unwrap()
}

/// Leaves out, in turn, each supplied fact that some check asks for in every one of its queries.
/// Returns the facts that were left out.
pub fn check_omissions(vector: &Vector, read: &Read) -> BTreeSet<String> {
    let (oracle, [action]) = (oracle(read), read.actions.as_slice()) else {
        return BTreeSet::new();
    };
    let text = read.token().to_datalog().concat();
    let asked: BTreeSet<String> = text.lines().flat_map(facts_in_every_query).collect();
    for fact in &asked {
        let opinion = read.with_context(|context| oracle.opinion_without(action, context, fact));
        assert!(
            matches!(opinion, Opinion::Deny(_)),
            "{}: without `{fact}` stock says {opinion:?}\n{text}",
            vector.name
        );
    }
    asked
}

/// The predicates that every query of a check asks for.
fn facts_in_every_query(line: &str) -> BTreeSet<String> {
    let Some(queries) = line.strip_prefix("check if ") else {
        return BTreeSet::new();
    };
    // No text constant of the vectors holds ` or `.
    let queries = queries.split(" or ").map(|query| {
        let names = [
            "operation",
            "effect",
            "resource",
            "service",
            "time",
            "args",
            "attrs",
            "depth",
            "approved_by",
            "seen",
            "tainted",
            "possession",
            "spent",
        ];
        let asks = |name: &&str| {
            query.starts_with(&format!("{name}(")) || query.contains(&format!(", {name}("))
        };
        names
            .into_iter()
            .filter(asks)
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    });
    queries
        .reduce(|one, other| &one & &other)
        .unwrap_or_default()
}
