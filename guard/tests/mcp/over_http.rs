//! Streamable HTTP on both sides: agents come to an address, and the server is at a URL.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bailiwick_mcp::Attach;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{
    IntoTransport, StreamableHttpClientTransport, StreamableHttpServerConfig, StreamableHttpService,
};
use rmcp::{ErrorData, RoleClient, RoleServer, ServiceExt as _};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::session::{PATIENCE, call, verdict};
use crate::world::{SECRET, World, read};

/// A server over HTTP that notes what it was called with.
#[derive(Clone, Default)]
struct Far {
    calls: Arc<Mutex<Vec<String>>>,
    authorizations: Arc<Mutex<Vec<String>>>,
}

impl ServerHandler for Far {
    fn get_info(&self) -> ServerConfig {
        let mut config = ServerConfig::default();
        config.capabilities = ServerCapabilities::builder().enable_tools().build();
        config
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let seen = format!(
            "{} {:?} {:?}",
            request.name, request.arguments, context.meta
        );
        self.calls.lock().unwrap().push(seen);
        Ok(CallToolResult::success(Vec::new()).into())
    }
}

/// A route to this server.
pub(crate) fn routed(server: impl ServerHandler + Clone) -> Router {
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    Router::new().route_service("/mcp", service)
}

/// Serves it, and gives its URL.
async fn serve(far: Far) -> String {
    let authorizations = far.authorizations.clone();
    let note = move |request: Request, next: Next| {
        let header = request.headers().get("authorization").cloned();
        let text = header.map(|value| value.to_str().unwrap().to_owned());
        authorizations
            .lock()
            .unwrap()
            .push(text.unwrap_or_default());
        async move { next.run(request).await as Response }
    };
    listening(routed(far).layer(axum::middleware::from_fn(note))).await
}

/// The URL of what listens.
pub(crate) async fn listening(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_the_same_is_decided_and_the_credential_goes_to_the_server_alone() {
    let (world, far) = (World::new(), Far::default());
    let url = serve(far.clone()).await;
    let key = world.directory.path("key");
    let mut command = world.guard();
    command
        .args([
            "--acknowledge-reset",
            "--listen",
            "127.0.0.1:0",
            "--clock-skew",
            "0",
        ])
        .args(["--upstream", &url, "--header"])
        .arg(format!("Authorization={}", key.display()))
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    let mut guard = command.spawn().unwrap();
    let mut said = BufReader::new(guard.stderr.take().unwrap()).lines();
    let address = loop {
        let line = timeout(PATIENCE, said.next_line()).await.unwrap().unwrap();
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        if let Some(address) = line["listening"].as_str() {
            break address.to_owned();
        }
    };

    let to = |address: &str| {
        let transport = StreamableHttpClientTransport::from_uri(format!("http://{address}/mcp"));
        IntoTransport::<RoleClient, _, _>::into_transport(transport)
    };
    let client = ().serve(Attach::new(to(&address), world.agent())).await.unwrap();
    assert_eq!(read(&client, "todo").await, "allow");
    assert_eq!(
        verdict(&call(&client, "wipe_notes", json!({})).await),
        "operation_not_granted"
    );
    assert_eq!(
        verdict(&call(&client, "export_everything", json!({})).await),
        "call_unmapped"
    );
    let bare = ().serve(to(&address)).await.unwrap();
    assert_eq!(read(&bare, "todo").await, "presentation_missing");

    let calls = far.calls.lock().unwrap().clone();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(!calls.concat().contains("bwp1_"), "{calls:?}");
    let authorizations = far.authorizations.lock().unwrap().clone();
    assert!(
        authorizations.iter().all(|it| it == SECRET),
        "{authorizations:?}"
    );
    guard.kill().await.unwrap();
}
