//! What is decided, over a pipe and over streamable HTTP.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bailiwick::action::{ToolCall, Tree, Value};
use bailiwick::approve::ApprovalRequest;
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::token::Limits;
use bailiwick_mcp::{ARGUMENT, Attach, Carry, Guarded, META_KEY, Upstream};
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{
    IntoTransport, StreamableHttpClientTransport, StreamableHttpServerConfig, StreamableHttpService,
};
use rmcp::{ErrorData, RoleClient, RoleServer, ServiceExt as _};
use serde_json::json;

use crate::party::{Client, Mailbox, Party, call, mail_service, party, verdict};
/// What every transport must give alike.
async fn calls_are_decided(party: &Party, client: &Client) {
    let table = [
        ("read_mail", json!({"id": "7"}), "allow"),
        (
            "read_mail",
            json!({"id": "7", "all": true}),
            "argument_unknown",
        ),
        ("read_mail", json!({}), "argument_missing"),
        ("read_mail", json!({"id": 7}), "argument_mistyped"),
        ("read_mail", json!({"id": ".."}), "segment_not_canonical"),
        ("read_mail", json!({"id": null}), "argument_mistyped"),
        ("format_disk", json!({}), "operation_not_granted"),
        ("wipe_disk", json!({}), "call_unmapped"),
        (
            "delete_mail",
            json!({"ids": ["7", ".."]}),
            "segment_not_canonical",
        ),
        ("tools/list", json!({}), "call_unmapped"),
        ("delete_mail", json!({"ids": ["7"]}), "approval_required"),
        ("read_mail", json!({"id": "8"}), "allow"),
        ("read_mail", json!({"id": "9"}), "budget_exceeded"),
    ];
    let (mut allowed, before) = (0, party.runs());
    for (tool, arguments, expected) in table {
        let result = call(client, tool, arguments.clone()).await;
        assert_eq!(verdict(&result), expected, "{tool} {arguments}");
        allowed += usize::from(expected == "allow");
        assert_eq!(party.runs() - before, allowed, "{tool} {arguments}");
    }
}

#[tokio::test]
async fn each_call_is_decided_before_the_tool_runs() {
    let party = party();
    let client = party.client(Some(party.agent())).await;
    calls_are_decided(&party, &client).await;
}

#[tokio::test]
async fn the_tool_sees_the_permit_and_not_the_presentation() {
    for carry in [Carry::Meta, Carry::Argument] {
        let party = party();
        let client = party.client(Some(party.agent().carried(carry))).await;
        assert_eq!(
            verdict(&call(&client, "read_mail", json!({"id": "7"})).await),
            "allow",
            "{carry:?}"
        );
        let seen = party.mailbox.seen.lock().unwrap().concat();
        assert!(seen.starts_with("read_mail for helper: "), "{seen}");
        for secret in [ARGUMENT, META_KEY, "bwp1_"] {
            assert!(!seen.contains(secret), "{seen}");
        }
    }
}

#[tokio::test]
async fn a_call_without_a_presentation_runs_nothing() {
    let party = party();
    let client = party.client(None).await;
    assert_eq!(
        verdict(&call(&client, "read_mail", json!({"id": "7"})).await),
        "presentation_missing"
    );
    let number = call(&client, "read_mail", json!({"id": "7", ARGUMENT: 7})).await;
    assert_eq!(verdict(&number), "presentation_malformed");
    let nonsense = call(&client, "read_mail", json!({"id": "7", ARGUMENT: "bwp1_"})).await;
    assert_ne!(verdict(&nonsense), "allow");
    let client = party.client(Some(party.agent())).await;
    let two = call(&client, "read_mail", json!({"id": "7", ARGUMENT: "bwp1_"})).await;
    assert_eq!(verdict(&two), "presentation_repeated");
    assert_eq!(party.runs(), 0);
}

#[tokio::test]
async fn what_was_presented_once_is_no_use_again_or_for_another_call() {
    let party = party();
    let id = |id: &str| Tree::from_pairs([("id", id)]).unwrap();
    let read = bailiwick::action::Call::tool("read_mail".parse().unwrap(), id("7"));
    let sent = party
        .holder
        .present(&mail_service(), &read, SystemClock.now())
        .unwrap()
        .to_text();
    let client = party.client(None).await;
    let try_with = |arguments| call(&client, "read_mail", arguments);
    assert_eq!(
        verdict(&try_with(json!({"id": "8", ARGUMENT: sent})).await),
        "proof_invalid"
    );
    assert_eq!(party.runs(), 0);
    assert_eq!(
        verdict(&try_with(json!({"id": "7", ARGUMENT: sent})).await),
        "allow"
    );
    assert_eq!(
        verdict(&try_with(json!({"id": "7", ARGUMENT: sent})).await),
        "proof_replayed"
    );
    assert_eq!(party.runs(), 1);
}

