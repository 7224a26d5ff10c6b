//! The forum as a service: its routes, and the one place where a request becomes a permit.

use std::collections::HashMap;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use bailiwick::action::{Action, Call, CallError, Effect, Resource, Tree};
use bailiwick::approve::Directory;
use bailiwick::clock::{Clock, SystemClock, Timestamp};
use bailiwick::decide::DecisionId;
use bailiwick::gate::{Admission, Gate, Permit, Refusal, RefusalKind};
use bailiwick::keys::{IssuerPublicKey, KeyRing, Root};
use bailiwick::ledger::{ForgetfulLedger, LedgerError};
use bailiwick::revoke::Posted;
use bailiwick::verify::Verifier;
use serde_json::{Value, json};

use crate::Outcome;
use crate::forum::Forum;
use crate::issuer::{ROOT, SERVICE};

/// The argument by which the program knows that it is the forum.
pub(crate) const ROLE: &str = "server";

/// Serves until standard input ends, then prints what the forum has become.
///
/// All that it knows of issuers and agents is the public key of one root; of people, a directory and
/// the key that signs it.
pub(crate) fn run(root: &str, signer: &str, directory: &str) -> Outcome {
    let desk = Arc::new(Desk {
        gate: gate(root, signer, directory)?,
        forum: Forum::default(),
        answers: Mutex::default(),
    });
    // The ledger refuses proofs of the very millisecond in which it began.
    thread::sleep(Duration::from_millis(1));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, routes(Arc::clone(&desk)))
            .with_graceful_shutdown(end_of_input())
            .await
    })?;
    // Whoever asked may be gone.
    Ok(writeln!(io::stdout(), "{}", desk.forum.state())?)
}

/// The one root that is trusted here, for a day either way.
pub(crate) fn root(key: IssuerPublicKey, now: Timestamp) -> Root {
    let day = Duration::from_secs(24 * 3600);
    Root::new(ROOT, key, now.saturating_sub(day)..now.saturating_add(day))
        .with_longest_lifetime(Duration::from_secs(3600))
}

fn gate(root_key: &str, signer: &str, directory: &str) -> Outcome<Gate<ForgetfulLedger>> {
    let now = SystemClock.now();
    let ring = KeyRing::new([root(root_key.parse()?, now)])?;
    let directory = Directory::verify(&bytes(directory)?, &signer.parse()?, now, 1)?;
    // One clock on both sides: no skew to allow for. The ledger refuses proofs from before it
    // began, and with a skew it would have to refuse those of the first seconds too.
    let verifier = Verifier::new(SERVICE.parse()?, ring)
        .with_skew(Duration::ZERO)
        .with_approvers(Arc::new(directory));
    // Nothing was spent before: this forum has never run.
    let ledger = ForgetfulLedger::started_at(now).acknowledge_reset();
    Ok(Gate::new(verifier, ledger))
}

fn bytes(hex: &str) -> Outcome<Vec<u8>> {
    let digits: Vec<_> = hex.chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
    Ok(digits.chunks(2).map(byte).collect::<Result<_, _>>()?)
}

/// What all routes share.
struct Desk {
    gate: Gate<ForgetfulLedger>,
    forum: Forum,
    /// What was answered under which decision, for those who ask again.
    answers: Mutex<HashMap<DecisionId, Value>>,
}

/// What each route does, in the forum's own words, beside the function that does it.
fn routes(desk: Arc<Desk>) -> Router {
    use MethodFilter as M;
    let read = guarded(M::GET, "forum.read", Effect::Read, Forum::read);
    let draft = guarded(M::POST, "forum.draft", Effect::Draft, Forum::draft);
    let publish = guarded(M::POST, "forum.publish", Effect::Publish, Forum::publish);
    let grant = guarded(M::PUT, "acl.grant", Effect::Admin, Forum::grant);
    Router::new()
        .route("/threads/{thread}", read)
        .route("/threads/{thread}/drafts", draft)
        .route("/threads/{thread}/posts", publish)
        .route("/threads/{thread}/acl", grant)
        .route("/stop", on(M::POST, stop))
        .with_state(desk)
}

