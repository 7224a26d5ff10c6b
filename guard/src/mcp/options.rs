//! Options of `mcp-guard`.

use std::ffi::OsString;
use std::net::SocketAddr;

use bailiwick::action::Service;
use clap::Parser as _;

use crate::options::{Files, Patience};
use crate::secret::Named;

/// What `mcp-guard` is to do.
#[derive(Debug)]
pub enum Options {
    /// Guard a server.
    Guard(Box<Guarding>),
    /// Draft a catalog.
    Import(Importing),
}

impl Options {
    /// Reads the arguments of this process; ends it with a message if they are none.
    pub fn parse() -> Self {
        // Guarding has no name of its own, which clap cannot say of options that are needed.
        match std::env::args_os().nth(1) {
            Some(first) if first == "import" => {
                let Verbs::Import(importing) = Verbs::parse();
                Self::Import(importing)
            }
            _ => Self::Guard(Box::new(Guarding::parse())),
        }
    }
}

#[derive(Debug, clap::Parser)]
#[command(name = "mcp-guard", version)]
enum Verbs {
    /// Draft a catalog from the server's list of tools, for a person to correct
    Import(Importing),
}

/// How to draft a catalog.
#[derive(Debug, clap::Args)]
pub struct Importing {
    /// The name of the service, as tokens have it
    #[arg(long, value_name = "NAME")]
    pub service: Service,
    /// Whom to ask.
    #[command(flatten)]
    pub behind: Behind,
    /// How long to wait.
    #[command(flatten)]
    pub patience: Patience,
}

/// A guard in front of an MCP server that knows nothing of tokens
#[derive(Debug, clap::Parser)]
#[command(
    name = "mcp-guard",
    version,
    after_help = "`mcp-guard import --help` shows how to draft a catalog."
)]
pub struct Guarding {
    /// Its files.
    #[command(flatten)]
    pub files: Files,
    /// Take agents over streamable HTTP at this address, path /mcp, and not on standard input
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// A name that agents may reach it by over HTTP, beside those of this machine
    #[arg(long = "host", value_name = "NAME", requires = "listen")]
    pub hosts: Vec<String>,
    /// What is guarded.
    #[command(flatten)]
    pub behind: Behind,
    /// How long it may take.
    #[command(flatten)]
    pub patience: Patience,
}

/// The server behind the guard.
#[derive(Debug, clap::Args)]
pub struct Behind {
    /// The server's URL of streamable HTTP
    #[arg(long, value_name = "URL", conflicts_with = "command")]
    pub upstream: Option<String>,
    /// A header for the server, with a value out of a file
    #[arg(long = "header", value_name = "NAME=FILE", requires = "upstream")]
    pub headers: Vec<Named>,
    /// A variable for the server, with a value out of a file
    #[arg(long = "env", value_name = "NAME=FILE", requires = "command")]
    pub variables: Vec<Named>,
    /// A variable of the guard's own that the server gets too, beside PATH
    #[arg(long = "pass-env", value_name = "NAME", requires = "command")]
    pub passed: Vec<String>,
    /// Show what the server writes to standard error, which may have secrets in it
    #[arg(long, requires = "command")]
    pub show_stderr: bool,
    /// The server's command
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}
