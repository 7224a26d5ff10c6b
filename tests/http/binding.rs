//! What was signed is what is done.

use std::sync::Arc;
use std::time::Duration;

use bailiwick::clock::FixedClock;
use bailiwick::http::{GateLayer, Received};
use bailiwick::revoke::Tripwire;
use bytes::Bytes;
use http::Request;

use crate::world::{
    Mapper, Ran, Server, gate, holder, layer, map, now, presentation, presented, read, request,
    routes, scope, with, write,
};

/// A request that carries the presentation of another one.
fn as_if(signed: &Request<Bytes>, sent: Request<Bytes>) -> Request<Bytes> {
    with(&presentation(&holder(scope()), signed), sent)
}

#[tokio::test]
async fn whatever_is_changed_after_signing_is_refused() {
    let server = Server::behind(layer(gate())).await;
    for (method, target, body) in [
        ("HEAD", "/threads/42", ""),
        ("get", "/threads/42", ""),
        ("DELETE", "/threads/42", ""),
        ("GET", "/threads/43", ""),
        ("GET", "/threads/42/", ""),
        ("GET", "//threads/42", ""),
        ("GET", "/Threads/42", ""),
        ("GET", "/threads/%34%32", ""),
        ("GET", "/threads/42;a", ""),
        ("GET", "/threads/42?", ""),
        ("GET", "/threads/42?a=b", ""),
        ("GET", "/threads/42", " "),
        ("POST", "/threads/42/posts", ""),
    ] {
        let answer = server
            .send(as_if(&read(), request(method, target, body)))
            .await;
        assert_eq!(answer.status, 401, "{method} {target}");
        if method != "HEAD" {
            assert_eq!(answer.code(), "proof_invalid", "{method} {target}");
        }
    }
    for body in [
        "",
        r#"{"text":"yes"}"#,
        r#"{"text":"no"} "#,
        r#"{ "text":"no"}"#,
    ] {
        let sent = request("POST", "/threads/42/posts", body);
        assert_eq!(
            server.send(as_if(&write(), sent)).await.status,
            401,
            "{body}"
        );
    }
    assert_eq!(server.ran.times(), 0);
    assert_eq!(server.send(as_if(&read(), read())).await.status, 200);
}

#[tokio::test]
async fn a_query_is_signed_to_the_letter() {
    let server = Server::behind(layer(gate())).await;
    let signed = request("GET", "/threads/42?a=1&b=2", "");
    for target in [
        "/threads/42?b=2&a=1",
        "/threads/42?a=1&b=%32",
        "/threads/42",
    ] {
        let answer = server
            .send(as_if(&signed, request("GET", target, "")))
            .await;
        assert_eq!(answer.code(), "proof_invalid", "{target}");
    }
    assert_eq!(
        server.send(as_if(&signed, signed.clone())).await.status,
        200
    );
}

#[tokio::test]
async fn head_is_not_get() {
    let server = Server::behind(layer(gate())).await;
    // Signed as what it is, it is no route that the forum maps, whatever the router does with it.
    let answer = server
        .send(presented(request("HEAD", "/threads/42", "")))
        .await;
    assert_eq!((answer.status, server.ran.times()), (403, 0));
}

#[tokio::test]
async fn a_route_that_is_not_mapped_is_denied_after_the_proof_alone() {
    let server = Server::behind(layer(gate())).await;
    for target in [
        "/",
        "/nowhere",
        "/threads/42/",
        "/threads/..%2f43",
        "/threads/%2a",
    ] {
        let unmapped = request("GET", target, "");
        let answer = server.send(presented(unmapped.clone())).await;
        assert_eq!(
            (answer.status, answer.code()),
            (403, "call_unmapped".to_owned()),
            "{target}"
        );
        assert!(answer.json()["decision_id"].is_string());
        // A stranger learns nothing of routes.
        assert_eq!(server.send(unmapped).await.code(), "presentation_missing");
    }
    let twice = request("POST", "/threads/42/posts", r#"{"text":"a","text":"b"}"#);
    assert_eq!(server.send(presented(twice)).await.code(), "call_unmapped");
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn an_agent_that_tries_routes_trips_its_wire() {
    let wire = Arc::new(Tripwire::new(3, Duration::from_secs(60)));
    let server = Server::behind(layer(gate().with_tripwire(wire))).await;
    for _ in 0..3 {
        let nowhere = presented(request("GET", "/nowhere", ""));
        assert_eq!(server.send(nowhere).await.code(), "call_unmapped");
    }
    let answer = server.send(presented(read())).await;
    assert_eq!((answer.status, answer.code()), (401, "revoked".to_owned()));
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn what_a_mapping_outlives_is_refused() {
    let clock = Arc::new(FixedClock::new(now()));
    let slow = Arc::clone(&clock);
    let mapping = move |request: Received<'_>| {
        slow.advance(Duration::from_secs(61));
        map(request)
    };
    let ran = Ran::default();
    let guarded = routes(&ran).layer(GateLayer::new(gate().with_clock(clock), mapping));
    let server = Server::serving(guarded, ran).await;
    let answer = server.send(presented(read())).await;
    assert_eq!(
        (answer.status, answer.code()),
        (401, "proof_skewed".to_owned())
    );
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn a_header_that_would_change_the_request_is_refused() {
    let server = Server::behind(layer(gate())).await;
    for name in [
        "x-http-method-override",
        "X-HTTP-Method",
        "x-method-override",
        "x-original-url",
        "x-rewrite-url",
    ] {
        let mut request = presented(read());
        let name: http::HeaderName = name.parse().unwrap();
        request
            .headers_mut()
            .insert(&name, "DELETE".parse().unwrap());
        let answer = server.send(request).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "method_override".to_owned()),
            "{name}"
        );
    }
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
    let limited = |bytes| GateLayer::new(gate(), map as Mapper).with_body_limit(bytes);
    let length = write().body().len();
    let server = Server::behind(limited(length)).await;
    assert_eq!(server.send(presented(write())).await.status, 200);
    let server = Server::behind(limited(length - 1)).await;
    let answer = server.send(presented(write())).await;
    assert_eq!(
        (answer.status, answer.code()),
        (413, "body_too_large".to_owned())
    );
    assert_eq!(server.ran.times(), 0);
    // Unless it is told otherwise.
    let server = Server::behind(layer(gate())).await;
    let large = Request::post("/threads/42/posts").body(Bytes::from(vec![b' '; 64 * 1024 + 1]));
    assert_eq!(server.send(presented(large.unwrap())).await.status, 413);
}
