//! Which calls go through.

use bailiwick::action::{Call, Tree};
use bailiwick::clock::{Clock as _, SystemClock};
use bailiwick_mcp::{ARGUMENT, META_KEY};
use serde_json::json;

use crate::session::{Session, call, verdict};
use crate::world::{SECRET, World, read};

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_token_allows_reaches_the_server() {
    let world = World::new();
    let session = Session::start(world.before_notes(), Some(world.agent())).await;
    let table = [
        ("read_note", json!({"name": "todo"}), "allow"),
        (
            "write_note",
            json!({"name": "todo", "text": "milk"}),
            "allow",
        ),
        (
            "write_note",
            json!({"name": "diary", "text": "x"}),
            "resource_outside",
        ),
        (
            "write_note",
            json!({"name": "todo", "text": "x", "force": true}),
            "argument_unknown",
        ),
        ("write_note", json!({"name": "todo"}), "argument_missing"),
        (
            "write_note",
            json!({"name": "todo", "text": 7}),
            "argument_mistyped",
        ),
        ("read_note", json!({"name": ".."}), "segment_not_canonical"),
        ("wipe_notes", json!({}), "operation_not_granted"),
        ("export_everything", json!({}), "call_unmapped"),
        ("read_note", json!({"name": "diary"}), "allow"),
        ("read_note", json!({"name": "todo"}), "budget_exceeded"),
    ];
    let mut allowed = 0;
    for (tool, arguments, expected) in table {
        let result = call(&session.client, tool, arguments.clone()).await;
        assert_eq!(verdict(&result), expected, "{tool} {arguments}");
        allowed += usize::from(expected == "allow");
        assert_eq!(world.runs(), allowed, "{tool} {arguments}");
    }
    assert_eq!(
        world.log("call").first().map(String::as_str),
        Some(r#"read_note {"name":"todo"}"#)
    );
    let said = session.end().await;
    let of = |decision: &str| said.matches(&format!(r#""decision":"{decision}""#)).count();
    assert_eq!((of("allow"), of("deny")), (allowed, 11 - allowed), "{said}");
    // At the start: what nobody can call.
    assert!(
        said.contains("tool_unmapped") && said.contains("export_everything"),
        "{said}"
    );
    // Neither arguments nor what was presented.
    for hidden in ["milk", "bwp1_", "bwt1_"] {
        assert!(!said.contains(hidden), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_a_token_reaches_nothing() {
    let world = World::new();
    let session = Session::start(world.before_notes(), None).await;
    assert_eq!(read(&session.client, "todo").await, "presentation_missing");
    assert!(session.client.list_all_tools().await.unwrap().is_empty());
    assert_eq!(world.runs(), 0);
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_presented_is_of_use_once_and_goes_no_further() {
    let world = World::new();
    let session = Session::start(world.before_notes(), None).await;
    let arguments = Tree::from_pairs([("name", "todo")]).unwrap();
    let reading = Call::tool("read_note".parse().unwrap(), arguments);
    let service = "notes.example".parse().unwrap();
    let presentation = world
        .granted
        .holder
        .present(&service, &reading, SystemClock.now());
    let sent = presentation.unwrap().to_text();
    let with = |name| json!({"name": name, ARGUMENT: sent});
    for (name, expected) in [
        ("diary", "proof_invalid"),
        ("todo", "allow"),
        ("todo", "proof_replayed"),
    ] {
        let result = call(&session.client, "read_note", with(name)).await;
        assert_eq!(verdict(&result), expected);
    }
    assert_eq!(world.runs(), 1);
    let seen = [world.log("call"), world.log("meta")].concat().concat();
    for hidden in [ARGUMENT, META_KEY, "bwp1_"] {
        assert!(!seen.contains(hidden), "{seen}");
    }
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_what_the_token_could_allow_and_nothing_else_is_passed_on() {
    let world = World::new();
    let session = Session::start(world.before_notes(), Some(world.agent())).await;
    let listed = session.client.list_all_tools().await.unwrap();
    let names: Vec<_> = listed.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["read_note", "write_note", "wait", "crash"]);
    let capabilities = &session.client.peer_info().unwrap().capabilities;
    assert!(capabilities.tools.is_some() && capabilities.resources.is_none());
    assert!(
        session
            .client
            .list_all_resources()
            .await
            .unwrap()
            .is_empty()
    );
    session.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_credential_reaches_the_server_and_nobody_else() {
    let world = World::new();
    let session = Session::start(world.before_notes(), Some(world.agent())).await;
    let result = call(&session.client, "read_note", json!({"name": "todo"})).await;
    let denied = call(&session.client, "wipe_notes", json!({})).await;
    let listed = session.client.list_all_tools().await.unwrap();
    let info = session.client.peer_info();
    let seen = format!(
        "{result:?} {denied:?} {listed:?} {info:?} {}",
        session.end().await
    );
    assert!(!seen.contains(SECRET), "{seen}");
    // And the server sees nothing of the guard's environment.
    let variables = world.log("variable");
    let names: Vec<_> = variables
        .iter()
        .filter_map(|it| it.split('=').next())
        .collect();
    assert!(
        variables.contains(&format!("NOTES_KEY={SECRET}")),
        "{names:?}"
    );
    assert!(
        names
            .iter()
            .all(|name| ["NOTES_KEY", "PATH"].contains(name)),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_spent_stays_spent_when_the_guard_starts_again() {
    let world = World::new();
    let session = Session::start(world.before_notes(), Some(world.agent())).await;
    assert_eq!(read(&session.client, "todo").await, "allow");
    session.end().await;

    let again = || {
        let mut command = world.guard();
        world.notes(&mut command);
        command
    };
    let session = Session::start(again(), Some(world.agent())).await;
    assert_eq!(read(&session.client, "todo").await, "allow");
    assert_eq!(read(&session.client, "todo").await, "budget_exceeded");
    session.end().await;

    // A ledger that is lost gives nothing back.
    std::fs::remove_file(world.directory.path("spent.redb")).unwrap();
    let session = Session::start(again(), Some(world.agent())).await;
    assert_eq!(read(&session.client, "todo").await, "ledger_reset");
    session.end().await;
    assert_eq!(world.runs(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ticket_in_the_file_stops_its_task() {
    let world = World::new();
    world
        .directory
        .roots(&world.granted.issuer, "[stops]\ntickets = \"stops.txt\"\n");
    let tickets = world.directory.write("stops.txt", "");
    let session = Session::start(world.before_notes(), Some(world.agent())).await;
    assert_eq!(read(&session.client, "todo").await, "allow");
    std::fs::write(tickets, format!("bws1_nonsense\n{}\n", world.granted.stop)).unwrap();
    let mut last = String::new();
    for _ in 0..100 {
        let wait = json!({"name": "todo", "text": "still"});
        last = verdict(&call(&session.client, "write_note", wait).await);
        if last != "allow" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(last, "revoked");
    let said = session.end().await;
    assert!(
        said.contains(r#""stopped":"t-1""#) && !said.contains("bws1_"),
        "{said}"
    );
}
