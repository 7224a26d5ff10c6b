//! How an operation is reached.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::pattern::{Part, PatternError, matched, overlap, parts, same_shape};
use super::wire::decoded;
use crate::action::{Key, ToolName, preview_text};

/// By which tool an operation is reached.
///
/// A tool's arguments go to the operation's of the same names, unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolRoute {
    pub(super) tool: ToolName,
    /// What the tool calls it, and what the operation does.
    pub(super) arguments: BTreeMap<Key, Key>,
}

impl ToolRoute {
    /// The tool, with arguments of the operation's names.
    #[must_use]
    pub const fn new(tool: ToolName) -> Self {
        let arguments = BTreeMap::new();
        Self { tool, arguments }
    }

    /// Says that what the tool calls `theirs` is the operation's argument `ours`.
    #[must_use]
    pub fn argument(mut self, theirs: Key, ours: Key) -> Self {
        self.arguments.insert(theirs, ours);
        self
    }

    /// The tool.
    #[must_use]
    pub const fn tool(&self) -> &ToolName {
        &self.tool
    }

    /// What the tool calls an argument of the operation.
    pub(super) fn source<'a>(&'a self, argument: &'a Key) -> &'a Key {
        theirs(&self.arguments, argument)
    }
}

/// By which HTTP route an operation is reached.
///
/// An argument is taken from the path if that names it, from the query if [`query`](Self::query) does, and else from the body,
/// which must be a JSON object: [`body`](Self::body). Without a body, all must come from path and query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRoute {
    pub(super) method: Box<str>,
    pub(super) path: PathPattern,
    /// The field, and the operation's argument.
    pub(super) query: BTreeMap<Key, Key>,
    /// The member and the operation's argument, where names differ; `None` if there is no body.
    pub(super) body: Option<BTreeMap<Key, Key>>,
}

/// Why there is no [`HttpRoute`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// The method is not capital letters.
    #[error("`{method}` is not an HTTP method in capital letters")]
    Method {
        /// The method, escaped and shortened.
        method: String,
    },
}

impl HttpRoute {
    /// A route without query and body.
    ///
    /// # Errors
    ///
    /// When the method is not 1 to 64 capital letters, with hyphens between them.
    pub fn new(method: &str, path: PathPattern) -> Result<Self, RouteError> {
        let capitals =
            |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_uppercase());
        if method.len() > crate::action::HttpCall::MAX_METHOD_BYTES
            || !method.split('-').all(capitals)
        {
            let method = preview_text(method);
            return Err(RouteError::Method { method });
        }
        Ok(Self {
            method: method.into(),
            path,
            query: BTreeMap::new(),
            body: None,
        })
    }

    /// Takes an argument of the operation from a field of the query.
    #[must_use]
    pub fn query(mut self, field: Key, argument: Key) -> Self {
        self.query.insert(field, argument);
        self
    }

    /// Takes what is left from a JSON object in the body, whose members have the operation's names.
    #[must_use]
    pub fn body(mut self) -> Self {
        self.body.get_or_insert_default();
        self
    }

    /// As [`body`](Self::body), and says that its member `theirs` is the operation's argument `ours`.
    #[must_use]
    pub fn body_member(mut self, theirs: Key, ours: Key) -> Self {
        self.body.get_or_insert_default().insert(theirs, ours);
        self
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path.
    #[must_use]
    pub const fn path(&self) -> &PathPattern {
        &self.path
    }

    /// Where an argument comes from.
    pub(super) fn source<'a>(&'a self, argument: &'a Key) -> Source<'a> {
        if self
            .path
            .parameters()
            .any(|parameter| parameter == argument)
        {
            return Source::Path;
        }
        if let Some((field, _)) = self.query.iter().find(|(_, ours)| *ours == argument) {
            return Source::Query(field);
        }
        match &self.body {
            Some(members) => Source::Body(theirs(members, argument)),
            None => Source::Nowhere,
        }
    }
}

/// Where an argument comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source<'a> {
    Path,
    Query(&'a Key),
    Body(&'a Key),
    Nowhere,
}

/// What others call an argument of the operation.
fn theirs<'a>(names: &'a BTreeMap<Key, Key>, ours: &'a Key) -> &'a Key {
    let named = names.iter().find(|(_, name)| *name == ours);
    named.map_or(ours, |(theirs, _)| theirs)
}

/// A path with its parameters left open: `/mail/{id}`, `/files/{path**}`. A slash at the end counts.
///
/// ```
/// use bailiwick::catalog::PathPattern;
///
/// assert!("/mail/{folder}/{id}".parse::<PathPattern>().is_ok());
/// assert!("mail/{id}".parse::<PathPattern>().is_err());
/// assert!("/mail/%7Bid%7d".parse::<PathPattern>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(Vec<Part<Box<str>>>);

impl PathPattern {
    /// `/`.
    pub(super) fn root() -> Self {
        Self(vec![Part::Constant("".into())])
    }

    /// The parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &Key> {
        self.0.iter().filter_map(Part::parameter)
    }

    /// The parameters of a path, each with the segments that stand in its place.
    pub(super) fn matched<'p, 's>(
        &'p self,
        segments: &'s [&'s str],
    ) -> Option<Vec<(&'p Key, &'s [&'s str])>> {
        matched(&self.0, segments)
    }

    /// Whether the parameter takes one or more segments.
    pub(super) fn is_rest(&self, parameter: &Key) -> bool {
        matches!(self.0.last(), Some(Part::Rest(key)) if key == parameter)
    }

    pub(super) fn same_shape(&self, other: &Self) -> bool {
        same_shape(&self.0, &other.0)
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        overlap(&self.0, &other.0)
    }
}

impl FromStr for PathPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let text = text.strip_prefix('/').ok_or(PatternError::Relative)?;
        let last = text.split('/').count();
        let constants = |constant: &str| match constant {
            "" => Ok("".into()),
            constant => match decoded(constant) {
                Ok(_) => Ok(constant.into()),
                Err(error) => Err(error.to_string()),
            },
        };
        let parts: Vec<Part<Box<str>>> = parts(text, constants)?;
        let empty = |part: &Part<Box<str>>| matches!(part, Part::Constant(it) if it.is_empty());
        if parts.iter().take(last.saturating_sub(1)).any(empty) {
            return Err(PatternError::Constant {
                constant: String::new(),
                why: "it is empty".to_owned(),
            });
        }
        Ok(Self(parts))
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| write!(f, "/{part}"))
    }
}
