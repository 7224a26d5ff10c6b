//! The layer before a real client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{any, get};
use bailiwick::approve::ApprovalRequest;
use bailiwick::clock::FixedClock;
use bailiwick::http::{Attempt, Elsewhere, HttpSigner, Origin, PresentLayer, SignError};
use bailiwick::present::{AttemptId, Holder};
use bailiwick::token::Limits;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, StatusCode, Uri};
use tower::retry::{Policy, RetryLayer};
use tower::{BoxError, Layer, Service, ServiceExt as _};

use crate::world::{
    OnlyIfReady, Ran, Server, editor, forum, gate, holder, layer, map, now, read, request, reqwest,
    routes, scope, with_approval, write,
};

/// An agent that knows that the forum is at these servers.
fn signer(servers: &[&Server]) -> HttpSigner {
    signer_of(holder(scope()), servers)
}

fn signer_of(holder: Holder, servers: &[&Server]) -> HttpSigner {
    let signer = HttpSigner::new(holder).with_clock(Arc::new(FixedClock::new(now())));
    servers.iter().fold(signer, |signer, server| {
        signer.with_service(server.url("").parse().unwrap(), forum())
    })
}

async fn sent(layer: PresentLayer, request: Request<Bytes>) -> Result<StatusCode, BoxError> {
    Ok(layer.layer(reqwest()).oneshot(request).await?.status())
}

#[tokio::test]
async fn a_request_of_an_agent_is_permitted_through_two_layers() {
    let server = Server::behind(layer(gate())).await;
    let signing = PresentLayer::new(signer(&[&server]));
    let mut client = signing.layer(reqwest());
    for request in [read(), write(), request("GET", "/threads/42?a=b", "")] {
        let response = client.ready().await.unwrap().call(server.at(request));
        assert_eq!(response.await.unwrap().status(), 200);
    }
    assert_eq!(server.ran.times(), 3);
    let outside = server.at(request("GET", "/threads/43", ""));
    assert_eq!(sent(signing, outside).await.unwrap(), 403);
}

/// Says which of our headers a request had.
async fn listening(seen: Arc<AtomicUsize>) -> Server {
    let count = async move |headers: HeaderMap| {
        let ours = [
            headers.contains_key(AUTHORIZATION),
            headers.contains_key("bailiwick-proof"),
        ];
        seen.fetch_add(
            ours.into_iter().filter(|ours| *ours).count(),
            Ordering::SeqCst,
        );
    };
    let routes = Router::new().fallback(any(count));
    Server::serving(routes, Ran::default()).await
}

#[tokio::test]
async fn a_token_goes_to_no_origin_that_is_not_its_audience() {
    let seen = Arc::default();
    let evil = listening(Arc::clone(&seen)).await;
    let server = Server::behind(layer(gate())).await;
    let refused = sent(PresentLayer::new(signer(&[&server])), evil.at(read())).await;
    let error = refused.unwrap_err();
    let error = error.downcast_ref::<SignError>().unwrap();
    let origin: Origin = evil.url("").parse().unwrap();
    assert_eq!(
        *error,
        SignError::UnknownOrigin {
            origin: Some(origin)
        }
    );

    // Not even one that was attached before.
    let signer = signer(&[&server]).with_elsewhere(Elsewhere::SendWithout);
    let mut signed = server.at(read());
    signer.sign(&mut signed).unwrap();
    assert!(signed.headers().contains_key("bailiwick-proof"));
    *signed.uri_mut() = evil.url("/").parse().unwrap();
    assert_eq!(sent(PresentLayer::new(signer), signed).await.unwrap(), 200);
    assert_eq!(seen.load(Ordering::SeqCst), 0);
}

/// Redirects the first path to a target.
async fn redirecting(target: String, status: StatusCode) -> Server {
    let target: Arc<str> = target.into();
    let to = async move || (status, [("location", target.to_string())]);
    let routes = Router::new().route("/from", any(to));
    Server::serving(routes, Ran::default()).await
}

