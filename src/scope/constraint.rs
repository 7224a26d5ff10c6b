//! A matcher at a path.

use super::{Matcher, Path, ScopeError};

/// What it means that nothing stands at a constraint's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Presence {
    /// In a capability: absence does not match. In a deny entry or requirement: absence is doubt,
    /// and doubt matches.
    #[default]
    Required,
    /// Only in a capability: absence matches. Null is not absence.
    Optional,
    /// Only in a deny entry or requirement: absence does not match.
    IfPresent,
}

/// Which elements of the innermost list on the path must match. Outer lists are always `Every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Quantifier {
    /// All of them.
    #[default]
    Every,
    /// At least one.
    Some,
}

/// A matcher at a path of the arguments or of the attributes.
///
/// It speaks of the value at its path. `*` as a step says "here is a list, each element"; without
/// it a list on the way does not match. An empty list matches exactly if the same pattern also
/// has a [`Matcher::Count`] for that list that allows 0.
///
/// ```
/// use bailiwick::scope::{Constraint, Matcher};
/// let every = Constraint::new("to.*", Matcher::text("*@corp.com")?)?;
/// let some = Constraint::new("to.*", Matcher::equals("boss@corp.com"))?.some()?;
/// assert!(Constraint::new("subject", Matcher::equals("x"))?.some().is_err());
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constraint {
    path: Path,
    presence: Presence,
    quantifier: Quantifier,
    matcher: Matcher,
}

impl Constraint {
    /// The value at `path` must be present and satisfy `matcher`; every element, if the path goes
    /// through a list.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`] if `path` is not a path.
    pub fn new(path: &str, matcher: Matcher) -> Result<Self, ScopeError> {
        Ok(Self::at(path.parse()?, matcher))
    }

    /// As [`Constraint::new`], for a path that is parsed already.
    pub fn at(path: Path, matcher: Matcher) -> Self {
        Self {
            path,
            presence: Presence::Required,
            quantifier: Quantifier::Every,
            matcher,
        }
    }

    /// Admits absence (of the value, or of an object on the way to it), but not null.
    pub fn optional(mut self) -> Self {
        self.presence = Presence::Optional;
        self
    }

    /// For deny entries and requirements: absence does not match.
    pub fn if_present(mut self) -> Self {
        self.presence = Presence::IfPresent;
        self
    }

    /// At least one element of the innermost list on the path, instead of every one.
    ///
    /// # Errors
    ///
    /// [`ScopeError::SomeWithoutList`] if the path goes through no list.
    pub fn some(mut self) -> Result<Self, ScopeError> {
        if !self.path.has_each() {
            return Err(ScopeError::SomeWithoutList(self.path.to_string()));
        }
        self.quantifier = Quantifier::Some;
        Ok(self)
    }

    /// Where it looks.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What absence means.
    pub fn presence(&self) -> Presence {
        self.presence
    }

    /// Which elements must match.
    pub fn quantifier(&self) -> Quantifier {
        self.quantifier
    }

    /// What it asks of the value.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// In a pattern that is judged in doubt: absence matches already, so `optional` and the
    /// quantifier say nothing and are dropped; one meaning has one spelling.
    pub(crate) fn in_doubt(mut self) -> Self {
        if self.presence == Presence::Optional {
            self.presence = Presence::Required;
        }
        self.quantifier = Quantifier::Every;
        self
    }
}
