//! What the programs have in common: roles in processes of their own, and lines that must be as expected.
//!
//! A program starts itself once more for every role but the story. A role says on its first line of output where it is
//! reached, does its work until its standard input ends, and says last what it has become.

mod child;
mod clock;
mod gate;
mod http;
mod mcp;
mod roles;
mod verdict;

pub use child::Child;
pub use clock::StoryClock;
pub use gate::{Memory, gate_of, new_gate, stop};
pub use http::http_client;
pub use mcp::{Answer, ask_once, call, mcp_client, mcp_routes, takes};
pub use roles::{ROOT, end_of_input, play, serve, serve_until, trusted_root, wait_until};
pub use verdict::{expect, must_be};

/// What a step comes to. An error ends the program, with a failure.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
