//! What a request asks for, as it was received.

use std::sync::Arc;

use http::header::HeaderName;
use http::request::Parts;
use http::{HeaderMap, Uri};

use super::rejection::Rejection;
use crate::action::Call;

/// Finds the target that was requested.
#[derive(Clone)]
pub(super) struct Target(Arc<Find>);

type Find = dyn Fn(&Parts) -> Option<Uri> + Send + Sync;

impl Target {
    pub(super) fn new(find: impl Fn(&Parts) -> Option<Uri> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }
}

/// The call, of which the target has a path and a query alone: which service it is for the gate
/// says, and not what a caller writes into `Host`, an absolute target, or `:authority`.
pub(super) fn call(parts: &Parts, target: Option<&Target>, body: &[u8]) -> Result<Call, Rejection> {
    let method = parts.method.as_str();
    let of = |uri: &Uri| Call::http(method, uri.path(), uri.query(), body);
    let call = match target {
        None => of(&parts.uri),
        Some(Target(find)) => of(&find(parts).ok_or(Rejection::NoTarget)?),
    };
    Ok(call?)
}

/// Headers by which frameworks let a caller change what the request line says. No proof covers them.
const OVERRIDES: [HeaderName; 5] = [
    HeaderName::from_static("x-http-method-override"),
    HeaderName::from_static("x-http-method"),
    HeaderName::from_static("x-method-override"),
    HeaderName::from_static("x-original-url"),
    HeaderName::from_static("x-rewrite-url"),
];

pub(super) fn refuse_overrides(headers: &HeaderMap) -> Result<(), Rejection> {
    match OVERRIDES
        .into_iter()
        .find(|name| headers.contains_key(name))
    {
        Some(header) => Err(Rejection::Override { header }),
        None => Ok(()),
    }
}
