//! Tool calls: one wrap for whoever runs tools, in a service or in the agent's own process.
//!
//! A [`Guard`] is a gate that knows what each tool does, by its [`Tools`]. A [`HeldGuard`] is a guard together with the token of
//! one task, for agent frameworks whose tools run beside the agent: it presents, asks the gate, and only then runs the tool.
//!
//! What a tool is run with is what was authorized: the tool takes the [`Permit`](crate::gate::Permit).

#[allow(clippy::module_inception)]
mod guard;
mod held;
mod tools;

pub use guard::Guard;
pub use held::{HeldGuard, NotRun};
pub use tools::{ByCatalog, Tools};
