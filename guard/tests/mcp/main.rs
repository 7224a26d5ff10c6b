//! `mcp-guard`, the built program, between a real client and a real server that knows nothing of tokens.
#![cfg(unix)]

mod calls;
mod ends;
mod noted;
mod over_http;
#[path = "../support/session.rs"]
mod session;
mod starts;
#[path = "../support/mod.rs"]
mod support;
mod world;
