//! A real client and a real server: in one process over a pipe, and over streamable HTTP.

mod asking;
mod calls;
mod notes;
mod party;
