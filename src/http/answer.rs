//! What the layer answers itself.

use bytes::Bytes;
use http::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use serde_json::{Map, Value, json};

use super::class::Class;
use super::grpc;
use super::headers::SCHEME;
use super::rejection::Rejection;
use crate::action::Service;
use crate::gate::{Refusal, RefusalKind};

/// How much a caller is told of why it is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Details {
    /// The code, a message, the reasons with what is missing, and the ready request for approvals:
    /// an agent can act on it. It shows what the service looked up on what the agent asked for.
    #[default]
    Full,
    /// Whose turn it is, and the id of the decision: `unauthenticated`, `denied`, `malformed`,
    /// `conflict`, `too_large`, `unavailable`, `misconfigured`. What it was the service can log.
    Withheld,
}

/// How a request wants to be answered.
pub(super) struct Answering<'a> {
    pub(super) service: &'a Service,
    pub(super) details: Details,
    pub(super) grpc: bool,
}

impl Answering<'_> {
    pub(super) fn with(&self, rejection: &Rejection) -> Response<Bytes> {
        let mut response = if self.grpc {
            grpc::refusal(self, rejection)
        } else {
            self.problem(rejection)
        };
        never_store(response.headers_mut());
        response
    }

    pub(super) fn code(&self, rejection: &Rejection) -> &'static str {
        match self.details {
            Details::Full => rejection.code(),
            Details::Withheld => rejection.class().as_str(),
        }
    }

    pub(super) fn detail(&self, rejection: &Rejection) -> Option<String> {
        (self.details == Details::Full).then(|| rejection.to_string())
    }

    /// RFC 9457, with members of our own.
    fn problem(&self, rejection: &Rejection) -> Response<Bytes> {
        let class = rejection.class();
        let status = class.status();
        let code = self.code(rejection);
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("type", json!("about:blank"));
        put("title", json!(status.canonical_reason()));
        put("status", json!(status.as_u16()));
        put("code", json!(code));
        if let Some(detail) = self.detail(rejection) {
            put("detail", json!(detail));
        }
        if let Some(refusal) = rejection.refusal() {
            put("decision_id", json!(refusal.decision_id()));
            if self.details == Details::Full {
                members.extend(needed(refusal));
            }
        }
        let body = Bytes::from(Value::Object(members).to_string());
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM);
        if class == Class::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, self.challenge(code));
        }
        if class == Class::Unavailable {
            headers.insert(RETRY_AFTER, SOON);
        }
        response
    }

    /// No service name and no code has a quote.
    fn challenge(&self, code: &str) -> HeaderValue {
        let challenge = format!("{SCHEME} service=\"{}\", error=\"{code}\"", self.service);
        HeaderValue::try_from(challenge).unwrap_or(HeaderValue::from_static(SCHEME))
    }
}

/// What stood against it, and what would help.
fn needed(refusal: &Refusal) -> Map<String, Value> {
    let mut members = Map::new();
    if let RefusalKind::Denied(denial) = refusal.kind() {
        members.insert("reasons".to_owned(), json!(denial.reasons()));
    }
    if let Some(freshness) = refusal.freshness() {
        members.insert("revocations".to_owned(), json!(freshness));
    }
    if let Some(request) = refusal.approval_request() {
        members.insert("approval_request".to_owned(), json!(request.to_text()));
    }
    members
}

/// An answer under a permit, or for want of one, is for who asked, and now.
pub(super) fn never_store(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

pub(super) const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
/// In seconds.
const SOON: HeaderValue = HeaderValue::from_static("1");
