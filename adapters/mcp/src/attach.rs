//! The client's side: a transport that proves possession with every call.

use std::fmt;
use std::sync::Arc;

use bailiwick::action::{Call, Service, ToolCall};
use bailiwick::approve::{Approval, ApprovalRequest, Collected, SignedRequest};
use bailiwick::clock::Clock;
use bailiwick::present::{Holder, Presenter};
use rmcp::RoleClient;
use rmcp::model::{ClientRequest, JsonRpcMessage, RequestMetaObject, ServerResult};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::Value;

use crate::carry::{self, ARGUMENT, Carry, LISTING, META_KEY};
use crate::notes;

/// An agent's token for one service, ready to be presented. Cheap to clone.
#[derive(Clone)]
pub struct Agent {
    presenter: Presenter,
    service: Service,
    carry: Carry,
    approvals: Collected,
}

impl Agent {
    /// Presents this token to this service, on the system's clock.
    pub fn new(presenter: impl Into<Presenter>, service: Service) -> Self {
        Self {
            presenter: presenter.into(),
            service,
            carry: Carry::default(),
            approvals: Collected::default(),
        }
    }

    /// Reads the time from this clock.
    pub fn with_clock(mut self, clock: Arc<dyn Clock + Send + Sync>) -> Self {
        self.presenter = self.presenter.with_clock(clock);
        self
    }

    /// Sends presentations this way.
    pub fn carried(mut self, carry: Carry) -> Self {
        self.carry = carry;
        self
    }

    /// The token and its key.
    pub fn holder(&self) -> Arc<Holder> {
        self.presenter.holder()
    }

    /// Sends these approvals along when this call is made next, once.
    pub fn approve(&self, call: &ToolCall, approvals: impl IntoIterator<Item = Approval>) {
        self.approvals.keep(&Call::Tool(call.clone()), approvals);
    }

    /// The text of a fresh presentation, with the approvals that wait for this call. `None` leaves the call bare, which
    /// no guard lets through.
    fn present(&self, call: ToolCall) -> Option<String> {
        let call = Call::Tool(call);
        let approvals = self.approvals.take(&call);
        let presentation = self.presenter.present(&self.service, &call);
        Some(presentation.ok()?.with_approvals(approvals).ok()?.to_text())
    }

    /// What people are to be asked, signed.
    pub(crate) fn ask(&self, request: &ApprovalRequest) -> Option<SignedRequest> {
        let now = self.presenter.now();
        self.holder().ask(request, now).ok()
    }

    fn attach(&self, request: &mut ClientRequest) {
        match request {
            ClientRequest::CallToolRequest(request) => {
                let params = &mut request.params;
                let call = carry::call(&params.name, params.arguments.as_ref());
                let Some(text) = call.ok().and_then(|call| self.present(call)) else {
                    return;
                };
                match self.carry {
                    Carry::Meta => put(&mut params.meta, text),
                    Carry::Argument => {
                        let arguments = params.arguments.get_or_insert_default();
                        arguments.insert(ARGUMENT.to_owned(), Value::String(text));
                    }
                }
            }
            ClientRequest::ListToolsRequest(request) if self.carry == Carry::Meta => {
                let call = carry::call(LISTING, None);
                if let Some(text) = call.ok().and_then(|call| self.present(call)) {
                    put(&mut request.params.get_or_insert_default().meta, text);
                }
            }
            _ => {}
        }
    }
}

impl Agent {
    /// Keeps what was noted of a result.
    fn keep(&self, result: &mut ServerResult) {
        let ServerResult::CallToolResult(result) = result else {
            return;
        };
        let notes = notes::take(result);
        if let Some(answer) = &result.structured_content {
            self.presenter.keep_notes(&notes, answer);
        }
    }
}

fn put(meta: &mut Option<RequestMetaObject>, text: String) {
    let meta = meta.get_or_insert_default();
    meta.0.0.insert(META_KEY.to_owned(), Value::String(text));
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent")
            .field("presenter", &self.presenter)
            .field("service", &self.service)
            .field("carry", &self.carry)
            .finish_non_exhaustive()
    }
}

/// A client's transport that attaches a fresh presentation to every call of a tool, and to every question for the list of
/// tools.
///
/// It stands below the protocol, so that a call that the client repeats is proved again.
///
/// ```no_run
/// # async fn example(holder: bailiwick::present::Holder) -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick_mcp::{Agent, Attach};
/// use rmcp::{ServiceExt as _, transport::TokioChildProcess};
///
/// let server = TokioChildProcess::new(tokio::process::Command::new("mail-server"))?;
/// let agent = Agent::new(holder, "mail.example".parse()?);
/// let client = ().serve(Attach::new(server, agent)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Attach<T> {
    transport: T,
    agent: Agent,
}

impl<T> Attach<T> {
    /// Attaches this agent's presentations to what is sent here.
    pub fn new(transport: T, agent: Agent) -> Self {
        Self { transport, agent }
    }
}

impl<T: Transport<RoleClient>> Transport<RoleClient> for Attach<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        mut item: TxJsonRpcMessage<RoleClient>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        if let JsonRpcMessage::Request(request) = &mut item {
            self.agent.attach(&mut request.request);
        }
        self.transport.send(item)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleClient>> {
        let mut item = self.transport.receive().await?;
        if let JsonRpcMessage::Response(response) = &mut item {
            self.agent.keep(&mut response.result);
        }
        Some(item)
    }

    fn close(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.transport.close()
    }
}
