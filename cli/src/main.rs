//! `bailiwick`: mint, read, check, approve and revoke capability tokens from the command line.
//!
//! One file a verb, in `verbs/`. A verb takes its arguments and gives an [`Answer`](answer::Answer), which is data; `screen` alone
//! writes. What a token or a file says is text from outside, and stays on its line.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod answer;
mod args;
mod failure;
mod finding;
mod io;
mod report;
mod screen;
mod show;
mod trust;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    match args::read() {
        Ok(asked) => {
            let json = asked.json;
            screen::finish(verbs::run(asked), json)
        }
        Err(usage) => screen::usage(&usage),
    }
}
