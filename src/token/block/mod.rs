//! The grammar of format 1: which Biscuit blocks there are, and what each means.
//!
//! [`encode`] tells a block's content as Datalog, one text for one meaning. [`decode`] makes content of bytes only if
//! encoding it again gives those very bytes, so nothing that the encoder does not write is ever understood: not another
//! order, another spelling, another check that happens to look harmless.

mod codec;
mod content;
mod error;
mod read;
mod words;
mod write;

#[cfg(test)]
mod tests;

pub(in crate::token) use codec::budget_id;
pub(crate) use codec::datalog;
#[cfg(any(test, feature = "oracle"))]
pub(in crate::token) use codec::encode_scope;
pub(crate) use codec::{decode, encode};
pub(crate) use content::{BlockContent, Delegation, Grant};
pub use error::{BlockError, Place};
#[cfg(any(test, feature = "oracle"))]
pub(in crate::token) use words::fact;
