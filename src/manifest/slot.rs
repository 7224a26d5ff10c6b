//! Where a value goes: into exactly one segment, or one constant. Nothing is ever parsed again after it is filled in.

use std::collections::BTreeMap;

use super::{Name, ParameterError};
use crate::action::Segment;
use crate::scope::{Scalar, SegmentPattern};

/// Checked values of parameters.
pub(super) type Values = BTreeMap<Name, Scalar>;

/// A constant, or a parameter in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot<T> {
    Fixed(T),
    Parameter(Name),
}

impl<T: Fill> Slot<T> {
    pub(super) fn fill(&self, values: &Values) -> Result<T, ParameterError> {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Parameter(name) => {
                let missing = || ParameterError::Missing { name: name.clone() };
                T::fill(name, values.get(name).ok_or_else(missing)?)
            }
        }
    }
}

/// What a value can become.
pub(super) trait Fill: Clone {
    /// Types were compared when the manifest was read, so that an error is a mistake of ours: it grants nothing.
    fn fill(name: &Name, value: &Scalar) -> Result<Self, ParameterError>;
}

impl Fill for Scalar {
    fn fill(_: &Name, value: &Scalar) -> Result<Self, ParameterError> {
        Ok(value.clone())
    }
}

/// An integer, or units of a decimal.
impl Fill for i64 {
    fn fill(name: &Name, value: &Scalar) -> Result<Self, ParameterError> {
        match value {
            Scalar::Int(value) => Ok(*value),
            Scalar::Decimal(decimal) => Ok(decimal.units()),
            _ => Err(unfit(name, "a number")),
        }
    }
}

/// One literal segment, whatever it looks like.
impl Fill for SegmentPattern {
    fn fill(name: &Name, value: &Scalar) -> Result<Self, ParameterError> {
        Segment::fill(name, value).map(Self::Literal)
    }
}

impl Fill for Segment {
    fn fill(name: &Name, value: &Scalar) -> Result<Self, ParameterError> {
        let segment = match value {
            Scalar::Text(text) => Segment::parse(text),
            Scalar::Int(integer) => Segment::parse(&integer.to_string()),
            _ => return Err(unfit(name, "a segment")),
        };
        segment.map_err(|error| ParameterError::NotCanonical {
            name: name.clone(),
            why: error.to_string(),
        })
    }
}

fn unfit(name: &Name, wanted: &str) -> ParameterError {
    ParameterError::NotCanonical {
        name: name.clone(),
        why: format!("it is not {wanted}"),
    }
}
