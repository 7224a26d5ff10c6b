//! What a tool is handed, and in whose name.

use std::sync::{Arc, Mutex};

use rig_agent::tool::RegisteredTool;
use rig_core::effect::{
    EffectKind, FamilyDescriptor, HandlerDescriptor, Key, MemoryOp, Outcome, family,
};
use rig_core::error::ErrorKind;
use rig_core::message::{AssistantContent, ToolCall, ToolFunction, ToolName};
use rig_core::serve::{Dispatch, Reply, Serve, serve_inline, serve_inline_with};
use rig_core::test_utils::{MockCompletionModel, MockTurn};
use rig_core::tool::{ToolContext, ToolOutput, ToolResult};
use serde_json::json;

use crate::party::party;

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
async fn a_permit_among_the_scopes_of_a_call_is_not_the_tool_s() {
    let party = party();
    let tool = RegisteredTool::from_dynamic(party.runs.tool("read_mail"));
    let tool = party.guarded.tool(&tool).unwrap();
    let asked = r#"{"id": "7"}"#.to_owned();
    let ran = tool.execute(asked, &mut ToolContext::new()).await;
    assert!(ran.is_success());
    let first = party.runs.last(|run| run.permit.clone().unwrap());
    let call = EffectKind::ToolCall {
        name: "read_mail".to_owned(),
        args: r#"{"id": "8"}"#.to_owned(),
    };
    let ran = serve_inline_with(tool.handler(), call, vec![first]).await;
    assert!(ran.is_ok());
    let second = party.runs.last(|run| run.permit.clone().unwrap());
    assert_eq!(second.actions()[0].resource().to_string(), "inbox/8");
}

/// A tool that keeps the text of its arguments as it got it.
struct Raw(Arc<Mutex<String>>);

impl Serve for Raw {
    type Family = family::Tool;

    fn descriptor(&self) -> HandlerDescriptor {
        HandlerDescriptor {
            key: "tool:read_mail".into(),
            family: FamilyDescriptor::Tool {
                name: "read_mail".to_owned(),
                description: "Reads a mail.".to_owned(),
                parameters: json!({ "type": "object" }),
                embedding: None,
            },
            layers: vec![],
        }
    }

    async fn serve(&self, kind: EffectKind, _: Dispatch) -> Reply {
        if let EffectKind::ToolCall { args, .. } = kind {
            *self.0.lock().unwrap() = args;
        }
        let result = ToolResult::success(ToolOutput::text("done"));
        Reply::Outcome(Ok(Outcome::ToolResult { result }))
    }
}

#[tokio::test]
async fn a_tool_gets_the_text_byte_for_byte() {
    let (party, seen) = (party(), Arc::default());
    let tool = RegisteredTool::from_handler(Raw(Arc::clone(&seen))).unwrap();
    let replayed = Key::<family::Tool>::new_unchecked("replayed".into());
    let tool = party.guarded.tool(&tool.with_key(replayed)).unwrap();
    assert_eq!(tool.key().raw().as_str(), "replayed");
    let text = " {\"\\u0069d\":\t\"7\" } ";
    let mut context = ToolContext::new();
    let ran = tool.execute(text.to_owned(), &mut context).await;
    assert!(ran.is_success());
    assert_eq!(*seen.lock().unwrap(), text);
}

/// What a provider's wire makes of the text of a model.
fn written(arguments: &str) -> MockCompletionModel {
    let name = ToolName::new("read_mail").unwrap();
    let call = ToolCall::from_wire("call_0", ToolFunction::parse(name, arguments));
    let turns = [
        MockTurn::from_content(AssistantContent::ToolCall(call)),
        MockTurn::text("I am done."),
    ];
    MockCompletionModel::from_turns(turns)
}

#[tokio::test]
async fn what_rig_makes_of_a_model_s_text_is_what_is_decided_and_run() {
    let party = party();
    for (text, runs) in [
        (r#"{"id": "7", "id": "9"}"#, 0),
        (r#"["7"]"#, 0),
        (r#"{"id": "7""#, 0),
        // Rig keeps the last one.
        (r#"{"id": "9", "id": "7"}"#, 1),
    ] {
        let agent = party.agent(written(text), ());
        let done = agent.prompt("go").max_turns(2).await.unwrap();
        assert_eq!(party.runs.count(), runs, "{text}");
        assert!(!format!("{done:?}").contains("tool_not_offered"), "{text}");
    }
    party
        .runs
        .last(|run| assert_eq!(run.arguments, json!({"id": "7"})));
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
