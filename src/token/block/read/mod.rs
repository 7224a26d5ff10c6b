//! From a block to content.
//!
//! Recognises what the encoder might have written, in bounded work and without a panic, and no more: [`decode`] encodes
//! the content again and compares. So this may take a guard for granted, and be careless about order and spelling.
//!
//! [`decode`]: super::decode

mod block;
mod check;
mod condition;
mod constraint;
mod facts;
mod pattern;
mod place;
mod query;
mod resource;

pub(super) use block::block;
