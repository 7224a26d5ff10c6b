//! A guard in front of an HTTP API that knows nothing of tokens.

use std::process::ExitCode;

use bailiwick_guard::http::{self, Options};
use clap::Parser as _;

fn main() -> ExitCode {
    bailiwick_guard::run(async { http::guard(Options::parse()).await })
}
