//! An issuer, and an agent that never holds more than one task.
//!
//! `cargo run --example issuer` starts itself twice more: as the issuer's desk, and as a weather service. The agent makes a key,
//! and asks the desk for a task by the name of a manifest and its parameters. Who asks, and which task it is, the desk knows by
//! itself: the agent cannot say so. The token lives for four seconds and is renewed before its end; what was spent stays spent.
//!
//! - `desk.rs`: the issuer as a service
//! - `forecast.toml`: the manifest, which people review
//! - `weather.rs`, `weather.toml`: the service that verifies, and what its requests do
//! - `agent.rs`: how an agent gets its tokens, and uses them
//! - `story.rs`: the steps

mod agent;
mod desk;
mod story;
mod weather;

use std::process::ExitCode;

fn main() -> ExitCode {
    bailiwick_examples::play("issuer", |role| match role {
        [] => story::tell(),
        [desk::ROLE] => desk::run(),
        [weather::ROLE, root] => weather::run(root),
        _ => Err("usage: issuer".into()),
    })
}
