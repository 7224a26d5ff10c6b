//! Revocation: what no signature can take back.
//!
//! A decision is given a view of what is revoked now; it looks up every hop of a chain in it. Where
//! the view comes from is up to its [`Revocations`] source; how sure the source is, and what that
//! means for a decision, it says with its [`Freshness`].

mod chain;
mod freshness;
mod set;
mod source;

pub use chain::{ChainFacts, Revoked};
pub use freshness::{Freshness, Standing};
pub use set::RevocationSet;
pub use source::Revocations;
