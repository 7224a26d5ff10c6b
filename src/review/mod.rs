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
mod describe;
mod effort;
mod explain;
mod formula;
mod lint;
mod literal;
mod outlook;
mod prove;
mod search;
mod theory;
mod vocabulary;
mod witness;
mod wording;

pub use case::Case;
pub use compare::{Beyond, Comparison, beyond, compare};
pub use describe::{Description, Grant, describe};
pub use effort::Effort;
pub use explain::{Explanation, Hop, explain};
pub use lint::{Level, Lint, Rule, lint};
pub use outlook::{Demand, Left, Outlook, Reach, Taint};
pub use prove::{Claim, Proof, prove};
pub use vocabulary::Vocabulary;
pub use witness::Witness;
