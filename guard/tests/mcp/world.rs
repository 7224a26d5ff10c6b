//! An agent, a guard and a server of notes, as processes.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use bailiwick::scope::{Budget, Capability, Condition, Scope};
use bailiwick_mcp::{Agent, Attach};
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RunningService, ServiceError};
use rmcp::transport::IntoTransport;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::support::{Directory, Granted, grant};

pub(crate) type Client = RunningService<RoleClient, ()>;

/// Nothing here takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

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
        let directory = Directory::new();
        let operation = |name: &str, on: &str| Capability::operation(name, on).unwrap();
        let reads = Condition::Budget(Budget::uses("reads", 2).unwrap());
        let scope = Scope::builder()
            .allow_with(operation("notes.read", "notes/*"), reads)
            .allow(operation("notes.write", "notes/todo"))
            .allow(operation("notes.wait", "notes"))
            .allow(operation("notes.crash", "notes"));
        let granted = grant(&"notes.example".parse().unwrap(), scope);
        directory.write("catalog.toml", CATALOG);
        directory.roots(&granted.issuer, "");
        directory.secret("key", &format!("{SECRET}\n"));
        Self { directory, granted }
    }

    /// The guard with its files, up to what is behind it.
    pub(crate) fn guard(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mcp-guard"));
        let file = |name| self.directory.path(name);
        command
            .arg("--catalog")
            .arg(file("catalog.toml"))
            .arg("--roots")
            .arg(file("roots.toml"))
            .arg("--ledger")
            .arg(file("spent.redb"))
            .env("OF_THE_GUARD", "nobody-else-sees-this")
            .kill_on_drop(true);
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
        Agent::new(
            self.granted.holder.clone(),
            "notes.example".parse().unwrap(),
        )
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

/// A guard as the agent's child.
pub(crate) struct Session {
    pub(crate) client: Client,
    guard: Child,
}

impl Session {
    pub(crate) async fn start(mut command: Command, agent: Option<Agent>) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut guard = command.spawn().unwrap();
        let ends = (guard.stdout.take().unwrap(), guard.stdin.take().unwrap());
        let transport = IntoTransport::<RoleClient, _, _>::into_transport(ends);
        let connecting = async {
            match agent {
                None => ().serve(transport).await,
                Some(agent) => ().serve(Attach::new(transport, agent)).await,
            }
        };
        let connected = timeout(PATIENCE, connecting).await.unwrap();
        let Ok(client) = connected else {
            panic!("the guard did not start: {}", rest(&mut guard).await)
        };
        Self { client, guard }
    }

    pub(crate) fn id(&self) -> u32 {
        self.guard.id().unwrap()
    }

    /// Closes the agent's side; the guard ends by itself. Gives what it said on standard error.
    pub(crate) async fn end(self) -> String {
        let Self { client, mut guard } = self;
        client.cancel().await.unwrap();
        ended(&mut guard).await.1
    }

    /// As [`end`](Self::end), for a guard that was told to end otherwise.
    pub(crate) async fn ended(&mut self) -> (ExitStatus, String) {
        ended(&mut self.guard).await
    }
}

async fn ended(guard: &mut Child) -> (ExitStatus, String) {
    let waiting = async {
        let said = rest(guard).await;
        (guard.wait().await.unwrap(), said)
    };
    timeout(PATIENCE, waiting)
        .await
        .expect("the guard does not end")
}

/// What a guard says on standard error until its end.
async fn rest(guard: &mut Child) -> String {
    let mut said = String::new();
    let mut stderr = guard.stderr.take().unwrap();
    let reading = stderr.read_to_string(&mut said);
    let _ = timeout(PATIENCE, reading)
        .await
        .expect("the guard does not end");
    said
}

pub(crate) async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    try_call(client, tool, arguments).await.unwrap()
}

pub(crate) async fn try_call(
    client: &Client,
    tool: &'static str,
    arguments: Value,
) -> Result<CallToolResult, ServiceError> {
    let Value::Object(arguments) = arguments else {
        panic!("no object")
    };
    let params = CallToolRequestParams::new(tool).with_arguments(arguments);
    timeout(PATIENCE, client.call_tool(params))
        .await
        .expect("the call hangs")
}

/// `allow`, or the code of the denial.
pub(crate) fn verdict(result: &CallToolResult) -> String {
    match (result.is_error, &result.structured_content) {
        (Some(true), Some(data)) => data["code"].as_str().unwrap().to_owned(),
        (Some(true), None) => "error without data".to_owned(),
        _ => "allow".to_owned(),
    }
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
