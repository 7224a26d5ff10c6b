//! Segments of a path and fields of a query, as they go over the wire.

use crate::action::{Segment, preview_text};
use crate::catalog::error::MapError;

/// What a segment of a path says, if it says it in its one spelling.
///
/// Encoded is exactly what must be: UTF-8 beyond ASCII, and the characters that RFC 3986 does not let stand in a segment;
/// with capital digits. So no two texts say the same.
pub(crate) fn decoded(segment: &str) -> Result<String, MapError> {
    let refused = |why: &str| {
        let segment = preview_text(segment);
        MapError::SegmentNotCanonical(format!("path segment `{segment}` {why}"))
    };
    let text = percent_decoded(segment).ok_or_else(|| refused("is not encoded UTF-8"))?;
    // What is decoded and encoded again must be what came.
    if encoded(&text) != segment {
        return Err(refused("is not encoded as it should be"));
    }
    Segment::parse(&text).map_err(|error| MapError::SegmentNotCanonical(error.to_string()))?;
    Ok(text)
}

/// The one spelling of a segment.
pub(super) fn encoded(text: &str) -> String {
    // `pchar` of RFC 3986, section 3.3.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Each field of a query with its value, in order, as HTML forms write them: a `+` is a space.
///
/// Clients differ in which punctuation they encode, so that only letters, digits, `-`, `.` and `_` must not be, and `;`, at which
/// some servers split, must be; hexadecimal digits are capitals, and each piece has one `=` at least.
pub(crate) fn fields(query: &str) -> Result<Vec<(String, String)>, MapError> {
    let field = |piece: &str| {
        let malformed = || MapError::QueryMalformed {
            piece: preview_text(piece),
        };
        let (name, value) = piece.split_once('=').ok_or_else(malformed)?;
        let read = |text| form_decoded(text).ok_or_else(malformed);
        match read(name)? {
            name if name.is_empty() => Err(malformed()),
            name => Ok((name, read(value)?)),
        }
    };
    query.split('&').map(field).collect()
}

fn form_decoded(text: &str) -> Option<String> {
    let encodes_plainly = |triplet: &str| {
        let byte = triplet
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let mut triplets = text.split('%').skip(1);
    if triplets.any(encodes_plainly) || text.contains(';') {
        return None;
    }
    percent_decoded(&text.replace('+', " "))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    bytes.extend_from_slice(pieces.next()?.as_bytes());
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        let hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'A'..=b'F');
        if !digits.bytes().all(hex) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_segment_has_one_spelling() {
        for (segment, text) in [
            ("a", "a"),
            ("a%20b", "a b"),
            ("%C3%A9", "é"),
            ("a:b@c", "a:b@c"),
            ("a+b", "a+b"),
            ("%3F", "?"),
        ] {
            assert_eq!(decoded(segment).unwrap(), text);
        }
        for segment in [
            "", ".", "..", "%2e", "%2E%2E", "%61", "%2f", "%2F", "%5C", "%25", "%252e", "%c3%a9",
            "%C3", "%FF", "%00", "%0A", "%", "%2", "%+2", "a b", "é", "a%3Ab", "e%CC%81", "%zz",
            "a/b", "\\",
        ] {
            assert_eq!(
                decoded(segment).unwrap_err().code(),
                "segment_not_canonical",
                "{segment}"
            );
        }
    }

    #[test]
    fn a_query_is_fields_with_values() {
        let read = |query| fields(query).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read("a=b+c%2Bd&e="), [pair("a", "b c+d"), pair("e", "")]);
        assert_eq!(read("a=%C3%A9=%7E~"), [pair("a", "é=~~")]);
        for query in [
            "", "a", "a=b&", "&a=b", "=b", "a=%61", "a=%2d", "a=%FF", "a=%", "%61=b", "a=b;c",
            "a=b&&c=d", "a=%c3%a9", "a=%+2",
        ] {
            assert_eq!(
                fields(query).unwrap_err().code(),
                "query_malformed",
                "{query}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_segment_reads_back_from_its_spelling(text in "\\PC{1,12}") {
            prop_assume!(Segment::parse(&text).is_ok());
            prop_assert_eq!(decoded(&encoded(&text)).unwrap(), text);
        }

        #[test]
        fn two_spellings_never_say_the_same(left in "[a%2fFeE0. +é]{1,6}", right in "[a%2fFeE0. +é]{1,6}") {
            if let (Ok(one), Ok(two)) = (decoded(&left), decoded(&right)) {
                prop_assert_eq!(one == two, left == right);
            }
        }
    }
}
