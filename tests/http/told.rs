//! What a caller is told of why it is refused.

use std::sync::Arc;

use bailiwick::action::Action;
use bailiwick::http::{Details, GateLayer, Received};
use bailiwick::ledger::{AsyncLedger, LedgerError, Refund, Refunded, Settled, Settlement};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use crate::world::{
    Answer, Mapper, Server, gate, gate_with, holder, layer, map, presentation, presented, read,
    request, scope, with, with_approval,
};

/// A store that cannot be reached.
struct Down(fn() -> LedgerError);

impl AsyncLedger for Down {
    async fn settle(&self, _: &Settlement) -> Result<Settled, LedgerError> {
        Err((self.0)())
    }

    async fn refund(&self, _: &Refund) -> Result<Refunded, LedgerError> {
        Err((self.0)())
    }
}

/// A ledger of which nobody knows anything.
pub(crate) fn down() -> impl AsyncLedger {
    Down(|| LedgerError::Unavailable(SECRET.to_owned()))
}

const SECRET: &str = "redis at 10.0.0.7 refused";

#[tokio::test]
async fn a_store_that_is_down_is_503_and_says_nothing_of_itself() {
    for (error, code) in [
        (
            (|| LedgerError::Unavailable(SECRET.to_owned())) as fn() -> _,
            "ledger_unavailable",
        ),
        (|| LedgerError::Full, "ledger_full"),
    ] {
        let server = Server::behind(layer(gate_with(Down(error)))).await;
        let answer = server.send(presented(read())).await;
        assert_eq!((answer.status, answer.code()), (503, code.to_owned()));
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.text().contains("10.0.0.7"), "{}", answer.text());
        assert_eq!(server.ran.times(), 0);
    }
}

#[tokio::test]
async fn a_denial_says_what_is_missing_and_carries_the_ready_request() {
    let server = Server::behind(layer(gate())).await;
    let request = with(&presentation(&holder(with_approval()), &read()), read());
    let answer = server.send(request).await;
    assert_eq!(answer.status, 403);
    let said = answer.json();
    assert_eq!(said["code"], "approval_required");
    assert_eq!(
        (&said["type"], &said["title"]),
        (&"about:blank".into(), &"Forbidden".into())
    );
    assert_eq!(said["status"], 403);
    assert_eq!(said["reasons"][0]["missing"]["kind"], "approvals");
    assert!(
        said["approval_request"]
            .as_str()
            .unwrap()
            .starts_with("bwr1_")
    );
    assert_eq!(said["decision_id"].as_str().unwrap().len(), 32);
    assert!(said["detail"].as_str().unwrap().contains("approv"));
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn withheld_details_leave_a_word_and_the_id_of_the_decision() {
    let withheld = || layer(gate()).with_details(Details::Withheld);
    let server = Server::behind(withheld()).await;
    let outside = presented(request("GET", "/threads/43", ""));
    let unmapped = presented(request("GET", "/nowhere", ""));
    let unapproved = with(&presentation(&holder(with_approval()), &read()), read());
    for request in [outside, unmapped, unapproved] {
        let answer = server.send(request).await;
        assert_eq!(
            keys(&answer),
            ["code", "decision_id", "status", "title", "type"]
        );
        assert_eq!((answer.status, answer.code()), (403, "denied".to_owned()));
    }
    // Not even how a presentation is wrong.
    let stale = with(
        &presentation(&holder(scope()), &read()),
        request("GET", "/threads/43", ""),
    );
    for request in [stale, read()] {
        let answer = server.send(request).await;
        assert_eq!(
            (answer.status, answer.code()),
            (401, "unauthenticated".to_owned())
        );
        let challenge = "Bailiwick service=\"forum.example\", error=\"unauthenticated\"";
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    assert_eq!(server.ran.times(), 0);
}

fn keys(answer: &Answer) -> Vec<String> {
    let Value::Object(members) = answer.json() else {
        panic!("{}", answer.text());
    };
    let mut keys: Vec<_> = members.keys().cloned().collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn no_refusal_repeats_what_was_presented() {
    let server = Server::behind(layer(gate())).await;
    let outside = request("GET", "/threads/43", "");
    let presentation = presentation(&holder(scope()), &outside);
    let (token, proof) = presentation.to_texts();
    for (text, sent) in [(&token, outside), (&proof, read())] {
        let answer = server.send(with(&presentation, sent)).await;
        assert!(answer.status >= 400);
        assert!(!answer.text().contains(&text[10..60]));
        assert!(!format!("{:?}", answer.headers).contains(&text[10..60]));
    }
}

#[tokio::test]
async fn a_foreign_action_of_a_careless_mapping_is_denied() {
    let careless: Mapper = |request: Received<'_>| {
        let action = map(request)?;
        let mail = "mail.example".parse().unwrap();
        let (operation, resource) = (action.operation().clone(), action.resource().clone());
        Ok(Action::new(mail, operation, action.effect(), resource))
    };
    let server = Server::behind(GateLayer::new(gate(), careless)).await;
    let answer = server.send(presented(read())).await;
    assert_eq!(
        (answer.status, answer.code()),
        (403, "service_mismatch".to_owned())
    );
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn one_gate_stands_behind_two_layers() {
    let shared = Arc::new(gate());
    let one = Server::behind(GateLayer::new(Arc::clone(&shared), map as Mapper)).await;
    let two = Server::behind(GateLayer::new(shared, map as Mapper)).await;
    let sent: Request<Bytes> = presented(read());
    assert_eq!(one.send(sent.clone()).await.status, 200);
    assert_eq!(two.send(sent).await.code(), "proof_replayed");
}

#[tokio::test]
async fn only_what_speaks_grpc_is_refused_under_a_status_of_200() {
    let server = Server::behind(layer(gate())).await;
    let mut claiming = presented(request("GET", "/threads/43", ""));
    let grpc = "application/grpc".parse().unwrap();
    claiming.headers_mut().insert("content-type", grpc);
    let answer = server.send(claiming).await;
    assert_eq!(
        (answer.status, answer.code()),
        (403, "resource_outside".to_owned())
    );
}
