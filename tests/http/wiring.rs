//! Where the layer stands, and what stands behind it.

use std::sync::{Arc, Mutex};

use axum::extract::{OriginalUri, Request as AxumRequest};
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use axum::{Extension, Router};
use bailiwick::action::{Action, Call};
use bailiwick::decide::DecisionId;
use bailiwick::gate::Unmapped;
use bailiwick::http::{GateLayer, PermitSlot, Permitted, Received, Retried};
use bailiwick::present::AttemptId;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use tower::{Layer as _, ServiceExt as _};

use crate::world::{
    Mapper, OnlyIfReady, Ran, Server, forum, gate, holder, layer, now, presented, read, request,
    routes, scope, with, write,
};

#[tokio::test]
async fn a_handler_that_asks_for_a_permit_without_the_layer_gets_500() {
    let ran = Ran::default();
    let server = Server::serving(routes(&ran), ran).await;
    for request in [read(), presented(read())] {
        let answer = server.send(request).await;
        assert_eq!(
            (answer.status, answer.code()),
            (500, "permit_missing".to_owned())
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn a_permit_is_taken_once() {
    let twice = async |Permitted(_): Permitted, Permitted(_): Permitted| "twice";
    let routes = Router::new()
        .route("/threads/{thread}", get(twice))
        .layer(layer(gate()));
    let server = Server::serving(routes, Ran::default()).await;
    assert_eq!(server.send(presented(read())).await.status, 500);
}

#[tokio::test]
async fn a_permit_that_came_in_with_a_request_is_of_no_use() {
    // A handler that keeps its slot, and something before the layer that puts it into every request.
    let kept: Arc<Mutex<Option<PermitSlot>>> = Arc::default();
    let keep = {
        let kept = Arc::clone(&kept);
        async move |Extension(slot): Extension<PermitSlot>| {
            *kept.lock().unwrap() = Some(slot);
            "kept"
        }
    };
    let smuggle = {
        let kept = Arc::clone(&kept);
        from_fn(move |mut request: AxumRequest, next: Next| {
            if let Some(slot) = kept.lock().unwrap().clone() {
                request.extensions_mut().insert(slot);
            }
            next.run(request)
        })
    };
    let ran = Ran::default();
    let first: Router = Router::new()
        .route("/threads/42", get(keep))
        .layer(layer(gate()));
    let first = Server::serving(first, Ran::default()).await;
    assert_eq!(first.send(presented(read())).await.text(), "kept");

    // It reads thread 42 and permits that, whatever else was smuggled in.
    let server = Server::serving(routes(&ran).layer(layer(gate())).layer(smuggle), ran).await;
    assert_eq!(server.send(read()).await.status, 401);
    assert_eq!(
        server
            .send(presented(request("GET", "/threads/43", "")))
            .await
            .status,
        403
    );
    assert_eq!(server.ran.times(), 0);
    assert_eq!(server.send(presented(read())).await.status, 200);
    // The smuggled one was put aside and not used up.
    let slot = kept.lock().unwrap().take().unwrap();
    assert!(slot.take().is_some());
    assert!(slot.take().is_none());
}

#[tokio::test]
async fn a_service_is_called_when_it_is_ready() {
    let service = layer(gate()).layer(OnlyIfReady(false));
    let answer = service.oneshot(presented(read()).map(Full::new)).await;
    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test]
async fn what_was_presented_is_not_handed_on() {
    let show = async |headers: HeaderMap| format!("{:?}", headers.keys().collect::<Vec<_>>());
    let routes = Router::new()
        .route("/threads/{thread}", get(show))
        .layer(layer(gate()));
    let server = Server::serving(routes, Ran::default()).await;
    let answer = server.send(presented(read())).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("host"), "{}", answer.text());
    assert!(
        !answer.text().contains("authorization"),
        "{}",
        answer.text()
    );
    assert!(!answer.text().contains("bailiwick"), "{}", answer.text());
}

#[tokio::test]
async fn no_answer_under_a_permit_is_stored() {
    let cached = async || ([("cache-control", "public, max-age=60")], "cached");
    let routes = Router::new()
        .route("/threads/{thread}", get(cached))
        .layer(layer(gate()));
    let server = Server::serving(routes, Ran::default()).await;
    let answer = server.send(presented(read())).await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (200, "no-store")
    );
}

/// As the forum maps, below `/api`.
fn below(request: Received<'_>) -> Result<Action, Unmapped> {
    match (request.method(), request.path()) {
        ("GET", "/api/threads/42") => {
            let operation = "forum.read".parse().map_err(Unmapped::because)?;
            let resource = "forum/thread/42".parse().map_err(Unmapped::because)?;
            let read = bailiwick::action::Effect::Read;
            Ok(Action::new(
                request.service().clone(),
                operation,
                read,
                resource,
            ))
        }
        _ => Err(Unmapped::because("no such route")),
    }
}

#[tokio::test]
async fn under_a_nested_router_the_whole_target_counts() {
    let below = || GateLayer::new(gate(), below as Mapper);
    let ran = Ran::default();
    let whole = presented(request("GET", "/api/threads/42", ""));

    let outside = Router::new().nest("/api", routes(&ran)).layer(below());
    let server = Server::serving(outside, ran.clone()).await;
    assert_eq!(server.send(whole.clone()).await.status, 200);

    // Inside, the router has cut the path: no proof holds, ...
    let inside = Router::new().nest("/api", routes(&ran).layer(below()));
    let server = Server::serving(inside, ran.clone()).await;
    assert_eq!(server.send(whole.clone()).await.code(), "proof_invalid");
    // ... not even one of another request that would look so: the mapping sees what the proof covers.
    let cut = presented(request("GET", "/threads/42", ""));
    let cut = Request::from_parts(with_target(cut, "/api/threads/42"), Bytes::new());
    assert_eq!(server.send(cut).await.code(), "call_unmapped");
    assert_eq!(ran.times(), 1);

    // Unless the layer is told what was asked for.
    let original = below().with_target(|parts| {
        let OriginalUri(uri) = parts.extensions.get()?;
        Some(uri.clone())
    });
    let inside = Router::new().nest("/api", routes(&ran).layer(original));
    let server = Server::serving(inside, ran.clone()).await;
    assert_eq!(server.send(whole).await.status, 200);
    assert_eq!(ran.times(), 2);
}

fn with_target(request: Request<Bytes>, target: &str) -> http::request::Parts {
    let (mut parts, _) = request.into_parts();
    parts.uri = target.parse().unwrap();
    parts
}

#[tokio::test]
async fn a_service_that_does_not_know_its_target_permits_nothing() {
    let lost = layer(gate()).with_target(|_| None);
    let server = Server::behind(lost).await;
    let answer = server.send(presented(read())).await;
    assert_eq!(
        (answer.status, answer.code()),
        (500, "target_unknown".to_owned())
    );
    assert_eq!(server.ran.times(), 0);
}

/// Two tries of one attempt.
fn tries(request: &Request<Bytes>) -> [Request<Bytes>; 2] {
    let holder = holder(scope());
    let call = Call::http(
        request.method().as_str(),
        request.uri().path(),
        None,
        request.body(),
    );
    let (call, attempt) = (call.unwrap(), AttemptId::from_bytes([7; 16]));
    [(); 2].map(|()| {
        let presentation = holder.present_attempt(&forum(), &call, attempt, now());
        with(&presentation.unwrap(), request.clone())
    })
}

#[tokio::test]
async fn a_retry_is_refused_with_the_first_decision_where_nobody_answers_it() {
    let server = Server::behind(layer(gate())).await;
    let [first, again] = tries(&write());
    assert_eq!(server.send(first).await.status, 200);
    let answer = server.send(again).await;
    assert_eq!(
        (answer.status, answer.code()),
        (409, "attempt_repeated".to_owned())
    );
    assert!(answer.json()["decision_id"].is_string());
    assert_eq!(server.ran.times(), 1);
}

#[tokio::test]
async fn the_same_attempt_of_another_call_is_a_conflict() {
    let server = Server::behind(layer(gate())).await;
    let [first, _] = tries(&write());
    let [_, other] = tries(&read());
    assert_eq!(server.send(first).await.status, 200);
    let answer = server.send(other).await;
    assert_eq!(
        (answer.status, answer.code()),
        (409, "attempt_changed".to_owned())
    );
    assert_eq!(server.ran.times(), 1);
}

#[tokio::test]
async fn a_retry_is_answered_by_what_was_answered_then() {
    let asked: Arc<Mutex<Vec<DecisionId>>> = Arc::default();
    let asking = Arc::clone(&asked);
    let answered = layer(gate()).with_retries(move |repeat| {
        asking.lock().unwrap().push(repeat.decision_id());
        async { Retried::Answer(Response::new(Bytes::from_static(b"as before"))) }
    });
    let server = Server::behind(answered).await;
    let [first, again] = tries(&write());
    assert_eq!(server.send(first).await.text(), r#"{"text":"no"}"#);
    assert!(asked.lock().unwrap().is_empty());
    let answer = server.send(again).await;
    assert_eq!((answer.status, answer.text()), (200, "as before"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!((asked.lock().unwrap().len(), server.ran.times()), (1, 1));
}

#[tokio::test]
async fn a_service_that_knows_that_nothing_happened_acts_after_all() {
    let acting =
        layer(gate()).with_retries(async |repeat| Retried::Act(Box::new(repeat.act_after_all())));
    let server = Server::behind(acting).await;
    let [first, again] = tries(&write());
    assert_eq!(server.send(first).await.status, 200);
    assert_eq!(server.send(again).await.text(), r#"{"text":"no"}"#);
    assert_eq!(server.ran.times(), 2);

    let refusing = layer(gate()).with_retries(async |_| Retried::Refuse);
    let server = Server::behind(refusing).await;
    let [first, again] = tries(&write());
    assert_eq!(server.send(first).await.status, 200);
    assert_eq!(server.send(again).await.code(), "attempt_repeated");
    assert_eq!(server.ran.times(), 1);
}
