//! The issuer as a service: who asks is authenticated, what is asked for is a manifest, and what is given is one task.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Json, State};
use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use axum::routing::post;
use axum::{Router, body::Bytes};
use bailiwick::action::Tree;
use bailiwick::catalog::Catalog;
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{HolderPublicKey, IssuerKey};
use bailiwick::manifest::{Manifest, Parameters};
use bailiwick::mint::{Assignment, Issuer};
use bailiwick_examples::{Outcome, ROOT, serve};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::weather;

/// The argument by which the program knows that it is the desk.
pub(crate) const ROLE: &str = "desk";

/// A task that somebody has started, and which agent does it.
pub(crate) const SESSION: &str = "Session s-1";

/// Serves until standard input ends. It says first where, and which root key is its own; last, what it has issued.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run() -> Outcome {
    let key = IssuerKey::generate()?;
    let root = key.public_key();
    let catalog = weather::catalog()?;
    let desk = Arc::new(Desk::new(key, &[&catalog], authenticated)?);
    let routes = Router::new()
        .route("/root", axum::routing::get(async move || root.to_string()))
        .route("/tasks", post(issue))
        .with_state(desk.clone());
    serve(routes).await?;
    println!("{}", desk.issued());
    Ok(())
}

/// Who asks, for whom, and for which task: from what the desk knows of sessions, never from what the agent says. In earnest
/// this is a single sign-on, a workload's identity, or a job that somebody has started.
fn authenticated(headers: &HeaderMap) -> Option<Assignment> {
    let session = headers.get(AUTHORIZATION)?;
    let known = session.as_bytes() == SESSION.as_bytes();
    known.then(|| Assignment::new("t-7", "ada@example.com", "forecaster").ok())?
}

type Authenticate = fn(&HeaderMap) -> Option<Assignment>;

struct Desk {
    issuer: Issuer,
    manifests: BTreeMap<String, Manifest>,
    authenticate: Authenticate,
    /// Which tasks were given to which keys, how often.
    issued: Mutex<Issued>,
}

#[derive(Default)]
struct Issued {
    tokens: usize,
    tasks: BTreeSet<String>,
}

impl Desk {
    fn new(key: IssuerKey, catalogs: &[&Catalog], authenticate: Authenticate) -> Outcome<Self> {
        let text = include_str!("forecast.toml");
        let manifest = Manifest::parse("forecast.toml", text, catalogs)?;
        let name = manifest.name().as_str().to_owned();
        Ok(Self {
            issuer: Issuer::new(key, ROOT),
            manifests: BTreeMap::from([(name, manifest)]),
            authenticate,
            issued: Mutex::default(),
        })
    }

    fn issued(&self) -> Value {
        let issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        json!({ "tokens": issued.tokens, "tasks": issued.tasks })
    }
}

/// What an agent asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// Its public key. The secret half never leaves it.
    holder: String,
    manifest: String,
    parameters: Box<RawValue>,
}

async fn issue(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    match desk.give(&headers, &body) {
        Ok(token) => (StatusCode::OK, Json(json!({ "token": token }))),
        Err((status, why)) => (status, Json(json!({ "error": why }))),
    }
}

impl Desk {
    fn give(&self, headers: &HeaderMap, body: &[u8]) -> Result<String, (StatusCode, String)> {
        let stranger = || (StatusCode::UNAUTHORIZED, "no session".to_owned());
        let assignment = (self.authenticate)(headers).ok_or_else(stranger)?;
        let unclear = |error: &dyn std::error::Error| (StatusCode::BAD_REQUEST, error.to_string());
        let wish: Wish = serde_json::from_slice(body).map_err(|error| unclear(&error))?;
        let holder: HolderPublicKey = wish.holder.parse().map_err(|error| unclear(&error))?;
        let unknown = || (StatusCode::NOT_FOUND, "no such manifest".to_owned());
        let manifest = self.manifests.get(&wish.manifest).ok_or_else(unknown)?;
        let values = Tree::from_json_slice(wish.parameters.get().as_bytes());
        let parameters = Parameters::from(values.map_err(|error| unclear(&error))?);
        let minted = self
            .issuer
            .mint_task(
                manifest,
                &parameters,
                &assignment,
                &holder,
                SystemClock.now(),
            )
            .map_err(|error| unclear(&error))?;
        let task = minted.token.unverified().info().task().id().to_string();
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.tokens += 1;
        issued.tasks.insert(task);
        // In earnest, `minted.stop` goes to the person, for whom the task is done.
        Ok(minted.token.to_text())
    }
}
