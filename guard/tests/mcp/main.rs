//! `mcp-guard`, the built program, between a real client and a real server that knows nothing of tokens.
#![cfg(unix)]

mod calls;
mod ends;
mod over_http;
mod starts;
#[path = "../support/mod.rs"]
mod support;
mod world;
