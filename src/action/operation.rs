//! The name of what is done.

use super::preview::preview_text;
use super::text::text_type;

/// What an action does, in the service's words: dot-separated lower-case names, such as `forum.read`.
///
/// Each name starts with a letter `a`–`z`, then letters, digits, `_` and `-`. At most 128 bytes in all. There is one
/// spelling: upper case is refused, not folded.
///
/// ```
/// use bailiwick::action::Operation;
///
/// let read = Operation::parse("forum.read")?;
/// assert_eq!(read.as_str(), "forum.read");
///
/// assert!(Operation::parse("Forum.Read").is_err());
/// assert!(Operation::parse("forum..read").is_err());
/// # Ok::<(), bailiwick::action::OperationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation(Box<str>);

impl Operation {
    /// The most bytes that an operation has.
    pub const MAX_BYTES: usize = 128;

    /// Reads an operation.
    ///
    /// # Errors
    ///
    /// When the text is empty or too long, or one of its names is not of the form `[a-z][a-z0-9_-]*`.
    pub fn parse(text: &str) -> Result<Operation, OperationError> {
        if text.is_empty() {
            return Err(OperationError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(OperationError::TooLong { bytes: text.len() });
        }
        match text.split('.').find(|name| !is_name(name)) {
            Some(name) => Err(OperationError::BadName {
                operation: preview_text(text),
                name: preview_text(name),
            }),
            None => Ok(Operation(text.into())),
        }
    }
}

text_type!(Operation, OperationError);

/// Why a text is no [`Operation`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OperationError {
    /// The text is empty.
    #[error("operation is empty")]
    Empty,
    /// The text is longer than [`Operation::MAX_BYTES`].
    #[error("operation has {bytes} bytes, more than {}", Operation::MAX_BYTES)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// One of the names between the dots is not allowed.
    #[error("name `{name}` in operation `{operation}` is not of the form [a-z][a-z0-9_-]*")]
    BadName {
        /// The whole text, escaped and shortened.
        operation: String,
        /// The name, escaped and shortened.
        name: String,
    },
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_digits_dashes_and_underscores_are_operations() {
        for text in ["a", "forum.read", "acl.grant_all-2", "a.b.c.d"] {
            assert_eq!(Operation::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            ".", "a.", ".a", "a..b", "A", "a.B", "1a", "-a", "_a", "a b", "a*", "forum.*", "a/b",
            "é", "a\n", "a\0", "ａ",
        ] {
            assert!(
                matches!(Operation::parse(text), Err(OperationError::BadName { .. })),
                "{text:?}"
            );
        }
        assert_eq!(Operation::parse(""), Err(OperationError::Empty));
    }

    #[test]
    fn the_longest_operation_has_128_bytes() {
        assert!(Operation::parse(&"a".repeat(128)).is_ok());
        assert_eq!(
            Operation::parse(&"a".repeat(129)),
            Err(OperationError::TooLong { bytes: 129 })
        );
    }

    #[test]
    fn a_message_is_one_line() {
        let error = Operation::parse("a\nfake: line").unwrap_err();
        assert_eq!(
            error.to_string(),
            r"name `a\nfake: line` in operation `a\nfake: line` is not of the form [a-z][a-z0-9_-]*"
        );
    }
}
