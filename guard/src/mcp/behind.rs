//! The tools behind the guard: what runs after a permit.

use std::sync::Arc;
use std::time::Duration;

use bailiwick::gate::Permit;
use bailiwick_mcp::Upstream;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ListToolsResult, PaginatedRequestParams, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use tokio::time::timeout;

use crate::audit::Audit;
use crate::reached::Reached;

/// The tools of the upstream. They run for who has a permit, and for no longer than they may.
pub(super) struct Tools {
    upstream: Upstream,
    patience: Duration,
    audit: Audit,
}

impl Tools {
    pub(super) const fn new(upstream: Upstream, patience: Duration, audit: Audit) -> Self {
        Self {
            upstream,
            patience,
            audit,
        }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        self.upstream.get_info()
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let listing = self.upstream.list_tools(request, context);
        timeout(self.patience, listing).await.map_err(|_| late())?
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(permit) = context.extensions.get::<Arc<Permit>>() else {
            return Err(ErrorData::internal_error("there is no permit", None));
        };
        self.audit.allowed(permit, &request.name);
        if let Some(reached) = context.extensions.get::<Reached>() {
            reached.note();
        }
        let calling = self.upstream.call_tool(request, context);
        timeout(self.patience, calling).await.map_err(|_| late())?
    }
}

/// Whether the tool ran nobody knows.
fn late() -> ErrorData {
    ErrorData::internal_error("the server behind the guard did not answer in time", None)
}
