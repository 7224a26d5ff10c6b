//! Least-privilege capability tokens for AI agents, one per task.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable
    )
)]

pub mod action;
pub mod clock;
pub mod decide;
pub mod delegate;
pub mod gate;
pub mod keys;
pub mod ledger;
pub mod mint;
pub mod present;
pub mod revoke;
pub mod scope;
mod signed;
#[cfg(test)]
mod testing;
pub mod token;
pub mod verify;

// Test support is written against the public API, for integration tests and for ours.
#[cfg(test)]
extern crate self as bailiwick;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
