//! Capability tokens of [`bailiwick`] for the tools of agents built with Rig: the crates `rig-core` and `rig-agent`.
//!
//! [`Guarded`] wraps a set of tools in one call. A tool runs only after a permit of a
//! [`HeldGuard`](bailiwick::guard::HeldGuard), for exactly the name and the JSON arguments that it is then run with. What is
//! denied is a refused call to Rig: its text tells the model the stable code, why, and what it may do instead.
//!
//! What the catalog notes of a tool's answer, where that is one JSON value, is signed by the guard's notary and kept in the presenter's
//! book, so that later calls can use it where the token says `from`.
//!
//! # Why tools are wrapped, and not hooked
//!
//! A hook of Rig sees a call before it is dispatched, and so do other hooks after it: one of them can change the arguments that
//! an earlier one has looked at. The guard stands behind all of them, right before the tool. What hooks and layers of Rig
//! have made of a call is what is decided, and what is run.
//!
//! # Security
//!
//! - The model must not reach a tool in another way. Hand the agent only what [`Guarded::serve`] or [`Guarded::tools`] gives;
//!   a tool that is added to that server later, or to the agent's, is not guarded.
//! - The key is in the agent's process. Where the process itself is not trusted, the tools belong into another one, behind
//!   `bailiwick-mcp` or the HTTP layer. Both can be: the tools of an agent that is guarded here may well call services that
//!   hold it to its token themselves.
//! - A hook can replace what a tool answered, also what a refusal says. The tool has not run for that.

mod denied;
mod guarded;
mod handler;
mod unoffered;

pub use denied::Denied;
pub use guarded::{Guarded, NotGuarded};
pub use unoffered::RefuseUnoffered;
