//! The text forms: what is copied, pasted, and put into headers.
//!
//! A prefix says what it is; then, in base64url without padding: the length of the payload (4
//! bytes, big-endian), the payload, and the first 4 bytes of the SHA-256 of prefix and payload. So
//! a cut or changed copy is told from a forgery.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// What a text form holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextKind {
    /// A token, `bwt1_`.
    Token,
    /// A presentation of a token, `bwp1_`.
    Presentation,
    /// A request for an approval, `bwr1_`.
    ApprovalRequest,
    /// An approval, `bwa1_`.
    Approval,
    /// A note, `bwn1_`.
    Note,
    /// A note without its values, `bwd1_`.
    DetachedNote,
    /// A stop ticket, `bws1_`.
    StopTicket,
}

impl TextKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Token,
        Self::Presentation,
        Self::ApprovalRequest,
        Self::Approval,
        Self::Note,
        Self::DetachedNote,
        Self::StopTicket,
    ];

    /// How a text of this kind begins.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Token => "bwt1_",
            Self::Presentation => "bwp1_",
            Self::ApprovalRequest => "bwr1_",
            Self::Approval => "bwa1_",
            Self::Note => "bwn1_",
            Self::DetachedNote => "bwd1_",
            Self::StopTicket => "bws1_",
        }
    }
}

impl fmt::Display for TextKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token",
            Self::Presentation => "presentation",
            Self::ApprovalRequest => "approval request",
            Self::Approval => "approval",
            Self::Note => "note",
            Self::DetachedNote => "detached note",
            Self::StopTicket => "stop ticket",
        })
    }
}

/// A text is not the text form that was expected. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// More characters than the limit allows.
    #[error("the text has {found} bytes, the limit is {limit}")]
    TooLong {
        /// The bytes there are.
        found: usize,
        /// The bytes allowed.
        limit: usize,
    },
    /// The text is of another kind.
    #[error("expected a text that begins `{}` ({expected}), found a `{}` ({found})", expected.prefix(), found.prefix())]
    WrongKind {
        /// The kind that was expected.
        expected: TextKind,
        /// The kind that it is.
        found: TextKind,
    },
    /// The text has no known prefix, or a character that no such text has.
    #[error("expected a text that begins `{}` ({expected}): byte {at} does not belong there", expected.prefix())]
    NotText {
        /// The kind that was expected.
        expected: TextKind,
        /// The offset of the first byte that does not belong, or the length if the text ends inside
        /// its prefix.
        at: usize,
    },
    /// The text ends before its own length.
    #[error("the text is truncated: {found} of {expected} characters")]
    Truncated {
        /// The characters that it says it has, or the fewest that such a text can have.
        expected: usize,
        /// The characters there are.
        found: usize,
    },
    /// The text goes on after its own length.
    #[error("the text has {found} characters, {expected} are its own")]
    TrailingBytes {
        /// The characters that it says it has.
        expected: usize,
        /// The characters there are.
        found: usize,
    },
    /// The checksum does not fit: some character was changed.
    #[error("the text was changed: its checksum does not fit")]
    Damaged,
}

const LENGTH: usize = 4;
const CHECKSUM: usize = 4;

/// Writes a payload as text.
pub(crate) fn encode(kind: TextKind, payload: &[u8]) -> String {
    // What is past 4 GiB is past every limit; every reader refuses what is written then.
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let body = [
        length.to_be_bytes().as_slice(),
        payload,
        &checksum(kind, payload),
    ]
    .concat();
    let mut text = String::with_capacity(text_len(kind, payload.len()));
    text.push_str(kind.prefix());
    URL_SAFE_NO_PAD.encode_string(body, &mut text);
    text
}

