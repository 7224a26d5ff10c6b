//! Names that scopes give to things.

use std::fmt;

use super::ScopeError;
use crate::action::Resource;

/// The label under which a service notes values: a field, `calendar:attendees`, or the field of one
/// object, `calendar:attendees@calendar/event/24`.
///
/// A field is 1 to 128 bytes of lower-case ASCII letters, digits, `_`, `-`, `.` and `:`. An object is a
/// [`Resource`]. What is noted of an object is noted under its field too.
///
/// ```
/// use bailiwick::scope::Label;
///
/// let attendees = Label::new("calendar:attendees")?;
/// let of_event = attendees.of(&"calendar/event/24".parse()?);
/// assert_eq!(of_event, Label::new("calendar:attendees@calendar/event/24")?);
/// assert_eq!((of_event.field(), of_event.object()), ("calendar:attendees", Some("calendar/event/24")));
///
/// assert!(Label::new("calendar:attendees@calendar//event").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

impl Label {
    /// The most bytes of a field.
    pub const MAX_FIELD_BYTES: usize = 128;

    /// A label.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Label`] if it is not of the form above.
    pub fn new(label: &str) -> Result<Self, ScopeError> {
        let allowed = |byte: u8| is_name_byte(byte) || byte == b'.' || byte == b':';
        let (field, object) = split(label);
        let is_field =
            (1..=Self::MAX_FIELD_BYTES).contains(&field.len()) && field.bytes().all(allowed);
        if is_field && object.is_none_or(|object| Resource::parse(object).is_ok()) {
            Ok(Self(label.to_owned()))
        } else {
            Err(ScopeError::Label(label.to_owned()))
        }
    }

    /// The label of this field in one object.
    #[must_use]
    pub fn of(&self, object: &Resource) -> Self {
        Self(format!("{}@{object}", self.field()))
    }

    /// The field.
    pub fn field(&self) -> &str {
        split(&self.0).0
    }

    /// The object, if it is the field of one.
    pub fn object(&self) -> Option<&str> {
        split(&self.0).1
    }

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// No field has an `@`; an object may.
fn split(label: &str) -> (&str, Option<&str>) {
    let apart = label.split_once('@');
    apart.map_or((label, None), |(field, object)| (field, Some(object)))
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
