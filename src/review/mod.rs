//! What scopes allow, for who reviews them: decided exactly, with witnesses.
//!
//! In come scopes as [`Layers`](crate::scope::Layers), of a manifest or of a whole chain; out come
//! verdicts. Nothing is touched: no clock, no store, no network.
//!
//! **The evaluator is the only judge.** What layers allow is written as a formula over literals,
//! each of which the evaluator's own code can tell of a case. A search finds a case of a formula,
//! or that there is none; a case counts once the evaluator has confirmed it. Work is bounded by an
//! [`Effort`]; what it does not reach is undecided, never guessed.

mod case;
mod compare;
mod effort;
mod formula;
mod literal;
mod search;
#[cfg(test)]
mod tests;
mod theory;
mod witness;

pub use case::Case;
pub use compare::{Beyond, Comparison, beyond, compare};
pub use effort::Effort;
pub use witness::Witness;
