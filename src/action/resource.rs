//! What an action touches, in one spelling.

use unicode_normalization::is_nfc;

use super::preview::preview_text;
use super::text::text_type;

/// What an action touches: one to 64 segments, written with `/` between them, such as `forum/thread/42`.
///
/// Canonical or refused: a resource has one spelling, so a pattern cannot be walked around with `..`, `//`, `%2e` or
/// a backslash. Nothing is decoded, folded or trimmed here. A service builds the resource from what it is about to
/// execute, after its own decoding and look-ups, never from a caller's text alone.
///
/// ```
/// use bailiwick::action::Resource;
///
/// let thread = Resource::parse("forum/thread/42")?;
/// assert_eq!(thread.segments().len(), 3);
/// assert_eq!(thread.segments()[2].as_str(), "42");
///
/// assert!(Resource::parse("forum/thread/../43").is_err());
/// assert!(Resource::parse("forum/thread/%2e%2e/43").is_err());
/// assert!(Resource::parse("forum//thread").is_err());
/// assert!(Resource::parse("/forum").is_err());
/// # Ok::<(), bailiwick::action::ResourceError>(())
/// ```
///
/// # Security
///
/// Segments are compared byte by byte. Look-alike letters, zero-width characters and letter case make another
/// resource: a service whose store folds any of these must fold before it builds the resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource(Box<[Segment]>);

impl Resource {
    /// The most segments that a resource has.
    pub const MAX_SEGMENTS: usize = 64;
    /// The most bytes that its segments have together.
    pub const MAX_BYTES: usize = 4096;

    /// Reads the text form, with `/` between segments and none at the ends.
    ///
    /// # Errors
    ///
    /// When a segment is not canonical, or there are too many segments or bytes.
    pub fn parse(text: &str) -> Result<Resource, ResourceError> {
        Resource::from_segments(text.split('/'))
    }

    /// Builds a resource from its segments. A segment that contains `/` is refused, never split.
    ///
    /// ```
    /// use bailiwick::action::Resource;
    ///
    /// let thread = Resource::from_segments(["forum", "thread", "42"])?;
    /// assert_eq!(thread, Resource::parse("forum/thread/42")?);
    /// assert!(Resource::from_segments(["forum", "thread/42"]).is_err());
    /// # Ok::<(), bailiwick::action::ResourceError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no segment, a segment is not canonical, or there are too many segments or bytes.
    pub fn from_segments<I>(segments: I) -> Result<Resource, ResourceError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut checked = Vec::new();
        let mut bytes = 0_usize;
        for segment in segments {
            let segment = segment.as_ref();
            if checked.len() == Self::MAX_SEGMENTS {
                return Err(ResourceError::TooManySegments);
            }
            bytes = bytes.saturating_add(segment.len());
            if bytes > Self::MAX_BYTES {
                return Err(ResourceError::TooLong);
            }
            checked.push(Segment::parse(segment)?);
        }
        if checked.is_empty() {
            return Err(ResourceError::NoSegment);
        }
        Ok(Resource(checked.into()))
    }

    /// The segments, at least one.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            f.write_str(&segment.0)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Resource {
    type Err = ResourceError;

    fn from_str(text: &str) -> Result<Resource, ResourceError> {
        Resource::parse(text)
    }
}

impl TryFrom<&str> for Resource {
    type Error = ResourceError;

    fn try_from(text: &str) -> Result<Resource, ResourceError> {
        Resource::parse(text)
    }
}

impl serde::Serialize for Resource {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One step of a [`Resource`].
///
/// Not empty, not `.` or `..`, without `/`, `\`, `%` and control characters, in Unicode normalization form C.
///
/// ```
/// use bailiwick::action::{Segment, SegmentError};
///
/// assert_eq!(Segment::parse("Zürich")?.as_str(), "Zürich");
/// assert!(matches!(Segment::parse("a%2fb"), Err(SegmentError::Character { character: '%', .. })));
/// // The same letters, with the dots of the `ü` written apart.
/// assert!(matches!(Segment::parse("Zu\u{308}rich"), Err(SegmentError::NotNormalized { .. })));
/// # Ok::<(), SegmentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment(Box<str>);

impl Segment {
    /// Checks a segment.
    ///
    /// # Errors
    ///
    /// When the text is not a canonical segment, or longer than [`Resource::MAX_BYTES`].
    pub fn parse(text: &str) -> Result<Segment, SegmentError> {
        match text {
            "" => return Err(SegmentError::Empty),
            "." | ".." => {
                return Err(SegmentError::Dots {
                    segment: text.into(),
                });
            }
            _ => {}
        }
        if text.len() > Resource::MAX_BYTES {
            return Err(SegmentError::TooLong { bytes: text.len() });
        }
        if let Some(character) = text.chars().find(|c| is_refused(*c)) {
            return Err(SegmentError::Character {
                character,
                segment: preview_text(text),
            });
        }
        if !is_nfc(text) {
            return Err(SegmentError::NotNormalized {
                segment: preview_text(text),
            });
        }
        Ok(Segment(text.into()))
    }
}

text_type!(Segment, SegmentError);

/// Why a text is no [`Resource`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceError {
    /// There is no segment at all.
    #[error("resource has no segment")]
    NoSegment,
    /// There are more segments than [`Resource::MAX_SEGMENTS`].
    #[error("resource has more than {} segments", Resource::MAX_SEGMENTS)]
    TooManySegments,
    /// The segments have more bytes than [`Resource::MAX_BYTES`].
    #[error("resource has more than {} bytes", Resource::MAX_BYTES)]
    TooLong,
    /// A segment is not canonical.
    #[error(transparent)]
    Segment(#[from] SegmentError),
}

/// Why a text is no [`Segment`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// The segment is empty: `a//b`, or a `/` at an end.
    #[error("resource segment is empty")]
    Empty,
    /// The segment is `.` or `..`.
    #[error("resource segment `{segment}` is a path step, not a name")]
    Dots {
        /// The segment.
        segment: String,
    },
    /// The segment is longer than [`Resource::MAX_BYTES`].
    #[error(
        "resource segment has {bytes} bytes, more than {}",
        Resource::MAX_BYTES
    )]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// The segment has a character that no segment has.
    #[error("resource segment `{segment}` contains {character:?}")]
    Character {
        /// The character.
        character: char,
        /// The segment, escaped and shortened.
        segment: String,
    },
    /// The segment is not in Unicode normalization form C.
    #[error("resource segment `{segment}` is not in Unicode normalization form c")]
    NotNormalized {
        /// The segment, escaped and shortened.
        segment: String,
    },
}

