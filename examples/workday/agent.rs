//! The agent: calls tools, and asks Nora where a service wants that.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bailiwick::action::Call::Tool;
use bailiwick::action::{ToolCall, Tree};
use bailiwick::approve::ApprovalRequest;
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::HolderKey;
use bailiwick::note::NoteBook;
use bailiwick::present::{Holder, Presenter};
use bailiwick::scope::Scope;
use bailiwick::token::Limits;
use bailiwick_examples::Outcome;
use bailiwick_mcp::{ARGUMENT, Agent as Presents, Attach, Guarded};
use rmcp::handler::server::ServerHandler;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::transport::IntoTransport;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::Value;
use tokio::io::DuplexStream;

use crate::office::{Office, SERVICES};
use crate::server::Server;
use crate::state::State;
use crate::task::{Call, Task};

type Client = RunningService<RoleClient, ()>;

/// An agent with one task, and its connections.
pub(crate) struct Agent<'a> {
    office: &'a Office,
    task: &'a Task,
    state: Arc<Mutex<State>>,
    presenter: Option<Presenter>,
    connections: BTreeMap<&'static str, Connection>,
}

struct Connection {
    client: Client,
    presents: Option<Presents>,
}

/// What came of a call.
pub(crate) struct Said {
    /// Whether the tool ran.
    pub(crate) allowed: bool,
    /// Whether Nora was asked.
    pub(crate) asked: bool,
    /// All that the agent reads.
    pub(crate) text: String,
}

impl<'a> Agent<'a> {
    /// An agent to whom Nora has granted this task, under the name of this run.
    pub(crate) fn new(
        office: &'a Office,
        task: &'a Task,
        run: &str,
        state: Arc<Mutex<State>>,
    ) -> Outcome<Self> {
        let book = Arc::new(NoteBook::new());
        let presenter = Presenter::from(office.grant(task, run)?).with_notes(book);
        Ok(Self {
            office,
            task,
            state,
            presenter: Some(presenter),
            connections: BTreeMap::new(),
        })
    }

    /// Another agent, to whom this one hands on all that it has, notes and all.
    pub(crate) fn delegate(&self) -> Outcome<Self> {
        let mut presenter = None;
        if let Some(own) = &self.presenter {
            let key = HolderKey::generate()?;
            let all = Scope::builder().build()?;
            let token = own
                .holder()
                .delegate(&key.public_key(), "other".parse()?, all)?;
            let handed = Presenter::from(Holder::new(token, key)?);
            let book = own.notes().cloned().unwrap_or_default();
            presenter = Some(handed.with_notes(book));
        }
        Ok(Self {
            office: self.office,
            task: self.task,
            state: self.state.clone(),
            presenter,
            connections: BTreeMap::new(),
        })
    }

    /// Calls a tool; if Nora is to be asked and approves, once more.
    pub(crate) async fn call(&mut self, call: &Call) -> Outcome<Said> {
        let (office, task, presenter) = (self.office, self.task, self.presenter.clone());
        let connection = self.connection(call.service()).await?;
        let first = connection.send(call).await?;
        let request = first
            .structured_content
            .as_ref()
            .and_then(|data| data["approval_request"].as_str());
        let (Some(request), Some(presents), Some(presenter)) =
            (request, &connection.presents, presenter)
        else {
            return Ok(Said::of(first, false));
        };
        let request = ApprovalRequest::parse(request, &Limits::default())?;
        let signed = presenter.holder().ask(&request, SystemClock.now())?;
        let Some(approval) = office.approve(&signed.to_text(), task)? else {
            return Ok(Said::of(first, true));
        };
        presents.approve(&call.to_tool_call()?, [approval]);
        Ok(Said::of(connection.send(call).await?, true))
    }

    /// Calls a tool, and shows notes that another agent was given, which no book would.
    pub(crate) async fn call_with_notes_of(&mut self, other: &Self, call: &Call) -> Outcome<Said> {
        let guard = self.office.guard(call.service());
        let (Some(guard), Some(own), Some(theirs)) = (guard, &self.presenter, &other.presenter)
        else {
            return self.call(call).await;
        };
        let (service, tool) = (
            format!("{}.example", call.service()).parse()?,
            Tool(call.to_tool_call()?),
        );
        let presented = own.present(&service, &tool)?;
        let book = theirs.notes().cloned().unwrap_or_default();
        let stolen = book.open_for(theirs.holder().token(), &tool, [], own.now());
        let notes = presented.notes().iter().cloned().chain(stolen);
        let notes: Vec<_> = notes.collect();
        let presented = presented.with_notes(notes)?.to_text();
        // A client of its own, to which nothing is attached.
        let (ours, theirs) = tokio::io::duplex(65_536);
        let server = Server::new(named(call.service())?, self.state.clone());
        serve(Guarded::new(server, guard), theirs);
        let client = ().serve(ours).await?;
        let mut arguments = call.1.clone();
        arguments.insert(ARGUMENT.to_owned(), presented.into());
        let bare = CallToolRequestParams::new(call.0.clone()).with_arguments(arguments);
        Ok(Said::of(client.call_tool(bare).await?, false))
    }

    async fn connection(&mut self, service: &str) -> Outcome<&Connection> {
        let name = named(service)?;
        if !self.connections.contains_key(name) {
            let connection = self.connect(name).await?;
            self.connections.insert(name, connection);
        }
        Ok(&self.connections[name])
    }

    /// A service of its own for each run, over a pipe.
    async fn connect(&self, service: &'static str) -> Outcome<Connection> {
        let (ours, theirs) = tokio::io::duplex(65_536);
        let server = Server::new(service, self.state.clone());
        let (Some(guard), Some(presenter)) = (self.office.guard(service), &self.presenter) else {
            serve(server, theirs);
            let client = ().serve(ours).await?;
            return Ok(Connection {
                client,
                presents: None,
            });
        };
        serve(Guarded::new(server, guard), theirs);
        let presents = Presents::new(presenter.clone(), format!("{service}.example").parse()?);
        let ours = IntoTransport::<RoleClient, _, _>::into_transport(ours);
        let client = ().serve(Attach::new(ours, presents.clone())).await?;
        Ok(Connection {
            client,
            presents: Some(presents),
        })
    }
}

fn named(service: &str) -> Outcome<&'static str> {
    let name = SERVICES.into_iter().find(|one| *one == service);
    Ok(name.ok_or("no such service")?)
}

fn serve(server: impl ServerHandler, pipe: DuplexStream) {
    tokio::spawn(async move {
        // It ends when the agent hangs up.
        if let Ok(running) = server.serve(pipe).await {
            let _ = running.waiting().await;
        }
    });
}

impl Connection {
    async fn send(&self, call: &Call) -> Outcome<CallToolResult> {
        let Call(tool, arguments) = call;
        let call = CallToolRequestParams::new(tool.clone()).with_arguments(arguments.clone());
        Ok(self.client.call_tool(call).await?)
    }
}

impl Said {
    fn of(result: CallToolResult, asked: bool) -> Self {
        let allowed = result.is_error != Some(true);
        let text: Vec<_> = result
            .content
            .iter()
            .filter_map(|block| block.as_text())
            .map(|text| text.text.as_str())
            .collect();
        Self {
            allowed,
            asked,
            text: text.join("\n"),
        }
    }
}

impl Call {
    pub(crate) fn to_tool_call(&self) -> Outcome<ToolCall> {
        let arguments = Tree::from_json_value(&Value::Object(self.1.clone()))?;
        Ok(ToolCall::new(self.0.parse()?, arguments))
    }
}
