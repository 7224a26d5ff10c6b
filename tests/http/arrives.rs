//! What arrives of an answer of which something may be noted: all of it, and not later than without notes.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use bailiwick::http::{NOTE, PresentLayer};
use bailiwick::present::Presenter;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderValue, Request, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full};
use tokio::sync::mpsc;
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::noted::{MEMBERS, agent, bare, forged, json, layer, reading, sent, signing, to_members};
use crate::world::{Ran, Server, holder, presentation, read, request, scope, with};

/// A body that somebody else writes, piece by piece.
struct Pieces(mpsc::UnboundedReceiver<Bytes>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0
            .poll_recv(cx)
            .map(|piece| Some(Ok(Frame::data(piece?))))
    }
}

/// All of these, of no length that is known before.
fn pieces<const N: usize>(pieces: [Bytes; N]) -> Body {
    let (to, from) = mpsc::unbounded_channel();
    pieces.into_iter().for_each(|piece| to.send(piece).unwrap());
    Body::new(Pieces(from))
}

/// JSON with members, and so many bytes more than is read of an answer.
fn longer_by(bytes: usize) -> Bytes {
    let (head, tail) = (r#"{"members":["ann"],"filler":""#, r#""}"#);
    let filler = (4 << 20) + bytes - head.len() - tail.len();
    format!("{head}{}{tail}", "x".repeat(filler)).into()
}

#[tokio::test]
async fn only_whole_json_of_a_request_that_succeeded_is_noted_and_all_arrives_as_it_was() {
    type Case = (&'static str, bool, fn() -> Response);
    let cases: [Case; 15] = [
        ("json", true, || json(MEMBERS)),
        ("parameters", true, || {
            typed("application/json; odata=minimal; charset=utf-8", MEMBERS)
        }),
        ("another case", true, || typed("Application/JSON", MEMBERS)),
        ("created", true, || status(201, json(MEMBERS))),
        ("of unknown length", true, || {
            let (head, tail) = MEMBERS.split_at(9);
            json(pieces([head.into(), tail.into()]))
        }),
        ("as long as may be", true, || json(longer_by(0))),
        ("longer", false, || json(longer_by(1))),
        ("longer, of unknown length", false, || {
            let whole = longer_by(100);
            json(pieces([whole.slice(..50), whole.slice(50..)]))
        }),
        ("an error", false, || status(404, json(MEMBERS))),
        ("a part", false, || status(206, json(MEMBERS))),
        ("text", false, || typed("text/plain", MEMBERS)),
        ("another json", false, || {
            typed("application/jsonx", MEMBERS)
        }),
        ("two types", false, || {
            let mut answer = json(MEMBERS);
            let kind = HeaderValue::from_static("text/plain");
            answer.headers_mut().append(CONTENT_TYPE, kind);
            answer
        }),
        ("no json", false, || json("{\"members\":[\"ann\"]")),
        ("compressed", false, || {
            let mut answer = json(MEMBERS);
            let kind = HeaderValue::from_static("gzip");
            answer.headers_mut().insert(CONTENT_ENCODING, kind);
            answer
        }),
    ];
    for (name, noted, answer) in cases {
        let server = reading(layer(true), answer).await;
        let body = answer().into_body().collect().await.unwrap().to_bytes();
        let got = bare(&server, to_members(), read()).await;
        assert_eq!(got.headers.contains_key(NOTE), noted, "{name}");
        assert!(got.body == body, "{name}");

        // The agent's layer hands on the same.
        let (agent, book) = agent(&server);
        let got = sent(&agent, server.at(read())).await;
        let got = got.into_body().collect().await.unwrap().to_bytes();
        assert!(got == body, "{name}");
        assert_eq!(book.to_notes().len(), usize::from(noted), "{name}");
    }
}

fn typed(kind: &'static str, body: &'static str) -> Response {
    let mut answer = json(body);
    let kind = HeaderValue::from_static(kind);
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

fn status(status: u16, mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}

#[tokio::test]
async fn nothing_is_noted_of_what_head_asks() {
    let described = |_: Request<Full<Bytes>>| async { Ok::<_, Infallible>(json(MEMBERS)) };
    for (method, noted) in [("GET", true), ("HEAD", false)] {
        let asked = request(method, "/threads/42", "");
        let presented = with(&presentation(&holder(to_members()), &asked), asked);
        let answer = layer(true)
            .layer(service_fn(described))
            .oneshot(presented.map(Body::from));
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers().contains_key(NOTE), noted, "{method}");
    }
}

/// What arrives of the first of two pieces while nobody has written the second.
async fn first_piece(server: &Server, first: Bytes, agent: &PresentLayer, to: Pieced) {
    let mut answer = sent(agent, server.at(read())).await.into_body();
    let mut got = BytesMut::new();
    while got.len() < first.len() {
        let frame = answer.frame().await.unwrap().unwrap();
        got.extend_from_slice(&frame.into_data().unwrap());
    }
    assert!(got == first);
    to.lock()
        .unwrap()
        .take()
        .unwrap()
        .send("end".into())
        .unwrap();
    let end = answer.collect().await.unwrap().to_bytes();
    assert_eq!(end, "end");
}

type Pieced = Arc<Mutex<Option<mpsc::UnboundedSender<Bytes>>>>;

/// An answer of this type whose second piece is sent by who has the other end.
fn half(kind: &'static str, first: Bytes) -> (Pieced, impl Fn() -> Response + Clone) {
    let kept = Pieced::default();
    let to = kept.clone();
    let answer = move || {
        let (sender, from) = mpsc::unbounded_channel();
        sender.send(first.clone()).unwrap();
        *to.lock().unwrap() = Some(sender);
        let mut answer = json(Body::new(Pieces(from)));
        let kind = HeaderValue::from_static(kind);
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        answer
    };
    (kept, answer)
}

#[tokio::test]
async fn an_answer_that_streams_is_not_held_back_where_nothing_could_be_noted() {
    let start = Bytes::from_static(b"{\"members\":");
    for (kind, first, scope) in [
        // Nobody asks for what is noted.
        ("application/json", start.clone(), scope()),
        // Nothing is noted of this.
        ("text/event-stream", start, to_members()),
        // It is longer than is read.
        ("application/json", longer_by(1), to_members()),
    ] {
        let (second, answer) = half(kind, first.clone());
        let server = reading(layer(true), answer).await;
        let presenter = Presenter::from(holder(scope)).with_notes(Arc::default());
        first_piece(&server, first, &signing(presenter, &server), second).await;
    }
}

#[tokio::test]
async fn a_client_holds_back_no_answer_without_notes_and_none_that_is_too_long() {
    let start = Bytes::from_static(b"{\"members\":");
    let without = Presenter::from(holder(to_members()));
    let with_book = without.clone().with_notes(Arc::default());
    for (first, notes, presenter) in [
        (start.clone(), false, &with_book),
        (start, true, &without),
        (longer_by(1), true, &with_book),
    ] {
        let (second, answer) = half("application/json", first.clone());
        // No gate, which would remove them.
        let answer = async move || match notes {
            true => forged(answer()),
            false => answer(),
        };
        let routes = Router::new().route("/threads/{thread}", get(answer));
        let server = Server::serving(routes, Ran::default()).await;
        let agent = signing(presenter.clone(), &server);
        first_piece(&server, first, &agent, second).await;
    }
}