/// Stops a task, whoever asks: the ticket says which, and its issuer signed it.
async fn stop(State(desk): State<Arc<Desk>>, ticket: String) -> Response {
    match desk.gate.stop(&ticket) {
        Ok(Posted::Stopped(stop) | Posted::Already(stop)) => {
            answer(json!({}), json!({ "stopped": stop.task }))
        }
        Ok(_) => StatusCode::OK.into_response(),
        Err(error) => {
            let why = json!({ "code": error.code(), "message": error.to_string() });
            problem(json!({}), StatusCode::BAD_REQUEST, why)
        }
    }
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
    let handle =
        async move |State(desk): State<Arc<Desk>>, Path(thread): Path<String>, request: Request| {
            let (head, body) = request.into_parts();
            let body = to_bytes(body, MAX_BODY).await.map_err(bad_request)?;
            let call = received(&head, &body).map_err(bad_request)?;
            let action = desk.action(operation, effect, &thread, &body);
            let action = action.map_err(bad_request)?;
            let asked = json!({ "operation": action.operation(), "resource": action.resource() });

            let presentation = presentation(&head.headers);
            match desk.gate.admit(presentation, &call, action) {
                Ok(admission) => Ok(answer(asked, desk.act(admission, act))),
                Err(refusal) => Err(problem(asked, status(&refusal), json!(refusal))),
            }
        };
    on(method, handle)
}

impl Desk {
    /// Acts on a first try, and answers a retry with what was answered then.
    fn act(&self, admission: Admission, act: Act) -> Value {
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        match admission {
            Admission::First(permit) => {
                let decision = permit.decision_id();
                let answer = act(&self.forum, permit);
                answers().insert(decision, answer.clone());
                answer
            }
            Admission::Again(repeat) => {
                let answer = answers().get(&repeat.decision_id()).cloned();
                merged(answer.unwrap_or_default(), json!({ "again": true }))
            }
        }
    }

    /// What a request would do: the thread out of its route, the arguments out of its body.
    fn action(
        &self,
        operation: &str,
        effect: Effect,
        thread: &str,
        body: &[u8],
    ) -> Outcome<Action> {
        let service = self.gate.verifier().service().clone();
        let resource = Resource::from_segments(["forum", "thread", thread])?;
        let action = Action::new(service, operation.parse()?, effect, resource);
        Ok(match body {
            [] => action,
            body => action.with_arguments(Tree::from_json_slice(body)?),
        })
    }
}

/// The request just as it was received: this is what the proof must cover.
fn received(head: &Parts, body: &[u8]) -> Result<Call, CallError> {
    Call::http(
        head.method.as_str(),
        head.uri.path(),
        head.uri.query(),
        body,
    )
}

const MAX_BODY: usize = 64 * 1024;
const SCHEME: &str = "Bailiwick";

/// What follows `Authorization: Bailiwick`. No header is an empty presentation, and proves nothing.
fn presentation(headers: &HeaderMap) -> &str {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.strip_prefix("Bailiwick "))
        .unwrap_or_default()
}

/// Whose turn it is: the agent's to prove more, its grantor's to grant more, or ours.
fn status(refusal: &Refusal) -> StatusCode {
    use RefusalKind::{Denied, Unsettled, Unverified};
    match refusal.kind() {
        Unverified(_) | Unsettled(LedgerError::Replayed) => StatusCode::UNAUTHORIZED,
        Denied(_) | Unsettled(LedgerError::BudgetExceeded { .. }) => StatusCode::FORBIDDEN,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn bad_request(error: impl std::fmt::Display) -> Response {
    let why = json!({ "code": "bad_request", "message": error.to_string() });
    problem(json!({}), StatusCode::BAD_REQUEST, why)
}

fn answer(asked: Value, said: Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, merged(asked, said).to_string()).into_response()
}

/// RFC 9457, with the code and the reasons as members of our own.
fn problem(asked: Value, status: StatusCode, why: Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::WWW_AUTHENTICATE, SCHEME),
    ];
    (status, headers, merged(asked, why).to_string()).into_response()
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

/// Waits until whoever started the forum closes its standard input, or is no more.
async fn end_of_input() {
    let read = || io::copy(&mut io::stdin(), &mut io::sink());
    let _ = tokio::task::spawn_blocking(read).await;
}
