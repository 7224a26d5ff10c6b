//! An agent's tools behind a guard.

use std::fmt;
use std::sync::Arc;

use bailiwick::action::{Call, ToolCall, ToolName};
use bailiwick::approve::{Approval, ApprovalRequest, Collected};
use bailiwick::guard::{HeldGuard, NotRun, Tools};
use bailiwick::ledger::AsyncLedger;
use rig_agent::tool::server::{ToolServer, ToolServerHandle};
use rig_agent::tool::{RegisteredTool, ToolSet};

use crate::handler::GuardedTool;

type Listener = Arc<dyn Fn(&ToolCall, &ApprovalRequest) + Send + Sync>;

/// A guard for the tools of agents: what a set of tools is wrapped in. Cheap to clone.
///
/// ```
/// # use std::{sync::Arc, time::Duration};
/// # use bailiwick::{action::*, catalog::*, clock::*, gate::*, guard::*, keys::*, ledger::*, mint::*, present::*, scope::*, verify::*};
/// # use rig_core::tool::{PortableTool, ToolContext};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let start = SystemClock.now().saturating_sub(Duration::from_secs(60));
/// # let end = start.saturating_add(Duration::from_secs(900));
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let root = Root::new(RootKeyId::new(1), issuer.public_key(), start..end);
/// # let scope = Scope::builder().allow(Capability::operation("mail.read", "inbox/7")?)
/// #     .audience("mail.example".parse()?).not_after(end).build()?;
/// # let task = Task::new("t-1", "answer mail 7", "ada@example.com", "helper")?;
/// # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), start)?.token;
/// # let holder = Holder::new(token, agent)?;
/// # let ledger = Immediate(ForgetfulLedger::started_at(start));
/// # let gate = Gate::new(Verifier::new("mail.example".parse()?, KeyRing::new([root])?), ledger);
/// # let catalog = Catalog::parse("mail.toml", r#"
/// # service = "mail.example"
/// # [operation."mail.read"]
/// # effect = "read"
/// # resource = "inbox/{id}"
/// # arguments = { id = "text" }
/// # mcp = { tool = "read_mail" }
/// # "#)?;
/// # #[derive(serde::Deserialize)] struct Args { id: String }
/// # struct ReadMail;
/// # impl PortableTool for ReadMail {
/// #     const NAME: &'static str = "read_mail";
/// #     type Args = Args; type Output = String; type Error = std::convert::Infallible;
/// #     fn description(&self) -> String { "Reads a mail.".to_owned() }
/// #     fn parameters(&self) -> serde_json::Value { serde_json::json!({ "type": "object" }) }
/// #     async fn call(&self, args: Args) -> Result<String, Self::Error> { Ok(format!("mail {}", args.id)) }
/// # }
/// use bailiwick::guard::{ByCatalog, Guard};
/// use bailiwick_rig::Guarded;
/// use rig_agent::tool::ToolSet;
///
/// let guard = Guard::new(gate, ByCatalog::new(catalog, NoAttributes)).held_by(holder);
/// let tools = Guarded::new(guard).serve(ToolSet::from_tools(vec![ReadMail]))?;
///
/// // An agent gets them by `AgentBuilder::new(model).tool_server_handle(tools)`, and calls them like this:
/// let mut context = ToolContext::new();
/// let read = tools.execute("read_mail", r#"{"id": "7"}"#, &mut context).await;
/// assert_eq!(read.output().as_text(), Some("mail 7"));
///
/// let other = tools.execute("read_mail", r#"{"id": "8"}"#, &mut context).await;
/// assert_eq!(other.refusal().and_then(|refused| refused.code()), Some("resource_outside"));
/// # Ok(())
/// # }
/// ```
///
/// A tool finds the permit of its call by `context.scope::<Permit>()`, and acts on that where what it does should be what
/// was decided, word for word.
///
/// # Approvals
///
/// What takes approvals is refused with `approval_required`, and the runtime is told by
/// [`on_approval_needed`](Self::on_approval_needed). It has the request signed by the token's holder, sends it to people, and hands
/// in what they answer by [`approve`](Self::approve). Once the model makes the same call again, it goes through. Only signatures
/// count: no model can approve, whatever it writes.
pub struct Guarded<L, T> {
    guard: HeldGuard<L, T>,
    approvals: Collected,
    listener: Option<Listener>,
}

/// Why tools are not put behind a guard.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotGuarded {
    /// The gate does not take the token, so that nothing could be offered.
    #[error(transparent)]
    NotIdentified(#[from] NotRun),
    /// Something stands before the tool that could change a call after it was decided about; or the tool is guarded already.
    #[error(
        "tool `{tool}` has a layer, `{layer}`: guard the tool itself, and add layers around that"
    )]
    Layered {
        /// The tool.
        tool: String,
        /// Its outermost layer.
        layer: String,
    },
    /// Rig does not take it for a tool.
    #[error("Rig does not take `{tool}` for a tool")]
    NoTool {
        /// Its name.
        tool: String,
    },
}

