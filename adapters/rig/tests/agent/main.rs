//! Agents of Rig whose model calls what it should and what it should not.

mod party;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bailiwick::action::{ToolCall, Tree};
use bailiwick::approve::ApprovalRequest;
use bailiwick::clock::{Clock, FixedClock, SystemClock};
use bailiwick::ledger::{AsyncLedger, LedgerError, Refund, Refunded, Settled, Settlement};
use bailiwick::token::Limits;
use bailiwick_rig::{Denied, Guarded, NotGuarded};
use party::{Party, model, party, party_with};
use rig_agent::AgentBuilder;
use rig_agent::agent::{AgentHook, DispatchAction, DispatchEvent, HookContext};
use rig_agent::tool::{RegisteredTool, ToolSet};
use rig_core::effect::{EffectId, EffectKind, MemoryOp, Outcome};
use rig_core::error::{ErrorKind, ErrorReport};
use rig_core::serve::{Decision, Intercept, Verdict, serve_inline};
use rig_core::tool::ToolContext;
use serde_json::json;

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
    let verdicts: Vec<String> = told.iter().map(party::Told::verdict).collect();
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
async fn a_tool_runs_with_the_text_that_was_decided_and_finds_its_permit() {
    let party = party();
    let tools = party.guarded.serve(party.runs.tools()).unwrap();
    let mut context = ToolContext::new();
    let ran = tools.execute("read_mail", r#" {"\u0069d": "7"} "#, &mut context);
    assert!(ran.await.is_success());
    let first = party.runs.last(|run| {
        assert_eq!(
            (run.tool, &run.arguments),
            ("read_mail", &json!({"id": "7"}))
        );
        run.permit.clone().unwrap()
    });
    assert_eq!(first.actions()[0].resource().to_string(), "inbox/7");

    // A tool that is an agent hands its context on: the tools of that agent find their own permits.
    let mut context = ToolContext::new().with_scope(first);
    let ran = tools.execute("read_mail", r#"{"id": "8"}"#, &mut context);
    assert!(ran.await.is_success());
    let second = party.runs.last(|run| run.permit.clone().unwrap());
    assert_eq!(second.actions()[0].resource().to_string(), "inbox/8");
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
    assert_eq!(offered, ["read_mail", "send_mail", "delete_mail"]);

    // What is only found by a search stays so.
    let mut tools = ToolSet::default();
    tools.add_retrievable_tools(party.runs.tools());
    let tools = party.guarded.tools(tools).unwrap();
    assert_eq!((tools.len(), tools.always_exposed_names().count()), (3, 0));
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

/// A hook, or a layer, that changes arguments after whoever looked at them before.
struct Rewrite(&'static str);

impl Rewrite {
    fn apply(&self, kind: &EffectKind) -> Option<EffectKind> {
        match kind {
            EffectKind::ToolCall { name, .. } => Some(EffectKind::ToolCall {
                name: name.clone(),
                args: self.0.to_owned(),
            }),
            _ => None,
        }
    }
}

impl AgentHook for Rewrite {
    async fn on_dispatch(&self, _: &HookContext, event: DispatchEvent<'_>) -> DispatchAction {
        let patch = self.apply(event.kind);
        patch.map_or(DispatchAction::Proceed, DispatchAction::Patch)
    }
}

impl Intercept for Rewrite {
    fn name(&self) -> String {
        "rewrite".to_owned()
    }

    async fn before(&self, _: EffectId, kind: &EffectKind) -> Decision {
        self.apply(kind).map_or(Decision::Proceed, Decision::Patch)
    }

    async fn after(
        &self,
        _: EffectId,
        _: &EffectKind,
        _: &Result<Outcome, ErrorReport>,
    ) -> Verdict {
        Verdict::Keep
    }
}

#[tokio::test]
async fn what_a_hook_makes_of_the_arguments_is_what_is_decided() {
    let party = party();
    let asked = [("read_mail", json!({"id": "7"}))];
    for (rewritten, code) in [
        (r#"{"id": "9"}"#, "resource_outside"),
        (r#"{"id": "9", "id": "7"}"#, "arguments_invalid"),
        (r#"{"id": "7", "\u0069d": "9"}"#, "arguments_invalid"),
        (r#"{"id": "7"} {"id": "9"}"#, "arguments_invalid"),
        (r#"["7"]"#, "arguments_invalid"),
        ("null", "arguments_invalid"),
        ("", "arguments_invalid"),
    ] {
        let told = party.calls_through(Rewrite(rewritten), &asked).await;
        assert_eq!(told[0].verdict(), code, "{rewritten}");
    }
    assert_eq!(party.runs.count(), 0);

    let outside = [("read_mail", json!({"id": "9"}))];
    let told = party
        .calls_through(Rewrite(r#"{"id": "7"}"#), &outside)
        .await;
    assert_eq!(told[0].verdict(), "allow");
    party
        .runs
        .last(|run| assert_eq!(run.arguments, json!({"id": "7"})));
}

#[tokio::test]
async fn no_layer_stands_between_the_guard_and_the_tool() {
    let party = party();
    let tool = RegisteredTool::from_dynamic(party.runs.tool("read_mail"));
    let layered = tool.handler().clone().layered(Rewrite(r#"{"id": "9"}"#));
    let layered = RegisteredTool::from_handler(layered).unwrap();
    let refused = party.guarded.tool(&layered).unwrap_err();
    assert_eq!(refused.code(), "tool_layered");

    // Around the guard it may stand, and what it makes of a call is decided.
    let guarded = party.guarded.tool(&tool).unwrap();
    let around = guarded.handler().clone().layered(Rewrite(r#"{"id": "9"}"#));
    let around = RegisteredTool::from_handler(around).unwrap();
    let asked = r#"{"id": "7"}"#.to_owned();
    let refused = around.execute(asked, &mut ToolContext::new()).await;
    assert_eq!(refused.refusal().unwrap().code(), Some("resource_outside"));

    let twice = party.guarded.tool(&guarded).unwrap_err();
    assert!(matches!(twice, NotGuarded::Layered { layer, .. } if layer == "bailiwick"));
    assert_eq!(party.runs.count(), 0);
}

#[tokio::test]
async fn a_tool_answers_to_its_own_name_and_to_calls_alone() {
    let party = party();
    let tool = RegisteredTool::from_dynamic(party.runs.tool("delete_mail"));
    let tool = party.guarded.tool(&tool).unwrap();
    let call = EffectKind::ToolCall {
        name: "read_mail".to_owned(),
        args: r#"{"id": "7"}"#.to_owned(),
    };
    let Ok(Outcome::ToolResult { result }) = serve_inline(tool.handler(), call).await else {
        panic!("no result of a tool")
    };
    assert_eq!(result.refusal().unwrap().code(), Some("tool_mismatch"));

    let conversation = "c-1".into();
    let other = EffectKind::Memory {
        op: MemoryOp::Load { conversation },
    };
    let refused = serve_inline(tool.handler(), other).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::HandlerUnavailable);
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

type Asked = Arc<Mutex<Vec<(ToolCall, ApprovalRequest)>>>;

/// A runtime that keeps what people could approve.
fn listening(party: Party<party::Memory>) -> (Party<party::Memory>, Asked) {
    let asked = Asked::default();
    let heard = asked.clone();
    let guarded = party.guarded.on_approval_needed(move |call, request| {
        heard.lock().unwrap().push((call.clone(), request.clone()));
    });
    (Party { guarded, ..party }, asked)
}

#[tokio::test]
async fn what_a_person_approves_goes_through_once() {
    let (party, asked) = listening(party());
    let delete = [("delete_mail", json!({"ids": ["7"]}))];
    assert_eq!(party.calls(&delete).await[0].verdict(), "approval_required");
    let (call, request) = asked.lock().unwrap().pop().unwrap();
    assert_eq!(
        call.arguments(),
        &Tree::from_json_value(&delete[0].1).unwrap()
    );

    let now = SystemClock.now();
    let holder = party.guarded.guard().holder();
    let sent = holder.ask(&request, now).unwrap().to_text();
    let seen = party.approver.open(&sent, now).unwrap();
    let minute = Duration::from_secs(60);
    let yes = party.approver.approve(&seen, minute, now).unwrap();
    party.guarded.approve(&call, [yes]);

    // Another call than the approved one does not take them.
    let told = party
        .calls(&[
            ("delete_mail", json!({"ids": ["8"]})),
            ("delete_mail", json!({"ids": ["7"]})),
            ("delete_mail", json!({"ids": ["7"]})),
        ])
        .await;
    let verdicts: Vec<String> = told.iter().map(party::Told::verdict).collect();
    assert_eq!(
        verdicts,
        ["approval_required", "allow", "approval_required"]
    );
    assert_eq!(party.runs.count(), 1);
    let approvers = party
        .runs
        .last(|run| run.permit.as_ref().unwrap().approved_by().len());
    assert_eq!(approvers, 1);
}

#[tokio::test]
async fn a_model_cannot_approve_and_only_what_can_be_approved_is_asked_for() {
    let (party, asked) = listening(party());
    let told = party
        .calls(&[
            ("delete_mail", json!({"ids": ["7"], "approved": true})),
            ("read_mail", json!({"id": "9"})),
        ])
        .await;
    assert_eq!(told[0].verdict(), "argument_unknown");
    assert!(asked.lock().unwrap().is_empty());
    assert_eq!(party.runs.count(), 0);
}

#[tokio::test]
async fn the_runtime_finds_the_refusal_itself() {
    let party = party();
    let tools = party.guarded.serve(party.runs.tools()).unwrap();
    let mut context = ToolContext::new();
    let result = tools.execute("delete_mail", r#"{"ids": ["7"]}"#, &mut context);
    let result = result.await;
    assert!(!result.is_success() && result.is_refused());
    let error = result.refusal().unwrap();
    assert_eq!(error.retryable(), Some(false));
    let denied = error.downcast_ref::<Denied>().unwrap();
    let request = denied.refusal().unwrap().approval_request().unwrap();
    let text = request.to_text();
    assert!(ApprovalRequest::parse(&text, &Limits::default()).is_ok());
    assert!(!format!("{:?}", result.output()).contains(&text));
}
