//! Names that a manifest gives to things.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use crate::action::preview_text;

/// A name in a manifest: of a kind of task, a parameter, an approver.
///
/// 1 to 64 bytes of lower-case ASCII letters, digits, `_` and `-`, a letter first.
///
/// ```
/// use bailiwick::manifest::Name;
///
/// assert_eq!("answer-thread".parse::<Name>()?.as_str(), "answer-thread");
/// assert!("{thread}".parse::<Name>().is_err());
/// # Ok::<(), bailiwick::manifest::NotAName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);

/// Why a text is no [`Name`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not 1 to 64 lower-case letters, digits, `_` and `-`, a letter first")]
pub struct NotAName(String);

impl Name {
    /// The most bytes that a name has.
    pub const MAX_BYTES: usize = 64;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let allowed = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
        };
        let letter_first = text.starts_with(|first: char| first.is_ascii_lowercase());
        if letter_first && text.len() <= Self::MAX_BYTES && text.bytes().all(allowed) {
            Ok(Self(text.into()))
        } else {
            Err(NotAName(preview_text(text)))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        let longest = "a".repeat(Name::MAX_BYTES);
        for text in ["a", "answer-thread", "reply_to2", &longest] {
            assert_eq!(text.parse::<Name>().unwrap().as_str(), text);
        }
        let too_long = format!("{longest}a");
        for text in [
            "", "A", "1a", "_a", "-a", "a.b", "a b", "ä", "a\n", &too_long,
        ] {
            assert!(text.parse::<Name>().is_err(), "{text:?}");
        }
    }
}
