//! What is permitted goes through, and nothing beside it.

use crate::world::{
    Server, gate, holder, layer, presentation, presented, read, request, scope, with, write,
};

#[tokio::test]
async fn a_permitted_request_reaches_its_handler_with_body_and_permit() {
    let server = Server::behind(layer(gate())).await;
    let answer = server.send(presented(read())).await;
    assert_eq!((answer.status, answer.text()), (200, "forum/thread/42"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = server.send(presented(write())).await;
    assert_eq!((answer.status, answer.text()), (200, r#"{"text":"no"}"#));
    assert_eq!(server.ran.times(), 2);

    let outside = presented(request("GET", "/threads/43", ""));
    let answer = server.send(outside).await;
    assert_eq!(
        (answer.status, answer.code()),
        (403, "resource_outside".to_owned())
    );
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(server.ran.times(), 2);
}

#[tokio::test]
async fn a_proof_is_presented_once() {
    let server = Server::behind(layer(gate())).await;
    let once = with(&presentation(&holder(scope()), &read()), read());
    assert_eq!(server.send(once.clone()).await.status, 200);
    let again = server.send(once).await;
    assert_eq!(
        (again.status, again.code()),
        (401, "proof_replayed".to_owned())
    );
    assert_eq!(server.ran.times(), 1);
}
