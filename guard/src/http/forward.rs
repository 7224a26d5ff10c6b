//! What happens under a permit: the request goes on, and the answer comes back.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Response as Answer, StatusCode};
use axum::response::Response;
use bailiwick::gate::Gate;
use bailiwick::http::Permitted;
use bailiwick::ledger::RedbLedger;
use tokio::time::timeout;

use super::names::is_of_connection;
use super::origin::Upstream;
use super::problem::problem;
use crate::NoStart;
use crate::audit::Audit;
use crate::reached::Reached;
use crate::way::{self, Client};

/// The way to the API.
pub(super) struct Forward {
    client: Client,
    upstream: Upstream,
    credentials: Vec<(HeaderName, HeaderValue)>,
    patience: Duration,
    gate: Arc<Gate<RedbLedger>>,
    audit: Audit,
}

impl Forward {
    pub(super) fn new(
        upstream: Upstream,
        credentials: Vec<(HeaderName, HeaderValue)>,
        patience: Duration,
        gate: Arc<Gate<RedbLedger>>,
        audit: Audit,
    ) -> Result<Self, NoStart> {
        Ok(Self {
            client: way::client()?,
            upstream,
            credentials,
            patience,
            gate,
            audit,
        })
    }

    /// The request as the API gets it: what was authorised, what kind of content it is, and the credential.
    fn outgoing(&self, request: Request) -> Option<Request> {
        let (parts, body) = request.into_parts();
        let target = parts.uri.into_parts().path_and_query?;
        let mut outgoing = Request::new(body);
        *outgoing.method_mut() = parts.method;
        *outgoing.uri_mut() = self.upstream.at(target)?;
        let headers = outgoing.headers_mut();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(AGENT));
        for name in PASSED {
            headers.extend(only(&parts.headers, &name).map(|value| (name, value)));
        }
        for (name, value) in &self.credentials {
            headers.insert(name, value.clone());
        }
        Some(outgoing)
    }
}

const AGENT: &str = concat!("bailiwick-guard/", env!("CARGO_PKG_VERSION"));

/// What an agent may say beside what its proof covers. None of it changes what a request does, but for the type of a body, which
/// the catalog reads in one way only.
const PASSED: [HeaderName; 3] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
];

/// A value of which there is one.
fn only(headers: &HeaderMap, name: &HeaderName) -> Option<HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none()).cloned()
}

/// Sends what is permitted, and hands back what is answered.
pub(super) async fn forward(
    State(forward): State<Arc<Forward>>,
    Permitted(permit): Permitted,
    request: Request,
) -> Response {
    forward.audit.allowed(&permit, request.method().as_str());
    if let Some(reached) = request.extensions().get::<Reached>() {
        reached.note();
    }
    let Some(outgoing) = forward.outgoing(request) else {
        return problem(StatusCode::BAD_REQUEST, "target_malformed");
    };
    let answer = timeout(forward.patience, forward.client.request(outgoing)).await;
    match answer {
        Err(_) => problem(StatusCode::GATEWAY_TIMEOUT, "upstream_late"),
        Ok(Err(error)) => {
            // Nothing was sent: what it cost is given back. Where that fails it stays spent.
            if error.is_connect() {
                let _ = permit.refund_async(&forward.gate).await;
            }
            problem(StatusCode::BAD_GATEWAY, "upstream_unreachable")
        }
        Ok(Ok(answer)) if answer.status().is_informational() => {
            problem(StatusCode::BAD_GATEWAY, "upstream_switches")
        }
        Ok(Ok(answer)) => incoming(answer.map(Body::new)),
    }
}

/// The answer as the agent gets it: without what is of the connection, and without what would make its client another one.
fn incoming(answer: Answer<Body>) -> Response {
    const SET_COOKIE2: HeaderName = HeaderName::from_static("set-cookie2");
    let (mut parts, body) = answer.into_parts();
    let named: Vec<HeaderName> = parts
        .headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::try_from(name.trim()).ok())
        .collect();
    let kept = |name: &HeaderName| {
        let dropped = [header::SET_COOKIE, SET_COOKIE2, header::ALT_SVC];
        !is_of_connection(name) && !named.contains(name) && !dropped.contains(name)
    };
    let names: Vec<HeaderName> = parts
        .headers
        .keys()
        .filter(|name| !kept(name))
        .cloned()
        .collect();
    for name in names {
        parts.headers.remove(name);
    }
    let mut response = Response::new(body);
    *response.status_mut() = parts.status;
    *response.headers_mut() = parts.headers;
    response
}
