//! An agent may use a sandbox for an hour, and gets nothing from the powerful service in which it runs.
//!
//! `cargo run --example sandbox` starts itself twice more: as an object store, an HTTP service behind a layer, and as an agent.
//! The program itself is a knowledge base, a service that may write everywhere in the store. It runs the agent as its child,
//! and the child inherits its environment, with the service's token in it. That changes nothing: a right is bound to a key,
//! which the agent does not have, and no right comes from who started whom.
//!
//! Nobody waits for an hour: the story puts the clocks of all three forward.
//!
//! - `agent.toml`, `service.toml`: what the agent and the service may do
//! - `catalog.toml`: what the routes of the store do
//! - `store.rs`: the store behind its layer
//! - `objects.rs`: what it does with a permit, and what it knows of buckets
//! - `client.rs`: how requests are signed and sent
//! - `agent.rs`: the agent, which does whatever it is told
//! - `service.rs`: the service, who grants rights to both, and how the agent is started and told what to do
//! - `story.rs`: the steps

mod agent;
mod client;
mod objects;
mod service;
mod store;
mod story;

use std::process::ExitCode;

use bailiwick_examples::play;

fn main() -> ExitCode {
    play("sandbox", |role| match role {
        [] => story::tell(),
        [store::ROLE, root] => store::run(root),
        [agent::ROLE, store] => agent::run(store),
        _ => Err("usage: sandbox".into()),
    })
}
