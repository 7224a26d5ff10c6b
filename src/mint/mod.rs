//! An issuer's room: from a task and a scope to a token.
//!
//! In come a [`Task`](crate::action::Task), a scope, the public key of the agent and the time; out goes a token at rest.
//! This room touches the signer that it is handed, and nothing else.

mod issuer;
mod warning;

pub use issuer::{DEFAULT_MAX_DEPTH, Issuer, MintError, Minted};
pub use warning::MintWarning;
