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
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};
use tokio::sync::mpsc;
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::noted::{MEMBERS, agent, bare, forged, json, layer, reading, sent, signing, to_members};
use crate::world::{Ran, Server, holder, presentation, read, request, scope, with};

/// A body that somebody else writes, piece by piece, and its length if that is known.
struct Pieces(mpsc::UnboundedReceiver<Bytes>, Option<u64>);

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

    fn size_hint(&self) -> SizeHint {
        self.1.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

/// All of these, of no length that is known before.
fn pieces<const N: usize>(pieces: [Bytes; N]) -> Body {
    let (to, from) = mpsc::unbounded_channel();
    pieces.into_iter().for_each(|piece| to.send(piece).unwrap());
    Body::new(Pieces(from, None))
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

/// An answer in two pieces, of which the second is sent by who has the other end.
#[derive(Clone)]
struct Halves {
    kind: &'static str,
    first: Bytes,
    second: Bytes,
    /// Whether its length is known before.
    sized: bool,
    other_end: Arc<Mutex<Option<mpsc::UnboundedSender<Bytes>>>>,
}

impl Halves {
    fn new(kind: &'static str, first: impl Into<Bytes>) -> Self {
        Self {
            kind,
            first: first.into(),
            second: "end".into(),
            sized: false,
            other_end: Arc::default(),
        }
    }

    /// Of so many bytes, which is said before.
    fn of_length(mut self, bytes: usize) -> Self {
        self.second = "x".repeat(bytes - self.first.len()).into();
        self.sized = true;
        self
    }

    fn answer(&self) -> Response {
        let (to, from) = mpsc::unbounded_channel();
        to.send(self.first.clone()).unwrap();
        *self.other_end.lock().unwrap() = Some(to);
        let length = (self.first.len() + self.second.len()) as u64;
        let pieces = Pieces(from, self.sized.then_some(length));
        let mut answer = json(Body::new(pieces));
        let kind = HeaderValue::from_static(self.kind);
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        answer
    }

    /// The first arrives while nobody has written the second. Gives the headers.
    async fn arrive_one_by_one(&self, server: &Server, agent: &PresentLayer) -> HeaderMap {
        let (parts, mut body) = sent(agent, server.at(read())).await.into_parts();
        let mut got = BytesMut::new();
        while got.len() < self.first.len() {
            let frame = body.frame().await.unwrap().unwrap();
            got.extend_from_slice(&frame.into_data().unwrap());
        }
        assert!(got == self.first);
        let other_end = self.other_end.lock().unwrap().take();
        other_end.unwrap().send(self.second.clone()).unwrap();
        assert!(body.collect().await.unwrap().to_bytes() == self.second);
        parts.headers
    }
}

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
const START: &str = "{\"members\":";
const TOO_LONG: usize = (4 << 20) + 1;

#[tokio::test]
async fn an_answer_that_streams_is_not_held_back_where_nothing_could_be_noted() {
    for (halves, scope) in [
        // Nobody asks for what is noted.
        (Halves::new(JSON, START), scope()),
        // Nothing is noted of this.
        (Halves::new(EVENTS, START), to_members()),
        // It is longer than is read, and says so, or not.
        (Halves::new(JSON, START).of_length(TOO_LONG), to_members()),
        (Halves::new(JSON, longer_by(1)), to_members()),
    ] {
        let answering = halves.clone();
        let server = reading(layer(true), move || answering.answer()).await;
        let presenter = Presenter::from(holder(scope)).with_notes(Arc::default());
        let agent = signing(presenter, &server);
        halves.arrive_one_by_one(&server, &agent).await;
    }
}

#[tokio::test]
async fn a_client_holds_back_no_answer_without_notes_and_none_that_can_have_none() {
    let without = Presenter::from(holder(to_members()));
    let with_book = without.clone().with_notes(Arc::default());
    for (halves, notes, presenter, left) in [
        (Halves::new(JSON, START), false, &with_book, false),
        // Without a book, notes are somebody else's.
        (Halves::new(JSON, START), true, &without, true),
        (Halves::new(EVENTS, START), true, &with_book, false),
        (
            Halves::new(JSON, START).of_length(TOO_LONG),
            true,
            &with_book,
            false,
        ),
        (Halves::new(JSON, longer_by(1)), true, &with_book, false),
    ] {
        let answering = halves.clone();
        // No gate, which would remove them.
        let answer = async move || match notes {
            true => forged(answering.answer()),
            false => answering.answer(),
        };
        let routes = Router::new().route("/threads/{thread}", get(answer));
        let server = Server::serving(routes, Ran::default()).await;
        let agent = signing(presenter.clone(), &server);
        let headers = halves.arrive_one_by_one(&server, &agent).await;
        assert_eq!(headers.contains_key(NOTE), left);
    }
}
