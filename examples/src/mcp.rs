//! Agents and services that speak the Model Context Protocol.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{CallToolRequestParams, CallToolResult, JsonObject};
use rmcp::service::Peer;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{
    StreamableHttpClientTransport, StreamableHttpServerConfig, StreamableHttpService, Transport,
};
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

use crate::{Outcome, http_client};

/// What a service answered to a call: `allow`, or `deny` and the code.
#[derive(Debug)]
pub struct Answer {
    is_error: bool,
    data: Value,
}

/// Calls a tool with these arguments, an object.
///
/// # Errors
///
/// There is no answer, or one that is neither a result nor a denial.
pub async fn call(server: &Peer<RoleClient>, tool: &str, arguments: Value) -> Outcome<Answer> {
    Answer::of(send(server, tool, arguments).await?)
}

/// Connects, calls one tool, and hangs up. The result is as the server gave it.
///
/// # Errors
///
/// There is no answer.
pub async fn ask_once(
    server: impl Transport<RoleClient> + 'static,
    tool: &str,
    arguments: Value,
) -> Outcome<CallToolResult> {
    let server = ().serve(server).await?;
    let result = send(&server, tool, arguments).await?;
    server.cancel().await?;
    Ok(result)
}

async fn send(server: &Peer<RoleClient>, tool: &str, arguments: Value) -> Outcome<CallToolResult> {
    let Value::Object(arguments) = arguments else {
        return Err("the arguments of a tool are an object".into());
    };
    let call = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
    Ok(server.call_tool(call).await?)
}

impl Answer {
    /// What a result says.
    ///
    /// # Errors
    ///
    /// The tool failed: it is neither a result nor a denial.
    pub fn of(result: CallToolResult) -> Outcome<Self> {
        let is_error = result.is_error == Some(true);
        let data = result.structured_content.unwrap_or_default();
        if is_error && !data["code"].is_string() {
            return Err(format!("the tool failed: {:?}", result.content).into());
        }
        Ok(Self { is_error, data })
    }

    /// Whether the tool ran.
    pub fn is_allowed(&self) -> bool {
        !self.is_error
    }

    /// The result, or why there is none, as data.
    pub fn data(&self) -> &Value {
        &self.data
    }

    /// The request for approvals, if these are all that is missing.
    ///
    /// # Errors
    ///
    /// Nothing is to be approved.
    pub fn approval_request(&self) -> Outcome<&str> {
        let request = self.data["approval_request"].as_str();
        Ok(request.ok_or("the service wants nothing approved")?)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.data["code"].as_str().filter(|_| self.is_error) {
            Some(code) => write!(f, "deny {code}"),
            None => f.write_str("allow"),
        }
    }
}

/// The schema of a tool that takes these texts, for the model to read. What is taken decides the catalog.
pub fn takes(texts: &[&str]) -> Arc<JsonObject> {
    let text = |name: &&str| ((*name).to_owned(), json!({ "type": "string" }));
    let properties: JsonObject = texts.iter().map(text).collect();
    let schema = [
        ("type", json!("object")),
        ("properties", properties.into()),
        ("required", json!(texts)),
    ];
    let schema = schema.map(|(key, value)| (key.to_owned(), value));
    Arc::new(schema.into_iter().collect())
}

/// A server over streamable HTTP, as the routes of a service.
pub fn mcp_routes(server: Arc<impl ServerHandler>) -> Router {
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    Router::new().nest_service("/mcp", service)
}

/// The way to a server at this address.
///
/// # Errors
///
/// There can be no client.
pub fn mcp_client(address: &str) -> Outcome<StreamableHttpClientTransport<reqwest::Client>> {
    let at = StreamableHttpClientTransportConfig::with_uri(format!("http://{address}/mcp"));
    Ok(StreamableHttpClientTransport::with_client(
        http_client()?,
        at,
    ))
}
