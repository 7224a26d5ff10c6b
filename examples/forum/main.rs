//! An agent with a task token, and a forum that holds it to its task.
//!
//! `cargo run --example forum` starts itself once more as the forum, a service in a process of its
//! own that knows nothing of the agent but the issuer's *public* key and a directory of approvers, and
//! then plays everybody else: Ada, who grants tasks; her helper, which does one and tries more; Grace
//! and Linus, who approve; a scout to whom the helper delegates; a thief. They talk to the forum over
//! real HTTP. One line a step says what the forum answered, and the exit code says whether all of it
//! was as it should be.
//!
//! - `issuer.rs`: what Ada grants
//! - `agent.rs`: how an agent signs its requests
//! - `server.rs`: the routes, behind the layer by which a request becomes a permit
//! - `forum.toml`: what each request does
//! - `forum.rs`: what the forum does with a permit
//! - `people.rs`: what those who approve are shown, and what they sign
//! - `thief.rs`: what one can do with a token and without its key
//! - `story.rs`: the steps

mod agent;
mod forum;
mod issuer;
mod people;
mod server;
mod story;
mod thief;

use std::process::ExitCode;

/// The forum's name for itself, which every token for it must name.
const SERVICE: &str = "forum.example";

fn main() -> ExitCode {
    bailiwick_examples::play("forum", |role| match role {
        [] => story::tell(),
        [server::ROLE, root, signer, directory] => server::run(root, signer, directory),
        _ => Err("usage: forum".into()),
    })
}
