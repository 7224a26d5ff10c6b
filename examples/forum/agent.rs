//! The agent's side: a request, signed for exactly what it is, and the forum's answer.

use std::fmt;
use std::time::Duration;

use bailiwick::action::AgentName;
use bailiwick::approve::{Approval, ApprovalRequest};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::http::{Attempt, HttpSigner};
use bailiwick::keys::HolderKey;
use bailiwick::present::{AttemptId, Holder};
use bailiwick::scope::Scope;
use bailiwick::token::Token;
use bailiwick_examples::Outcome;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::SERVICE;

/// A request as it goes over the wire.
pub(crate) type Signed = http::Request<String>;

/// A token, the key that it names, and the way to the forum.
pub(crate) struct Agent<'a> {
    signer: HttpSigner,
    forum: &'a Client,
}

impl<'a> Agent<'a> {
    pub(crate) fn new(token: Token, key: HolderKey, forum: &'a Client) -> Outcome<Self> {
        let signer = HttpSigner::new(Holder::new(token, key)?)
            .with_service(forum.origin.parse()?, SERVICE.parse()?);
        Ok(Self { signer, forum })
    }

    /// Asks the forum.
    pub(crate) fn ask(&self, request: &Request) -> Outcome<Answer> {
        self.attempt(request, AttemptId::random()?, &[])
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
        let mut sent = request.to(self.forum)?;
        sent.extensions_mut().insert(Attempt::of(attempt));
        HttpSigner::attach_approvals(&mut sent, approvals?);
        self.signer.sign(&mut sent)?;
        self.forum.send(request, sent)
    }

    /// The request with the token and a proof of it, ready to be sent.
    pub(crate) fn signed(&self, request: &Request) -> Outcome<Signed> {
        let mut sent = request.to(self.forum)?;
        self.signer.sign(&mut sent)?;
        Ok(sent)
    }

    /// Signs what the forum wants approved, so that people know who asks.
    pub(crate) fn sign(&self, request: &ApprovalRequest) -> Outcome<String> {
        let holder = self.signer.holder();
        Ok(holder.ask(request, SystemClock.now())?.to_text())
    }

    /// Hands a narrower token on to another agent, which made its own key.
    pub(crate) fn delegate(&self, name: &str, key: HolderKey, scope: Scope) -> Outcome<Agent<'a>> {
        let (name, holder) = (AgentName::parse(name)?, self.signer.holder());
        let token = holder.delegate(&key.public_key(), name, scope)?;
        Agent::new(token, key, self.forum)
    }

    /// The token: public, and of no use without the key.
    pub(crate) fn token(&self) -> Token {
        self.signer.holder().token().clone()
    }
}

/// What is asked of the forum, and how it is called in a token.
pub(crate) struct Request {
    action: String,
    method: &'static str,
    path: String,
    body: String,
}

impl Request {
    pub(crate) fn read(thread: u32) -> Self {
        Self {
            action: format!("forum.read forum/thread/{thread}"),
            method: "GET",
            path: format!("/threads/{thread}"),
            body: String::new(),
        }
    }

    pub(crate) fn draft(thread: u32, text: &str) -> Self {
        let body = json!({ "text": text });
        Self::with_body("forum.draft", "POST", thread, "drafts", &body)
    }

    /// A draft that asks for something on the side.
    pub(crate) fn pinned_draft(thread: u32, text: &str) -> Self {
        let body = json!({ "text": text, "pinned": true });
        Self::with_body("forum.draft", "POST", thread, "drafts", &body)
    }

    pub(crate) fn publish(thread: u32, text: &str) -> Self {
        let body = json!({ "text": text });
        Self::with_body("forum.publish", "POST", thread, "posts", &body)
    }

    pub(crate) fn grant(thread: u32, moderator: &str) -> Self {
        let body = json!({ "moderator": moderator });
        Self::with_body("acl.grant", "PUT", thread, "acl", &body)
    }

    fn with_body(
        operation: &str,
        method: &'static str,
        thread: u32,
        what: &str,
        body: &Value,
    ) -> Self {
        Self {
            action: format!("{operation} forum/thread/{thread}"),
            method,
            path: format!("/threads/{thread}/{what}"),
            body: body.to_string(),
        }
    }

    /// The request to this forum, before anything is attached to it.
    fn to(&self, forum: &Client) -> Outcome<Signed> {
        let request = http::Request::builder()
            .method(self.method)
            .uri(format!("{}{}", forum.origin, self.path));
        Ok(match self.body.as_str() {
            "" => request.body(String::new())?,
            body => request
                .header("content-type", "application/json")
                .body(body.to_owned())?,
        })
    }
}

/// Sends requests to the forum.
pub(crate) struct Client {
    http: ureq::Agent,
    origin: String,
}

impl Client {
    const TIMEOUT: Duration = Duration::from_secs(5);

    pub(crate) fn new(address: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            .timeout_global(Some(Self::TIMEOUT))
            .build();
        Self {
            http: config.new_agent(),
            origin: format!("http://{address}"),
        }
    }

    pub(crate) fn send(&self, request: &Request, sent: Signed) -> Outcome<Answer> {
        let mut response = match sent.body().is_empty() {
            true => self.http.run(sent.map(|_| ()))?,
            false => self.http.run(sent)?,
        };
        let said = response.body_mut().read_to_string()?;
        let said = serde_json::from_str(&said).map_err(|error| format!("{error} in `{said}`"))?;
        Ok(Answer {
            action: request.action.clone(),
            allowed: response.status().is_success(),
            said,
        })
    }

    /// Posts a stop ticket: no key is needed, and any HTTP client will do.
    pub(crate) fn stop(&self, ticket: &str) -> Outcome {
        let url = format!("{}/stop", self.origin);
        let mut response = self.http.post(url).send(ticket)?;
        bailiwick_examples::must_be(response.body_mut().read_to_string()?, "stopped t-42")
    }
}

/// What the forum answered: `allow <operation> <resource>`, `again …` to a retry, or
/// `deny <code> <operation> <resource>`.
pub(crate) struct Answer {
    action: String,
    allowed: bool,
    said: Said,
}

#[derive(Deserialize)]
struct Said {
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
        bailiwick_examples::must_be(self, expected)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = &self.action;
        match (self.allowed, &self.said.code) {
            (true, None) if self.said.again => write!(f, "again {action}"),
            (true, None) => write!(f, "allow {action}"),
            (false, Some(code)) => write!(f, "deny {code} {action}"),
            _ => write!(f, "unclear {action}"),
        }
    }
}
