//! A working day: an agent does what its user says, and obeys whatever it reads.
//!
//! `cargo run --release --example workday` runs a suite of tasks on five services (mail, calendar, drive, bank, chat), each an MCP
//! server behind a guard. Every task runs once alone, and once with every injection at every place that it reads: an order to the
//! agent in a mail, a file, a memo, a description, a message. The agent of this program is scripted and always obeys. What comes of
//! that is printed for each way to write the manifests, from none to notes and taint; see `docs/workday.md`.
//!
//! - `tasks/`: what the user says, the manifest for it, and what an agent does that understands it
//! - `injections.toml`: what is planted, what an agent does that obeys, and how its goal is seen
//! - `catalogs/`, `catalogs.rs`: what the tools of the services do, and which fields they note
//! - `data/`, `data.rs`: the objects, by hand and by rule
//! - `tool.rs`, `state.rs`, `server.rs`: the services
//! - `office.rs`: who trusts whom, and who approves
//! - `mode.rs`: the ways to write a manifest
//! - `agent.rs`, `run.rs`, `suite.rs`: one agent, one run, all runs
//! - `table.rs`: what is printed

mod agent;
mod catalogs;
mod data;
mod injection;
mod mode;
mod office;
mod run;
mod server;
mod state;
mod suite;
mod table;
mod task;
mod tool;

use std::process::ExitCode;
use std::sync::Arc;

use bailiwick_examples::{Outcome, play};

use crate::mode::Mode;
use crate::suite::Suite;
use crate::table::{HEAD, Row};

fn main() -> ExitCode {
    play("workday", |role| match role {
        [] => tell(),
        _ => Err("usage: workday".into()),
    })
}

#[tokio::main]
async fn tell() -> Outcome {
    let suite = Arc::new(Suite::new()?);
    let jobs = Arc::new(suite.jobs());
    let (tasks, injections) = (suite.tasks.len(), suite.injections.len());
    let (objects, attacks) = (suite.state.size(), jobs.len() - tasks);
    let own = suite.with_own_tools(&jobs);
    println!("{tasks} tasks, {injections} injections, {objects} objects");
    println!("{attacks} attacks, {own} of them with tools that the task needs itself\n\n{HEAD}");
    let (mut is_open, mut is_closed, mut reached) = (false, false, vec![]);
    for mode in Mode::ALL {
        let ran = suite.run(mode, &jobs).await?;
        let row = Row::new(mode, &ran);
        println!("{row}");
        match mode {
            Mode::Open => is_open = row.is_open(),
            Mode::Taint => {
                (is_closed, reached) = (row.is_closed(), table::reached(&suite, &jobs, &ran))
            }
            _ => {}
        }
    }
    println!("\nWith notes and taint:\n{}", reached.join("\n"));
    if !is_open {
        return Err("not every task and every attack is possible without gates".into());
    }
    if !is_closed {
        return Err("with notes and taint, too little or too much is allowed".into());
    }
    Ok(())
}
