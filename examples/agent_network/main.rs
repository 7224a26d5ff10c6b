//! Agents hand a task on to each other, four hops deep, and each can do less than the one before.
//!
//! `cargo run --example agent_network` starts itself as a library and as six agents, each in a process of its own and each a
//! server of the Model Context Protocol. An agent makes its own key, and says the public half to whoever asks. It is given work
//! together with a token: it does the work with that token, or narrows the token for the next agent and hands both on. It has
//! no rights but those that came with the work. Tokens and public keys travel; secret keys never do.
//!
//! The program itself plays Ada. She grants the task to the first agent, and revokes one in the middle: all below it stop, and
//! the others go on.
//!
//! - `task.toml`: what Ada grants
//! - `catalog.toml`: what the tool of the library does
//! - `agent.rs`: what an agent does with work that it is given
//! - `library.rs`: the library behind its guard, and the route that takes revocations
//! - `ada.rs`: how she grants and revokes
//! - `network.rs`: the agents as processes, and how work is given to the first
//! - `story.rs`: the steps

mod ada;
mod agent;
mod library;
mod network;
mod story;

use std::process::ExitCode;

use bailiwick_examples::play;

fn main() -> ExitCode {
    play("agent_network", |role| match role {
        [] => story::tell(),
        [library::ROLE, root, revoker] => library::run(root, revoker),
        [agent::ROLE, library] => agent::run(library),
        _ => Err("usage: agent_network".into()),
    })
}
