//! An agent, a guard and a server of notes, as processes.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bailiwick::present::Presenter;
use bailiwick::scope::{Budget, Capability, Condition, Scope, ScopeBuilder};
use bailiwick_mcp::Agent;
use serde_json::json;
use tokio::process::Command;

use crate::session::{Client, call, verdict};
use crate::support::{Directory, Granted};

pub(crate) const SECRET: &str = "s3cret-of-the-notes";

pub(crate) const CATALOG: &str = r#"
service = "notes.example"

[operation."notes.read"]
effect = "read"
resource = "notes/{name}"
arguments = { name = "text" }
mcp = { tool = "read_note" }

[operation."notes.write"]
effect = "write"
resource = "notes/{name}"
arguments = { name = "text", text = "text" }
mcp = { tool = "write_note" }

[operation."notes.wipe"]
effect = "delete"
resource = "notes"
mcp = { tool = "wipe_notes" }

[operation."notes.wait"]
effect = "read"
resource = "notes"
mcp = { tool = "wait" }

[operation."notes.crash"]
effect = "admin"
resource = "notes"
mcp = { tool = "crash" }
"#;

pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) granted: Granted,
}

impl World {
    /// The agent may read two notes, write one, and make the server wait or crash.
    pub(crate) fn new() -> Self {
        let operation = |name: &str, on: &str| Capability::operation(name, on).unwrap();
        let reads = Condition::Budget(Budget::uses("reads", 2).unwrap());
        let scope = Scope::builder()
            .allow_with(operation("notes.read", "notes/*"), reads)
            .allow(operation("notes.write", "notes/todo"))
            .allow(operation("notes.wait", "notes"))
            .allow(operation("notes.crash", "notes"));
        Self::of(Directory::new(), CATALOG, scope, "")
    }

    /// An agent with these rights, and a guard with this catalog, whose roots say more.
    pub(crate) fn of(
        directory: Directory,
        catalog: &str,
        scope: ScopeBuilder,
        roots: &str,
    ) -> Self {
        let service = "notes.example".parse().unwrap();
        let granted = directory.granting(&service, catalog, scope, roots);
        directory.secret("key", &format!("{SECRET}\n"));
        Self { directory, granted }
    }

    /// The guard with its files, up to what is behind it.
    pub(crate) fn guard(&self) -> Command {
        let mut command = self.directory.guard(env!("CARGO_BIN_EXE_mcp-guard"));
        command.env("OF_THE_GUARD", "nobody-else-sees-this");
        command
    }

    /// The guard for its first start, before the server of notes as its child.
    pub(crate) fn before_notes(&self) -> Command {
        let mut command = self.guard();
        command.arg("--acknowledge-reset");
        self.notes(&mut command);
        command
    }

    pub(crate) fn notes(&self, command: &mut Command) {
        let key = format!("NOTES_KEY={}", self.directory.path("key").display());
        command
            .args(["--env", &key, "--"])
            .arg(notes())
            .arg(self.log_file());
    }

    fn log_file(&self) -> PathBuf {
        self.directory.path("log")
    }

    pub(crate) fn agent(&self) -> Agent {
        self.agent_of(self.granted.holder.clone())
    }

    pub(crate) fn agent_of(&self, presenter: impl Into<Presenter>) -> Agent {
        Agent::new(presenter, "notes.example".parse().unwrap())
    }

    /// What the server wrote down of itself.
    pub(crate) fn log(&self, kind: &str) -> Vec<String> {
        let log = std::fs::read_to_string(self.log_file()).unwrap_or_default();
        log.lines()
            .filter_map(|line| line.strip_prefix(kind))
            .map(|line| line.trim_start().to_owned())
            .collect()
    }

    /// The server's process.
    pub(crate) fn server(&self) -> String {
        self.log("process").pop().unwrap()
    }

    /// How often a tool ran.
    pub(crate) fn runs(&self) -> usize {
        self.log("call").len()
    }
}

/// The server of notes. `cargo test` builds it, unless it is told which targets to test: then it is built here.
fn notes() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let examples = Path::new(env!("CARGO_BIN_EXE_mcp-guard")).with_file_name("examples");
        let path = examples.join("notes");
        if !path.exists() {
            let arguments = [
                "build",
                "--quiet",
                "--locked",
                "--workspace",
                "--example",
                "notes",
            ];
            let built = std::process::Command::new(env!("CARGO"))
                .args(arguments)
                .status();
            assert!(built.unwrap().success());
        }
        path
    };
    BUILT.get_or_init(build).clone()
}

pub(crate) async fn read(client: &Client, name: &str) -> String {
    verdict(&call(client, "read_note", json!({ "name": name })).await)
}

/// Whether a process of this id runs.
pub(crate) fn runs(process: &str) -> bool {
    let asked = std::process::Command::new("kill")
        .args(["-0", process])
        .output();
    asked.unwrap().status.success()
}
