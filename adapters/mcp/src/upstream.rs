//! Another server's tools, for a guard in front of what knows nothing of tokens.

use std::fmt;

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig,
};
use rmcp::service::{Peer, RequestContext, ServiceError};
use rmcp::{ErrorData, RoleClient, RoleServer};

/// The tools of a server that knows nothing of tokens, as a handler to put into [`Guarded`](crate::Guarded).
///
/// A tool's name and arguments go up, and its result comes down: no `_meta`, no question of the server to the client, no other
/// message. Credentials for that server belong to the process that holds its connection, where the agent's process never sees them.
///
/// ```no_run
/// # async fn example<L, T>(guard: bailiwick::guard::Guard<L, T>) -> Result<(), Box<dyn std::error::Error>>
/// # where L: bailiwick::ledger::AsyncLedger + 'static, T: bailiwick::guard::Tools + 'static {
/// use bailiwick_mcp::{Guarded, Upstream};
/// use rmcp::{ServiceExt as _, transport::{TokioChildProcess, stdio}};
///
/// let mut command = tokio::process::Command::new("mail-server");
/// command.env("MAIL_PASSWORD", std::fs::read_to_string("/run/secrets/mail")?);
/// let upstream = ().serve(TokioChildProcess::new(command)?).await?;
/// let guarded = Guarded::new(Upstream::new(upstream.peer().clone()), guard);
/// guarded.serve(stdio()).await?.waiting().await?;
/// # Ok(())
/// # }
/// ```
pub struct Upstream {
    peer: Peer<RoleClient>,
}

impl Upstream {
    /// The tools of the server at the other end of this connection.
    pub fn new(peer: Peer<RoleClient>) -> Self {
        Self { peer }
    }
}

impl ServerHandler for Upstream {
    fn get_info(&self) -> ServerConfig {
        let mut config = ServerConfig::default();
        config.capabilities = ServerCapabilities::builder().enable_tools().build();
        config
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut page = PaginatedRequestParams::default();
        page.cursor = request.and_then(|request| request.cursor);
        self.peer
            .list_tools(Some(page))
            .await
            .map_err(|error| failed(&error))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let mut call = CallToolRequestParams::new(request.name);
        call.arguments = request.arguments;
        // What it asks for in return is not passed on by the guard: nobody stands between it and a person.
        self.peer
            .call_tool_once(call)
            .await
            .map_err(|error| failed(&error))
    }
}

/// What the server itself says, or that there is no answer.
fn failed(error: &ServiceError) -> ErrorData {
    match error {
        ServiceError::McpError(error) => error.clone(),
        _ => ErrorData::internal_error("the server behind the guard does not answer", None),
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream").finish_non_exhaustive()
    }
}
