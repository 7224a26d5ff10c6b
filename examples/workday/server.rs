//! One service: a server of the Model Context Protocol with the tools of the table.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::json;

use crate::state::{State, part};
use crate::tool::Tool;

/// The five services of one run have one state, so that a check can look at all of it.
#[derive(Clone)]
pub(crate) struct Server {
    service: &'static str,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(crate) fn new(service: &'static str, state: Arc<Mutex<State>>) -> Self {
        Self { service, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let mut config = ServerConfig::default();
        config.capabilities = ServerCapabilities::builder().enable_tools().build();
        config
    }

    /// Fields are data; what people wrote is text. The gate before it has read the same arguments, by the catalog.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let ours = request
            .name
            .strip_prefix(self.service)
            .is_some_and(|rest| rest.starts_with('_'));
        let Some(tool) = Tool::of(&request.name).filter(|_| ours) else {
            return Err(ErrorData::invalid_params("there is no such tool", None));
        };
        let done = self
            .state()
            .act(tool, &request.arguments.unwrap_or_default());
        let (data, prose) = match done {
            Ok(shown) => part(shown),
            Err(error) => {
                let failed = json!({ "code": "not_done", "message": error.to_string() });
                return Ok(CallToolResult::structured_error(failed).into());
            }
        };
        let mut result = CallToolResult::structured(data);
        result.content.push(ContentBlock::text(prose));
        Ok(result.into())
    }
}
