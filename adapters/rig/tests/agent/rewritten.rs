//! Hooks and layers that change a call on its way.

use bailiwick_rig::NotGuarded;
use rig_agent::agent::{AgentHook, DispatchAction, DispatchEvent, HookContext};
use rig_agent::tool::RegisteredTool;
use rig_core::effect::{EffectId, EffectKind, Outcome};
use rig_core::error::ErrorReport;
use rig_core::serve::{Decision, Intercept, Verdict};
use rig_core::tool::ToolContext;
use serde_json::json;

use crate::party::party;

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
