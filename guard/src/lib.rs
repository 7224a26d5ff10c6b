//! Guards in front of services that know nothing of capability tokens.
//!
//! Most tools that agents use will not verify tokens of [`bailiwick`]. A guard stands before them: it runs the whole gate for every
//! call, adds the credential that the service wants, and passes on nothing else. The credential stays in the guard's process, where
//! the agent's never sees it.
//!
//! - [`mcp`]: in front of a server of the Model Context Protocol, a child process or one behind HTTP. The program is `mcp-guard`.
//! - [`http`]: a reverse proxy in front of an HTTP API. The program is `http-guard`.
//!
//! Both read a catalog, [who is trusted](bailiwick::roots), and [credentials](secret) from files, and keep what was spent in a file. If anything
//! of that is not as it must be they [do not start](NoStart).
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable
    )
)]

mod audit;
mod files;
mod gated;
pub mod http;
pub mod mcp;
mod no_start;
pub mod options;
mod reached;
mod run;
pub mod secret;
mod signals;
mod stops;
mod way;

pub use no_start::NoStart;
pub use run::run;