#[tokio::test]
async fn a_redirect_to_another_origin_gets_no_token() {
    let seen = Arc::default();
    let evil = listening(Arc::clone(&seen)).await;
    let lured = redirecting(evil.url("/threads/42"), StatusCode::TEMPORARY_REDIRECT).await;
    let from = || lured.at(request("GET", "/from", ""));
    let refused = sent(
        PresentLayer::new(signer(&[&lured])).with_redirects(5),
        from(),
    )
    .await;
    assert!(refused.unwrap_err().is::<SignError>());
    let without = signer(&[&lured]).with_elsewhere(Elsewhere::SendWithout);
    let followed = sent(PresentLayer::new(without).with_redirects(5), from()).await;
    assert_eq!(followed.unwrap(), 200);
    assert_eq!(seen.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_redirect_to_a_service_has_a_proof_of_its_own() {
    let server = Server::behind(layer(gate())).await;
    let to = server.url("/threads/42/posts");
    let moved = redirecting(to, StatusCode::PERMANENT_REDIRECT).await;
    let signing = PresentLayer::new(signer(&[&server, &moved]));
    let from = || moved.at(request("POST", "/from", r#"{"text":"no"}"#));
    assert_eq!(sent(signing.clone(), from()).await.unwrap(), 308);
    assert_eq!(sent(signing.with_redirects(1), from()).await.unwrap(), 200);
    assert_eq!(server.ran.times(), 1);
}

#[tokio::test]
async fn redirects_come_to_an_end() {
    let around = Router::new().route("/from", get(async || Redirect::temporary("/from")));
    let around = Server::serving(around, Ran::default()).await;
    let signing = PresentLayer::new(signer(&[&around])).with_redirects(3);
    let from = around.at(request("GET", "/from", ""));
    assert_eq!(sent(signing, from).await.unwrap(), 307);
}

#[tokio::test]
async fn a_redirect_behind_the_gate_is_another_call_of_the_same_attempt() {
    // What answers a permit by a redirect to another path behind the same gate.
    let ran = Ran::default();
    let threads = routes(&ran).route("/old/{thread}", get(async || Redirect::to("/threads/42")));
    let mapping = |request: bailiwick::http::Received<'_>| match request.path() {
        "/old/42" => {
            let (operation, resource) = ("forum.read", "forum/thread/42");
            let read = bailiwick::action::Action::new(
                request.service().clone(),
                operation
                    .parse()
                    .map_err(bailiwick::gate::Unmapped::because)?,
                bailiwick::action::Effect::Read,
                resource
                    .parse()
                    .map_err(bailiwick::gate::Unmapped::because)?,
            );
            Ok(read)
        }
        _ => map(request),
    };
    let guarded = threads.layer(bailiwick::http::GateLayer::new(gate(), mapping));
    let server = Server::serving(guarded, ran).await;
    let signing = PresentLayer::new(signer(&[&server])).with_redirects(1);
    let mut request = server.at(request("GET", "/old/42", ""));
    Attempt::begin(request.extensions_mut()).unwrap();
    assert_eq!(sent(signing.clone(), request.clone()).await.unwrap(), 200);
    // All of it again is a retry.
    assert_eq!(sent(signing, request).await.unwrap(), 409);
    assert_eq!(server.ran.times(), 1);
}

/// Tries once more, whatever the answer was.
#[derive(Clone)]
struct Once(bool);

impl<R, E> Policy<Request<Bytes>, R, E> for Once {
    type Future = std::future::Ready<()>;

    fn retry(&mut self, _: &mut Request<Bytes>, _: &mut Result<R, E>) -> Option<Self::Future> {
        std::mem::take(&mut self.0).then(|| std::future::ready(()))
    }

    fn clone_request(&mut self, request: &Request<Bytes>) -> Option<Request<Bytes>> {
        Some(request.clone())
    }
}

#[tokio::test]
async fn a_retry_has_a_fresh_proof_and_the_same_attempt() {
    let server = Server::behind(layer(gate())).await;
    let signing = PresentLayer::new(signer(&[&server]));
    let retrying = || RetryLayer::new(Once(true)).layer(signing.layer(reqwest()));
    let mut request = server.at(write());
    Attempt::begin(request.extensions_mut()).unwrap();
    let response = retrying().oneshot(request).await.unwrap();
    // Not a replay, and not charged anew.
    assert_eq!((response.status().as_u16(), server.ran.times()), (409, 1));
    // Without an attempt, each try is one of its own.
    let response = retrying().oneshot(server.at(write())).await.unwrap();
    assert_eq!((response.status().as_u16(), server.ran.times()), (200, 3));
}

#[tokio::test]
async fn a_client_is_called_when_it_is_ready_also_after_a_redirect() {
    let signer = signer(&[]).with_elsewhere(Elsewhere::SendWithout);
    let client = PresentLayer::new(signer).layer(OnlyIfReady(false));
    assert_eq!(client.oneshot(read()).await.unwrap().status(), 200);
}

#[test]
fn other_credentials_are_not_overwritten() {
    let signer = HttpSigner::new(holder(scope()))
        .with_service("https://forum.example".parse().unwrap(), forum());
    let mut request = read();
    *request.uri_mut() = Uri::from_static("https://forum.example/threads/42");
    let headers = request.headers_mut();
    headers.insert(AUTHORIZATION, "Bearer abc".parse().unwrap());
    assert_eq!(signer.sign(&mut request), Err(SignError::OtherCredentials));
    assert_eq!(request.headers()[AUTHORIZATION], "Bearer abc");
    assert!(!request.headers().contains_key("bailiwick-proof"));
}

#[test]
fn signing_again_replaces_the_proof() {
    let signer = HttpSigner::new(holder(scope()))
        .with_service("https://forum.example".parse().unwrap(), forum());
    let mut request = read();
    *request.uri_mut() = Uri::from_static("https://forum.example/threads/42");
    signer.sign(&mut request).unwrap();
    let before = request.headers()["bailiwick-proof"].clone();
    signer.sign(&mut request).unwrap();
    assert_ne!(request.headers()["bailiwick-proof"], before);
    for name in [AUTHORIZATION.as_str(), "bailiwick-proof"] {
        assert_eq!(request.headers().get_all(name).iter().count(), 1);
        assert!(request.headers()[name].is_sensitive());
    }
    // What cannot be signed any more has none of them.
    *request.uri_mut() = Uri::from_static("https://evil.example/");
    assert!(signer.sign(&mut request).is_err());
    assert!(request.headers().is_empty());
}

#[tokio::test]
async fn an_agent_gets_what_it_lacked_approved_and_sends_it_along() {
    let server = Server::behind(layer(gate())).await;
    let signer = signer_of(holder(with_approval()), &[&server]);
    let mut request = server.at(write());
    signer.sign(&mut request).unwrap();
    let answer = server.send_as_is(request.clone()).await;
    assert_eq!(answer.code(), "approval_required");

    let asked = answer.json()["approval_request"]
        .as_str()
        .unwrap()
        .to_owned();
    let asked = ApprovalRequest::parse(&asked, &Limits::default()).unwrap();
    let signed = signer.holder().ask(&asked, now()).unwrap().to_text();
    let shown = editor().open(&signed, now()).unwrap();
    let approval = editor().approve(&shown, Duration::from_secs(60), now());
    HttpSigner::attach_approvals(&mut request, [approval.unwrap()]);
    let signing = PresentLayer::new(signer);
    assert_eq!(sent(signing.clone(), request.clone()).await.unwrap(), 200);
    // An approval is for one attempt.
    let mut anew = request.clone();
    anew.extensions_mut()
        .insert(Attempt::of(AttemptId::from_bytes([9; 16])));
    assert_eq!(sent(signing, anew).await.unwrap(), 403);
    assert_eq!(server.ran.times(), 1);
}
