//! Values that a tool gave to the task.

use serde_json::json;

use crate::party::{Told, party};

#[tokio::test]
async fn what_a_tool_gave_in_a_field_can_be_used_and_what_a_text_says_cannot() {
    let party = party();
    let reply = |to: &str| ("reply_mail", json!({ "to": to }));
    let told = party
        .calls(&[
            reply("bob@example.com"),
            ("read_mail", json!({ "id": "7" })),
            reply("bob@example.com"),
            reply("eve@example.com"),
        ])
        .await;
    let verdicts: Vec<_> = told.iter().map(Told::verdict).collect();
    let refused = "argument_outside";
    assert_eq!(verdicts, [refused, "allow", "allow", refused]);
    assert_eq!(party.runs.count(), 2);
}
