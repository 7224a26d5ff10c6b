//! Where the API is.

use axum::http::Uri;
use axum::http::uri::{Authority, PathAndQuery, Scheme};

use super::is_this_machine;
use crate::NoStart;

/// Scheme and host of the API. Every request goes there, whatever host it names.
pub(super) struct Upstream {
    scheme: Scheme,
    authority: Authority,
}

impl Upstream {
    pub(super) fn of(text: &str, with_credentials: bool) -> Result<Self, NoStart> {
        let refused = |why| NoStart::Upstream { why };
        if text.parse::<bailiwick::http::Origin>().is_err() {
            return Err(refused("is not https:// or http:// and a host alone"));
        }
        let parts = text.parse::<Uri>().map(Uri::into_parts);
        let parts = parts.map_err(|_| refused("is no origin"))?;
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(refused("is no origin"));
        };
        let plain = scheme == Scheme::HTTP;
        if plain && with_credentials && !is_this_machine(authority.host()) {
            return Err(refused("would get a credential without TLS"));
        }
        Ok(Self { scheme, authority })
    }

    /// This path and query there, byte for byte.
    pub(super) fn at(&self, target: PathAndQuery) -> Option<Uri> {
        let mut parts = axum::http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(target);
        Uri::from_parts(parts).ok()
    }
}