/// Reads a text of the kind that is expected, with a payload of at most so many bytes.
pub(crate) fn decode(kind: TextKind, text: &str, max_payload: usize) -> Result<Vec<u8>, TextError> {
    let limit = text_len(kind, max_payload);
    if text.len() > limit {
        return Err(TextError::TooLong {
            found: text.len(),
            limit,
        });
    }
    let body = text
        .strip_prefix(kind.prefix())
        .ok_or_else(|| wrong_prefix(kind, text))?;
    read(kind, text, body).map_err(|error| {
        // A character that no such text has explains everything else.
        let at = body.bytes().position(|byte| !is_base64url(byte));
        at.map_or(error, |at| TextError::NotText {
            expected: kind,
            at: kind.prefix().len() + at,
        })
    })
}

fn read(kind: TextKind, text: &str, body: &str) -> Result<Vec<u8>, TextError> {
    let expected = text_len(kind, declared_length(body).unwrap_or(0));
    let found = text.len();
    match found.cmp(&expected) {
        std::cmp::Ordering::Less => Err(TextError::Truncated { expected, found }),
        std::cmp::Ordering::Greater => Err(TextError::TrailingBytes { expected, found }),
        std::cmp::Ordering::Equal => checked_payload(kind, body).ok_or(TextError::Damaged),
    }
}

