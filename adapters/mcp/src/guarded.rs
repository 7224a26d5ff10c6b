//! The server's side: every call of a tool through the gate.

use std::fmt;
use std::sync::Arc;

use bailiwick::action::ToolName;
use bailiwick::gate::{Admission, Permit};
use bailiwick::guard::{Guard, Tools};
use bailiwick::ledger::AsyncLedger;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{ErrorData, RoleServer};

use crate::carry::{self, LISTING};
use crate::{asking, denial, notes};

/// A server of which every tool is behind a gate.
///
/// Of what the server behind it can do, tools are all that is passed on: resources, prompts, completions and messages of other
/// kinds are answered as if there were none, as nobody could say what they do. What is denied is an error of the tool, with
/// the reason as text for the model and as data; the tool is not called. Where approvals are all that is missing and the client
/// can be asked for input, the answer is that question instead, once for a call; only what approvers have signed counts.
///
/// A tool that asks for input itself, or answers later, is not served: no proof would cover what it is told.
///
/// The tool finds an `Arc<Permit>` in its request's extensions, and the presentation neither in `_meta` nor among its arguments.
pub struct Guarded<H, L, T> {
    server: H,
    guard: Guard<L, T>,
    lists_all: bool,
}

impl<H: ServerHandler, L: AsyncLedger, T: Tools> Guarded<H, L, T> {
    /// Guards a server.
    pub fn new(server: H, guard: Guard<L, T>) -> Self {
        let lists_all = false;
        Self {
            server,
            guard,
            lists_all,
        }
    }

    /// Lists all tools to everybody: for gateways that strip `_meta`, so that a question for the list proves nothing.
    ///
    /// # Security
    ///
    /// Names and descriptions of all tools become public. What can be called is the same.
    pub fn listing_all(mut self) -> Self {
        self.lists_all = true;
        self
    }

    /// The guard.
    pub fn guard(&self) -> &Guard<L, T> {
        &self.guard
    }
}

impl<H, L, T> ServerHandler for Guarded<H, L, T>
where
    H: ServerHandler,
    L: AsyncLedger + 'static,
    T: Tools + 'static,
{
    fn get_info(&self) -> ServerConfig {
        let mut config = self.server.get_info();
        let mut capabilities = ServerCapabilities::default();
        capabilities.tools = config.capabilities.tools.take();
        config.capabilities = capabilities;
        config
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.server.get_tool(name)
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        self.server.on_initialized(context).await;
    }

    /// The tools of which some call could be permitted to who asks; none to who proves nothing.
    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        mut context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let presentation = carry::take(&mut context.meta, None);
        if self.lists_all {
            return self.server.list_tools(request, context).await;
        }
        let listing = carry::call(LISTING, None);
        let (Ok(presentation), Ok(listing)) = (presentation, listing) else {
            return Ok(ListToolsResult::default());
        };
        let Ok(verified) = self.guard.identify(&presentation, &listing) else {
            return Ok(ListToolsResult::default());
        };
        let mut listed = self.server.list_tools(request, context).await?;
        listed.tools.retain(|tool| {
            tool.name != LISTING
                && ToolName::parse(&tool.name).is_ok_and(|name| self.guard.offers(&name, &verified))
        });
        Ok(listed)
    }

    async fn call_tool(
        &self,
        mut request: CallToolRequestParams,
        mut context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let presentation = match carry::take(&mut context.meta, request.arguments.as_mut()) {
            Ok(presentation) => presentation,
            Err(missing) => return Ok(missing.denied().into()),
        };
        if request.name == LISTING {
            let denied = denial::plain("call_unmapped", "there is no such tool");
            return Ok(denied.into());
        }
        let call = match carry::call(&request.name, request.arguments.as_ref()) {
            Ok(call) => call,
            Err(error) => return Ok(error.denied().into()),
        };
        let may_ask = asking::may_ask(&request, &context);
        let presentation = match asking::answered(presentation, &mut request) {
            Ok(presentation) => presentation,
            Err(error) => return Ok(denial::plain(error.code(), &error.to_string()).into()),
        };
        let admitted = self.guard.admit_async(&presentation, &call).await;
        let permit = match admitted.and_then(Admission::first) {
            Ok(permit) => permit,
            Err(refusal) => {
                let question = may_ask.then(|| asking::question(&refusal)).flatten();
                return Ok(match question {
                    Some(question) => question.into(),
                    None => denial::of(&refusal).into(),
                });
            }
        };
        let noting = self.guard.expect(&permit);
        request.meta = None;
        context.extensions.insert::<Arc<Permit>>(Arc::new(permit));
        match self.server.call_tool(request, context).await? {
            CallToolResponse::Complete(mut result) => {
                notes::put(&mut result, noting.as_ref());
                Ok(result.into())
            }
            // Neither what a person would answer nor a task's later calls are covered by a proof.
            _ => Ok(denial::plain(
                "input_not_covered",
                "the tool wants input or time, which is not passed on",
            )
            .into()),
        }
    }
}

impl<H, L, T> fmt::Debug for Guarded<H, L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded")
            .field("guard", &self.guard)
            .finish_non_exhaustive()
    }
}
