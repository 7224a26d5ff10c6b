//! Tokens that are renewed before they end.
//!
//! An agent makes a key, asks an issuer for a token, and asks again before the token ends: for the same task and the same key,
//! so that whatever was spent stays spent. A [`TokenSource`] does that, over whatever transport an [`Issuance`] speaks.

mod issuance;
#[allow(clippy::module_inception)]
mod source;
#[cfg(test)]
mod tests;

pub use issuance::Issuance;
pub use source::{SourceError, TokenSource};
