//! What is asked: operations, effects, resources, argument trees, actions, calls and their digests.
//!
//! In comes text and JSON from outside; out go values that are canonical, or an error. Nothing in this room reads a
//! clock, a store or the network, and nothing here decides: [`Action`] and [`Call`] are what the later rooms decide on.
//!
//! - A [`Call`] is what an agent sends. An [`Action`] is what the service says that the call does, [`Mapped`] all of it.
//! - [`Operation`], [`Effect`] and [`Resource`] name the action; [`Service`] says where.
//! - A [`Tree`] holds arguments or attributes, with exact numbers: [`Value`], [`Object`], [`Decimal`], [`Number`].
//! - [`TaskId`], [`AgentName`], [`Principal`], [`Purpose`] and [`ToolName`] say who asks, with what, and what for;
//!   [`ApproverName`] who approves.
//! - [`CallDigest`] and [`ActionDigest`] are what proofs and approvals are bound to.
//!
//! # One written policy for text
//!
//! All texts are compared byte by byte. A [`Resource`] segment must be in Unicode normalization form C, so that one
//! visible text has one spelling; nothing else is folded. Letter case, look-alike letters of other scripts, zero-width
//! and right-to-left characters make *another* resource, which a grant for the plain one does not cover. Where such
//! text is shown to people ([`Value::preview`], error messages), whatever does not print is escaped.

mod call;
mod decimal;
mod digest;
mod effect;
mod json;
mod key;
mod mapped;
mod names;
mod number;
mod object;
mod operation;
mod preview;
mod read;
mod resource;
mod service;
mod task;
mod text;
mod tree;
mod unmapped;
mod value;

// The file is named for the type that it holds, as the room is.
#[allow(clippy::module_inception)]
mod action;
#[cfg(test)]
pub(crate) mod arbitrary;

pub use action::Action;
pub use call::{Call, CallError, DirectCall, HttpCall, ToolCall};
pub use decimal::{Decimal, DecimalError};
pub use digest::{ActionDigest, CallDigest, DigestError};
pub(crate) use digest::{digest_type, digest_value};
pub use effect::{Effect, EffectError};
pub use json::JsonError;
pub use key::{Key, KeyError};
pub use mapped::Mapped;
pub use names::{AgentName, ApproverName, NameError, Principal, Purpose, TaskId, ToolName};
pub use number::{Number, NumberError};
pub use object::{Object, ObjectError};
pub use operation::{Operation, OperationError};
pub(crate) use preview::{Line, preview_text};
pub use preview::{one_line, quoted};
pub use read::ActionBytesError;
pub use resource::{Resource, ResourceError, Segment, SegmentError};
pub use service::{Service, ServiceError};
pub use task::Task;
pub use tree::{Tree, TreeDecimalError, TreeError};
pub use unmapped::Unmapped;
pub use value::{Value, ValueKind};
