//! What the guard answers itself, as RFC 9457 has it.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

/// A problem with a stable code.
pub(super) fn problem(status: StatusCode, code: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "code": code,
    });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let value = HeaderValue::from_static;
    headers.insert(CONTENT_TYPE, value("application/problem+json"));
    headers.insert(CACHE_CONTROL, value("no-store"));
    response
}
