//! Options of `http-guard`.

use std::net::SocketAddr;

use crate::options::{Files, Patience};
use crate::secret::Named;

/// A guard in front of an HTTP API that knows nothing of tokens
#[derive(Debug, clap::Parser)]
#[command(name = "http-guard", version)]
pub struct Options {
    /// Its files.
    #[command(flatten)]
    pub files: Files,
    /// Take agents at this address
    #[arg(long, value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// The API: scheme and host, such as https://api.vendor.example
    #[arg(long, value_name = "ORIGIN")]
    pub upstream: String,
    /// A header for the API, with a value out of a file
    #[arg(long = "header", value_name = "NAME=FILE")]
    pub headers: Vec<Named>,
    /// How many bytes the body of a request may have
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    pub body_limit: usize,
    /// How long it may take.
    #[command(flatten)]
    pub patience: Patience,
}
