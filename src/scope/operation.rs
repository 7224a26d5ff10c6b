//! Which operations a pattern names.

use std::fmt;
use std::str::FromStr;

use super::ScopeError;
use crate::action::Operation;

/// One operation (`forum.read`) or all below a name (`forum.*`, which is not `forum` itself).
///
/// ```
/// use bailiwick::scope::OperationPattern;
/// let forum: OperationPattern = "forum.*".parse()?;
/// assert!(forum.matches(&"forum.post.read".parse()?));
/// assert!(!forum.matches(&"forums.read".parse()?) && !forum.matches(&"forum".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OperationPattern(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Exact(Operation),
    /// With its final dot, as it is compared and encoded: `forum.`
    Below(String),
}

/// What an [`OperationPattern`] compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OperationView<'a> {
    Exact(&'a str),
    StartsWith(&'a str),
}

impl OperationPattern {
    /// This operation alone.
    pub fn exact(operation: Operation) -> Self {
        Self(Kind::Exact(operation))
    }

    /// Every operation below this name.
    pub fn below(name: &Operation) -> Self {
        Self(Kind::Below(format!("{name}.")))
    }

    /// Whether `operation` is one that is named.
    #[inline]
    pub fn matches(&self, operation: &Operation) -> bool {
        match &self.0 {
            Kind::Exact(exact) => exact == operation,
            Kind::Below(prefix) => operation.as_str().starts_with(prefix.as_str()),
        }
    }

    /// Whether this is a sub-tree that `other` lies in.
    pub(crate) fn is_above(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Below(prefix), Kind::Exact(exact)) => exact.as_str().starts_with(prefix),
            (Kind::Below(prefix), Kind::Below(other)) => other.starts_with(prefix),
            (Kind::Exact(_), _) => false,
        }
    }

    pub(crate) fn view(&self) -> OperationView<'_> {
        match &self.0 {
            Kind::Exact(operation) => OperationView::Exact(operation.as_str()),
            Kind::Below(prefix) => OperationView::StartsWith(prefix),
        }
    }
}

impl FromStr for OperationPattern {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let operation = |name: &str| {
            name.parse::<Operation>()
                .map_err(|_| ScopeError::OperationPattern(text.to_owned()))
        };
        match text.strip_suffix(".*") {
            Some(name) => Ok(Self::below(&operation(name)?)),
            None => Ok(Self::exact(operation(text)?)),
        }
    }
}

impl fmt::Display for OperationPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Exact(operation) => write!(f, "{operation}"),
            Kind::Below(prefix) => write!(f, "{prefix}*"),
        }
    }
}
