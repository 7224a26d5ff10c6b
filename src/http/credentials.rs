//! A presentation out of the headers of a request.

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};

use super::headers::{PROOF, credentials};
use super::rejection::Rejection;
use crate::gate::Texts;

/// Both headers, each of which there was once.
pub(super) struct Credentials {
    authorization: HeaderValue,
    proof: HeaderValue,
}

impl Credentials {
    /// Takes them out: what was presented is of no use behind the gate.
    pub(super) fn take(headers: &mut HeaderMap) -> Result<Self, Rejection> {
        let authorization = only(headers, &AUTHORIZATION)?;
        let proof = only(headers, &PROOF)?;
        Ok(Self {
            authorization,
            proof,
        })
    }

    pub(super) fn texts(&self) -> Result<Texts<'_>, Rejection> {
        let missing = |header| Rejection::Missing { header };
        let token = credentials(&self.authorization).ok_or(missing(AUTHORIZATION))?;
        let rest = self.proof.to_str().map_err(|_| missing(PROOF))?;
        Ok(Texts { token, rest })
    }
}

fn only(headers: &mut HeaderMap, name: &HeaderName) -> Result<HeaderValue, Rejection> {
    let header = || name.clone();
    if headers.get_all(name).iter().nth(1).is_some() {
        return Err(Rejection::Repeated { header: header() });
    }
    let value = headers.remove(name);
    value.ok_or_else(|| Rejection::Missing { header: header() })
}
