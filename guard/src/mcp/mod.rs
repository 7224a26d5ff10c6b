//! A guard in front of a server of the Model Context Protocol.
//!
//! ```text
//! mcp-guard --catalog notes.toml --roots roots.toml --ledger spent.redb --env NOTES_KEY=/etc/notes.key -- notes-server
//! mcp-guard import --service notes.example -- notes-server > notes.toml
//! ```
//!
//! Agents present their tokens to it, on standard input or, with `--listen`, over streamable HTTP. Behind it is a child process, or a
//! URL of streamable HTTP. Tools are all that it passes on, and only those calls that the gate permits.

mod behind;
mod client;
mod connect;
mod draft;
mod noted;
mod options;
mod serve;

pub use draft::draft;
pub use options::{Behind, Guarding, Importing, Options};
pub use serve::guard;
