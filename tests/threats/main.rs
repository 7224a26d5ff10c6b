//! The attack classes that a verifier must survive, through the public API and real bytes.
//!
//! Each module begins with a table, from the class to the test that fails when its check is removed.

#![allow(unreachable_pub, reason = "nothing is outside of a test")]

mod approvals;
mod attenuation;
mod availability;
mod binding;
mod budgets;
mod crypto_and_chain;
mod forge;
mod matching;
mod stopping;
#[path = "../support/mod.rs"]
mod support;
mod world;
