//! The headers that are ours.

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};

/// The scheme of the header `Authorization` behind which a token stands. Compared without regard to
/// letter case.
pub const SCHEME: &str = "Bailiwick";

/// The header of a proof, and of the approvals that go with it: `Bailiwick-Proof`.
pub const PROOF: HeaderName = HeaderName::from_static("bailiwick-proof");

/// What stands behind our scheme, if the value is of our scheme.
pub(super) fn credentials(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let ours = scheme.eq_ignore_ascii_case(SCHEME);
    ours.then(|| token.trim_start_matches(' '))
}

/// Removes both, and leaves an `Authorization` of another scheme.
pub(super) fn strip(headers: &mut HeaderMap) {
    headers.remove(PROOF);
    let ours = |value: &HeaderValue| credentials(value).is_some();
    if headers.get_all(AUTHORIZATION).iter().any(ours) {
        headers.remove(AUTHORIZATION);
    }
}
