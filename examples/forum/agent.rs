//! The agent's side: a request, a presentation for exactly this request, and the forum's answer.

use std::fmt;
use std::time::Duration;

use bailiwick::action::{AgentName, Call, CallError};
use bailiwick::approve::{Approval, ApprovalRequest};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::HolderKey;
use bailiwick::present::{AttemptId, Holder};
use bailiwick::scope::Scope;
use bailiwick::token::Token;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::issuer::SERVICE;

/// A token, the key that it names, and the way to the forum.
pub(crate) struct Agent<'a> {
    holder: Holder,
    forum: &'a Client,
}

impl<'a> Agent<'a> {
    pub(crate) fn new(token: Token, key: HolderKey, forum: &'a Client) -> Outcome<Self> {
        let holder = Holder::new(token, key)?;
        Ok(Self { holder, forum })
    }

    /// Asks the forum, with a fresh presentation.
    pub(crate) fn ask(&self, request: &Request) -> Outcome<Answer> {
        self.forum.send(request, &self.present(request)?)
    }

    /// Asks the forum with what people have approved.
    pub(crate) fn ask_with(&self, request: &Request, approvals: &[&str]) -> Outcome<Answer> {
        self.attempt(request, AttemptId::random()?, approvals)
    }

    /// One try at an attempt: it may have been tried before, without an answer.
    pub(crate) fn attempt(
        &self,
        request: &Request,
        attempt: AttemptId,
        approvals: &[&str],
    ) -> Outcome<Answer> {
        let approvals: Result<Vec<_>, _> =
            approvals.iter().map(|text| Approval::parse(text)).collect();
        let (service, call) = (SERVICE.parse()?, request.call()?);
        let now = SystemClock.now();
        let presentation = self.holder.present_attempt(&service, &call, attempt, now)?;
        let presentation = presentation.with_approvals(approvals?)?;
        self.forum.send(request, &presentation.to_text())
    }

    /// Signs what the forum wants approved, so that people know who asks.
    pub(crate) fn sign(&self, request: &ApprovalRequest) -> Outcome<String> {
        Ok(self.holder.ask(request, SystemClock.now())?.to_text())
    }

    /// A presentation of the token for this one request.
    pub(crate) fn present(&self, request: &Request) -> Outcome<String> {
        let (service, call) = (SERVICE.parse()?, request.call()?);
        let presentation = self.holder.present(&service, &call, SystemClock.now())?;
        Ok(presentation.to_text())
    }

    /// Hands a narrower token on to another agent, which made its own key.
    pub(crate) fn delegate(&self, name: &str, key: HolderKey, scope: Scope) -> Outcome<Agent<'a>> {
        let name = AgentName::parse(name)?;
        let token = self.holder.delegate(&key.public_key(), name, scope)?;
        Agent::new(token, key, self.forum)
    }

    /// The token: public, and of no use without the key.
    pub(crate) fn token(&self) -> &Token {
        self.holder.token()
    }
}

/// An HTTP request, before anything is attached to it.
pub(crate) struct Request {
    method: &'static str,
    path: String,
    body: String,
}

impl Request {
    pub(crate) fn read(thread: u32) -> Self {
        let path = format!("/threads/{thread}");
        let body = String::new();
        Self {
            method: "GET",
            path,
            body,
        }
    }

    pub(crate) fn draft(thread: u32, text: &str) -> Self {
        Self::with_body("POST", thread, "drafts", &json!({ "text": text }))
    }

    /// A draft that asks for something on the side.
    pub(crate) fn pinned_draft(thread: u32, text: &str) -> Self {
        let body = json!({ "text": text, "pinned": true });
        Self::with_body("POST", thread, "drafts", &body)
    }

    pub(crate) fn publish(thread: u32, text: &str) -> Self {
        Self::with_body("POST", thread, "posts", &json!({ "text": text }))
    }

    pub(crate) fn grant(thread: u32, moderator: &str) -> Self {
        Self::with_body("PUT", thread, "acl", &json!({ "moderator": moderator }))
    }

    fn with_body(method: &'static str, thread: u32, what: &str, body: &Value) -> Self {
        let path = format!("/threads/{thread}/{what}");
        let body = body.to_string();
        Self { method, path, body }
    }

    /// What the proof covers: the request as it goes over the wire.
    fn call(&self) -> Result<Call, CallError> {
        Call::http(self.method, &self.path, None, self.body.as_bytes())
    }
}

/// Sends requests to the forum.
pub(crate) struct Client {
    http: ureq::Agent,
    base: String,
}

impl Client {
    const TIMEOUT: Duration = Duration::from_secs(5);

    pub(crate) fn new(address: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Self::TIMEOUT))
            .build();
        Self {
            http: config.new_agent(),
            base: format!("http://{address}"),
        }
    }

    pub(crate) fn send(&self, request: &Request, presentation: &str) -> Outcome<Answer> {
        let head = ureq::http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.base, request.path))
            .header("authorization", format!("Bailiwick {presentation}"));
        let mut response = match request.body.as_str() {
            "" => self.http.run(head.body(())?)?,
            body => self.http.run(head.body(body)?)?,
        };
        let said = response.body_mut().read_to_string()?;
        let said = serde_json::from_str(&said).map_err(|error| format!("{error} in `{said}`"))?;
        Ok(Answer {
            allowed: response.status().is_success(),
            said,
        })
    }

    /// Posts a stop ticket: no key is needed, and any HTTP client will do.
    pub(crate) fn stop(&self, ticket: &str) -> Outcome {
        let mut response = self.http.post(format!("{}/stop", self.base)).send(ticket)?;
        let said = response.body_mut().read_to_string()?;
        let said: Value = serde_json::from_str(&said)?;
        let task = said["stopped"].as_str().ok_or("nothing was stopped")?;
        println!("stopped {task}");
        Ok(())
    }
}

/// What the forum answered: `allow <operation> <resource>`, `again …` to a retry, or
/// `deny <code> <operation> <resource>`.
pub(crate) struct Answer {
    allowed: bool,
    said: Said,
}

#[derive(Deserialize)]
struct Said {
    operation: String,
    resource: String,
    code: Option<String>,
    #[serde(default)]
    again: bool,
    approval_request: Option<String>,
}

impl Answer {
    /// What is to be approved, if that is all that is missing.
    pub(crate) fn approval_request(&self) -> Outcome<&str> {
        let request = self.said.approval_request.as_deref();
        Ok(request.ok_or("the forum wants nothing approved")?)
    }

    /// Prints the answer. Another one than this is the end of the story.
    pub(crate) fn must_be(&self, expected: &str) -> Outcome {
        let line = self.to_string();
        println!("{line}");
        if line != expected {
            return Err(format!("expected `{expected}`").into());
        }
        Ok(())
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Said {
            operation,
            resource,
            code,
            again,
            ..
        } = &self.said;
        match (self.allowed, code) {
            (true, None) if *again => write!(f, "again {operation} {resource}"),
            (true, None) => write!(f, "allow {operation} {resource}"),
            (false, Some(code)) => write!(f, "deny {code} {operation} {resource}"),
            _ => write!(f, "unclear {operation} {resource}"),
        }
    }
}
