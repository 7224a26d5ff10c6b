//! Names that scopes give to things.

use std::fmt;

use super::ScopeError;

/// The label under which a service notes values: `calendar:attendees`.
///
/// 1 to 128 bytes of lower-case ASCII letters, digits, `_`, `-`, `.` and `:`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl Label {
    /// A label.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Label`] if it is not of the form above.
    pub fn new(label: &str) -> Result<Self, ScopeError> {
        let allowed = |byte: u8| is_name_byte(byte) || byte == b'.' || byte == b':';
        if (1..=128).contains(&label.len()) && label.bytes().all(allowed) {
            Ok(Self(label.to_owned()))
        } else {
            Err(ScopeError::Label(label.to_owned()))
        }
    }

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a budget, once in a block.
///
/// 1 to 64 bytes of lower-case ASCII letters, digits, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BudgetName(String);

impl BudgetName {
    /// A budget's name.
    ///
    /// # Errors
    ///
    /// [`ScopeError::BudgetName`] if it is not of the form above.
    pub fn new(name: &str) -> Result<Self, ScopeError> {
        if (1..=64).contains(&name.len()) && name.bytes().all(is_name_byte) {
            Ok(Self(name.to_owned()))
        } else {
            Err(ScopeError::BudgetName(name.to_owned()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl serde::Serialize for BudgetName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for BudgetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
}
