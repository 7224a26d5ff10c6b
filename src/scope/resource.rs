//! Which resources a pattern names.

use std::fmt;
use std::str::FromStr;

use super::{ScopeError, TextPattern};
use crate::action::{Resource, Segment};

/// One segment of a [`ResourcePattern`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SegmentPattern {
    /// This segment.
    Literal(Segment),
    /// Any one segment. Written `*`.
    Any,
    /// A segment with one `*` inside, which stands for one or more bytes.
    Affix(TextPattern),
}

/// Segments with wildcards: `forum/thread/42/**`.
///
/// `*` is one whole segment, one `*` inside a segment is one or more bytes of it, and a last `**`
/// is one or more segments. Literals follow the rules of [`Resource`]; a `*` that is one itself is
/// written `\*`.
///
/// ```
/// use bailiwick::scope::ResourcePattern;
/// let thread: ResourcePattern = "forum/thread/42/**".parse()?;
/// assert!(thread.matches(&"forum/thread/42/draft/1".parse()?));
/// assert!(!thread.matches(&"forum/thread/42".parse()?));
/// assert!(!thread.matches(&"forum/thread/421/draft".parse()?));
/// assert!("forum/../admin".parse::<ResourcePattern>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourcePattern {
    segments: Vec<SegmentPattern>,
    tail: Tail,
}

/// What may follow the segments of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tail {
    /// Nothing.
    Closed,
    /// One or more segments. Written `**`.
    Open,
}

impl ResourcePattern {
    /// A pattern of these segments and this tail.
    ///
    /// # Errors
    ///
    /// [`ScopeError::ResourcePattern`] if there is neither a segment nor an open tail, if it wants
    /// more segments than a [`Resource`] can have, or if an affix holds what no segment can.
    pub fn new(segments: Vec<SegmentPattern>, tail: Tail) -> Result<Self, ScopeError> {
        let pattern = Self { segments, tail };
        let least = match tail {
            Tail::Closed => pattern.segments.len(),
            Tail::Open => pattern.segments.len() + 1,
        };
        let affixes_fit = pattern.segments.iter().all(|segment| match segment {
            SegmentPattern::Affix(affix) => fits_a_segment(affix),
            _ => true,
        });
        if !(1..=Resource::MAX_SEGMENTS).contains(&least) || !affixes_fit {
            return Err(ScopeError::ResourcePattern(pattern.to_string()));
        }
        Ok(pattern)
    }

    /// Exactly this resource, whose `*`, if it has any, are no wildcards.
    pub fn exact(resource: &Resource) -> Self {
        Self {
            segments: resource
                .segments()
                .iter()
                .cloned()
                .map(SegmentPattern::Literal)
                .collect(),
            tail: Tail::Closed,
        }
    }

    /// The segments before the tail.
    pub fn segments(&self) -> &[SegmentPattern] {
        &self.segments
    }

    /// What may follow them.
    pub fn tail(&self) -> Tail {
        self.tail
    }

    /// Whether every resource is named. Written `**`.
    pub(crate) fn is_everything(&self) -> bool {
        self.segments.is_empty() && self.tail == Tail::Open
    }

    /// Whether `resource` is one that is named.
    #[inline]
    pub fn matches(&self, resource: &Resource) -> bool {
        let (own, given) = (self.segments.as_slice(), resource.segments());
        let fits = match self.tail {
            Tail::Closed => given.len() == own.len(),
            Tail::Open => given.len() > own.len(),
        };
        fits && own.iter().zip(given).all(|(own, given)| own.matches(given))
    }
}

impl SegmentPattern {
    #[inline]
    pub(crate) fn matches(&self, segment: &Segment) -> bool {
        match self {
            Self::Literal(literal) => literal == segment,
            Self::Any => true,
            Self::Affix(affix) => affix.matches(segment.as_str()),
        }
    }

    fn parse(text: &str) -> Result<Self, ScopeError> {
        let error = || ScopeError::ResourcePattern(text.to_owned());
        if text == "*" {
            return Ok(Self::Any);
        }
        let literal = text.replace(r"\*", "*");
        if text.matches('*').count() > text.matches(r"\*").count() {
            return TextPattern::parse(text)
                .map(Self::Affix)
                .map_err(|_| error());
        }
        Segment::parse(&literal)
            .map(Self::Literal)
            .map_err(|_| error())
    }
}

/// A lone `*` is [`SegmentPattern::Any`], and each end of an affix must be text that a segment
/// can begin or end with.
fn fits_a_segment(affix: &TextPattern) -> bool {
    let dots = |text: &str| text == "." || text == "..";
    let fits = |text: &str| text.is_empty() || dots(text) || Segment::parse(text).is_ok();
    let some = !affix.prefix().is_empty() || !affix.suffix().is_empty();
    some && fits(affix.prefix()) && fits(affix.suffix())
}

impl FromStr for ResourcePattern {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let (text, tail) = match text.strip_suffix("**") {
            Some("") => return Self::new(Vec::new(), Tail::Open),
            Some(rest) => match rest.strip_suffix('/') {
                Some(rest) => (rest, Tail::Open),
                None => return Err(ScopeError::ResourcePattern(text.to_owned())),
            },
            None => (text, Tail::Closed),
        };
        Self::new(
            text.split('/')
                .map(SegmentPattern::parse)
                .collect::<Result<_, _>>()?,
            tail,
        )
    }
}

impl fmt::Display for ResourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for segment in &self.segments {
            f.write_str(separator)?;
            match segment {
                SegmentPattern::Literal(literal) => {
                    f.write_str(&literal.as_str().replace('*', r"\*"))?;
                }
                SegmentPattern::Any => f.write_str("*")?,
                SegmentPattern::Affix(affix) => write!(f, "{affix}")?,
            }
            separator = "/";
        }
        match self.tail {
            Tail::Open => write!(f, "{separator}**"),
            Tail::Closed => Ok(()),
        }
    }
}
