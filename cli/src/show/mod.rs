//! What our types say: as JSON, and from there as lines. Texts from outside stand in quotes, in full.

mod action;
mod scope;
mod target;
mod token;
mod value;

pub(crate) use action::{action, action_lines};
pub(crate) use scope::{pattern, scope, scope_lines};
pub(crate) use target::target;
pub(crate) use token::{blocks, blocks_lines};
pub(crate) use value::{hex, inline, tree};
