//! What a model is told that calls a tool which is not offered.

use rig_agent::agent::{
    AgentHook, HookContext, InvalidToolCallAction, InvalidToolCallContext, InvalidToolCallReason,
};

use crate::Denied;

/// A hook that answers a call of a tool which is not offered with a denial, `tool_not_offered`. No tool runs; without the
/// hook, Rig ends the whole run.
///
/// ```
/// # fn agent(model: rig_core::DynModel<rig_core::operation::Completion>) -> rig_agent::Agent {
/// use bailiwick_rig::RefuseUnoffered;
/// use rig_agent::AgentBuilder;
///
/// AgentBuilder::new(model).add_hook(RefuseUnoffered).build()
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct RefuseUnoffered;

impl AgentHook for RefuseUnoffered {
    async fn on_invalid_tool_call(
        &self,
        _: &HookContext,
        event: &InvalidToolCallContext,
    ) -> Option<InvalidToolCallAction> {
        let unknown = event.reason == InvalidToolCallReason::UnknownTool;
        unknown.then(|| InvalidToolCallAction::Skip {
            reason: Denied::NotOffered.line(),
        })
    }
}
