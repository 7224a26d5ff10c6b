//! Types of parameters.

use std::fmt;

use super::{Name, ParameterError};
use crate::action::{Segment, Value, preview_text};
use crate::scope::{IntRange, Scalar};

/// What a parameter of a manifest may be.
///
/// Each has one spelling: a segment or a text is given as a text, never as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterType {
    /// Exactly one segment of a resource.
    Segment,
    /// A text of 1 to so many bytes, without control characters. It is no segment.
    Text {
        /// The most bytes.
        max_len: u32,
    },
    /// One of these texts.
    Enum {
        /// The texts, each different.
        values: Vec<String>,
    },
    /// A 64-bit integer.
    Integer {
        /// The values that it may have, if not all.
        range: Option<IntRange>,
    },
    /// A number with so many digits after the point, in units of the last one.
    Decimal {
        /// Digits after the point.
        scale: u8,
        /// The units that it may have, if not all.
        range: Option<IntRange>,
    },
    /// True or false.
    Boolean,
}

impl ParameterType {
    /// The most bytes of a text, unless the manifest says something else; it can say no more.
    pub const MAX_TEXT: u32 = 4_096;

    /// The constant that a value is.
    pub(super) fn check(&self, name: &Name, value: &Value) -> Result<Scalar, ParameterError> {
        let seen = || value.preview();
        let mistyped = || ParameterError::Mistyped {
            name: name.clone(),
            expected: self.to_string(),
            seen: seen(),
        };
        let outside = || ParameterError::OutOfRange {
            name: name.clone(),
            expected: self.to_string(),
            seen: seen(),
        };
        let not_canonical = |why: String| ParameterError::NotCanonical {
            name: name.clone(),
            why,
        };
        let text = || value.as_text().ok_or_else(mistyped);
        let within = |range: &Option<IntRange>, value: i64| {
            let inside = range.is_none_or(|range| range.contains(value));
            inside.then_some(value).ok_or_else(outside)
        };
        match self {
            Self::Segment => {
                let segment = Segment::parse(text()?);
                let segment = segment.map_err(|error| not_canonical(error.to_string()))?;
                Ok(segment.as_str().into())
            }
            Self::Text { max_len } => {
                let text = text()?;
                if text.is_empty() || text.len() > *max_len as usize {
                    return Err(outside());
                }
                if let Some(control) = text.chars().find(|c| c.is_control()) {
                    return Err(not_canonical(format!("it has the character {control:?}")));
                }
                Ok(text.into())
            }
            Self::Enum { values } => {
                let text = text()?;
                let known = values.iter().find(|known| *known == text);
                Ok(known.ok_or_else(outside)?.as_str().into())
            }
            Self::Integer { range } => {
                let integer = value.as_int().ok_or_else(mistyped)?;
                Ok(within(range, integer)?.into())
            }
            Self::Decimal { scale, range } => {
                let decimal = value.to_decimal(*scale).map_err(|_| mistyped())?;
                within(range, decimal.units())?;
                Ok(decimal.into())
            }
            Self::Boolean => match value {
                Value::Bool(value) => Ok((*value).into()),
                _ => Err(mistyped()),
            },
        }
    }

    /// Whether whatever it may be is exactly one segment, as text.
    pub(super) fn is_segment(&self) -> bool {
        match self {
            Self::Segment | Self::Integer { .. } => true,
            Self::Enum { values } => values.iter().all(|value| Segment::parse(value).is_ok()),
            Self::Text { .. } | Self::Decimal { .. } | Self::Boolean => false,
        }
    }
}

/// As messages say it: `an integer from 1 to 10`.
impl fmt::Display for ParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment => f.write_str("one segment of a resource"),
            Self::Text { max_len } => write!(f, "a text of 1 to {max_len} bytes"),
            Self::Enum { values } => {
                let values: Vec<_> = values.iter().map(|value| preview_text(value)).collect();
                write!(f, "one of {}", values.join(", "))
            }
            Self::Integer { range } => {
                f.write_str("an integer")?;
                bounds(f, range.as_ref(), |value| value.to_string())
            }
            Self::Decimal { scale, range } => {
                write!(f, "a decimal of scale {scale}")?;
                bounds(f, range.as_ref(), |units| {
                    let decimal = crate::action::Decimal::new(*scale, units);
                    decimal.map_or_else(|_| units.to_string(), |decimal| decimal.to_string())
                })
            }
            Self::Boolean => f.write_str("true or false"),
        }
    }
}

fn bounds(
    f: &mut fmt::Formatter<'_>,
    range: Option<&IntRange>,
    show: impl Fn(i64) -> String,
) -> fmt::Result {
    if let Some(min) = range.and_then(IntRange::min) {
        write!(f, " from {}", show(min))?;
    }
    if let Some(max) = range.and_then(IntRange::max) {
        write!(f, " to {}", show(max))?;
    }
    Ok(())
}
