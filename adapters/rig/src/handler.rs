//! A tool behind a guard, as Rig's bus serves it.

use std::any::Any;
use std::sync::Arc;

use bailiwick::action::{ToolCall, ToolName, Tree};
use bailiwick::gate::Permit;
use bailiwick::guard::{NotRun, Tools};
use bailiwick::ledger::AsyncLedger;
use rig_core::effect::{EffectKind, HandlerDescriptor, Outcome, family};
use rig_core::error::{ErrorKind, ErrorReport};
use rig_core::message::ToolResultContent;
use rig_core::serve::{Dispatch, ErasedHandler, Reply, Serve};
use rig_core::tool::{ToolContext, ToolResult};

use crate::{Denied, Guarded};

/// The name under which a guarded tool is described.
pub(crate) const LAYER: &str = "bailiwick";

/// One tool behind a guard. Nothing else has a way to the tool.
pub(crate) struct GuardedTool<L, T> {
    guarded: Guarded<L, T>,
    name: String,
    tool: ErasedHandler,
}

impl<L, T> GuardedTool<L, T> {
    pub(crate) fn new(guarded: Guarded<L, T>, name: String, tool: ErasedHandler) -> Self {
        Self {
            guarded,
            name,
            tool,
        }
    }
}

impl<L: AsyncLedger + 'static, T: Tools + 'static> GuardedTool<L, T> {
    /// Runs the tool with the very text that was decided about.
    async fn run(&self, name: String, args: String, dispatch: Dispatch) -> Result<Reply, Denied> {
        if name != self.name {
            return Err(Denied::OtherTool);
        }
        let arguments = Tree::from_json_slice(args.as_bytes())?;
        let tool = ToolName::parse(&name).map_err(NotRun::from)?;
        let call = ToolCall::new(tool, arguments.clone());
        let approvals = self.guarded.take_approvals(&call);
        let guard = self.guarded.guard();
        let run = |permit| {
            let noting = guard.guard().expect(&permit);
            let dispatch = with_permit(&dispatch, permit);
            let kind = EffectKind::ToolCall {
                name: self.name.clone(),
                args,
            };
            async move {
                let reply = self.tool.handle(kind, dispatch).await;
                if let (Some(noting), Some(answer)) = (noting, answer(&reply)) {
                    guard.keep(&noting, answer);
                }
                reply
            }
        };
        let ran = guard.run_approved_async(&name, arguments, approvals, run);
        let ran = ran.await;
        if let Err(not_run) = &ran {
            self.guarded.tell(&call, not_run);
        }
        Ok(ran?)
    }
}

impl<L: AsyncLedger + 'static, T: Tools + 'static> Serve for GuardedTool<L, T> {
    type Family = family::Tool;

    fn descriptor(&self) -> HandlerDescriptor {
        let mut descriptor = self.tool.descriptor();
        descriptor.layers.insert(0, LAYER.to_owned());
        descriptor
    }

    async fn serve(&self, kind: EffectKind, dispatch: Dispatch) -> Reply {
        let EffectKind::ToolCall { name, args } = kind else {
            let message = format!("a tool cannot serve a `{}` effect", kind.name());
            return Reply::Outcome(Err(ErrorReport::new(
                ErrorKind::HandlerUnavailable,
                message,
            )));
        };
        self.run(name, args, dispatch)
            .await
            .unwrap_or_else(|denied| {
                let result = ToolResult::failed(denied.into());
                Reply::Outcome(Ok(Outcome::ToolResult { result }))
            })
    }
}

/// The one JSON value that a tool answered with.
fn answer(reply: &Reply) -> Option<&serde_json::Value> {
    let Reply::Outcome(Ok(Outcome::ToolResult { result })) = reply else {
        return None;
    };
    let contents = result.output().as_content().iter();
    let mut values = contents.filter_map(|content| match content {
        ToolResultContent::Json { value } => Some(value),
        _ => None,
    });
    let answer = values.next().filter(|_| result.is_success())?;
    values.next().is_none().then_some(answer)
}

/// What is handed on to the tool: the scopes of the call, and the permit. A permit of a call around this one, of an agent whose
/// tool is another agent, is left out, as the tool would find it first.
fn with_permit(outer: &Dispatch, permit: Permit) -> Dispatch {
    let inner = Dispatch::new(outer.id(), outer.is_stream());
    outer
        .scopes()
        .into_iter()
        .filter(|scope| !scope.is::<Permit>())
        .map(without_permit)
        .fold(inner, Dispatch::with_scope)
        .with_scope(Arc::new(permit))
}

fn without_permit(scope: Arc<dyn Any + Send + Sync>) -> Arc<dyn Any + Send + Sync> {
    match scope.downcast_ref::<ToolContext>() {
        Some(context) if context.scope::<Permit>().is_some() => {
            let mut context = context.for_dispatch();
            context.clear_scope();
            Arc::new(context)
        }
        _ => scope,
    }
}
