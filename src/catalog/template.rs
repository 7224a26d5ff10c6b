//! What an operation touches, with its parameters left open.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::error::MapError;
use super::pattern::{Part, PatternError, matched, parts};
use crate::action::{Key, Resource, Segment, Value, preview_text};
use crate::scope::{ResourcePattern, SegmentPattern, Tail};

/// What an operation touches: a resource whose constants are written and whose parameters are in braces.
///
/// `{name}` is put into exactly one segment, a last `{name**}` into one or more.
///
/// ```
/// use bailiwick::catalog::Template;
///
/// let mail: Template = "mail/{folder}/{id}".parse()?;
/// assert_eq!(mail.parameters().map(|key| key.as_str()).collect::<Vec<_>>(), ["folder", "id"]);
/// assert!("files/{path**}".parse::<Template>().is_ok());
/// assert!("files/{path**}/x".parse::<Template>().is_err());
/// assert!("files/id-{id}".parse::<Template>().is_err());
/// assert!("files/../x".parse::<Template>().is_err());
/// # Ok::<(), bailiwick::catalog::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part<Segment>>);

impl Template {
    /// The parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &Key> {
        self.0.iter().filter_map(Part::parameter)
    }

    /// The parameter that fills the last segments, if there is one.
    pub(super) fn rest(&self) -> Option<&Key> {
        match self.0.last() {
            Some(Part::Rest(key)) => Some(key),
            _ => None,
        }
    }

    /// The resources of this template, whatever its parameters are.
    pub(crate) fn pattern(&self) -> Option<ResourcePattern> {
        let mut segments = Vec::with_capacity(self.0.len());
        let mut tail = Tail::Closed;
        for part in &self.0 {
            match part {
                Part::Constant(constant) => {
                    segments.push(SegmentPattern::Literal(constant.clone()))
                }
                Part::One(_) => segments.push(SegmentPattern::Any),
                Part::Rest(_) => tail = Tail::Open,
            }
        }
        ResourcePattern::new(segments, tail).ok()
    }

    /// Whether some resource of this template may be one of a pattern, of which `None` is any one segment.
    pub(crate) fn meets(&self, segments: &[Option<&SegmentPattern>], tail: Tail) -> bool {
        let mut segments = segments.iter();
        for part in &self.0 {
            let Some(segment) = segments.next() else {
                return tail == Tail::Open;
            };
            match part {
                Part::Constant(constant) => {
                    if segment.is_some_and(|segment| !segment.matches(constant)) {
                        return false;
                    }
                }
                Part::One(_) => {}
                Part::Rest(_) => return true,
            }
        }
        tail == Tail::Closed && segments.next().is_none()
    }

    /// Puts the values in. `path` says that the last segments come from a [`Type::Path`](super::Type::Path).
    pub(super) fn fill(
        &self,
        values: &BTreeMap<&Key, Value>,
        path: bool,
    ) -> Result<Resource, MapError> {
        let mut segments: Vec<String> = Vec::with_capacity(self.0.len());
        for part in &self.0 {
            match part {
                Part::Constant(segment) => segments.push(segment.as_str().to_owned()),
                Part::One(key) => segments.push(text(values, key)?),
                Part::Rest(key) => {
                    let text = text(values, key)?;
                    // A path says its root; a resource has none.
                    let below = if path { text.strip_prefix('/') } else { None };
                    segments.extend(below.unwrap_or(&text).split('/').map(str::to_owned));
                }
            }
        }
        Ok(Resource::from_segments(segments)?)
    }

    /// Takes the values out again, as the texts that they were put in as.
    pub(super) fn take(&self, resource: &Resource, path: bool) -> Option<BTreeMap<&Key, String>> {
        let segments: Vec<&str> = resource.segments().iter().map(Segment::as_str).collect();
        let taken = matched(&self.0, &segments)?.into_iter();
        let rest = self.rest();
        Some(
            taken
                .map(|(key, segments)| {
                    let root = if path && rest == Some(key) { "/" } else { "" };
                    (key, format!("{root}{}", segments.join("/")))
                })
                .collect(),
        )
    }
}

/// A value as text of a resource.
fn text(values: &BTreeMap<&Key, Value>, key: &Key) -> Result<String, MapError> {
    match values.get(key) {
        Some(Value::Text(text)) => Ok(text.clone()),
        Some(Value::Int(integer)) => Ok(integer.to_string()),
        // Other types are refused where a catalog is made, as are optional parameters.
        _ => Err(MapError::ArgumentMissing {
            argument: preview_text(key.as_str()),
        }),
    }
}

impl FromStr for Template {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let constant = |text: &str| Segment::parse(text).map_err(|error| error.to_string());
        parts(text, constant).map(Self)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "/" })?;
            part.fmt(f)?;
        }
        Ok(())
    }
}
