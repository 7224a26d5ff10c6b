//! One table of calls and verdicts, for every way to put bailiwick in front of a tool.
//!
//! A [`World`] is a desk with a few tools, a gate, and agents. An [`Adapter`] is one way to get a call to the desk. [`conforms`] sends
//! the whole table through it, and after each call looks at how often the desk has acted: not once for what was denied.

mod table;
mod tools;
mod world;

pub use table::{Adapter, Sends, conforms, tool_call};
pub use tools::Tools;
pub use world::{CATALOG, Desk, SERVICE, Store, World};