fn is_refused(character: char) -> bool {
    matches!(character, '/' | '\\' | '%') || character.is_control()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_resource_has_one_spelling() {
        for text in [
            "", "/", "a/", "/a", "a//b", ".", "..", "a/..", "../a", "a/./b", "a/../b", "%2e%2e/a",
            "a%2Fb", "%", "a\\b", "..\\a", "a\0", "a\nb", "a\r", "a\tb", "a\u{7f}", "a\u{85}b",
            "a\u{9b}",
        ] {
            assert!(
                matches!(Resource::parse(text), Err(ResourceError::Segment(_))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn names_that_only_look_odd_are_resources() {
        for text in [
            "a",
            "...",
            ".a",
            "a.",
            " ",
            "a b",
            "a*",
            "**",
            "Zürich",
            "東京/港",
            "a:b;c=d",
            "~",
            "a?b#c",
        ] {
            assert_eq!(Resource::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn nfd_is_refused_and_nfc_is_not() {
        assert!(Resource::parse("caf\u{e9}").is_ok());
        assert!(matches!(
            Resource::parse("cafe\u{301}"),
            Err(ResourceError::Segment(SegmentError::NotNormalized { .. }))
        ));
        // The Kelvin sign and the Angstrom sign are other spellings of letters.
        assert!(Resource::parse("\u{212a}").is_err());
        assert!(Resource::parse("\u{212b}").is_err());
    }

    #[test]
    fn look_alikes_zero_width_and_letter_case_are_other_resources() {
        let plain = Resource::parse("data").unwrap();
        for text in [
            "Data",
            "d\u{430}ta",
            "da\u{200b}ta",
            "\u{202e}data",
            "data\u{feff}",
            "ｄata",
            "data ",
            "database",
        ] {
            assert_ne!(Resource::parse(text).unwrap(), plain, "{text:?}");
        }
    }

    #[test]
    fn a_slash_inside_a_segment_is_refused() {
        assert!(Resource::from_segments(["a", "b/c"]).is_err());
        assert!(Resource::from_segments(["a", "b", "c"]).is_ok());
        assert_eq!(
            Resource::from_segments([""; 0]),
            Err(ResourceError::NoSegment)
        );
    }

    #[test]
    fn the_limits_are_64_segments_and_4096_bytes() {
        assert!(Resource::from_segments(["a"; 64]).is_ok());
        assert_eq!(
            Resource::from_segments(["a"; 65]),
            Err(ResourceError::TooManySegments)
        );
        let half = "a".repeat(2048);
        assert!(Resource::from_segments([&half, &half]).is_ok());
        assert_eq!(
            Resource::from_segments([half.as_str(), &half, "a"]),
            Err(ResourceError::TooLong)
        );
        assert!(Segment::parse(&"a".repeat(4097)).is_err());
    }

    #[test]
    fn a_message_shows_what_does_not_print() {
        assert_eq!(
            Resource::parse("a/b\u{1b}[2J").unwrap_err().to_string(),
            r"resource segment `b\u{1b}[2J` contains '\u{1b}'"
        );
    }

    proptest! {
        #[test]
        fn what_parses_is_canonical(text in "[a-c./%\\\\éü\u{301}\u{308}\n]{0,12}") {
            if let Ok(resource) = Resource::parse(&text) {
                prop_assert_eq!(resource.to_string(), text.clone());
                prop_assert_eq!(Resource::from_segments(resource.segments()).unwrap(), resource);
                prop_assert!(!text.contains("//") && !text.contains(['%', '\\', '\n']));
                prop_assert!(text.split('/').all(|segment| segment != "." && segment != ".."));
            }
        }

        #[test]
        fn segments_keep_their_order_and_borders(
            left in proptest::collection::vec("[ab]{1,2}", 1..4),
            right in proptest::collection::vec("[ab]{1,2}", 1..4),
        ) {
            let resources = (Resource::from_segments(&left).unwrap(), Resource::from_segments(&right).unwrap());
            prop_assert_eq!(resources.0 == resources.1, left == right);
            prop_assert_eq!(resources.0.to_string() == resources.1.to_string(), left == right);
        }
    }
}
