//! From a presentation to a proved fact.
//!
//! In come a [`Presentation`](crate::present::Presentation), the call as the service received it,
//! the time, and what is revoked; out goes a [`Verified`]. Pure: public keys, bytes and arguments.

mod checked;
mod error;
mod verified;
mod verifier;

pub(crate) use checked::CheckedToken;
pub use error::VerifyError;
pub use verified::{RootKey, Verified};
pub use verifier::Verifier;
