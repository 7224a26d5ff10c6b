//! A task file: what one kind of task may do, for a person to review, and for minting to fill in.
//!
//! In comes a file in TOML; out goes a [`Manifest`], or all its mistakes as [`Findings`]. With values for its
//! [`Parameters`] it gives a [`Scope`](crate::scope::Scope) and a purpose;
//! [`Issuer::mint_task`](crate::mint::Issuer::mint_task) makes a token of them. Nothing here reads a clock, a store or the
//! network.
//!
//! A value goes into exactly one segment of a resource or one constant of a constraint. Patterns are built from their parts,
//! never from text that a value was put into, so that no value can widen what the reviewer read.
//!
//! The format stands in `docs/manifest.md`.

mod approver;
mod error;
mod expansion;
mod kind;
mod lint;
mod lock;
mod name;
mod never;
mod parameters;
mod places;
mod purpose;
mod read;
mod samples;
mod slot;
mod template;

// The file is named for the type that it holds, as the room is.
#[allow(clippy::module_inception)]
mod manifest;
#[cfg(test)]
mod tests;

pub use crate::document::{Finding, Findings, Place};
pub use approver::{Approver, ApproverError};
pub use error::{ManifestError, ParameterError};
pub use expansion::Expansion;
pub use kind::ParameterType;
pub use lint::Remark;
pub use lock::Lock;
pub use manifest::Manifest;
pub use name::{Name, NotAName};
pub use parameters::Parameters;
pub use places::Places;
pub use samples::{Compared, Proved, Samples, Subject};
