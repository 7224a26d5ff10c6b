//! From content to a block: tells a [`Sink`] exactly one text for one meaning.
//!
//! Every check is total, whatever stands in the facts: an error in one would deny the whole authorization. Which text
//! stands for which meaning is `docs/format.md`.
//!
//! [`Sink`]: crate::token::datalog::Sink

mod block;
mod capability;
mod chain;
mod condition;
mod doubt;
mod place;
mod resource;
mod strict;
mod test;

pub(super) use block::block;
#[cfg(any(test, feature = "oracle"))]
pub(super) use block::scope;
