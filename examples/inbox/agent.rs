//! Ada's agent: an MCP client that proves, with every call, that the token is its own.

use std::fmt::Display;
use std::sync::Arc;

use bailiwick::action::{ToolCall, Tree};
use bailiwick::approve::{Approval, ApprovalRequest};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::HolderKey;
use bailiwick::present::Holder;
use bailiwick::token::{Limits, Token};
use bailiwick_examples::{Answer, Outcome, call, must_be};
use bailiwick_mcp::{Agent as Presents, Attach};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

use crate::server::SERVICE;

/// A token, the key that it names, and the connection to the mail service.
pub(crate) struct Agent {
    holder: Arc<Holder>,
    presents: Presents,
    server: RunningService<RoleClient, ()>,
}

/// What the mail service said to a call.
pub(crate) struct Tried {
    call: String,
    pub(crate) answer: Answer,
}

impl Agent {
    pub(crate) async fn new(
        token: Token,
        key: HolderKey,
        server: TokioChildProcess,
    ) -> Outcome<Self> {
        let holder = Arc::new(Holder::new(token, key)?);
        let presents = Presents::new(holder.clone(), SERVICE.parse()?);
        let server = ().serve(Attach::new(server, presents.clone())).await?;
        Ok(Self {
            holder,
            presents,
            server,
        })
    }

    /// What a model would choose from.
    pub(crate) async fn tools(&self) -> Outcome<String> {
        let tools = self.server.list_all_tools().await?;
        let names: Vec<_> = tools.iter().map(|tool| &*tool.name).collect();
        Ok(match &names[..] {
            [] => "tools none".to_owned(),
            names => format!("tools {}", names.join(" ")),
        })
    }

    pub(crate) async fn search(&self, word: &str) -> Outcome<Tried> {
        self.call(
            "search_mail",
            json!({ "mailbox": "ada", "word": word }),
            word,
        )
        .await
    }

    pub(crate) async fn read(&self, id: u32) -> Outcome<Tried> {
        self.on_mail("read_mail", "ada", id).await
    }

    pub(crate) async fn archive(&self, id: u32) -> Outcome<Tried> {
        self.on_mail("archive_mail", "ada", id).await
    }

    pub(crate) async fn delete(&self, id: u32) -> Outcome<Tried> {
        self.on_mail("delete_mail", "ada", id).await
    }

    pub(crate) async fn on_mail(&self, tool: &str, mailbox: &str, id: u32) -> Outcome<Tried> {
        self.call(tool, mail(mailbox, id), format!("{mailbox}/{id}"))
            .await
    }

    pub(crate) async fn call(
        &self,
        tool: &str,
        arguments: Value,
        about: impl Display,
    ) -> Outcome<Tried> {
        let answer = call(&self.server, tool, arguments).await?;
        Ok(Tried {
            call: format!("{tool} {about}"),
            answer,
        })
    }

    /// Signs what the service wants approved, so that Ada knows who asks.
    pub(crate) fn ask(&self, denied: &Tried) -> Outcome<String> {
        let request =
            ApprovalRequest::parse(denied.answer.approval_request()?, &Limits::default())?;
        Ok(self.holder.ask(&request, SystemClock.now())?.to_text())
    }

    /// Sends this approval along when it deletes this mail next.
    pub(crate) fn attach(&self, approval: &str, id: u32) -> Outcome {
        let arguments = Tree::from_json_value(&mail("ada", id))?;
        let delete = ToolCall::new("delete_mail".parse()?, arguments);
        self.presents.approve(&delete, [Approval::parse(approval)?]);
        Ok(())
    }

    /// Hangs up, and waits until the service has ended.
    pub(crate) async fn leave(self) -> Outcome {
        self.server.cancel().await?;
        Ok(())
    }
}

fn mail(mailbox: &str, id: u32) -> Value {
    json!({ "mailbox": mailbox, "id": id.to_string() })
}

impl Tried {
    /// Prints what was said. Something else is the end of the story.
    pub(crate) fn must_be(&self, verdict: &str) -> Outcome {
        let Self { call, answer } = self;
        must_be(format!("{answer} {call}"), &format!("{verdict} {call}"))
    }
}
