//! The forum as a service: its routes, and the one place where a request becomes a permit.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use bailiwick::action::{Action, Call, Effect, Resource, Tree};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::gate::{Gate, Permit, RefusalKind};
use bailiwick::keys::{KeyRing, Root};
use bailiwick::ledger::{ForgetfulLedger, LedgerError};
use bailiwick::verify::Verifier;
use serde_json::{Value, json};

use crate::Outcome;
use crate::forum::Forum;
use crate::issuer::{ROOT, SERVICE};

/// The argument by which the program knows that it is the forum.
pub(crate) const ROLE: &str = "server";

/// Serves until standard input ends, then prints what the forum has become.
///
/// All that it knows of issuers and agents is the public key of one root.
pub(crate) fn run(root: &str) -> Outcome {
    let desk = Arc::new(Desk { gate: gate(root)?, forum: Forum::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, routes(Arc::clone(&desk))).with_graceful_shutdown(end_of_input()).await
    })?;
    println!("{}", desk.forum.state());
    Ok(())
}

fn gate(root: &str) -> Outcome<Gate> {
    let now = SystemClock.now();
    let day = Duration::from_secs(24 * 3600);
    let root = Root::new(ROOT, root.parse()?, now.saturating_sub(day)..now.saturating_add(day))
        .with_longest_lifetime(Duration::from_secs(3600));
    // One clock on both sides: no skew to allow for. The ledger refuses proofs from before it
    // began, and with a skew it would have to refuse those of the first seconds too.
    let verifier = Verifier::new(SERVICE.parse()?, KeyRing::new([root])?).with_skew(Duration::ZERO);
    Ok(Gate::new(verifier, Arc::new(ForgetfulLedger::started_at(now))))
}

/// What all routes share.
struct Desk {
    gate: Gate,
    forum: Forum,
}

/// What each route does, in the forum's own words, beside the function that does it.
fn routes(desk: Arc<Desk>) -> Router {
    use MethodFilter as M;
    Router::new()
        .route("/threads/{id}", guarded(M::GET, "forum.read", Effect::Read, Forum::read))
        .route("/threads/{id}/drafts", guarded(M::POST, "forum.draft", Effect::Draft, Forum::draft))
        .route("/threads/{id}/posts", guarded(M::POST, "forum.publish", Effect::Publish, Forum::publish))
        .route("/threads/{id}/acl", guarded(M::PUT, "acl.grant", Effect::Admin, Forum::grant))
        .with_state(desk)
}

/// A function that acts. It cannot be called without a permit, and there is one way to get one.
type Act = fn(&Forum, Permit) -> Value;

/// A route that acts only on what the gate permits.
fn guarded(
    method: MethodFilter,
    operation: &'static str,
    effect: Effect,
    act: Act,
) -> MethodRouter<Arc<Desk>> {
    let handle = move |State(desk): State<Arc<Desk>>, Path(thread): Path<String>, request: Request| async move {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, MAX_BODY).await.map_err(bad_request)?;
        let call = Call::http(head.method.as_str(), head.uri.path(), head.uri.query(), &body)
            .map_err(bad_request)?;

        let service = desk.gate.verifier().service().clone();
        let operation = operation.parse().map_err(bad_request)?;
        let resource = Resource::from_segments(["forum", "thread", &thread]).map_err(bad_request)?;
        let action = Action::new(service, operation, effect, resource)
            .with_arguments(arguments(&body).map_err(bad_request)?);

        let asked = json!({ "operation": action.operation(), "resource": action.resource() });
        match desk.gate.admit(presentation(&head.headers), &call, vec![action]) {
            Ok(permit) => Ok(answer(StatusCode::OK, "application/json", asked, act(&desk.forum, permit))),
            Err(refusal) => {
                let why = serde_json::to_value(&refusal).map_err(bad_request)?;
                Err(answer(status(refusal.kind()), PROBLEM, asked, why))
            }
        }
    };
    on(method, handle)
}

const MAX_BODY: usize = 64 * 1024;
const PROBLEM: &str = "application/problem+json";

/// What follows `Authorization: Bailiwick`; nothing is as good as a presentation that proves nothing.
fn presentation(headers: &HeaderMap) -> &str {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bailiwick ")).unwrap_or_default()
}

fn arguments(body: &[u8]) -> Result<Tree, bailiwick::action::JsonError> {
    if body.is_empty() { Ok(Tree::empty()) } else { Tree::from_json_slice(body) }
}

/// Whose turn it is: the agent's to prove more, its grantor's to grant more, or ours.
fn status(refused: &RefusalKind) -> StatusCode {
    match refused {
        RefusalKind::Unverified(_) | RefusalKind::Unsettled(LedgerError::Replayed) => StatusCode::UNAUTHORIZED,
        RefusalKind::Denied(_) | RefusalKind::Unsettled(LedgerError::BudgetExceeded { .. }) => StatusCode::FORBIDDEN,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn bad_request(error: impl std::fmt::Display) -> Response {
    let why = json!({ "code": "bad_request", "message": error.to_string() });
    answer(StatusCode::BAD_REQUEST, PROBLEM, json!({}), why)
}

fn answer(status: StatusCode, kind: &'static str, mut asked: Value, said: Value) -> Response {
    if let (Value::Object(asked), Value::Object(said)) = (&mut asked, said) {
        asked.extend(said);
    }
    (status, [(header::CONTENT_TYPE, kind)], asked.to_string()).into_response()
}

/// Waits until whoever started the forum closes its standard input, or is no more.
async fn end_of_input() {
    let read = || io::copy(&mut io::stdin(), &mut io::sink());
    let _ = tokio::task::spawn_blocking(read).await;
}
