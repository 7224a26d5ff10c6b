//! What is denied is noted, and what never ends is ended.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::problem::problem;
use crate::audit::Audit;
use crate::reached::Reached;

/// How a request is watched.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    pub(super) audit: Audit,
    /// For reading the request, deciding, and the beginning of an answer; or all of one that is noted.
    pub(super) patience: Duration,
}

/// Stands outside of the gate.
pub(super) async fn noted(
    State(watch): State<Watch>,
    mut request: Request,
    next: Next,
) -> Response {
    let (method, reached) = (request.method().to_string(), Reached::default());
    request.extensions_mut().insert(reached.clone());
    let Ok(response) = timeout(watch.patience, next.run(request)).await else {
        if reached.is_so() {
            return problem(StatusCode::GATEWAY_TIMEOUT, "upstream_late");
        }
        let told = json!({ "code": "request_late" });
        watch.audit.denied(Some(&told), &method);
        return problem(StatusCode::REQUEST_TIMEOUT, "request_late");
    };
    if reached.is_so() {
        return response;
    }
    // A denial is the gate's own, and short.
    const LIMIT: usize = 1 << 20;
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LIMIT).await else {
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "denial_unreadable");
    };
    let told: Option<Value> = serde_json::from_slice(&bytes).ok();
    watch.audit.denied(told.as_ref(), &method);
    Response::from_parts(parts, Body::from(bytes))
}
