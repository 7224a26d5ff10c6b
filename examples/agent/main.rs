//! An agent built with Rig reads a page that tells it what to do, and does all of it. Nothing comes of that.
//!
//! `cargo run --example agent` starts itself once more as a wiki, an HTTP service behind bailiwick's layer, and then three times as
//! Ada's helper: an agent of Rig that is to read one page and save one note. Its model is scripted to obey every
//! line that looks like an order, whoever wrote it, and somebody has written seven more into the page. The helper runs
//!
//! - `guarded`: its tools are behind a guard in its own process, so that no forbidden call even reaches the wiki;
//! - `careless`: its tools are not guarded, and the wiki refuses the same calls by itself;
//! - `bare`: it does not even present its token.
//!
//! One line a call says what became of it, and the exit code says whether all of it was as it should be.
//!
//! - `task.toml`: what Ada grants
//! - `catalog.toml`: what routes and tools do: one vocabulary for the guard and the wiki
//! - `ada.rs`: how she grants
//! - `wiki.rs`: the wiki, and its gate
//! - `model.rs`: the model that does what it reads
//! - `tools.rs`: the helper's tools, which ask the wiki
//! - `helper.rs`: the helper
//! - `story.rs`: the steps

mod ada;
mod helper;
mod model;
mod story;
mod tools;
mod wiki;

use std::process::ExitCode;

use bailiwick_examples::play;

fn main() -> ExitCode {
    play("agent", |role| match role {
        [] => story::tell(),
        [wiki::ROLE, root] => wiki::run(root),
        [helper::ROLE, way, address, root] => helper::run(way, address, root),
        _ => Err("usage: agent".into()),
    })
}
