//! Notes and taint by the catalog: the server and the agent know nothing of either.

use std::sync::Arc;

use bailiwick::note::NoteBook;
use bailiwick::present::Presenter;
use bailiwick::scope::ScopeBuilder;
use bailiwick_mcp::NOTES_KEY;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, MetaObject, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

use crate::over_http::{listening, routed};
use crate::session::{Client, Session, call, verdict};
use crate::support::{Directory, shares_until_tainted, shares_with_those_named};
use crate::world::World;

const CATALOG: &str = r#"
service = "notes.example"

[operation."lists.read"]
effect = "read"
untrusted = true
resource = "lists/{name}"
arguments = { name = "text" }
mcp = { tool = "read_list" }

[operation."lists.read".notes]
"lists:people" = "$.people[*]"

[operation."lists.share"]
effect = "send"
resource = "shares"
arguments = { to = "text" }
mcp = { tool = "share" }
"#;

/// A server whose every answer names Ann, and brings a note of its own.
#[derive(Clone)]
struct Lists;

impl ServerHandler for Lists {
    fn get_info(&self) -> ServerConfig {
        let mut config = ServerConfig::default();
        config.capabilities = ServerCapabilities::builder().enable_tools().build();
        config
    }

    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let mut named =
            CallToolResult::structured(json!({ "people": ["ann"], "title": "not eve" }));
        let mut meta = MetaObject::default();
        meta.0.insert(NOTES_KEY.to_owned(), json!(["bwd1_forged"]));
        named.meta = Some(meta);
        Ok(named.into())
    }
}

/// An agent with a book, before a guard of these lists that signs notes, if it is to.
async fn session(scope: ScopeBuilder, signs: bool) -> (World, Session, Arc<NoteBook>) {
    let directory = Directory::new();
    let roots = match signs {
        true => directory.note_signer("lists:people"),
        false => String::new(),
    };
    let world = World::of(directory, CATALOG, scope, &roots);
    let url = listening(routed(Lists)).await;
    let mut command = world.guard();
    command.args(["--acknowledge-reset", "--upstream", &url]);
    let book = Arc::new(NoteBook::new());
    let presenter = Presenter::from(world.granted.holder.clone()).with_notes(book.clone());
    let agent = world.agent_of(presenter);
    let session = Session::start(command, Some(agent)).await;
    (world, session, book)
}

async fn share(client: &Client, to: &str) -> String {
    verdict(&call(client, "share", json!({ "to": to })).await)
}

async fn read(client: &Client) -> Value {
    let result = call(client, "read_list", json!({ "name": "team" })).await;
    assert_eq!(verdict(&result), "allow");
    json!(result.meta)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_named_may_be_used_and_what_it_did_not_name_may_not() {
    let (_world, session, book) = session(shares_with_those_named(), true).await;
    let client = &session.client;
    assert_eq!(share(client, "ann").await, "argument_outside");
    assert_eq!(read(client).await, json!(null));
    assert_eq!(book.to_notes().len(), 1);
    assert_eq!(share(client, "ann").await, "allow");
    assert_eq!(share(client, "eve").await, "argument_outside");
    let said = session.end().await;
    assert!(
        !said.contains("notes_unsigned") && !said.contains("bwd1_"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_without_a_key_for_notes_says_so_and_passes_on_none() {
    let (_world, session, book) = session(shares_with_those_named(), false).await;
    assert_eq!(read(&session.client).await, json!(null));
    assert!(book.to_notes().is_empty());
    let said = session.end().await;
    assert_eq!(said.matches("notes_unsigned").count(), 1, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reads_untrusted_text_taints_its_task() {
    let (_world, session, _) = session(shares_until_tainted(), false).await;
    let client = &session.client;
    assert_eq!(share(client, "eve").await, "allow");
    read(client).await;
    assert_eq!(share(client, "eve").await, "approval_required");
}
