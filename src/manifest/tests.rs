//! Tests of this room, over its public API.

mod approvers;
mod expansion;
mod findings;
mod lint;
mod minted;
mod never;
mod substitution;

use super::{Manifest, Parameters};
use crate::clock::Timestamp;
use crate::scope::Scope;
use crate::testing::{START, at};

/// A task file of these lines after what every file has.
fn file(rest: &str) -> String {
    format!("task = \"t\"\npurpose = \"p\"\naudience = [\"forum.example\"]\nttl = \"15m\"\n{rest}")
}

fn manifest(rest: &str) -> Manifest {
    Manifest::parse_unchecked("t.toml", &file(rest)).unwrap_or_else(|findings| panic!("{findings}"))
}

fn now() -> Timestamp {
    at(START)
}

fn scope(rest: &str, parameters: &Parameters) -> Scope {
    manifest(rest).scope(parameters, now()).unwrap()
}