#[tokio::test]
async fn a_list_shows_what_the_token_could_allow_and_nothing_without_one() {
    let party = party();
    let names = async |client: Client| {
        let tools = client.list_all_tools().await.unwrap();
        tools
            .into_iter()
            .map(|tool| tool.name.into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(party.client(Some(party.agent())).await).await,
        ["read_mail", "reply_mail", "delete_mail"]
    );
    assert!(names(party.client(None).await).await.is_empty());
}

#[tokio::test]
async fn what_is_no_tool_is_not_passed_on() {
    let party = party();
    let client = party.client(Some(party.agent())).await;
    let capabilities = &client.peer_info().unwrap().capabilities;
    assert!(
        capabilities.tools.is_some()
            && capabilities.resources.is_none()
            && capabilities.prompts.is_none()
    );
}

#[tokio::test]
async fn a_denial_carries_what_a_person_approves_and_the_approved_call_runs_once() {
    let party = party();
    let agent = party.agent();
    let client = party.client(Some(agent.clone())).await;
    let denied = call(&client, "delete_mail", json!({"ids": ["7", "8"]})).await;
    assert_eq!(verdict(&denied), "approval_required");
    let data = denied.structured_content.unwrap();
    assert!(data["next"].as_str().unwrap().contains("approval"));
    let limits = Limits::default();
    let request =
        ApprovalRequest::parse(data["approval_request"].as_str().unwrap(), &limits).unwrap();
    let asked = party.holder.ask(&request, SystemClock.now()).unwrap();
    let opened = party
        .approver
        .open(&asked.to_text(), SystemClock.now())
        .unwrap();
    assert_eq!(opened.actions().len(), 2);
    let approval = party
        .approver
        .approve(&opened, Duration::from_secs(60), SystemClock.now())
        .unwrap();

    let ids = Value::List(vec!["7".into(), "8".into()]);
    let delete = ToolCall::new(
        "delete_mail".parse().unwrap(),
        Tree::from_pairs([("ids", ids)]).unwrap(),
    );
    agent.approve(&delete, [approval]);
    // It waits for the call that it is for.
    assert_eq!(
        verdict(&call(&client, "delete_mail", json!({"ids": ["9"]})).await),
        "approval_required"
    );
    assert_eq!(
        verdict(&call(&client, "delete_mail", json!({"ids": ["7", "8"]})).await),
        "allow"
    );
    assert_eq!(
        verdict(&call(&client, "delete_mail", json!({"ids": ["7", "8"]})).await),
        "approval_required"
    );
    assert_eq!(party.runs(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_streamable_http_the_same_calls_are_decided_alike() {
    let party = party();
    let server = party.server.clone();
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/mcp", listener.local_addr().unwrap());
    let router = axum::Router::new().nest_service("/mcp", service);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let transport = StreamableHttpClientTransport::from_uri(uri);
    let transport = IntoTransport::<RoleClient, _, _>::into_transport(transport);
    let client = ().serve(Attach::new(transport, party.agent())).await.unwrap();
    calls_are_decided(&party, &client).await;
    client.cancel().await.unwrap();
    serving.abort();
}

#[tokio::test]
async fn a_server_that_knows_nothing_of_tokens_is_guarded_and_sees_none() {
    let party = party();
    let (near, far) = tokio::io::duplex(65_536);
    let behind = Plain(party.mailbox.clone());
    tokio::spawn(async move {
        let running = behind.serve(far).await.unwrap();
        running.waiting().await.unwrap();
    });
    let upstream = ().serve(near).await.unwrap();
    let guard = party.server.guard().clone();
    let guarded = Guarded::new(Upstream::new(upstream.peer().clone()), guard);
    let (ours, theirs) = tokio::io::duplex(65_536);
    tokio::spawn(async move {
        let running = guarded.serve(theirs).await.unwrap();
        running.waiting().await.unwrap();
    });
    let transport = IntoTransport::<RoleClient, _, _>::into_transport(ours);
    let client = ().serve(Attach::new(transport, party.agent())).await.unwrap();
    let names: Vec<_> = client
        .list_all_tools()
        .await
        .unwrap()
        .into_iter()
        .map(|tool| tool.name)
        .collect();
    assert_eq!(names, ["read_mail", "reply_mail", "delete_mail"]);
    calls_are_decided(&party, &client).await;
    let seen = party.mailbox.seen.lock().unwrap().concat();
    for secret in [ARGUMENT, META_KEY, "bwp1_"] {
        assert!(!seen.contains(secret), "{seen}");
    }
}

/// The mailbox as a server of its own, which is given no permit.
struct Plain(Mailbox);

impl ServerHandler for Plain {
    fn get_info(&self) -> ServerConfig {
        self.0.get_info()
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        self.0.list_tools(request, context).await
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.0.runs.fetch_add(1, Ordering::SeqCst);
        let seen = format!("{request:?} {:?}", context.meta);
        self.0.seen.lock().unwrap().push(seen);
        Ok(CallToolResult::success(vec![ContentBlock::text("done")]).into())
    }
}
