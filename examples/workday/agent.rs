//! The agent: calls tools, and asks Nora where a service wants that.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bailiwick::action::Call::Tool;
use bailiwick::action::{Service, ToolCall, Tree};
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

use crate::catalogs::SERVICES;
use crate::office::Office;
use crate::server::Server;
use crate::state::State;
use crate::task::{Call, Task};

type Client = RunningService<RoleClient, ()>;

/// An agent with one task, and its connections.
pub(crate) struct Agent<'a> {
    office: &'a Office,
    task: &'a Task,
    pub(crate) state: Arc<Mutex<State>>,
    presenter: Presenter,
    book: Arc<NoteBook>,
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
    /// Why not, as a stable code; else nothing.
    pub(crate) code: String,
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
        let presenter = Presenter::from(office.grant(task, run)?).with_notes(book.clone());
        Ok(Self {
            office,
            task,
            state,
            presenter,
            book,
            connections: BTreeMap::new(),
        })
    }

    /// Another agent, to whom this one hands on all that it has, notes and all.
    pub(crate) fn delegate(&self) -> Outcome<Self> {
        let (own, key) = (self.presenter.holder(), HolderKey::generate()?);
        let all = Scope::builder().build()?;
        let token = own.delegate(&key.public_key(), "other".parse()?, all)?;
        let handed = Presenter::from(Holder::new(token, key)?).with_notes(self.book.clone());
        Ok(Self {
            office: self.office,
            task: self.task,
            state: self.state.clone(),
            presenter: handed,
            book: self.book.clone(),
            connections: BTreeMap::new(),
        })
    }

    /// Calls a tool; if Nora is to be asked and approves, once more.
    pub(crate) async fn call(&mut self, call: &Call) -> Outcome<Said> {
        let (office, task, holder) = (self.office, self.task, self.presenter.holder());
        let connection = self.connection(call.service()).await?;
        let first = connection.send(call).await?;
        let data = first.structured_content.as_ref();
        let request = data.and_then(|data| data["approval_request"].as_str());
        let (Some(request), Some(presents)) = (request, &connection.presents) else {
            return Ok(Said::of(first, false));
        };
        let request = ApprovalRequest::parse(request, &Limits::default())?;
        let signed = holder.ask(&request, SystemClock.now())?;
        let Some(approval) = office.approve(&signed.to_text(), task)? else {
            return Ok(Said::of(first, true));
        };
        presents.approve(&call.to_tool_call()?, [approval]);
        Ok(Said::of(connection.send(call).await?, true))
    }

    /// Calls a tool, and shows notes that another agent was given, which no book would.
    pub(crate) async fn call_with_notes_of(&mut self, other: &Self, call: &Call) -> Outcome<Said> {
        let Some(guard) = self.office.guard(call.service()) else {
            return self.call(call).await;
        };
        let (service, tool) = (call.service_name()?, Tool(call.to_tool_call()?));
        let (now, theirs) = (self.presenter.now(), other.presenter.holder());
        let stolen = other.book.open_for(theirs.token(), &tool, [], now);
        let presented = self.presenter.present(&service, &tool)?;
        let all = [presented.notes(), &stolen].concat();
        let presented = presented.with_notes(all)?.to_text();

        // A client of its own, to which nothing is attached.
        let server = Server::new(named(call.service())?, self.state.clone());
        let client = ().serve(serve(Guarded::new(server, guard))).await?;
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
        let server = Server::new(service, self.state.clone());
        let Some(guard) = self.office.guard(service) else {
            let (client, presents) = (().serve(serve(server)).await?, None);
            return Ok(Connection { client, presents });
        };
        let pipe = serve(Guarded::new(server, guard));
        let pipe = IntoTransport::<RoleClient, _, _>::into_transport(pipe);
        let presents = Presents::new(
            self.presenter.clone(),
            format!("{service}.example").parse()?,
        );
        let client = ().serve(Attach::new(pipe, presents.clone())).await?;
        let presents = Some(presents);
        Ok(Connection { client, presents })
    }
}

fn named(service: &str) -> Outcome<&'static str> {
    let name = SERVICES.into_iter().find(|one| *one == service);
    Ok(name.ok_or("no such service")?)
}

/// The other end of a pipe to this server, which ends when that is dropped.
fn serve(server: impl ServerHandler) -> DuplexStream {
    let (ours, theirs) = tokio::io::duplex(65_536);
    tokio::spawn(async move {
        if let Ok(running) = server.serve(theirs).await {
            let _ = running.waiting().await;
        }
    });
    ours
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
        let code = result
            .structured_content
            .as_ref()
            .and_then(|data| data["code"].as_str());
        let text: Vec<_> = result
            .content
            .iter()
            .filter_map(|block| block.as_text())
            .map(|text| text.text.as_str())
            .collect();
        Self {
            allowed,
            asked,
            code: code.unwrap_or_default().to_owned(),
            text: text.join("\n"),
        }
    }
}

impl Call {
    fn service_name(&self) -> Outcome<Service> {
        Ok(format!("{}.example", self.service()).parse()?)
    }

    pub(crate) fn to_tool_call(&self) -> Outcome<ToolCall> {
        let arguments = Tree::from_json_value(&Value::Object(self.1.clone()))?;
        Ok(ToolCall::new(self.0.parse()?, arguments))
    }
}
