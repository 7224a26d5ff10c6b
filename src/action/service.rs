//! The name of a service.

use super::preview::preview_text;
use super::text::text_type;

/// The name of a service, as tokens name their audience: `https://forum.example`, `forum`.
///
/// One to 255 printing ASCII characters without space, `"`, `\` and `,`. Compared byte by byte.
///
/// ```
/// use bailiwick::action::Service;
///
/// let forum = Service::parse("https://forum.example")?;
/// assert_eq!(forum.as_str(), "https://forum.example");
/// assert!(Service::parse("forum, mail").is_err());
/// # Ok::<(), bailiwick::action::ServiceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service(Box<str>);

impl Service {
    /// The most bytes that a service name has.
    pub const MAX_BYTES: usize = 255;

    /// Checks a service name.
    ///
    /// # Errors
    ///
    /// When the text is empty or too long, or has a character that no service name has.
    pub fn parse(text: &str) -> Result<Service, ServiceError> {
        if text.is_empty() {
            return Err(ServiceError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(ServiceError::TooLong { bytes: text.len() });
        }
        match text.chars().find(|c| !is_allowed(*c)) {
            Some(character) => Err(ServiceError::Character {
                character,
                service: preview_text(text),
            }),
            None => Ok(Service(text.into())),
        }
    }
}

text_type!(Service, ServiceError);

/// Why a text is no [`Service`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// The text is empty.
    #[error("service name is empty")]
    Empty,
    /// The text is longer than [`Service::MAX_BYTES`].
    #[error("service name has {bytes} bytes, more than {}", Service::MAX_BYTES)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// The text has a character that no service name has.
    #[error("service name `{service}` contains {character:?}")]
    Character {
        /// The character.
        character: char,
        /// The text, escaped and shortened.
        service: String,
    },
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_graphic() && !matches!(character, '"' | '\\' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_plain_names_are_services() {
        for text in [
            "a",
            "forum",
            "https://forum.example:8443/x?y=[z]",
            "urn:x:%41",
        ] {
            assert_eq!(Service::parse(text).unwrap().as_str(), text);
        }
        assert!(Service::parse(&"a".repeat(255)).is_ok());
    }

    #[test]
    fn lists_quotes_spaces_and_other_scripts_are_refused() {
        for text in [
            "a,b", "a b", " a", "a\"", "a\\b", "a\n", "a\0", "fоrum", "\u{7f}",
        ] {
            assert!(
                matches!(Service::parse(text), Err(ServiceError::Character { .. })),
                "{text:?}"
            );
        }
        assert_eq!(Service::parse(""), Err(ServiceError::Empty));
        assert_eq!(
            Service::parse(&"a".repeat(256)),
            Err(ServiceError::TooLong { bytes: 256 })
        );
    }
}
