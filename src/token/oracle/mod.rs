//! The stock Biscuit engine as a second opinion.
//!
//! Our evaluator decides; this asks stock `biscuit-auth` the same question about the same block bytes, with the facts that
//! a verifier supplies. It is slow, and bounded by wall time: for tests, and for a gate's cross-check off the hot path.

mod engine;
mod facts;
mod sealed;

pub use engine::{Opinion, Oracle, OracleError};
