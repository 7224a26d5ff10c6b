//! Requests that a catalog maps.

use std::sync::LazyLock;

use bailiwick::action::{Mapped, Unmapped};
use bailiwick::catalog::{Catalog, NoAttributes};
use bailiwick::http::{GateLayer, Received};
use bytes::Bytes;
use http::{HeaderValue, Request};

use crate::world::{Ran, Server, gate, presented, request, routes};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let text = r#"
service = "forum.example"

[operation."forum.read"]
effect = "read"
resource = "forum/thread/{thread}"
arguments = { thread = "text" }
http = { method = "GET", path = "/threads/{thread}" }

[operation."forum.post"]
effect = "publish"
resource = "forum/thread/{thread}"
arguments = { thread = "text", text = "text", quote = { type = "integer", optional = true } }
http = { method = "POST", path = "/threads/{thread}/posts", body = {} }
"#;
    Catalog::parse("forum.toml", text).unwrap()
});

fn by_catalog(request: Received<'_>) -> Result<Mapped, Unmapped> {
    Ok(request.by_catalog(&CATALOG, &NoAttributes)?)
}

/// A post of this body, as these types.
fn post(body: &'static str, types: &[&'static str]) -> Request<Bytes> {
    let mut request = request("POST", "/threads/42/posts", body);
    for kind in types {
        let kind = HeaderValue::from_static(kind);
        request.headers_mut().append("content-type", kind);
    }
    request
}

#[tokio::test]
async fn a_catalog_says_what_each_request_does_and_what_it_does_not_say_never_runs() {
    const JSON: &[&str] = &["application/json"];
    let ran = Ran::default();
    let layered = routes(&ran).layer(GateLayer::new(gate(), by_catalog));
    let server = Server::serving(layered, ran).await;
    let table = [
        (request("GET", "/threads/42", ""), "200"),
        (request("GET", "/threads/43", ""), "resource_outside"),
        (request("HEAD", "/threads/42", ""), "call_unmapped"),
        (request("GET", "/threads/42/", ""), "call_unmapped"),
        (
            request("GET", "/threads/%34%32", ""),
            "segment_not_canonical",
        ),
        (request("GET", "/threads/42?all=1", ""), "argument_unknown"),
        (post(r#"{"text":"no"}"#, JSON), "200"),
        (post(r#"{"text":"no","quote":null}"#, JSON), "200"),
        (
            post(r#"{"text":"no","quote":"7"}"#, JSON),
            "argument_mistyped",
        ),
        (
            post(r#"{"text":"no","text":"yes"}"#, JSON),
            "body_malformed",
        ),
        (
            post(r#"{"text":"no","as":"ada"}"#, JSON),
            "argument_unknown",
        ),
        (post("{}", JSON), "argument_missing"),
        (post(r#"{"text":"no"}"#, &[]), "body_malformed"),
        (post(r#"{"text":"no"}"#, &["text/plain"]), "body_malformed"),
        (
            post(r#"{"text":"no"}"#, &["application/json", "text/plain"]),
            "body_malformed",
        ),
    ];
    let mut allowed = 0;
    for (request, expected) in table {
        let shown = format!(
            "{} {} {:?}",
            request.method(),
            request.uri(),
            request.body()
        );
        let head = request.method() == "HEAD";
        let answer = server.send(presented(request)).await;
        match expected {
            "200" => {
                allowed += 1;
                assert_eq!(answer.status, 200, "{shown}");
            }
            // Which has no body.
            _ if head => assert!(answer.status >= 400, "{shown}"),
            code => {
                assert_eq!(answer.code(), code, "{shown}");
                assert!(answer.status >= 400, "{shown}");
            }
        }
        assert_eq!(server.ran.times(), allowed, "{shown}");
    }
}
