//! Values that a catalog notes, from an answer back into a request, with no code in the service and none in the agent.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{get, post};
use bailiwick::action::{Call, Mapped, Unmapped};
use bailiwick::catalog::{Catalog, NoAttributes, Notary};
use bailiwick::clock::FixedClock;
use bailiwick::http::{
    AnswerBody, Elsewhere, GateLayer, HttpSigner, NOTE, Permitted, PresentLayer, Received, Retried,
};
use bailiwick::keys::NoteKey;
use bailiwick::ledger::{ForgetfulLedger, Immediate};
use bailiwick::note::{DetachedNote, NoteBook, NoteSigner, NoteSigners};
use bailiwick::present::{AttemptId, Presenter};
use bailiwick::scope::{
    ApprovalRule, Capability, Condition, Label, Matcher, Pattern, Requirement, ScopeBuilder,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::{Layer as _, ServiceExt as _};

use crate::world::{
    Answer, Ran, START, Server, at, editor, forum, gate_knowing, holder, now, presentation, read,
    request, reqwest, scope, with,
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

pub(crate) const MEMBERS: &str = r#"{"members":["ann","bob"],"title":"eve"}"#;

pub(crate) type Mapper = Box<dyn Fn(Received<'_>) -> Result<Mapped, Unmapped> + Send + Sync>;

pub(crate) type Gating = GateLayer<Immediate<ForgetfulLedger>, Mapper>;

/// A layer that notes what the catalog says, if it is told to, and takes its own notes.
pub(crate) fn layer(notes: bool) -> Gating {
    layer_of(CATALOG, notes)
}

fn layer_of(catalog: &str, notes: bool) -> Gating {
    let catalog = Arc::new(Catalog::parse("forum.toml", catalog).unwrap());
    let signer = NoteSigner::new(NoteKey::generate().unwrap());
    let members = Label::new("forum:members").unwrap();
    let signers = NoteSigners::new().with(members, signer.public_key());
    let ledger = Immediate(ForgetfulLedger::started_at(at(START - 60)));
    let gate = gate_knowing(signers, ledger);
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
pub(crate) async fn reading(
    layer: Gating,
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> Server {
    let read = async move |Permitted(_): Permitted| answer();
    let posted = async |Permitted(_): Permitted| "posted";
    let routes = Router::new()
        .route("/threads/{thread}", get(read))
        .route("/threads/{thread}/posts", post(posted));
    Server::serving(routes.layer(layer), Ran::default()).await
}

pub(crate) fn json(body: impl Into<Body>) -> Response {
    Response::builder()
        .header(CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap()
}

/// Posts go to who was noted.
pub(crate) fn to_members() -> ScopeBuilder {
    let capability = |name| Capability::operation(name, "forum/thread/42").unwrap();
    let to = Matcher::from_label("forum:members").unwrap();
    let post = capability("forum.post").argument("to", to).unwrap();
    let read = capability("forum.read");
    scope().allow_only([read, capability("forum.look"), post.open_arguments()])
}

/// An agent with a book, which knows the forum at this server.
pub(crate) fn agent(server: &Server) -> (PresentLayer, Arc<NoteBook>) {
    let book = Arc::new(NoteBook::new());
    let presenter = Presenter::from(holder(to_members())).with_notes(book.clone());
    (signing(presenter, server), book)
}

pub(crate) fn signing(presenter: Presenter, server: &Server) -> PresentLayer {
    let presenter = presenter.with_clock(Arc::new(FixedClock::new(now())));
    let signer = HttpSigner::new(presenter);
    PresentLayer::new(signer.with_service(server.url("").parse().unwrap(), forum()))
}

pub(crate) type Answered = http::Response<AnswerBody<reqwest::Body>>;

pub(crate) async fn sent(agent: &PresentLayer, request: Request<Bytes>) -> Answered {
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
        false => {
            let problem: Value = serde_json::from_slice(&body).unwrap();
            problem["code"].as_str().unwrap().to_owned()
        }
    }
}

const TO_ANN: &str = r#"{"to":"ann"}"#;
const TO_EVE: &str = r#"{"to":"eve"}"#;

/// What a real client gets for a read with a token of this scope, notes and all.
pub(crate) async fn bare(server: &Server, scope: ScopeBuilder, request: Request<Bytes>) -> Answer {
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

#[tokio::test]
async fn a_client_that_reads_answers_itself_keeps_their_notes() {
    let server = reading(layer(true), || json(MEMBERS)).await;
    let book = Arc::new(NoteBook::new());
    let presenter = Presenter::from(holder(to_members())).with_notes(book.clone());
    let signer = HttpSigner::new(presenter.with_clock(Arc::new(FixedClock::new(now()))));
    let mut answer = bare(&server, to_members(), read()).await;
    let given = answer.headers.clone();
    // Another body is not what was noted.
    signer.keep(&mut answer.headers, br#"{"members":["ann","eve"]}"#);
    assert!(!answer.headers.contains_key(NOTE) && book.to_notes().is_empty());
    // Nor what is too long to be noted.
    let mut answered = given.clone();
    let filler = "x".repeat(4 << 20);
    let long = MEMBERS.replace("eve", &filler);
    signer.keep(&mut answered, long.as_bytes());
    assert!(!answered.contains_key(NOTE) && book.to_notes().is_empty());
    // Several fields may have become one on the way.
    let note = given[NOTE].to_str().unwrap();
    let twice = format!("bwd1_damaged , {note}").parse().unwrap();
    answer.headers.insert(NOTE, twice);
    signer.keep(&mut answer.headers, &answer.body);
    assert!(!answer.headers.contains_key(NOTE));
    assert_eq!(book.to_notes().len(), 1);
}

#[tokio::test]
async fn notes_from_behind_the_gate_are_removed_whether_there_is_a_notary_or_not() {
    for (notary, ours) in [(true, 1), (false, 0)] {
        let server = reading(layer(notary), || forged(json(MEMBERS))).await;
        let answer = bare(&server, to_members(), read()).await;
        let notes: Vec<_> = answer.headers.get_all(NOTE).iter().collect();
        assert_eq!(notes.len(), ours);
        assert!(notes.iter().all(|note| *note != "bwd1_forged"));
        // And where nothing is to be noted of it.
        let answer = bare(&server, scope(), read()).await;
        assert!(!answer.headers.contains_key(NOTE));
        assert_eq!((answer.status, answer.text()), (200, MEMBERS));
    }
}

#[tokio::test]
async fn notes_in_the_answer_to_a_retry_are_removed() {
    let layer = layer(true).with_retries(async |_| {
        let answer = http::Response::builder().header(NOTE, "bwd1_forged");
        Retried::Answer(answer.body(Bytes::from_static(b"again")).unwrap())
    });
    let server = reading(layer, || json(MEMBERS)).await;
    let agent = holder(to_members());
    let of = AttemptId::from_bytes([7; 16]);
    let call = Call::http("GET", "/threads/42", None, b"").unwrap();
    let mut texts = Vec::new();
    for _ in 0..2 {
        let presented = agent.present_attempt(&forum(), &call, of, now()).unwrap();
        let answer = server.send(with(&presented, read())).await;
        texts.push((answer.text().to_owned(), answer.headers.contains_key(NOTE)));
    }
    assert_eq!(
        texts,
        [(MEMBERS.to_owned(), true), ("again".to_owned(), false)]
    );
}

pub(crate) fn forged(mut answer: Response) -> Response {
    let forged = HeaderValue::from_static("bwd1_forged");
    answer.headers_mut().insert(NOTE, forged);
    answer
}

#[tokio::test]
async fn only_services_that_the_signer_knows_have_notes_for_its_book() {
    let server = reading(layer(true), || json(MEMBERS)).await;
    let given = bare(&server, to_members(), read()).await;
    let note = given.headers[NOTE].clone();
    let answer = async move || {
        let mut answer = json(MEMBERS);
        answer.headers_mut().insert(NOTE, note);
        answer
    };
    let routes = Router::new().route("/threads/{thread}", get(answer));
    let elsewhere = Server::serving(routes, Ran::default()).await;
    for (known, kept) in [(&server, 0), (&elsewhere, 1)] {
        let book = Arc::new(NoteBook::new());
        let presenter = Presenter::from(holder(to_members())).with_notes(book.clone());
        let presenter = presenter.with_clock(Arc::new(FixedClock::new(now())));
        let signer = HttpSigner::new(presenter).with_elsewhere(Elsewhere::SendWithout);
        let signer = signer.with_service(known.url("").parse().unwrap(), forum());
        let answer = sent(&PresentLayer::new(signer), elsewhere.at(read())).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(book.to_notes().len(), kept);
    }
}

#[tokio::test]
async fn what_a_catalog_calls_untrusted_taints_the_task_with_no_code_in_the_service() {
    let untrusted = CATALOG.replacen(
        "effect = \"read\"",
        "effect = \"read\"\nuntrusted = true",
        1,
    );
    assert_ne!(untrusted, CATALOG);
    for (catalog, code) in [(CATALOG, "posted"), (&untrusted, "approval_required")] {
        let server = reading(layer_of(catalog, false), || json(MEMBERS)).await;
        let rule = ApprovalRule::any_of([editor().public_key()]).unwrap();
        let post = Pattern::any().operation("forum.post").unwrap();
        let asked = Requirement::new(post, Condition::Approval(rule)).when_tainted();
        let agent = signing(holder(scope().require(asked)).into(), &server);
        assert_eq!(posted(&agent, &server, TO_EVE).await, "posted");
        assert_eq!(sent(&agent, server.at(read())).await.status(), 200);
        assert_eq!(posted(&agent, &server, TO_EVE).await, code);
    }
}

#[tokio::test]
async fn the_notes_of_one_answer_have_a_bounded_number_and_length() {
    let field = r#""forum:members" = "$.members[*]""#;
    let each = r#""forum:members" = { each = "$[*]", object = "forum/thread/{id}", values = "$.members[*]" }"#;
    let catalog = CATALOG.replacen(field, each, 1);
    assert_ne!(catalog, CATALOG);
    for (id, fewer) in [("t", false), (&*"t".repeat(300), true)] {
        let threads = (0..20).map(|at| json!({ "id": format!("{id}{at}"), "members": ["ann"] }));
        let threads = Value::from_iter(threads).to_string();
        let answer = move || json(threads.clone());
        let server = reading(layer_of(&catalog, true), answer).await;
        // Each thread is asked for by name, so that each has a note.
        let scope = (0..20).fold(to_members(), |scope, at| {
            let label = format!("forum:members@forum/thread/{id}{at}");
            let to = Matcher::from_label(&label).unwrap();
            let post = Capability::operation("forum.post", "forum/threads").unwrap();
            scope.allow(post.argument("to", to).unwrap())
        });
        let got = bare(&server, scope, read()).await;
        let notes: Vec<_> = got.headers.get_all(NOTE).iter().collect();
        let (count, length) = (
            notes.len(),
            notes.iter().map(|note| note.len()).sum::<usize>(),
        );
        assert!(length <= 12 * 1024, "{length}");
        assert_eq!(count < DetachedNote::MAX_OF_ANSWER, fewer, "{count}");
        assert!(count > 5 && count <= DetachedNote::MAX_OF_ANSWER, "{count}");
    }
}
