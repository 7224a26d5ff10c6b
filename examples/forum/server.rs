//! The forum as a service: its routes, behind the layer by which a request becomes a permit.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::Response;
use axum::response::Json;
use axum::routing::{MethodFilter, MethodRouter, on, post};
use axum::{Router, body::Bytes};
use bailiwick::approve::Directory;
use bailiwick::catalog::{Catalog, NoAttributes};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::decide::DecisionId;
use bailiwick::gate::{Gate, Permit};
use bailiwick::http::{GateLayer, Permitted, Received, Retried};
use bailiwick::keys::KeyRing;
use bailiwick::verify::Verifier;
use bailiwick_examples::{Memory, Outcome, gate_of, serve, stop, trusted_root};
use serde_json::Value;

use crate::SERVICE;
use crate::forum::Forum;

/// The argument by which the program knows that it is the forum.
pub(crate) const ROLE: &str = "server";

/// Serves until standard input ends, then prints what the forum has become.
///
/// All that it knows of issuers and agents is the public key of one root; of people, a directory and
/// the key that signs it.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(root: &str, signer: &str, directory: &str) -> Outcome {
    let desk = Arc::new(Desk {
        gate: Arc::new(gate(root, signer, directory)?),
        forum: Forum::default(),
        answers: Mutex::default(),
    });
    serve(routes(desk.clone())?).await?;
    // Whoever asked may be gone.
    Ok(writeln!(io::stdout(), "{}", desk.forum.state())?)
}

fn gate(root: &str, signer: &str, directory: &str) -> Outcome<Gate<Memory>> {
    let now = SystemClock.now();
    let ring = KeyRing::new([trusted_root(root.parse()?, now)])?;
    let directory = Directory::verify(&bytes(directory)?, &signer.parse()?, now, 1)?;
    let verifier = Verifier::new(SERVICE.parse()?, ring).with_approvers(Arc::new(directory));
    Ok(gate_of(verifier, now))
}

fn bytes(hex: &str) -> Outcome<Vec<u8>> {
    let digits: Vec<_> = hex.chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
    Ok(digits.chunks(2).map(byte).collect::<Result<_, _>>()?)
}

/// What all routes share.
struct Desk {
    gate: Arc<Gate<Memory>>,
    forum: Forum,
    /// What was answered under which decision, for those who ask again.
    answers: Mutex<HashMap<DecisionId, Value>>,
}

/// The routes; and before them, the layer. What each request does, says the catalog.
fn routes(desk: Arc<Desk>) -> Outcome<Router> {
    let catalog = Catalog::parse("forum.toml", include_str!("forum.toml"))?;
    let map = move |request: Received<'_>| request.by_catalog(&catalog, &NoAttributes);
    let remembered = desk.clone();
    let layer = GateLayer::new(desk.gate.clone(), map)
        .with_retries(move |repeat| std::future::ready(remembered.again(repeat.decision_id())));
    let guarded = Router::new()
        .route("/threads/{thread}", acting(MethodFilter::GET, Forum::read))
        .route(
            "/threads/{thread}/drafts",
            acting(MethodFilter::POST, Forum::draft),
        )
        .route(
            "/threads/{thread}/posts",
            acting(MethodFilter::POST, Forum::publish),
        )
        .route(
            "/threads/{thread}/acl",
            acting(MethodFilter::PUT, Forum::grant),
        )
        .layer(layer);
    // Who has a stop ticket needs no token.
    let stopping = Router::new().route("/stop", post(stop));
    let stopping = stopping.with_state(desk.gate.clone());
    Ok(guarded.with_state(desk).merge(stopping))
}

/// A function that acts. It cannot be called without a permit, and there is one way to get one.
type Act = fn(&Forum, Permit) -> Value;

/// A route that acts, and remembers what it answered.
fn acting(method: MethodFilter, act: Act) -> MethodRouter<Arc<Desk>> {
    let handle = async move |State(desk): State<Arc<Desk>>, Permitted(permit): Permitted| {
        let decision = permit.decision_id();
        let answer = act(&desk.forum, permit);
        desk.answers().insert(decision, answer.clone());
        Json(answer)
    };
    on(method, handle)
}

impl Desk {
    fn answers(&self) -> std::sync::MutexGuard<'_, HashMap<DecisionId, Value>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a retry with what was answered then.
    fn again(&self, decision: DecisionId) -> Retried {
        let Some(Value::Object(mut answer)) = self.answers().get(&decision).cloned() else {
            return Retried::Refuse;
        };
        answer.insert("again".to_owned(), true.into());
        Retried::Answer(Response::new(Bytes::from(
            Value::Object(answer).to_string(),
        )))
    }
}
