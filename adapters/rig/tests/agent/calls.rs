//! What becomes of the calls of a model, and which tools it is told of.

use std::sync::Arc;
use std::time::Duration;

use bailiwick::clock::{Clock, FixedClock, SystemClock};
use bailiwick::ledger::{AsyncLedger, LedgerError, Refund, Refunded, Settled, Settlement};
use bailiwick_rig::Guarded;
use rig_agent::AgentBuilder;
use rig_agent::tool::{RegisteredTool, ToolSet};
use rig_core::tool::ToolContext;
use serde_json::json;

use crate::party::{Told, model, party, party_with};

#[tokio::test]
async fn each_call_is_decided_and_a_denied_tool_does_not_run() {
    let party = party();
    let told = party
        .calls(&[
            ("read_mail", json!({"id": "7"})),
            ("read_mail", json!({"id": "9"})),
            ("read_mail", json!({"id": "7", "all": true})),
            ("read_mail", json!({"id": ".."})),
            ("read_mail", json!({"id": 7})),
            ("read_mail", json!({})),
            ("send_mail", json!({"to": "ada@example.com"})),
            ("send_mail", json!({"to": "mallory@example.com"})),
            ("delete_mail", json!({"ids": ["7", "/"]})),
            ("delete_mail", json!({"ids": ["7"]})),
            ("format_disk", json!({})),
            ("wipe_disk", json!({})),
            ("read_mail", json!({"id": "8"})),
            ("read_mail", json!({"id": "8"})),
        ])
        .await;
    let verdicts: Vec<String> = told.iter().map(Told::verdict).collect();
    assert_eq!(
        verdicts,
        [
            "allow",
            "resource_outside",
            "argument_unknown",
            "segment_not_canonical",
            "argument_mistyped",
            "argument_missing",
            "allow",
            "argument_outside",
            "segment_not_canonical",
            "approval_required",
            "tool_not_offered",
            "tool_not_offered",
            "allow",
            "budget_exceeded",
        ]
    );
    assert_eq!(party.runs.count(), 3);
}

#[tokio::test]
async fn the_model_is_told_why_and_what_it_may_do_instead() {
    let party = party();
    let told = party
        .calls(&[
            ("read_mail", json!({"id": "9"})),
            ("read_mail", json!({"id": "7", "all": true})),
            ("delete_mail", json!({"ids": ["7"]})),
        ])
        .await;
    let [outside, unknown, lacking] = &told[..] else {
        panic!("{told:?}")
    };
    assert!(outside.text.contains("`inbox/9` is outside"), "{outside:?}");
    assert!(outside.text.ends_with("whom you work for."), "{outside:?}");
    assert_eq!(outside.data["reasons"][0]["code"], "resource_outside");
    assert!(unknown.text.contains("`all`"), "{unknown:?}");
    assert!(
        unknown.data["next"]
            .as_str()
            .unwrap()
            .starts_with("Correct")
    );
    assert!(lacking.text.contains("approval first"), "{lacking:?}");
    // A model can neither send a request nor answer it.
    assert_eq!(lacking.data.get("approval_request"), None);
}

#[tokio::test]
async fn only_what_the_token_could_be_used_for_is_offered() {
    let party = party();
    let model = model(&[]);
    party.agent(model.clone(), ()).prompt("go").await.unwrap();
    let offered: Vec<String> = model.requests()[0]
        .tools
        .iter()
        .map(|tool| tool.name.to_string())
        .collect();
    assert_eq!(
        offered,
        ["read_mail", "send_mail", "reply_mail", "delete_mail"]
    );

    // What is only found by a search stays so.
    let mut tools = ToolSet::default();
    tools.add_retrievable_tools(party.runs.tools());
    let tools = party.guarded.tools(tools).unwrap();
    assert_eq!((tools.len(), tools.always_exposed_names().count()), (4, 0));
}

#[tokio::test]
async fn a_tool_that_is_not_offered_is_refused_and_without_the_hook_ends_the_run() {
    let party = party();
    for tool in ["format_disk", "wipe_disk", "no_such_tool"] {
        let told = party.calls(&[(tool, json!({}))]).await;
        assert_eq!(told[0].verdict(), "tool_not_offered");
    }
    let tools = party.guarded.serve(party.runs.tools()).unwrap();
    let agent = AgentBuilder::new(model(&[("wipe_disk", json!({}))]))
        .tool_server_handle(tools)
        .build();
    assert!(agent.prompt("go").max_turns(2).await.is_err());

    // One by one, any tool can be guarded. What the token does not grant is refused by the gate.
    let codes = [
        ("format_disk", "operation_not_granted"),
        ("wipe_disk", "call_unmapped"),
    ];
    for (name, code) in codes {
        let tool = RegisteredTool::from_dynamic(party.runs.tool(name));
        let tool = party.guarded.tool(&tool).unwrap();
        let refused = tool.execute("{}".to_owned(), &mut ToolContext::new()).await;
        assert_eq!(refused.refusal().unwrap().code(), Some(code));
    }
    assert_eq!(party.runs.count(), 0);
}

/// A ledger that cannot be reached.
struct Down;

impl AsyncLedger for Down {
    async fn settle(&self, _: &Settlement) -> Result<Settled, LedgerError> {
        Err(LedgerError::Unavailable("redis://secret".to_owned()))
    }

    async fn refund(&self, _: &Refund) -> Result<Refunded, LedgerError> {
        Err(LedgerError::Unavailable("redis://secret".to_owned()))
    }
}

#[tokio::test]
async fn a_store_that_is_down_denies() {
    let party = party_with(Down);
    let told = party.calls(&[("read_mail", json!({"id": "7"}))]).await;
    assert_eq!(told[0].verdict(), "ledger_unavailable");
    assert!(told[0].text.ends_with("Try again later."), "{told:?}");
    assert!(!format!("{told:?}").contains("secret"));
    assert_eq!(party.runs.count(), 0);
}

#[tokio::test]
async fn a_token_that_the_gate_does_not_take_offers_nothing() {
    let party = party();
    let later = SystemClock.now().saturating_add(Duration::from_secs(600));
    let skewed = party.guarded.guard().clone();
    let skewed = skewed.with_clock(Arc::new(FixedClock::new(later)));
    let refused = Guarded::new(skewed)
        .tools(party.runs.tools())
        .err()
        .unwrap();
    assert_eq!(refused.code(), "proof_skewed");
}
