//! The page that a security reviewer reads: one file of HTML that runs nothing and fetches nothing.
//!
//! In come [`Facts`], which the review engine has decided; out comes text. `html` alone writes, and takes everything that is not
//! written in this program as text.

mod about;
mod chain;
mod compared;
mod facts;
mod file;
mod findings;
mod html;
mod page;
mod rows;
mod rules;
mod summary;
mod witness;
mod words;

pub(crate) use facts::{Facts, File, Kind, Side, Subject};
pub(crate) use page::page;
