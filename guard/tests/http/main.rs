//! `http-guard`, the built program, between raw sockets: what was authorised arrives byte for byte, and nothing else does.
#![cfg(unix)]

mod calls;
mod noted;
mod starts;
#[path = "../support/mod.rs"]
mod support;
mod world;
