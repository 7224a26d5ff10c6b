//! A guard as the agent's child, over standard input and output.

#![allow(dead_code, reason = "each test binary uses another part of this")]

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bailiwick_mcp::{Agent, Attach};
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RunningService, ServiceError};
use rmcp::transport::IntoTransport;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

pub(crate) type Client = RunningService<RoleClient, ()>;

/// Nothing here takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

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

pub(crate) async fn call(client: &Client, tool: &str, arguments: Value) -> CallToolResult {
    try_call(client, tool, arguments).await.unwrap()
}

pub(crate) async fn try_call(
    client: &Client,
    tool: &str,
    arguments: Value,
) -> Result<CallToolResult, ServiceError> {
    let Value::Object(arguments) = arguments else {
        panic!("no object")
    };
    let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
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
