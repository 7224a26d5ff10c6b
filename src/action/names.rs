//! Who asks, with what, and what for.

use super::preview::preview_text;
use super::text::text_type;

/// Why a text is no name of the kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The text is empty.
    #[error("{what} is empty")]
    Empty {
        /// The kind of name.
        what: &'static str,
    },
    /// The text is too long.
    #[error("{what} has {bytes} bytes, more than {max}")]
    TooLong {
        /// The kind of name.
        what: &'static str,
        /// Its length.
        bytes: usize,
        /// The most bytes that this kind has.
        max: usize,
    },
    /// The text has a control character, or one that changes the direction of the text around it.
    #[error("{what} `{name}` contains {character:?}")]
    ControlCharacter {
        /// The kind of name.
        what: &'static str,
        /// The character.
        character: char,
        /// The text, escaped and shortened.
        name: String,
    },
}

macro_rules! name_type {
    ($name:ident, $what:literal, $max:literal, $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The most bytes that it has.
            pub const MAX_BYTES: usize = $max;

            /// Checks the text: not empty, not too long, without control characters.
            ///
            /// # Errors
            ///
            /// When one of these does not hold.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check($what, Self::MAX_BYTES, text)?;
                Ok(Self(text.into()))
            }
        }

        text_type!($name, NameError);
    };
}

name_type! {
    TaskId, "task id", 256,
    /// The id of one task, unique under the root key that minted it. At most 256 bytes.
    ///
    /// ```
    /// use bailiwick::action::TaskId;
    ///
    /// assert_eq!(TaskId::parse("triage-2026-11-21/7")?.as_str(), "triage-2026-11-21/7");
    /// assert!(TaskId::parse("two\nlines").is_err());
    /// # Ok::<(), bailiwick::action::NameError>(())
    /// ```
}

name_type! {
    AgentName, "agent name", 256,
    /// The name of an agent, as its issuer or the agent that delegates to it calls it. At most 256 bytes.
    ///
    /// ```
    /// use bailiwick::action::AgentName;
    ///
    /// assert_eq!(AgentName::parse("forum-helper")?.as_str(), "forum-helper");
    /// assert!(AgentName::parse("").is_err());
    /// # Ok::<(), bailiwick::action::NameError>(())
    /// ```
}

name_type! {
    Principal, "principal", 256,
    /// The person or team for whom the task is done. At most 256 bytes.
    ///
    /// ```
    /// use bailiwick::action::Principal;
    ///
    /// assert_eq!(Principal::parse("ada@example.com")?.as_str(), "ada@example.com");
    /// assert!(Principal::parse("ada\0").is_err());
    /// # Ok::<(), bailiwick::action::NameError>(())
    /// ```
}

name_type! {
    Purpose, "purpose", 1024,
    /// What the task is for, in a sentence for people. At most 1024 bytes.
    ///
    /// ```
    /// use bailiwick::action::Purpose;
    ///
    /// assert!(Purpose::parse("answer the question in thread 42").is_ok());
    /// assert!(Purpose::parse(&"long ".repeat(300)).is_err());
    /// ```
}

name_type! {
    ApproverName, "approver name", 256,
    /// The name of a person or a program that approves, as a directory lists it. At most 256 bytes.
    ///
    /// ```
    /// use bailiwick::action::ApproverName;
    ///
    /// assert_eq!(ApproverName::parse("Ada Lovelace")?.as_str(), "Ada Lovelace");
    /// assert!(ApproverName::parse("ada\u{202e}").is_err());
    /// # Ok::<(), bailiwick::action::NameError>(())
    /// ```
}

name_type! {
    ToolName, "tool name", 256,
    /// The name of a tool, as an agent calls it. At most 256 bytes.
    ///
    /// ```
    /// use bailiwick::action::ToolName;
    ///
    /// assert_eq!(ToolName::parse("send_email")?.as_str(), "send_email");
    /// assert!(ToolName::parse("").is_err());
    /// # Ok::<(), bailiwick::action::NameError>(())
    /// ```
}

fn check(what: &'static str, max: usize, text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty { what });
    }
    if text.len() > max {
        return Err(NameError::TooLong {
            what,
            bytes: text.len(),
            max,
        });
    }
    match text.chars().find(|c| misleads(*c)) {
        Some(character) => Err(NameError::ControlCharacter {
            what,
            character,
            name: preview_text(text),
        }),
        None => Ok(()),
    }
}

/// Names are shown to people beside other text, which they must not rearrange or break. (Letters
/// that look alike are beyond this.)
fn misleads(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = matches!(c, '\u{2028}' | '\u{2029}');
    c.is_control() || turns || breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_rearrange_or_break_the_text_around_them() {
        for c in [
            '\u{202e}', '\u{2066}', '\u{200f}', '\u{2028}', '\u{7}', '\n',
        ] {
            let refused = AgentName::parse(&format!("ann{c}nna"));
            assert!(
                matches!(refused, Err(NameError::ControlCharacter { .. })),
                "{c:?}"
            );
        }
    }

    #[test]
    fn names_keep_every_byte_of_their_text() {
        for text in ["a", " a b ", "Zürich", "Zu\u{308}rich", "a/b.c*"] {
            assert_eq!(TaskId::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn empty_long_and_control_are_refused_with_the_kind_of_name() {
        assert_eq!(
            AgentName::parse("").unwrap_err().to_string(),
            "agent name is empty"
        );
        assert_eq!(
            Purpose::parse(&"a".repeat(1025)).unwrap_err().to_string(),
            "purpose has 1025 bytes, more than 1024"
        );
        assert!(Purpose::parse(&"a".repeat(1024)).is_ok());
        assert!(Principal::parse(&"a".repeat(256)).is_ok());
        assert!(Principal::parse(&"a".repeat(257)).is_err());
        assert_eq!(
            ToolName::parse("a\u{85}b").unwrap_err().to_string(),
            r"tool name `a\u{85}b` contains '\u{85}'"
        );
    }

    #[test]
    fn a_name_serializes_as_its_text() {
        let name = AgentName::parse("a\"b").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), r#""a\"b""#);
    }
}
