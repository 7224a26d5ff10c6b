//! Arguments.

use bailiwick::clock::{Clock as _, SystemClock, Timestamp};
use clap::Parser;

use crate::verbs::Verb;

/// Capability tokens for AI agents: mint, read, check, approve, revoke
///
/// Exit codes: 0 allowed or clean, 1 failure, 2 denied or wider, 3 findings, 4 undecided.
#[derive(Parser)]
#[command(name = "bailiwick", version, max_term_width = 100)]
pub(crate) struct Asked {
    #[command(subcommand)]
    pub(crate) verb: Verb,
    /// Write JSON to standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Take this for the time: RFC 3339, such as 2026-11-21T09:30:00Z
    #[arg(long, global = true, value_name = "TIME")]
    now: Option<Timestamp>,
}

impl Asked {
    /// The time that counts.
    pub(crate) fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(|| SystemClock.now())
    }
}

pub(crate) fn read() -> Result<Asked, clap::Error> {
    Asked::try_parse()
}
