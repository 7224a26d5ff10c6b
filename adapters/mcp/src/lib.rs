//! Capability tokens of [`bailiwick`] for tools behind the Model Context Protocol, with the `rmcp` crate.
//!
//! - A server wraps its handler in [`Guarded`]: each call of a tool runs through the gate, before the tool does. Tools that the
//!   vocabulary does not know are denied, and a list of tools shows what the token could ever allow.
//! - A client wraps its transport in [`Attach`]: each call goes out with a fresh proof of possession.
//! - [`Upstream`] puts a guard in front of a server that knows nothing of tokens.
//!
//! Where approvals are all that is missing, a client that can show forms is asked for them ([`Agent::question`]); only what approvers
//! have signed counts.
//!
//! What the catalog notes of a tool's structured content is signed by the guard's notary and comes back in [`NOTES_KEY`]; a client whose
//! [`Presenter`](bailiwick::present::Presenter) has a book keeps it, and shows with each call what that uses.
//!
//! A presentation travels in the member [`META_KEY`] of `_meta`, or, where gateways strip that, as the argument [`ARGUMENT`].

mod asking;
mod attach;
mod carry;
mod denial;
mod guarded;
mod notes;
mod upstream;

pub use asking::{APPROVALS, approved};
pub use attach::{Agent, Attach};
pub use carry::{ARGUMENT, Carry, META_KEY};
pub use guarded::Guarded;
pub use notes::NOTES_KEY;
pub use upstream::Upstream;
