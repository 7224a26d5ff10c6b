//! A guard in front of an HTTP API: a reverse proxy.
//!
//! ```text
//! http-guard --catalog notes.toml --roots roots.toml --ledger spent.redb --listen 127.0.0.1:8080 \
//!     --upstream https://api.notes.example --header Authorization=/etc/notes.key
//! ```
//!
//! What the catalog's routes do not name is refused. What is permitted goes on with the very bytes of method, path, query and body
//! that were authorised, with the credential, and with no other header than what says which content it is, and which is wanted.

mod forward;
mod names;
mod noted;
mod options;
mod origin;
mod problem;
mod serve;

pub(crate) use names::{is_ours, is_this_machine};
pub use options::Options;
pub use serve::guard;
