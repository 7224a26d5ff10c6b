//! The headers that are ours.

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};

use crate::note::DetachedNote;

/// The scheme of the header `Authorization` behind which a token stands. Compared without regard to
/// letter case.
pub const SCHEME: &str = "Bailiwick";

/// The header of a proof, and of the approvals that go with it: `Bailiwick-Proof`.
pub const PROOF: HeaderName = HeaderName::from_static("bailiwick-proof");

/// The header of a note of what an answer gave: `Bailiwick-Note`. There is one for each.
pub const NOTE: HeaderName = HeaderName::from_static("bailiwick-note");

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

/// Clients often take 16 KiB of headers together.
const MOST_OF_NOTES: usize = 12 * 1024;

/// Adds these notes, as many as there is room for.
pub(super) fn put_notes(headers: &mut HeaderMap, notes: &[DetachedNote]) {
    let mut room = MOST_OF_NOTES;
    for text in notes.iter().map(DetachedNote::to_text) {
        let Some(left) = room.checked_sub(text.len()) else {
            return;
        };
        room = left;
        if let Ok(mut value) = HeaderValue::try_from(text) {
            // With the answer it is the note itself.
            value.set_sensitive(true);
            // A map that is full has no room for notes either.
            let _ = headers.try_append(NOTE, value);
        }
    }
}

/// Takes all notes out. Several may have become one list on the way (RFC 9110, 5.2).
pub(super) fn take_notes(headers: &mut HeaderMap) -> Vec<DetachedNote> {
    let values = headers.get_all(NOTE).iter();
    let texts = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .take(DetachedNote::MAX_OF_ANSWER);
    let notes = texts
        .filter_map(|text| DetachedNote::parse(text.trim()).ok())
        .collect();
    headers.remove(NOTE);
    notes
}
