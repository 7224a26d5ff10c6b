//! Notes and taint by the catalog: the API and the agent know nothing of either.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use bailiwick::http::{HttpSigner, NOTE};
use bailiwick::note::NoteBook;
use bailiwick::present::Presenter;
use bailiwick::scope::ScopeBuilder;

use crate::support::{Directory, shares_until_tainted, shares_with_those_named};
use crate::world::{Answer, Api, Guard, World, request, service};

const CATALOG: &str = r#"
service = "notes.example"

[operation."lists.read"]
effect = "read"
untrusted = true
resource = "lists/{name}"
arguments = { name = "text" }
http = { method = "GET", path = "/lists/{name}" }

[operation."lists.read".notes]
"lists:people" = "$.people[*]"

[operation."lists.share"]
effect = "send"
resource = "shares"
arguments = { to = "text" }
http = { method = "POST", path = "/shares", body = {} }
"#;

/// It names Ann, and brings a note of its own.
const NAMED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nBailiwick-Note: bwd1_forged\r\n\
     Content-Length: 36\r\nConnection: close\r\n\r\n{\"people\":[\"ann\"],\"title\":\"not eve\"}";

/// An agent that attaches presentations, and keeps notes.
struct Agent {
    signer: HttpSigner,
    book: Arc<NoteBook>,
}

impl Agent {
    fn of(world: &World) -> Self {
        let book = Arc::new(NoteBook::new());
        let presenter = Presenter::from(world.granted.holder.clone()).with_notes(book.clone());
        let signer = HttpSigner::new(presenter);
        let signer = signer.with_service("http://guard.example".parse().unwrap(), service());
        Self { signer, book }
    }

    async fn send(&self, guard: &Guard, method: &str, path: &str, body: &'static str) -> Answer {
        let uri = format!("http://guard.example{path}");
        let mut signed = Request::builder()
            .method(method)
            .uri(uri)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        self.signer.sign(&mut signed).unwrap();
        // A header of an answer, which has no business in a request.
        let mut headers = "Bailiwick-Note: bwd1_forged\r\n".to_owned();
        for (name, value) in signed.headers() {
            headers += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        let answer = guard
            .send(&request(&format!("{method} {path}"), &headers, body))
            .await;
        let (mut headers, text) = answer.parts();
        self.signer.keep(&mut headers, text.as_bytes());
        answer
    }

    async fn read(&self, guard: &Guard) -> Answer {
        self.send(guard, "GET", "/lists/team", "").await
    }

    async fn share(&self, guard: &Guard, body: &'static str) -> String {
        self.send(guard, "POST", "/shares", body).await.verdict()
    }
}

const TO_ANN: &str = r#"{"to":"ann"}"#;
const TO_EVE: &str = r#"{"to":"eve"}"#;

fn world(scope: ScopeBuilder, signs: bool) -> World {
    let directory = Directory::new();
    let roots = match signs {
        true => directory.note_signer("lists:people"),
        false => String::new(),
    };
    World::of(directory, CATALOG, scope, &roots)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_named_may_be_used_and_what_it_did_not_name_may_not() {
    let (world, api) = (
        world(shares_with_those_named(), true),
        Api::answering(NAMED).await,
    );
    let (guard, agent) = (world.guard(&api.origin).await, Agent::of(&world));
    assert!(guard.before.is_empty(), "{}", guard.before);
    assert_eq!(agent.share(&guard, TO_ANN).await, "403 argument_outside");
    let answer = agent.read(&guard).await;
    assert_eq!(answer.status(), 200, "{}", answer.0);
    assert!(!answer.0.contains("bwd1_forged"), "{}", answer.0);
    assert_eq!(agent.book.to_notes().len(), 1);
    assert_eq!(agent.share(&guard, TO_ANN).await, "200");
    assert_eq!(agent.share(&guard, TO_EVE).await, "403 argument_outside");
    let arrived = api.arrived();
    assert_eq!(arrived.len(), 2);
    assert!(!arrived.concat().to_lowercase().contains("bailiwick-note"));
    let said = guard.end().await;
    assert!(!said.contains("ann") && !said.contains("bwd1_"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_without_a_key_for_notes_says_so_and_passes_on_none() {
    let (world, api) = (
        world(shares_with_those_named(), false),
        Api::answering(NAMED).await,
    );
    let (guard, agent) = (world.guard(&api.origin).await, Agent::of(&world));
    let before = &guard.before;
    assert_eq!(before.lines().count(), 1, "{before}");
    assert!(before.contains(r#""warning":"notes_unsigned""#), "{before}");
    let answer = agent.read(&guard).await;
    assert_eq!(answer.status(), 200);
    assert!(!answer.parts().0.contains_key(NOTE), "{}", answer.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reads_untrusted_text_taints_its_task() {
    let (world, api) = (
        world(shares_until_tainted(), false),
        Api::answering(NAMED).await,
    );
    let (guard, agent) = (world.guard(&api.origin).await, Agent::of(&world));
    assert_eq!(agent.share(&guard, TO_EVE).await, "200");
    assert_eq!(agent.read(&guard).await.status(), 200);
    assert_eq!(agent.share(&guard, TO_EVE).await, "403 approval_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_to_be_noted_and_does_not_end_is_late_and_no_denial() {
    const BEGUN: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"people\":";
    let (world, api) = (
        world(shares_with_those_named(), true),
        Api::beginning(BEGUN).await,
    );
    let (guard, agent) = (world.guard(&api.origin).await, Agent::of(&world));
    assert_eq!(agent.read(&guard).await.verdict(), "504 upstream_late");
    let said = guard.end().await;
    assert!(said.contains("allow") && !said.contains("deny"), "{said}");
}

impl Answer {
    /// The headers, and the body.
    fn parts(&self) -> (HeaderMap, &str) {
        let (head, body) = self.0.split_once("\r\n\r\n").unwrap();
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let headers = lines.map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, value.parse::<HeaderValue>().unwrap())
        });
        let mut map = HeaderMap::new();
        headers.for_each(|(name, value)| _ = map.append(name, value));
        (map, body)
    }
}
