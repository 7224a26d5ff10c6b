//! An issuer's room: from a task file, or a task and a scope, to a token.
//!
//! In come a [`Manifest`](crate::manifest::Manifest) with values for its parameters, or a [`Task`](crate::action::Task) and a
//! scope; the public key of the agent and the time; out goes a token at rest.
//! This room touches the signer that it is handed, and nothing else.

mod assignment;
mod issuer;
mod warning;

pub use assignment::Assignment;
pub use issuer::{DEFAULT_MAX_DEPTH, Issuer, MintError, Minted};
pub use warning::MintWarning;
