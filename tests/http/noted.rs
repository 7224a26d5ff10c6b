//! Values that a catalog notes, from an answer back into a request, with no code in the service and none in the agent.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bailiwick::action::{Mapped, Unmapped};
use bailiwick::catalog::{Catalog, NoAttributes, Notary};
use bailiwick::clock::FixedClock;
use bailiwick::http::{AnswerBody, GateLayer, HttpSigner, NOTE, Permitted, PresentLayer, Received};
use bailiwick::keys::NoteKey;
use bailiwick::ledger::{ForgetfulLedger, Immediate};
use bailiwick::note::{NoteBook, NoteSigner, NoteSigners};
use bailiwick::present::Presenter;
use bailiwick::scope::{Capability, Label, Matcher, ScopeBuilder};
use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http_body_util::BodyExt as _;
use tokio::sync::mpsc;
use tower::{Layer as _, ServiceExt as _};

use crate::world::{
    Answer, Ran, START, Server, at, forum, gate_knowing, holder, now, presentation, read, request,
    reqwest, scope, with,
};

const CATALOG: &str = r#"
service = "forum.example"

[operation."forum.read"]
effect = "read"
resource = "forum/thread/{thread}"
arguments = { thread = "text" }
http = { method = "GET", path = "/threads/{thread}" }

[operation."forum.read".notes]
"forum:members" = "$.members[*]"

[operation."forum.look"]
effect = "read"
resource = "forum/thread/{thread}"
arguments = { thread = "text" }
http = { method = "HEAD", path = "/threads/{thread}" }

[operation."forum.look".notes]
"forum:members" = "$.members[*]"

[operation."forum.post"]
effect = "publish"
resource = "forum/thread/{thread}"
arguments = { thread = "text", to = "text" }
http = { method = "POST", path = "/threads/{thread}/posts", body = {} }
"#;

const MEMBERS: &str = r#"{"members":["ann","bob"],"title":"eve"}"#;

type Mapper = Box<dyn Fn(Received<'_>) -> Result<Mapped, Unmapped> + Send + Sync>;

/// A layer that notes what the catalog says, if it is told to, and takes its own notes.
fn layer(notes: bool) -> GateLayer<Immediate<ForgetfulLedger>, Mapper> {
    let catalog = Arc::new(Catalog::parse("forum.toml", CATALOG).unwrap());
    let signer = NoteSigner::new(NoteKey::generate().unwrap());
    let members = Label::new("forum:members").unwrap();
    let signers = NoteSigners::new().with(members, signer.public_key());
    let gate = gate_knowing(
        signers,
        Immediate(ForgetfulLedger::started_at(at(START - 60))),
    );
    let by_catalog = {
        let catalog = catalog.clone();
        move |request: Received<'_>| Ok(request.by_catalog(&catalog, &NoAttributes)?)
    };
    let layer = GateLayer::new(gate, Box::new(by_catalog) as Mapper);
    match notes {
        true => layer.with_notary(Notary::new(catalog, signer)),
        false => layer,
    }
}

/// A forum that reads so, behind the layer.
async fn reading(
    layer: GateLayer<Immediate<ForgetfulLedger>, Mapper>,
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> Server {
    let read = async move |Permitted(_): Permitted| answer();
    let posted = async |Permitted(_): Permitted| "posted";
    let routes = Router::new()
        .route("/threads/{thread}", get(read))
        .route("/threads/{thread}/posts", post(posted));
    Server::serving(routes.layer(layer), Ran::default()).await
}

fn json(body: impl Into<Body>) -> Response {
    Response::builder()
        .header(CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap()
}

/// Posts go to who was noted.
fn to_members() -> ScopeBuilder {
    let capability = |name| Capability::operation(name, "forum/thread/42").unwrap();
    let to = Matcher::from_label("forum:members").unwrap();
    let post = capability("forum.post").argument("to", to).unwrap();
    let read = capability("forum.read");
    scope().allow_only([read, capability("forum.look"), post.open_arguments()])
}

/// An agent with a book, which knows the forum at this server.
fn agent(server: &Server) -> (PresentLayer, Arc<NoteBook>) {
    let book = Arc::new(NoteBook::new());
    let presenter = Presenter::from(holder(to_members())).with_notes(book.clone());
    (signing(presenter, server), book)
}

fn signing(presenter: Presenter, server: &Server) -> PresentLayer {
    let presenter = presenter.with_clock(Arc::new(FixedClock::new(now())));
    let signer = HttpSigner::new(presenter);
    PresentLayer::new(signer.with_service(server.url("").parse().unwrap(), forum()))
}

type Answered = http::Response<AnswerBody<reqwest::Body>>;

async fn sent(agent: &PresentLayer, request: Request<Bytes>) -> Answered {
    agent.layer(reqwest()).oneshot(request).await.unwrap()
}

/// What comes of a post to somebody.
async fn posted(agent: &PresentLayer, server: &Server, to: &'static str) -> String {
    let mut post = request("POST", "/threads/42/posts", to);
    post.headers_mut()
        .insert(CONTENT_TYPE, "application/json".parse().unwrap());
    let answer = sent(agent, server.at(post)).await;
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    match status.is_success() {
        true => "posted".to_owned(),
        false => serde_json::from_slice::<serde_json::Value>(&body).unwrap()["code"]
            .as_str()
            .unwrap()
            .to_owned(),
    }
}

const TO_ANN: &str = r#"{"to":"ann"}"#;
const TO_EVE: &str = r#"{"to":"eve"}"#;

/// What a real client gets for a read with a token of this scope, notes and all.
async fn bare(server: &Server, scope: ScopeBuilder, request: Request<Bytes>) -> Answer {
    let presented = with(&presentation(&holder(scope), &request), request);
    server.send(presented).await
}

#[tokio::test]
async fn what_a_read_gave_may_be_used_and_what_it_did_not_give_may_not() {
    let server = reading(layer(true), || json(MEMBERS)).await;
    let (agent, book) = agent(&server);
    // Nothing was given yet.
    assert_eq!(posted(&agent, &server, TO_ANN).await, "argument_outside");

    let answer = sent(&agent, server.at(read())).await;
    assert!(!answer.headers().contains_key(NOTE));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, MEMBERS);
    assert_eq!(book.to_notes().len(), 1);

    assert_eq!(posted(&agent, &server, TO_ANN).await, "posted");
    // The title names her, and is no field that is noted.
    assert_eq!(posted(&agent, &server, TO_EVE).await, "argument_outside");
}
