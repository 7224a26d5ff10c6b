//! From a request to what it does.

use std::fmt;
use std::future::{Future, ready};

use http::request::Parts;

use crate::action::{Call, HttpCall, Mapped, Service, Unmapped};
use crate::catalog::{Attributes, Body, Catalog, MapError};
use crate::verify::Verified;

/// A request that was verified, as it was received.
#[derive(Clone, Copy)]
pub struct Received<'a> {
    pub(super) call: &'a Call,
    pub(super) body: &'a [u8],
    pub(super) parts: &'a Parts,
    pub(super) verified: &'a Verified,
}

impl<'a> Received<'a> {
    /// The method, in the letter case that it was sent in. `HEAD` is not `GET`.
    pub fn method(&self) -> &'a str {
        self.http().map_or("", HttpCall::method)
    }

    /// The path, still encoded. Two spellings of one place are two paths.
    pub fn path(&self) -> &'a str {
        self.http().map_or("", HttpCall::path)
    }

    /// The query without its `?`, still encoded.
    pub fn query(&self) -> Option<&'a str> {
        self.http().and_then(HttpCall::query)
    }

    /// The whole body.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// What a catalog says that the request does.
    ///
    /// # Errors
    ///
    /// [`MapError`], which becomes an [`Unmapped`] by `?`.
    ///
    /// # Security
    ///
    /// `Content-Type` is not covered by the proof: the catalog only takes the types that it reads in
    /// one way.
    pub fn by_catalog(
        &self,
        catalog: &Catalog,
        attributes: &impl Attributes,
    ) -> Result<Mapped, MapError> {
        // Two readers could each take another one of several.
        let mut types = self
            .parts
            .headers
            .get_all(http::header::CONTENT_TYPE)
            .iter();
        let content_type = match (types.next(), types.next()) {
            (Some(only), None) => only.to_str().ok(),
            _ => None,
        };
        let bytes = self.body;
        let body = Body {
            content_type,
            bytes,
        };
        catalog.map(self.call, Some(body), attributes)
    }

    /// The message of a gRPC call that has exactly one, not compressed.
    pub fn grpc_message(&self) -> Option<&'a [u8]> {
        let ([0, length @ ..], message) = self.body.split_first_chunk::<5>()? else {
            return None;
        };
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        (message.len() == length).then_some(message)
    }

    /// Whose call it is, by which token.
    pub fn verified(&self) -> &'a Verified {
        self.verified
    }

    /// The service, which is that of every action.
    pub fn service(&self) -> &'a Service {
        self.verified.service()
    }

    /// Headers and extensions, **which no proof covers**: whoever is on the way can change them. The
    /// target in it is the one that a router may have cut.
    pub fn uncovered(&self) -> &'a Parts {
        self.parts
    }

    fn http(&self) -> Option<&'a HttpCall> {
        match self.call {
            Call::Http(call) => Some(call),
            _ => None,
        }
    }
}

/// Leaves headers and body out: a log is no place for cookies.
impl fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("method", &self.method())
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

/// Says what a request does.
///
/// A closure is one. Implement it by hand where something is looked up that is waited for.
///
/// # Security
///
/// Say what the handler is about to execute, out of what the proof covers. The handler executes the
/// permit's actions, and does not read the request a second time in another way.
pub trait MapRequest: Send + Sync {
    /// The actions of this request, all of them, or why there are none to name.
    fn map(&self, request: Received<'_>) -> impl Future<Output = Result<Mapped, Unmapped>> + Send;
}

impl<F, M, E> MapRequest for F
where
    F: Fn(Received<'_>) -> Result<M, E> + Send + Sync,
    M: Into<Mapped>,
    E: Into<Unmapped>,
{
    fn map(&self, request: Received<'_>) -> impl Future<Output = Result<Mapped, Unmapped>> + Send {
        ready(self(request).map(Into::into).map_err(Into::into))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{holder, now, scope, verify};

    #[test]
    fn a_grpc_message_is_the_only_one_whole_and_not_compressed() {
        let call = Call::http("POST", "/a.B/C", None, b"").unwrap();
        let (parts, ()) = http::Request::new(()).into_parts();
        let verified = verify(&holder(scope()), now()).unwrap();
        let message = |body| {
            let received = Received {
                call: &call,
                body,
                parts: &parts,
                verified: &verified,
            };
            received.grpc_message()
        };
        assert_eq!(message(b"\0\0\0\0\x02ab"), Some(b"ab".as_slice()));
        assert_eq!(message(b"\0\0\0\0\0"), Some(b"".as_slice()));
        let others: [&[u8]; 5] = [
            b"",
            b"\0\0\0\0",
            b"\x01\0\0\0\x02ab",
            b"\0\0\0\0\x03ab",
            b"\0\0\0\0\x02ab\0\0\0\0\0",
        ];
        for body in others {
            assert_eq!(message(body), None, "{body:?}");
        }
    }
}