fn wrong_prefix(expected: TextKind, text: &str) -> TextError {
    match TextKind::ALL
        .into_iter()
        .find(|kind| text.starts_with(kind.prefix()))
    {
        Some(found) => TextError::WrongKind { expected, found },
        None => TextError::NotText {
            expected,
            at: common_prefix(text, expected.prefix()),
        },
    }
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// The length that the body states, once it has so many characters.
fn declared_length(body: &str) -> Option<usize> {
    // Eight characters are six bytes, the first group that covers the length and ends on a byte.
    let mut head = [0_u8; 6];
    URL_SAFE_NO_PAD
        .decode_slice(body.get(..8)?, &mut head)
        .ok()?;
    let length: &[u8; LENGTH] = head.first_chunk()?;
    usize::try_from(u32::from_be_bytes(*length)).ok()
}

fn checked_payload(kind: TextKind, body: &str) -> Option<Vec<u8>> {
    // Refuses padding, and unused bits that are not zero: every payload has one text.
    let mut bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
    let end = bytes.len().checked_sub(CHECKSUM)?;
    let payload = bytes.get(LENGTH..end)?;
    if bytes.get(end..)? != checksum(kind, payload) {
        return None;
    }
    bytes.truncate(end);
    bytes.drain(..LENGTH);
    Some(bytes)
}

fn text_len(kind: TextKind, payload: usize) -> usize {
    let bytes = payload.saturating_add(LENGTH + CHECKSUM);
    (bytes / 3)
        .saturating_mul(4)
        .saturating_add((bytes % 3 * 4).div_ceil(3))
        .saturating_add(kind.prefix().len())
}

fn checksum(kind: TextKind, payload: &[u8]) -> [u8; CHECKSUM] {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(kind.prefix())
        .chain_update(payload)
        .finalize()
        .into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

fn common_prefix(one: &str, other: &str) -> usize {
    one.bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAX: usize = 400;

    fn any_kind() -> impl Strategy<Value = TextKind> {
        prop::sample::select(TextKind::ALL.to_vec())
    }

    fn any_payload() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..=MAX)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(kind in any_kind(), payload in any_payload()) {
            let text = encode(kind, &payload);
            prop_assert_eq!(text.len(), text_len(kind, payload.len()));
            prop_assert_eq!(decode(kind, &text, MAX), Ok(payload));
        }

        #[test]
        fn a_text_cut_anywhere_is_called_truncated(kind in any_kind(), payload in any_payload()) {
            let text = encode(kind, &payload);
            for cut in 0..text.len() {
                let error = decode(kind, &text[..cut], MAX).unwrap_err();
                if cut < kind.prefix().len() {
                    prop_assert_eq!(error, TextError::NotText { expected: kind, at: cut });
                } else {
                    let truncated = matches!(error, TextError::Truncated { found, expected } if found == cut && expected <= text.len());
                    prop_assert!(truncated, "cut at {}: {:?}", cut, error);
                }
            }
        }

        #[test]
        fn a_changed_character_is_never_accepted(
            kind in any_kind(),
            payload in any_payload(),
            at: prop::sample::Index,
            to in prop::sample::select(b"ABCXYZabcxyz019-_".to_vec()),
        ) {
            let mut text = encode(kind, &payload).into_bytes();
            let at = at.index(text.len());
            prop_assume!(text[at] != to);
            text[at] = to;
            prop_assert!(decode(kind, std::str::from_utf8(&text).unwrap(), MAX).is_err());
        }

        #[test]
        fn something_after_the_end_is_called_trailing(kind in any_kind(), payload in any_payload(), more in "[A-Za-z0-9_-]{1,9}") {
            let text = encode(kind, &payload) + &more;
            let error = decode(kind, &text, MAX + 10).unwrap_err();
            prop_assert!(matches!(error, TextError::TrailingBytes { .. }), "{:?}", error);
        }

        #[test]
        fn no_text_makes_the_reader_panic(kind in any_kind(), text: String, tail in "[A-Za-z0-9_-]{0,40}") {
            let _ = decode(kind, &text, MAX);
            let _ = decode(kind, &format!("{}{tail}", kind.prefix()), MAX);
        }
    }

    #[test]
    fn the_layout_is_fixed() {
        // 00000003 "abc" and the first bytes of sha256("bwt1_abc")
        assert_eq!(encode(TextKind::Token, b"abc"), "bwt1_AAAAA2FiY5ya1iQ");
    }

    #[test]
    fn a_text_of_another_kind_is_called_by_its_kind() {
        for found in TextKind::ALL {
            for expected in TextKind::ALL.into_iter().filter(|kind| *kind != found) {
                let text = encode(found, b"payload");
                assert_eq!(
                    decode(expected, &text, MAX),
                    Err(TextError::WrongKind { expected, found })
                );
            }
        }
    }

    #[test]
    fn the_kind_is_under_the_checksum() {
        let text = encode(TextKind::Approval, b"payload").replace("bwa1_", "bwn1_");
        assert_eq!(decode(TextKind::Note, &text, MAX), Err(TextError::Damaged));
    }

    #[test]
    fn a_payload_over_the_limit_is_refused_before_it_is_decoded() {
        let text = encode(TextKind::Token, &[0; MAX + 1]);
        let limit = text_len(TextKind::Token, MAX);
        assert_eq!(
            decode(TextKind::Token, &text, MAX),
            Err(TextError::TooLong {
                found: text.len(),
                limit
            })
        );
        // The limit comes before everything else, even before the prefix.
        let noise = "*".repeat(limit + 1);
        assert_eq!(
            decode(TextKind::Token, &noise, MAX),
            Err(TextError::TooLong {
                found: limit + 1,
                limit
            })
        );
    }

    #[test]
    fn characters_that_are_not_base64url_are_refused() {
        let text = encode(TextKind::Token, b"payload");
        let expected = TextKind::Token;
        for (bad, at) in [
            (format!("{text}="), text.len()),
            (format!("{text}\n"), text.len()),
            (format!(" {text}"), 0),
            (text.replacen("bwt1_", "bwt2_", 1), 3),
            (text.replacen("bwt1_", "BWT1_", 1), 0),
            (format!("bwt1_+{}", &text[6..]), 5),
            (format!("bwt1_A/{}", &text[7..]), 6),
            (format!("bwt1_AA\u{e9}{}", &text[9..]), 7),
        ] {
            assert_eq!(
                decode(expected, &bad, MAX),
                Err(TextError::NotText { expected, at }),
                "{bad}"
            );
        }
    }

    #[test]
    fn unused_bits_of_the_last_character_must_be_zero() {
        // 10 bytes leave four unused bits, 11 bytes two.
        for payload in [&b"ab"[..], b"abc"] {
            let text = encode(TextKind::Token, payload);
            let (head, last) = text.split_at(text.len() - 1);
            let next = char::from(last.as_bytes()[0] + 1);
            assert_eq!(
                decode(TextKind::Token, &format!("{head}{next}"), MAX),
                Err(TextError::Damaged)
            );
        }
    }
}
