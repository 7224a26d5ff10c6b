//! Values that a server gave to the task.

use std::sync::Arc;

use bailiwick::note::{DetachedNote, NoteBook};
use bailiwick_mcp::{Agent, Carry, NOTES_KEY};
use rmcp::model::CallToolResult;
use serde_json::json;

use crate::party::{Client, Party, call, party, verdict};

async fn reply(client: &Client, to: &str) -> String {
    verdict(&call(client, "reply_mail", json!({ "to": to })).await)
}

/// Notes that came with a result.
fn noted(result: &CallToolResult) -> usize {
    let notes = result.meta.as_ref().and_then(|meta| meta.0.get(NOTES_KEY));
    let notes = notes.and_then(|notes| notes.as_array());
    let read = |note: &serde_json::Value| DetachedNote::parse(note.as_str().unwrap()).is_ok();
    notes.map_or(0, |notes| notes.iter().filter(|note| read(note)).count())
}

async fn connect(party: &Party, agent: Agent) -> Client {
    party.client(Some(agent)).await
}

#[tokio::test]
async fn what_a_server_gave_in_a_field_can_be_used_and_what_a_text_says_cannot() {
    for carry in [Carry::Meta, Carry::Argument] {
        let (party, book) = (party(), Arc::new(NoteBook::new()));
        let client = connect(&party, party.noting_agent(&book).carried(carry)).await;
        assert_eq!(reply(&client, "bob@example.com").await, "argument_outside");
        let mail = call(&client, "read_mail", json!({ "id": "7" })).await;
        assert_eq!(verdict(&mail), "allow");
        assert_eq!(book.to_notes().len(), 1);
        assert_eq!(
            reply(&client, "bob@example.com").await,
            "allow",
            "{carry:?}"
        );
        assert_eq!(reply(&client, "eve@example.com").await, "argument_outside");
        // The model sees nothing of it, and what else there is it does.
        let meta = &mail.meta.unwrap().0;
        assert_eq!(meta.keys().collect::<Vec<_>>(), ["org.example/other"]);
    }
}

#[tokio::test]
async fn a_client_without_a_book_has_no_use_of_notes() {
    let party = party();
    let client = connect(&party, party.agent()).await;
    let mail = call(&client, "read_mail", json!({ "id": "7" })).await;
    assert_eq!((verdict(&mail).as_str(), noted(&mail)), ("allow", 0));
    assert_eq!(reply(&client, "bob@example.com").await, "argument_outside");
}

#[tokio::test]
async fn what_is_denied_or_declares_nothing_has_no_notes() {
    let (party, book) = (party(), Arc::new(NoteBook::new()));
    let client = connect(&party, party.noting_agent(&book)).await;
    for (tool, arguments) in [
        ("read_mail", json!({})),
        ("format_disk", json!({})),
        ("reply_mail", json!({ "to": "bob@example.com" })),
    ] {
        assert_ne!(verdict(&call(&client, tool, arguments).await), "allow");
        assert!(book.to_notes().is_empty(), "{tool}");
    }
}
