//! The name of a member of an object.

use super::preview::preview_text;
use super::text::text_type;

/// The key of an [`Object`](super::Object): not empty, without `.` and `*`, at most 256 bytes.
///
/// The dot and the star are what dotted paths are written with, so that a path means one place only.
///
/// ```
/// use bailiwick::action::Key;
///
/// assert_eq!(Key::parse("subject")?.as_str(), "subject");
/// assert!(Key::parse("to.name").is_err());
/// # Ok::<(), bailiwick::action::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Box<str>);

impl Key {
    /// The most bytes that a key has.
    pub const MAX_BYTES: usize = 256;

    /// Checks a key.
    ///
    /// # Errors
    ///
    /// When the text is empty or too long, or contains `.` or `*`.
    pub fn parse(text: &str) -> Result<Key, KeyError> {
        if text.is_empty() {
            return Err(KeyError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(KeyError::TooLong { bytes: text.len() });
        }
        match text.chars().find(|c| matches!(c, '.' | '*')) {
            Some(character) => Err(KeyError::Character {
                character,
                key: preview_text(text),
            }),
            None => Ok(Key(text.into())),
        }
    }
}

text_type!(Key, KeyError);

/// Why a text is no [`Key`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is empty.
    #[error("object key is empty")]
    Empty,
    /// The text is longer than [`Key::MAX_BYTES`].
    #[error("object key has {bytes} bytes, more than {}", Key::MAX_BYTES)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// The text contains `.` or `*`.
    #[error("object key `{key}` contains {character:?}")]
    Character {
        /// The character.
        character: char,
        /// The text, escaped and shortened.
        key: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_without_dot_and_star_is_a_key() {
        for text in ["a", " ", "to name", "a/b", "東京", "\n"] {
            assert_eq!(Key::parse(text).unwrap().as_str(), text);
        }
        assert!(Key::parse(&"k".repeat(256)).is_ok());
    }

    #[test]
    fn empty_dotted_starred_and_long_keys_are_refused() {
        assert_eq!(Key::parse(""), Err(KeyError::Empty));
        for text in [".", "*", "a.b", "a*", ".."] {
            assert!(
                matches!(Key::parse(text), Err(KeyError::Character { .. })),
                "{text:?}"
            );
        }
        assert_eq!(
            Key::parse(&"k".repeat(257)),
            Err(KeyError::TooLong { bytes: 257 })
        );
    }
}
