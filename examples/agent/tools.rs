//! The helper's tools. Each asks the wiki over HTTP, and none knows of a guard.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use bailiwick::http::HttpSigner;
use bailiwick_examples::{Outcome, http_client};
use rig_agent::tool::ToolSet;
use rig_core::message::ToolName;
use rig_core::tool::{DynamicTool, ToolExecutionError, ToolOutput};
use serde_json::{Value, json};

/// The way to the wiki.
pub(crate) struct Wiki {
    address: String,
    /// Without one, requests go out without a token.
    signer: Option<HttpSigner>,
    client: reqwest::Client,
    sent: AtomicU32,
}

/// What a call asks of the wiki.
struct Ask {
    method: &'static str,
    path: String,
    body: Option<Value>,
}

/// The tools of an agent that works on a wiki.
pub(crate) fn tools(wiki: &Arc<Wiki>) -> Outcome<ToolSet> {
    let page = |call: &Value| format!("/pages/{}/{}", text(call, "space"), text(call, "name"));
    let mut tools = ToolSet::default();
    let mut add = |name: &str, description: &str, ask: fn(&Value, String) -> Ask| -> Outcome {
        let (wiki, name) = (Arc::clone(wiki), ToolName::new(name)?);
        let schema = json!({ "type": "object" });
        let tool = DynamicTool::new(name, description, schema, move |call| {
            let (wiki, ask) = (Arc::clone(&wiki), ask(&call, page(&call)));
            Box::pin(async move { wiki.ask(ask).await })
        });
        tools.add_dynamic_tool(tool);
        Ok(())
    };
    add("read_page", "Reads a page.", |_, page| Ask {
        method: "GET",
        path: page,
        body: None,
    })?;
    add("save_note", "Saves a note on a page.", |call, page| Ask {
        method: "POST",
        path: format!("{page}/notes"),
        body: Some(without(call, &["space", "name"])),
    })?;
    add("delete_page", "Deletes a page.", |_, page| Ask {
        method: "DELETE",
        path: page,
        body: None,
    })?;
    add("share_space", "Shares a space.", |call, _| Ask {
        method: "POST",
        path: format!("/spaces/{}/members", text(call, "space")),
        body: Some(without(call, &["space"])),
    })?;
    add("send_mail", "Sends a mail.", |call, _| Ask {
        method: "POST",
        path: "/outbox".to_owned(),
        body: Some(call.clone()),
    })?;
    Ok(tools)
}

fn text<'a>(call: &'a Value, name: &str) -> &'a str {
    call[name].as_str().unwrap_or_default()
}

/// What is left for the body.
fn without(call: &Value, in_path: &[&str]) -> Value {
    let mut body = call.clone();
    if let Value::Object(members) = &mut body {
        members.retain(|name, _| !in_path.contains(&name.as_str()));
    }
    body
}

impl Wiki {
    pub(crate) fn at(address: &str, signer: Option<HttpSigner>) -> Outcome<Self> {
        Ok(Self {
            address: address.to_owned(),
            signer,
            client: http_client()?,
            sent: AtomicU32::new(0),
        })
    }

    /// How often it was asked.
    pub(crate) fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    /// What the wiki answers. A refusal is an error of the tool.
    async fn ask(&self, ask: Ask) -> Result<ToolOutput, ToolExecutionError> {
        let failed = |error: String| ToolExecutionError::network(error);
        let (status, said) = self
            .send(ask)
            .await
            .map_err(|error| failed(error.to_string()))?;
        if status.is_success() {
            return Ok(ToolOutput::text(said));
        }
        let problem: Value = serde_json::from_str(&said).unwrap_or_default();
        let (code, detail) = (text(&problem, "code"), text(&problem, "detail"));
        Err(ToolExecutionError::refused(format!("denied ({code}): {detail}")).with_code(code))
    }

    async fn send(&self, ask: Ask) -> Outcome<(reqwest::StatusCode, String)> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let mut request = Request::builder()
            .method(ask.method)
            .uri(format!("http://{}{}", self.address, ask.path));
        if ask.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = ask.body.map(|body| body.to_string().into_bytes());
        let mut request = request.body(body.unwrap_or_default())?;
        if let Some(signer) = &self.signer {
            signer.sign(&mut request)?;
        }
        let answer = self.client.execute(request.try_into()?).await?;
        Ok((answer.status(), answer.text().await?))
    }
}
