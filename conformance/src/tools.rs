//! The desk's tools, as a server of the Model Context Protocol.

use std::sync::Arc;

use bailiwick::gate::Permit;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

use crate::Desk;

/// The desk's tools. They act on every call that reaches them.
#[derive(Clone, Debug)]
pub struct Tools {
    desk: Desk,
    wants_permits: bool,
}

impl Tools {
    /// As they are behind a guard in the same process, which leaves a permit.
    pub fn behind_a_guard(desk: Desk) -> Self {
        Self {
            desk,
            wants_permits: true,
        }
    }

    /// As they are on a server that knows nothing of tokens.
    pub fn unguarded(desk: Desk) -> Self {
        Self {
            desk,
            wants_permits: false,
        }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let mut config = ServerConfig::default();
        config.capabilities = ServerCapabilities::builder().enable_tools().build();
        config
    }

    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        match (self.wants_permits, context.extensions.get::<Arc<Permit>>()) {
            (true, Some(permit)) => self.desk.act(permit),
            (false, None) => self.desk.act_unasked(),
            _ => {
                return Err(ErrorData::internal_error(
                    "a permit where none is, or none",
                    None,
                ));
            }
        }
        Ok(CallToolResult::structured(Desk::answer()).into())
    }
}
