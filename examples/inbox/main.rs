//! An agent tidies a mailbox, reads a mail that tells it to delete everything, and tries.
//!
//! `cargo run --example inbox` starts itself once more as the mail service, an MCP server behind a guard, and talks to it over
//! its standard input and output. The program itself plays the others: Ada, whose mailbox it is, and her agent. Ada lets it
//! search and read freely, archive at most 20 mails, and delete what she approves, mail by mail. The agent was told so, but
//! nothing depends on whether it keeps to what it was told. When Ada has had enough, she stops it from her phone, with a
//! ticket that she got together with the token.
//!
//! - `task.toml`: what Ada grants
//! - `catalog.toml`: what the tools of the mail service do
//! - `ada.rs`: how she grants, approves and stops
//! - `server.rs`: the mail service behind its guard, and the route that takes stop tickets
//! - `mailbox.rs`: what its tools do with a permit
//! - `agent.rs`: how the agent calls tools
//! - `story.rs`: the steps

mod ada;
mod agent;
mod mailbox;
mod server;
mod story;

use std::process::ExitCode;

use bailiwick_examples::play;

fn main() -> ExitCode {
    play("inbox", |role| match role {
        [] => story::tell(),
        [server::ROLE, root] => server::run(root),
        _ => Err("usage: inbox".into()),
    })
}
