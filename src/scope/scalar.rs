//! Constants that a constraint compares with.

use super::ScopeError;
use crate::action::{Decimal, Number, Value};

/// A constant of a constraint.
///
/// No null (an absent value must not equal anything), no list and no object (equality never looks
/// inside them).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A decimal; one of another scale is of another type.
    Decimal(Decimal),
    /// Any other number, by its canonical text.
    Number(Number),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// The type of a scalar: equality is only decided between values of the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScalarType {
    Bool,
    Int,
    Decimal(u8),
    Number,
    Text,
    Bytes,
}

impl Scalar {
    pub(crate) fn scalar_type(&self) -> ScalarType {
        match self {
            Self::Bool(_) => ScalarType::Bool,
            Self::Int(_) => ScalarType::Int,
            Self::Decimal(decimal) => ScalarType::Decimal(decimal.scale()),
            Self::Number(_) => ScalarType::Number,
            Self::Text(_) => ScalarType::Text,
            Self::Bytes(_) => ScalarType::Bytes,
        }
    }

    /// Whether `value` is this constant: same type, same content.
    pub fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Bool(a), Value::Bool(b)) => a == b,
            (Self::Int(a), Value::Int(b)) => a == b,
            (Self::Decimal(a), Value::Decimal(b)) => a == b,
            (Self::Number(a), Value::Number(b)) => a == b,
            (Self::Text(a), Value::Text(b)) => a == b,
            (Self::Bytes(a), Value::Bytes(b)) => a == b,
            _ => false,
        }
    }
}

impl ScalarType {
    pub(crate) fn is_type_of(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Decimal(scale), Value::Decimal(decimal)) => decimal.scale() == scale,
            (Self::Bool, Value::Bool(_))
            | (Self::Int, Value::Int(_))
            | (Self::Number, Value::Number(_))
            | (Self::Text, Value::Text(_))
            | (Self::Bytes, Value::Bytes(_)) => true,
            _ => false,
        }
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Decimal> for Scalar {
    fn from(value: Decimal) -> Self {
        Self::Decimal(value)
    }
}

impl From<Number> for Scalar {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Scalar {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Scalar {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

/// One or more different constants of one type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choices(Vec<Scalar>);

impl Choices {
    /// These constants.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Choices`] if there is none, if one stands twice, or if they are of several
    /// types (decimals of two scales are).
    pub fn new(choices: Vec<Scalar>) -> Result<Self, ScopeError> {
        let Some(first) = choices.first() else {
            return Err(ScopeError::Choices("none is given"));
        };
        if choices
            .iter()
            .any(|choice| choice.scalar_type() != first.scalar_type())
        {
            return Err(ScopeError::Choices("they are of several types"));
        }
        let twice = |(index, choice)| choices.iter().skip(index + 1).any(|other| other == choice);
        if choices.iter().enumerate().any(twice) {
            return Err(ScopeError::Choices("one stands twice"));
        }
        Ok(Self(choices))
    }

    /// The constants, in the order in which they were given.
    pub fn as_slice(&self) -> &[Scalar] {
        &self.0
    }

    pub(crate) fn scalar_type(&self) -> Option<ScalarType> {
        self.0.first().map(Scalar::scalar_type)
    }
}
