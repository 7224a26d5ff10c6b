//! Options that both guards have.

use std::path::PathBuf;
use std::time::Duration;

/// The files of a guard.
#[derive(Clone, Debug, clap::Args)]
pub struct Files {
    /// The catalog: what tools or routes do, in TOML
    #[arg(long, value_name = "FILE")]
    pub catalog: PathBuf,
    /// Whom the guard trusts: root keys, in TOML
    #[arg(long, value_name = "FILE")]
    pub roots: PathBuf,
    /// What was spent; it is made if it is missing
    #[arg(long, value_name = "FILE")]
    pub ledger: PathBuf,
    /// Take all budgets for unspent that were given before the ledger was made: for a first start
    #[arg(long)]
    pub acknowledge_reset: bool,
    /// By how many seconds agents' clocks may be ahead; proofs count only so long after the start [default: 0 on standard
    /// input, 5 otherwise]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(..=60))]
    pub clock_skew: Option<u64>,
    /// Only check catalog, roots and credentials
    #[arg(long)]
    pub check: bool,
}

/// How long the upstream may take.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Patience {
    /// How many seconds the upstream may take for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
}

impl Patience {
    /// As a duration.
    pub const fn duration(self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}
