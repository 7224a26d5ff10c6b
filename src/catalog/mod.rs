//! A service's vocabulary: what its tools and routes do, and how a call becomes actions.
//!
//! In come a [`Catalog`], in TOML or in code, and a call; out comes what the call does, [`Mapped`](crate::gate::Mapped), or a
//! [`MapError`] with a stable code. Nothing here reads a clock, a store or the network, and nothing is passed on that the
//! catalog does not name: an unmapped tool or route, a missing, mistyped or unknown argument and a segment that is not
//! canonical are errors.
//!
//! - An [`OperationSpec`] says of one operation what its effect is, what it touches, which [`Parameter`]s of which [`Type`] it
//!   has, whether it can be undone, and by which tool and which route it is reached.
//! - [`Catalog::map_tool`], [`Catalog::map_http`] and [`Catalog::map_direct`] make actions; [`Attributes`] is what the service
//!   adds to them.
//! - A [`Notary`] signs the fields of answers that the catalog notes, for whoever was permitted to read them.
//! - [`import`](import()) drafts a catalog from what an MCP server says of its tools, for a person to correct.
//! - [`Findings`] are all mistakes of a file at once.
//!
//! The format stands in `docs/catalog.md`.

mod attributes;
mod bind;
mod builder;
mod check;
mod digest;
mod error;
mod field;
mod http;
mod import;
mod kind;
mod notary;
mod parse;
mod pattern;
mod plan;
mod routes;
mod spec;
mod template;
mod wire;

// The file is named for the type that it holds, as the room is.
#[allow(clippy::module_inception)]
mod catalog;
#[cfg(test)]
mod tests;

pub use crate::document::{Finding, Findings};
pub use attributes::{Asked, Attributes, NoAttributes};
pub use builder::CatalogBuilder;
pub use catalog::Catalog;
pub use check::{CatalogError, Problem};
pub use digest::CatalogDigest;
pub use error::MapError;
pub use field::NoteField;
pub use http::Body;
pub use import::{ImportError, import};
pub use kind::{Type, TypeError};
pub use notary::{Notary, Noting};
pub use pattern::PatternError;
pub use plan::Plan;
pub use routes::{HttpRoute, PathPattern, RouteError, ToolRoute};
pub use spec::{OperationSpec, Parameter, Presence, Undo};
pub use template::Template;
pub(crate) use wire::{decoded as decoded_segment, fields as decoded_fields};
