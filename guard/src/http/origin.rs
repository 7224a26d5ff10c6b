//! Where the API is.

use axum::http::Uri;
use axum::http::uri::{Authority, PathAndQuery, Scheme};

use crate::{NoStart, way};

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
        if with_credentials {
            way::may_carry_credentials(&scheme, &authority)?;
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
