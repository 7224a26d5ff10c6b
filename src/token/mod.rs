//! Tokens as bytes: the outer container, the chain of signatures, and the text forms.
//!
//! A token is a Biscuit in a strict profile: one spelling for each, or refused. In come bytes, text
//! and keys; out go the contents of blocks whose signatures hold, still bytes. This room knows no
//! clock, no store and no meaning.

mod block;
pub(crate) mod brake;
mod chain;
mod container;
mod datalog;
mod error;
mod limits;
#[cfg(any(test, feature = "oracle"))]
pub mod oracle;
mod payload;
mod seal;
#[cfg(test)]
mod testing;
pub(crate) mod text;
#[allow(clippy::module_inception)]
mod token;
mod wire;

pub use block::{BlockError, Place};
pub use error::{ChainError, ContainerError};
pub use limits::Limits;
pub use seal::SealedToken;
pub use text::{TextError, TextKind};
pub use token::{Contents, TaskInfo, Token, TokenError};
pub use wire::Message;

pub(crate) use container::{Block, Chain};
