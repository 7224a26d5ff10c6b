//! From a presentation to a proved fact.
//!
//! In come a [`Presentation`](crate::present::Presentation), the call as the service received it,
//! the time, and what is revoked; out goes a [`Verified`]. Pure: public keys, bytes and arguments.

mod approvals;
mod at_rest;
mod checked;
mod error;
mod notes;
mod times;
mod verified;
mod verifier;

pub use approvals::{ApprovalError, VerifiedApproval};
pub use at_rest::TokenAtRest;
pub(crate) use checked::CheckedToken;
pub use error::VerifyError;
pub use notes::{NoteError, VerifiedNote};
pub(crate) use times::{check_lifetime, check_scopes};
pub use verified::{RootKey, Verified};
pub use verifier::Verifier;
