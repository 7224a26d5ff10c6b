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
pub mod keys;
pub mod scope;
#[cfg(test)]
mod testing;
