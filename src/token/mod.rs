//! Tokens as bytes: the strict Biscuit profile.
//!
//! In come scopes and bytes, out come bytes and scopes. This room touches bytes only, and it alone names `biscuit_auth`
//! (the stock engine, as an oracle).
//!
//! - `datalog`: the vocabulary of a Biscuit block, with symbols and two ways of writing: protobuf and text.
//! - `block`: the grammar: which blocks there are, and what each means.

pub(crate) mod block;
pub(crate) mod datalog;
#[cfg(any(test, feature = "oracle"))]
pub mod oracle;
