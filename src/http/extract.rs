//! The permit as an argument of axum handlers.

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;

use super::PermitSlot;
use super::answer::{PROBLEM, never_store};
use crate::gate::Permit;

/// The permit of a request, as an argument of a handler.
///
/// ```
/// use bailiwick::http::Permitted;
///
/// async fn read(Permitted(permit): Permitted) -> String {
///     let thread = permit.action().map(|action| action.resource().to_string());
///     thread.unwrap_or_default()
/// }
/// # let _: axum::Router = axum::Router::new().route("/threads/{thread}", axum::routing::get(read));
/// ```
///
/// # Security
///
/// Where no [`GateLayer`](super::GateLayer) stands before the handler, or the permit was taken
/// before, the answer is 500 and the handler does not run.
#[derive(Debug)]
pub struct Permitted(pub Permit);

/// There is no permit for the handler that asks for one: no layer stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no permit: no gate stands before this handler")]
pub struct NoPermit;

impl<S: Sync> FromRequestParts<S> for Permitted {
    type Rejection = NoPermit;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NoPermit> {
        let permit = parts.extensions.get().and_then(PermitSlot::take);
        permit.map(Self).ok_or(NoPermit)
    }
}

impl IntoResponse for NoPermit {
    fn into_response(self) -> Response {
        const BODY: &str = r#"{"type":"about:blank","title":"Internal Server Error","status":500,"code":"permit_missing"}"#;
        let mut response = Response::new(Body::from(BODY));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response.headers_mut().insert(CONTENT_TYPE, PROBLEM);
        never_store(response.headers_mut());
        response
    }
}
