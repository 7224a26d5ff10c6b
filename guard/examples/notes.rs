//! A small MCP server that knows nothing of tokens: to try `mcp-guard` with, and for its tests.
//!
//! `notes LOG` writes what it was given, and what it did, into the file `LOG`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Arc;

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServiceExt as _};
use serde_json::json;

/// Where it writes what it did.
struct Notes {
    log: String,
}

impl Notes {
    fn note(&self, line: &str) -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        let mut log = options.create(true).append(true).open(&self.log)?;
        writeln!(log, "{line}")
    }
}

/// Names of tools, and of the texts that they take.
const TOOLS: [(&str, &[&str]); 6] = [
    ("read_note", &["name"]),
    ("write_note", &["name", "text"]),
    ("wipe_notes", &[]),
    ("wait", &[]),
    ("crash", &[]),
    ("export_everything", &[]),
];

impl ServerHandler for Notes {
    fn get_info(&self) -> ServerConfig {
        let mut config = ServerConfig::default();
        config.capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .build();
        config
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = TOOLS.map(|(name, texts)| {
            let properties: serde_json::Map<_, _> = texts
                .iter()
                .map(|text| ((*text).to_owned(), json!({ "type": "string" })))
                .collect();
            let schema = json!({ "type": "object", "properties": properties, "required": texts });
            let schema = schema.as_object().cloned().unwrap_or_default();
            Tool::new(name, "a tool of notes", Arc::new(schema))
        });
        Ok(ListToolsResult::with_all_items(tools.into()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let failed = |error: std::io::Error| ErrorData::internal_error(error.to_string(), None);
        let arguments = json!(request.arguments);
        self.note(&format!("call {} {arguments}", request.name))
            .map_err(failed)?;
        self.note(&format!("meta {:?}", context.meta))
            .map_err(failed)?;
        match request.name.as_ref() {
            "crash" => std::process::exit(3),
            "wait" => std::future::pending().await,
            name => {
                let text = format!("{name} is done");
                Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into())
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let log = std::env::args().nth(1).ok_or("write: notes LOG")?;
    let notes = Notes { log };
    notes.note(&format!("process {}", std::process::id()))?;
    for (name, value) in std::env::vars() {
        notes.note(&format!("variable {name}={value}"))?;
    }
    notes
        .serve(rmcp::transport::stdio())
        .await?
        .waiting()
        .await?;
    Ok(())
}
