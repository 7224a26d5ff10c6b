//! Text with one wildcard.

use std::fmt;

use super::ScopeError;

/// A text with exactly one `*`, which stands for one or more bytes: `*@corp.com`.
///
/// Bytes are compared as they are: no case folding, no normalization, no homoglyphs.
///
/// ```
/// use bailiwick::scope::TextPattern;
/// let corp = TextPattern::parse("*@corp.com")?;
/// assert!(corp.matches("ann@corp.com"));
/// assert!(!corp.matches("ann@corp.com@evil") && !corp.matches("@corp.com"));
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextPattern {
    prefix: String,
    suffix: String,
}

impl TextPattern {
    /// What stands before the `*`, and what stands after it.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Wildcard`] if either holds a `*` itself.
    pub fn new(prefix: impl Into<String>, suffix: impl Into<String>) -> Result<Self, ScopeError> {
        let pattern = Self {
            prefix: prefix.into(),
            suffix: suffix.into(),
        };
        if pattern.prefix.contains('*') || pattern.suffix.contains('*') {
            return Err(ScopeError::Wildcard(pattern.to_string()));
        }
        Ok(pattern)
    }

    /// Reads the text form.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Wildcard`] unless there is exactly one `*`.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let (prefix, suffix) = text
            .split_once('*')
            .ok_or_else(|| ScopeError::Wildcard(text.to_owned()))?;
        Self::new(prefix, suffix)
    }

    /// What stands before the `*`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What stands after the `*`.
    pub fn suffix(&self) -> &str {
        &self.suffix
    }

    /// Whether `text` is the prefix, one or more bytes, and the suffix.
    pub fn matches(&self, text: &str) -> bool {
        text.len() > self.prefix.len().saturating_add(self.suffix.len())
            && text.starts_with(&self.prefix)
            && text.ends_with(&self.suffix)
    }
}

impl fmt::Display for TextPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}*{}", self.prefix, self.suffix)
    }
}
