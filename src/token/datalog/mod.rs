//! The vocabulary of a Biscuit block, and two ways of writing one: as protobuf, and as text.
//!
//! A block is told once, through a [`Sink`]: facts, checks, queries, predicates, and expressions in postfix order. There is
//! no syntax tree: [`ProtoSink`] writes the bytes that are signed as it is told them, and [`TextSink`] writes the same block
//! as Datalog that a stock Biscuit library parses back into the same bytes.

mod expr;
mod fields;
mod proto_sink;
mod sink;
#[cfg(test)]
pub(crate) mod stock;
mod symbols;
mod text_sink;
mod value;

pub(crate) use expr::{Expr, Nodes};
pub(crate) use fields::{Field, Fields, Malformed};
pub(crate) use proto_sink::{BLOCK_VERSION, ProtoSink};
pub(crate) use sink::{Binary, Items, Sink, Term, Unary};
pub(crate) use symbols::SymbolTable;
pub(crate) use text_sink::TextSink;
pub(crate) use value::{Predicate, Value};
