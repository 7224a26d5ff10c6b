//! What a constraint asks of the value at its path.

use super::{Bounds, Choices, DecimalRange, IntRange, Label, Scalar, ScopeError, TextPattern};

/// What a constraint asks of the value at its path.
///
/// A value of another type than the one that a matcher speaks of never satisfies it; in a deny
/// entry or a requirement, where doubt counts as a match, it does.
///
/// ```
/// use bailiwick::scope::Matcher;
/// let corp = Matcher::text("*@corp.com")?;
/// let exact = Matcher::text("ann@corp.com")?; // no `*`: equality
/// assert_eq!(exact, Matcher::equals("ann@corp.com"));
/// assert!(Matcher::one_of(["a", "a"]).is_err());
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Matcher {
    /// The value is this constant.
    Equals(Scalar),
    /// The value is one of these constants.
    OneOf(Choices),
    /// The value is an integer in this range.
    Int(IntRange),
    /// The value is a decimal of the range's scale, and in it.
    Decimal(DecimalRange),
    /// The value is a text that matches.
    Text(TextPattern),
    /// The value is a text of so many bytes.
    TextLength(Bounds),
    /// The value is a bytes value of so many bytes.
    BytesLength(Bounds),
    /// The value is a text that a service has noted, under its signature, as given to this task
    /// in the field that the label names.
    From(Label),
    /// The value is a list of so many elements.
    Count(Bounds),
}

impl Matcher {
    /// The value is this constant.
    pub fn equals(value: impl Into<Scalar>) -> Self {
        Self::Equals(value.into())
    }

    /// The value is one of these constants, all of one type.
    ///
    /// # Errors
    ///
    /// See [`Choices::new`].
    pub fn one_of<T: Into<Scalar>>(
        values: impl IntoIterator<Item = T>,
    ) -> Result<Self, ScopeError> {
        Choices::new(values.into_iter().map(Into::into).collect()).map(Self::OneOf)
    }

    /// A text: with one `*`, a pattern; without, equality. (A text that has a `*` itself is
    /// [`Matcher::equals`].)
    ///
    /// # Errors
    ///
    /// [`ScopeError::Wildcard`] if there is more than one `*`.
    pub fn text(pattern: &str) -> Result<Self, ScopeError> {
        if pattern.contains('*') {
            TextPattern::parse(pattern).map(Self::Text)
        } else {
            Ok(Self::equals(pattern))
        }
    }

    /// An integer from `min` to `max`.
    ///
    /// # Errors
    ///
    /// See [`IntRange::new`].
    pub fn int(
        min: impl Into<Option<i64>>,
        max: impl Into<Option<i64>>,
    ) -> Result<Self, ScopeError> {
        IntRange::new(min.into(), max.into()).map(Self::Int)
    }

    /// A decimal at `scale` whose units lie from `min` to `max`: at scale 2, 500 is 5.00.
    ///
    /// # Errors
    ///
    /// See [`IntRange::new`] and [`DecimalRange::new`].
    pub fn decimal(
        scale: u8,
        min: impl Into<Option<i64>>,
        max: impl Into<Option<i64>>,
    ) -> Result<Self, ScopeError> {
        DecimalRange::new(scale, IntRange::new(min.into(), max.into())?).map(Self::Decimal)
    }

    /// A text of `min` to `max` bytes.
    ///
    /// # Errors
    ///
    /// See [`Bounds::new`].
    pub fn text_length(min: u32, max: impl Into<Option<u32>>) -> Result<Self, ScopeError> {
        Bounds::new(min, max.into()).map(Self::TextLength)
    }

    /// A bytes value of `min` to `max` bytes.
    ///
    /// # Errors
    ///
    /// See [`Bounds::new`].
    pub fn bytes_length(min: u32, max: impl Into<Option<u32>>) -> Result<Self, ScopeError> {
        Bounds::new(min, max.into()).map(Self::BytesLength)
    }

    /// A list of `min` to `max` elements.
    ///
    /// # Errors
    ///
    /// See [`Bounds::new`].
    pub fn count(min: u32, max: impl Into<Option<u32>>) -> Result<Self, ScopeError> {
        Bounds::new(min, max.into()).map(Self::Count)
    }

    /// A value that a service has noted under this label.
    ///
    /// # Errors
    ///
    /// See [`Label::new`].
    pub fn from_label(label: &str) -> Result<Self, ScopeError> {
        Label::new(label).map(Self::From)
    }
}
