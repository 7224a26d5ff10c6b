//! How it ends, and what happens when the server does.

use serde_json::json;

use crate::session::{Session, call, try_call, verdict};
use crate::world::{World, runs};

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_and_its_server_end_when_the_agent_is_gone() {
    let world = World::new();
    let session = Session::start(world.before_notes(), Some(world.agent())).await;
    let server = world.server();
    assert!(runs(&server));
    session.end().await;
    assert!(!runs(&server));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_ends_its_server_when_it_is_told_to_end() {
    let world = World::new();
    let mut session = Session::start(world.before_notes(), Some(world.agent())).await;
    let (guard, server) = (session.id().to_string(), world.server());
    let told = std::process::Command::new("kill")
        .args(["-TERM", &guard])
        .status();
    assert!(told.unwrap().success());
    let (status, _) = session.ended().await;
    assert!(status.success(), "{status}");
    assert!(!runs(&server));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_errors_once_the_server_is_dead() {
    let world = World::new();
    let session = Session::start(world.before_notes(), Some(world.agent())).await;
    let write = || json!({"name": "todo", "text": "x"});
    assert!(try_call(&session.client, "crash", json!({})).await.is_err());
    assert!(
        try_call(&session.client, "write_note", write())
            .await
            .is_err()
    );
    // What is denied is denied as before.
    let denied = call(&session.client, "wipe_notes", json!({})).await;
    assert_eq!(verdict(&denied), "operation_not_granted");
    session.end().await;
    assert_eq!(world.log("call"), ["crash {}"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_waited_for_so_long_and_no_longer() {
    let world = World::new();
    let mut command = world.guard();
    command.args(["--acknowledge-reset", "--timeout", "2"]);
    world.notes(&mut command);
    let session = Session::start(command, Some(world.agent())).await;
    let late = try_call(&session.client, "wait", json!({})).await;
    assert!(late.unwrap_err().to_string().contains("in time"));
    session.end().await;
}
