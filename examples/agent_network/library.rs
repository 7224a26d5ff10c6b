//! The library: an MCP server of which every tool is behind a gate, and which takes word of what is revoked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use bailiwick::catalog::{Catalog, NoAttributes};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::gate::Permit;
use bailiwick::guard::{ByCatalog, Guard};
use bailiwick::revoke::{SignedRevocations, WhenStale};
use bailiwick_examples::{Outcome, mcp_routes, new_gate, serve, takes, trusted_root};
use bailiwick_mcp::Guarded;
use rmcp::handler::server::ServerHandler;
use rmcp::handler::server::common::Extension;
use rmcp::model::CallToolResult;
use rmcp::{tool, tool_handler, tool_router};
use serde_json::json;

/// The library's name for itself, which every token for it must name.
pub(crate) const SERVICE: &str = "library.example";
/// The argument by which the program knows that it is the library.
pub(crate) const ROLE: &str = "library";

/// What its tool does.
pub(crate) fn catalog() -> Outcome<Catalog> {
    let text = include_str!("catalog.toml");
    Ok(Catalog::parse("catalog.toml", text)?)
}

/// Serves until standard input ends, then says who has read what.
///
/// It knows two public keys, and no agent: whose tokens it takes, and who may revoke them.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(root: &str, revoker: &str) -> Outcome {
    let now = SystemClock.now();
    let root = trusted_root(root.parse()?, now).with_revocation_key(revoker.parse()?);
    let gate = new_gate(SERVICE, root, now)?;
    // A list that is too old, or none yet: then nobody knows what is revoked, and nothing is permitted.
    let hour = Duration::from_secs(3600);
    let lists = SignedRevocations::new(gate.verifier().ring(), hour, WhenStale::Deny);
    let lists = Arc::new(lists);

    let library = Library::default();
    let guard = Guard::new(
        gate.with_revocations(lists.clone()),
        ByCatalog::new(catalog()?, NoAttributes),
    );
    let guarded = Guarded::new(library.clone(), guard);
    let revocations = Router::new().route("/revocations", post(revoke));
    serve(mcp_routes(Arc::new(guarded)).merge(revocations.with_state(lists))).await?;
    println!("{}", library.log());
    Ok(())
}

/// Whoever brings a list: who may revoke has signed it.
async fn revoke(
    State(lists): State<Arc<SignedRevocations>>,
    list: Bytes,
) -> Result<String, (StatusCode, &'static str)> {
    match lists.apply(&list, SystemClock.now()) {
        Ok(applied) => Ok(format!("revocations {}", applied.number)),
        Err(error) => Err((StatusCode::BAD_REQUEST, error.code())),
    }
}

/// Documents, and who has read which.
#[derive(Clone, Default)]
struct Library(Arc<Mutex<Vec<String>>>);

#[tool_router]
impl Library {
    #[tool(description = "Reads a document", input_schema = takes(&["place"]))]
    fn read_document(&self, Extension(permit): Extension<Arc<Permit>>) -> CallToolResult {
        let Some(action) = permit.action() else {
            return CallToolResult::structured(json!({ "done": "nothing" }));
        };
        // Who acts, by the word of the issuer and then of each delegator in turn.
        let (first, others) = (permit.task().agent(), permit.verified().delegates());
        let by: Vec<_> = [first]
            .into_iter()
            .chain(others)
            .map(|name| name.as_str())
            .collect();
        let line = format!("{} by {}", action.resource(), by.join(" > "));
        let text = format!("what stands at {}", action.resource());
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
        CallToolResult::structured(json!({ "text": text, "by": by }))
    }
}

#[tool_handler]
impl ServerHandler for Library {}

impl Library {
    fn log(&self) -> serde_json::Value {
        json!(*self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