impl NotGuarded {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotIdentified(not_run) => not_run.code(),
            Self::Layered { .. } => "tool_layered",
            Self::NoTool { .. } => "tool_invalid",
        }
    }
}

impl<L, T> Guarded<L, T> {
    /// Puts tools behind this guard.
    pub fn new(guard: HeldGuard<L, T>) -> Self {
        Self {
            guard,
            approvals: Collected::default(),
            listener: None,
        }
    }

    /// Is called with each call that lacks approvals alone, and the request for them. It must not wait: a channel is a good
    /// place to put them.
    pub fn on_approval_needed(
        mut self,
        listener: impl Fn(&ToolCall, &ApprovalRequest) + Send + Sync + 'static,
    ) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Presents these approvals when this call is made next, once. Tools that were guarded before know of it too.
    pub fn approve(&self, call: &ToolCall, approvals: impl IntoIterator<Item = Approval>) {
        self.approvals.keep(&Call::Tool(call.clone()), approvals);
    }

    /// The guard.
    pub fn guard(&self) -> &HeldGuard<L, T> {
        &self.guard
    }

    pub(crate) fn take_approvals(&self, call: &ToolCall) -> Vec<Approval> {
        self.approvals.take(&Call::Tool(call.clone()))
    }

    /// Tells the runtime of what people could approve.
    pub(crate) fn tell(&self, call: &ToolCall, not_run: &NotRun) {
        let request = not_run.refusal().and_then(|it| it.approval_request());
        if let (Some(listener), Some(request)) = (&self.listener, request) {
            listener(call, request);
        }
    }
}

impl<L: AsyncLedger + 'static, T: Tools + 'static> Guarded<L, T> {
    /// These tools behind the guard, for `AgentBuilder::tool_server_handle`: as [`tools`](Self::tools). A builder with this
    /// handle takes no tools beside it.
    ///
    /// # Errors
    ///
    /// As [`tools`](Self::tools).
    pub fn serve(&self, tools: ToolSet) -> Result<ToolServerHandle, NotGuarded> {
        let server = ToolServer::new().run();
        server.add_tools(self.tools(tools)?);
        Ok(server)
    }

    /// These tools behind the guard. Those that the guard does not know, or that the token could never be used for, are left
    /// out: the model is told of no others.
    ///
    /// # Errors
    ///
    /// [`NotGuarded`] if the gate does not take the token, or a tool of the set has a layer of Rig's.
    pub fn tools(&self, tools: ToolSet) -> Result<ToolSet, NotGuarded> {
        let holder = self.guard.identify()?;
        let offered = |name: &str| {
            ToolName::parse(name).is_ok_and(|name| self.guard.guard().offers(&name, &holder))
        };
        let exposed: Vec<&str> = tools.always_exposed_names().collect();
        let mut guarded = ToolSet::default();
        for (name, tool) in tools.iter().filter(|(name, _)| offered(name)) {
            let mut one = ToolSet::default();
            one.add_registered_tool(self.tool(tool)?);
            if exposed.contains(&name) {
                guarded.add_tools(one);
            } else {
                guarded.add_retrievable_tools(one);
            }
        }
        Ok(guarded)
    }

    /// One tool behind the guard, offered or not: `RegisteredTool::from_tool` makes one of a
    /// [`Tool`](rig_core::tool::Tool). Whether its owner is still there (`DynamicTool::with_liveness`) is not carried over.
    ///
    /// # Errors
    ///
    /// [`NotGuarded`] if the tool has a layer of Rig's.
    pub fn tool(&self, tool: &RegisteredTool) -> Result<RegisteredTool, NotGuarded> {
        if let Some(layer) = tool.handler().descriptor().layers.into_iter().next() {
            let tool = tool.name();
            return Err(NotGuarded::Layered { tool, layer });
        }
        let guarded = GuardedTool::new(self.clone(), tool.name(), tool.handler().clone());
        match RegisteredTool::from_handler(guarded) {
            Ok(registered) => Ok(registered.with_key(tool.key().clone())),
            Err(_) => Err(NotGuarded::NoTool { tool: tool.name() }),
        }
    }
}

impl<L, T> Clone for Guarded<L, T> {
    fn clone(&self) -> Self {
        Self {
            guard: self.guard.clone(),
            approvals: self.approvals.clone(),
            listener: self.listener.clone(),
        }
    }
}

impl<L, T> fmt::Debug for Guarded<L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded")
            .field("guard", &self.guard)
            .finish_non_exhaustive()
    }
}
