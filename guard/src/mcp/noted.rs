//! What is denied is noted.

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ListToolsResult, PaginatedRequestParams, ServerConfig,
    Tool,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

use crate::audit::Audit;
use crate::reached::Reached;

/// A guarded server, with a line for each call that did not reach its tools.
pub(super) struct Noted<H> {
    server: H,
    audit: Audit,
}

impl<H> Noted<H> {
    pub(super) const fn new(server: H, audit: Audit) -> Self {
        Self { server, audit }
    }
}

impl<H: ServerHandler> ServerHandler for Noted<H> {
    fn get_info(&self) -> ServerConfig {
        self.server.get_info()
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.server.get_tool(name)
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        self.server.on_initialized(context).await;
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        self.server.list_tools(request, context).await
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        mut context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let (tool, reached) = (request.name.to_string(), Reached::default());
        context.extensions.insert(reached.clone());
        let answer = self.server.call_tool(request, context).await;
        if !reached.is_so() {
            self.audit.denied(told(&answer).as_ref(), &tool);
        }
        answer
    }
}

/// What the guard said of its denial.
fn told(answer: &Result<CallToolResponse, ErrorData>) -> Option<Value> {
    match answer {
        Ok(CallToolResponse::Complete(result)) => result.structured_content.clone(),
        // Only a guard asks: for approvals.
        Ok(CallToolResponse::InputRequired(_)) => Some(json!({ "code": "approval_required" })),
        _ => None,
    }
}
