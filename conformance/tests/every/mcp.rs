//! The Model Context Protocol: over a pipe, over streamable HTTP, with a child process, and before a server that knows nothing
//! of tokens.

use std::sync::Arc;

use bailiwick::note::DetachedNote;
use bailiwick::present::{Presentation, Presenter};
use bailiwick_conformance::{Adapter, Tools, conforms};
use bailiwick_mcp::{ARGUMENT, Carry, Guarded, META_KEY, NOTES_KEY, Upstream};
use rmcp::handler::server::ServerHandler;
use rmcp::model::{CallToolRequestParams, RequestMetaObject};
use rmcp::service::RunningService;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{
    StreamableHttpClientTransport, StreamableHttpServerConfig, StreamableHttpService,
    TokioChildProcess,
};
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::Value;

use crate::{Place, place};

type Client = RunningService<RoleClient, ()>;

struct Mcp {
    client: Client,
    carry: Carry,
    has_our_store: bool,
}

impl Adapter for Mcp {
    fn has_our_store(&self) -> bool {
        self.has_our_store
    }

    async fn send(
        &mut self,
        agent: &Presenter,
        presented: Option<&Presentation>,
        tool: &str,
        arguments: &Value,
    ) -> String {
        let mut arguments = arguments.as_object().unwrap().clone();
        let mut meta = RequestMetaObject::default();
        if let Some(presented) = presented {
            let text = Value::String(presented.to_text());
            match self.carry {
                Carry::Meta => meta.0.0.insert(META_KEY.to_owned(), text),
                Carry::Argument => arguments.insert(ARGUMENT.to_owned(), text),
            };
        }
        let mut call = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        call.meta = Some(meta);
        let result = self.client.call_tool(call).await.unwrap();
        if let (Some(meta), Some(answer)) = (&result.meta, &result.structured_content) {
            let notes = meta.0.get(NOTES_KEY).and_then(Value::as_array).unwrap();
            let notes = notes.iter().map(|note| note.as_str().unwrap());
            let notes: Vec<_> = notes
                .map(|note| DetachedNote::parse(note).unwrap())
                .collect();
            agent.keep_notes(&notes, answer);
        }
        match (result.is_error, result.structured_content) {
            (Some(true), Some(data)) => data["code"].as_str().unwrap().to_owned(),
            (Some(true), None) => panic!("an error without data"),
            _ => "allow".to_owned(),
        }
    }
}

async fn must_conform(name: &str, place: &Place, client: Client, carry: Carry) {
    let agent = place.world.agent();
    let mut mcp = Mcp {
        client,
        carry,
        has_our_store: true,
    };
    conforms(name, &place.world, &agent, &mut mcp).await;
    mcp.client.cancel().await.unwrap();
}

/// A client of this server, over a pipe.
async fn over_a_pipe(server: impl ServerHandler) -> Client {
    let (ours, theirs) = tokio::io::duplex(65_536);
    tokio::spawn(async move {
        let running = server.serve(theirs).await.unwrap();
        running.waiting().await.unwrap();
    });
    ().serve(ours).await.unwrap()
}

fn guarded(place: &Place) -> impl ServerHandler + use<> {
    let desk = place.world.desk.clone();
    let guard = desk.guard();
    Guarded::new(Tools::behind_a_guard(desk), guard)
}

#[tokio::test]
async fn a_guarded_server_over_a_pipe_conforms() {
    for carry in [Carry::Meta, Carry::Argument] {
        let place = place();
        let client = over_a_pipe(guarded(&place)).await;
        must_conform("pipe", &place, client, carry).await;
    }
}

#[tokio::test]
async fn a_guarded_server_over_streamable_http_conforms() {
    let place = place();
    let server = Arc::new(guarded(&place));
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/mcp", listener.local_addr().unwrap());
    let router = axum::Router::new().nest_service("/mcp", service);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let client = ().serve(StreamableHttpClientTransport::from_uri(uri)).await.unwrap();
    must_conform("streamable HTTP", &place, client, Carry::Meta).await;
    serving.abort();
}

#[tokio::test]
async fn a_guarded_server_in_a_child_process_conforms() {
    let place = place();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_desk"));
    command.arg("guarded").args(place.world.desk.to_args());
    let client = ().serve(TokioChildProcess::new(command).unwrap()).await.unwrap();
    must_conform("child process", &place, client, Carry::Meta).await;
}

#[tokio::test]
async fn a_guard_before_a_server_that_knows_nothing_of_tokens_conforms() {
    let place = place();
    let desk = place.world.desk.clone();
    let upstream = over_a_pipe(Tools::unguarded(desk.clone())).await;
    let before = Guarded::new(Upstream::new(upstream.peer().clone()), desk.guard());
    let client = over_a_pipe(before).await;
    must_conform("upstream", &place, client, Carry::Meta).await;
}

/// `mcp-guard` as it is shipped, and behind it the desk's bare tools.
#[tokio::test]
async fn the_guard_program_before_another_process_conforms() {
    let place = place();
    let mut guard = tokio::process::Command::from(place.guard("mcp-guard"));
    guard
        .arg("--")
        .arg(env!("CARGO_BIN_EXE_desk"))
        .arg("bare")
        .args(place.world.desk.to_args());
    let client = ().serve(TokioChildProcess::new(guard).unwrap()).await.unwrap();
    let mut mcp = Mcp {
        client,
        carry: Carry::Meta,
        has_our_store: false,
    };
    let agent = place.world.agent();
    conforms("mcp-guard", &place.world, &agent, &mut mcp).await;
    mcp.client.cancel().await.unwrap();
}
