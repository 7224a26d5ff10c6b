//! A guard in front of an MCP server that knows nothing of tokens.

use std::io::Write as _;
use std::process::ExitCode;

use bailiwick_guard::NoStart;
use bailiwick_guard::mcp::{self, Options};

fn main() -> ExitCode {
    bailiwick_guard::run(async {
        match Options::parse() {
            Options::Guard(guarding) => mcp::guard(*guarding).await,
            Options::Import(importing) => {
                let draft = mcp::draft(importing).await?;
                let written = std::io::stdout().write_all(draft.as_bytes());
                written.map_err(NoStart::System)
            }
        }
    })
}
