//! Files that people write: TOML, with every mistake of a file found at once and shown where it is.
//!
//! In come a name and a text; out go values with the place that they stand at, or [`Findings`]. What a file is about is for
//! the rooms that read one. The text is from outside: it is bounded before it is read, and whatever does not print is escaped
//! where a line of it is shown.
//!
//! ```text
//! Report::read(name, text) → Table → Node → typed values; Table::finish says what is unknown; Report::finish
//! ```

mod findings;
mod nearest;
mod node;
mod report;
mod show;
mod table;

pub use findings::{Finding, Findings, Place};
pub(crate) use nearest::nearest;
pub(crate) use node::{Name, Node};
pub(crate) use report::{Mark, Report};
pub(crate) use table::Table;
