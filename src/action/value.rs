//! One value of an argument tree.

use super::decimal::{Decimal, DecimalError};
use super::number::{Number, NumberError, Parts, Shifted};
use super::object::Object;
use super::preview::{Line, PREVIEW_CHARS};

/// A value inside a [`Tree`](super::Tree).
///
/// Values of different types are never equal: `1`, `"1"`, `true` and the decimal `1.00` are four values, and an
/// absent member is not [`Value::Null`].
///
/// ```
/// use bailiwick::action::Value;
///
/// assert_eq!(Value::from(1), Value::number("1.0")?);
/// assert_ne!(Value::from(1), Value::from("1"));
/// assert_ne!(Value::from(1), Value::from(true));
/// # Ok::<(), bailiwick::action::NumberError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Present, and nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// A number at a scale that the service gave it.
    Decimal(Decimal),
    /// Any other number.
    Number(Number),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Object(Object),
}

impl Value {
    /// Reads a number as JSON writes it: [`Value::Int`] if its value is an integer of 64 bits, whatever the spelling,
    /// [`Value::Number`] otherwise.
    ///
    /// ```
    /// use bailiwick::action::Value;
    ///
    /// assert_eq!(Value::number("1e2")?, Value::Int(100));
    /// assert_eq!(Value::number("-0")?, Value::Int(0));
    /// assert_eq!(Value::number("0.50")?.preview(), "0.5");
    /// assert!(Value::number("1e99999").is_err());
    /// # Ok::<(), bailiwick::action::NumberError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is no JSON number, or has more than 256 significant digits or an exponent beyond 9999.
    pub fn number(text: &str) -> Result<Value, NumberError> {
        let parts = Parts::parse(text)?;
        Ok(match parts.shifted(0) {
            Shifted::Whole(integer) => Value::Int(integer),
            Shifted::Inexact | Shifted::TooLarge => Value::Number(parts.to_number()),
        })
    }

    /// The number at a scale, exactly.
    ///
    /// ```
    /// use bailiwick::action::{Decimal, Value};
    ///
    /// assert_eq!(Value::number("98.7")?.to_decimal(2)?, Decimal::new(2, 9870)?);
    /// assert!(Value::number("98.705")?.to_decimal(2).is_err());
    /// assert!(Value::from("98.7").to_decimal(2).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the value is no number, or is not a whole number of units of that scale that fits 64 bits.
    pub fn to_decimal(&self, scale: u8) -> Result<Decimal, DecimalError> {
        match self {
            Value::Int(integer) => Decimal::new(0, *integer)?.rescale(scale),
            Value::Decimal(decimal) => decimal.rescale(scale),
            Value::Number(number) => {
                Decimal::from_parts(&Parts::of(number)?, scale, || self.preview())
            }
            other => Err(DecimalError::NotANumber {
                found: other.kind(),
            }),
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// The type of the value.
    #[must_use]
    pub const fn kind(&self) -> ValueKind {
        match self {
            Value::Null => ValueKind::Null,
            Value::Bool(_) => ValueKind::Bool,
            Value::Int(_) => ValueKind::Integer,
            Value::Decimal(_) => ValueKind::Decimal,
            Value::Number(_) => ValueKind::Number,
            Value::Text(_) => ValueKind::Text,
            Value::Bytes(_) => ValueKind::Bytes,
            Value::List(_) => ValueKind::List,
            Value::Object(_) => ValueKind::Object,
        }
    }

    /// The value on one line of at most 80 characters, for messages. What does not print is escaped.
    ///
    /// ```
    /// use bailiwick::action::Value;
    ///
    /// let list = Value::from(vec![Value::from("a\nb"), Value::Null]);
    /// assert_eq!(list.preview(), r#"["a\nb", null]"#);
    /// ```
    ///
    /// # Security
    ///
    /// Not for comparing: different values can have the same preview.
    #[must_use]
    pub fn preview(&self) -> String {
        let mut line = Line::new(PREVIEW_CHARS);
        self.write_preview(&mut line);
        line.finish()
    }

    fn write_preview(&self, line: &mut Line) {
        // Each container writes its bracket first, so a full line also bounds the depth.
        if line.is_full() {
            return;
        }
        match self {
            Value::Null => line.plain("null"),
            Value::Bool(value) => line.plain(if *value { "true" } else { "false" }),
            Value::Int(value) => line.plain(&value.to_string()),
            Value::Decimal(value) => line.plain(&value.to_string()),
            Value::Number(value) => line.plain(value.as_str()),
            Value::Text(value) => line.quoted(value),
            Value::Bytes(value) => {
                line.plain("hex:");
                for byte in value.iter().take(PREVIEW_CHARS) {
                    line.plain(&format!("{byte:02x}"));
                }
            }
            Value::List(values) => {
                line.plain("[");
                for (index, value) in values.iter().enumerate().take(PREVIEW_CHARS) {
                    line.plain(if index == 0 { "" } else { ", " });
                    value.write_preview(line);
                }
                line.plain("]");
            }
            Value::Object(object) => {
                line.plain("{");
                for (index, (key, value)) in object.iter().enumerate().take(PREVIEW_CHARS) {
                    line.plain(if index == 0 { "" } else { ", " });
                    line.quoted(key.as_str());
                    line.plain(": ");
                    value.write_preview(line);
                }
                line.plain("}");
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Value {
        Value::Int(integer)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<Decimal> for Value {
    fn from(decimal: Decimal) -> Value {
        Value::Decimal(decimal)
    }
}

impl From<Vec<Value>> for Value {
    fn from(values: Vec<Value>) -> Value {
        Value::List(values)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Value {
        Value::Object(object)
    }
}

/// The type of a [`Value`].
///
/// ```
/// use bailiwick::action::{Value, ValueKind};
///
/// assert_eq!(Value::from("1").kind(), ValueKind::Text);
/// assert_eq!(ValueKind::Integer.as_str(), "integer");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// [`Value::Null`].
    Null,
    /// [`Value::Bool`].
    Bool,
    /// [`Value::Int`].
    Integer,
    /// [`Value::Decimal`].
    Decimal,
    /// [`Value::Number`].
    Number,
    /// [`Value::Text`].
    Text,
    /// [`Value::Bytes`].
    Bytes,
    /// [`Value::List`].
    List,
    /// [`Value::Object`].
    Object,
}

impl ValueKind {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            ValueKind::Null => "null",
            ValueKind::Bool => "bool",
            ValueKind::Integer => "integer",
            ValueKind::Decimal => "decimal",
            ValueKind::Number => "number",
            ValueKind::Text => "text",
            ValueKind::Bytes => "bytes",
            ValueKind::List => "list",
            ValueKind::Object => "object",
        }
    }
}

impl std::fmt::Display for ValueKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl serde::Serialize for ValueKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_different_types_are_never_equal() {
        let values = [
            Value::Null,
            Value::from(false),
            Value::from(true),
            Value::from(0),
            Value::from(1),
            Value::from(Decimal::new(0, 1).unwrap()),
            Value::from(Decimal::new(2, 100).unwrap()),
            Value::number("0.1").unwrap(),
            Value::from(""),
            Value::from("1"),
            Value::from("0.1"),
            Value::from("true"),
            Value::from("null"),
            Value::Bytes(b"1".to_vec()),
            Value::Bytes(Vec::new()),
            Value::from(Vec::new()),
            Value::from(vec![Value::from(1)]),
            Value::from(Object::new()),
        ];
        for (i, left) in values.iter().enumerate() {
            for (j, right) in values.iter().enumerate() {
                assert_eq!(left == right, i == j, "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn a_preview_is_one_short_line_whatever_the_value() {
        let mut deep = Value::Null;
        for _ in 0..200 {
            deep = Value::from(vec![deep]);
        }
        for value in [
            deep,
            Value::from("\n\u{202e}".repeat(100)),
            Value::Bytes(vec![0xab; 1000]),
            Value::from(vec![Value::from(1); 1000]),
            Value::from(Object::from_pairs([("k\n", "v".repeat(200))]).unwrap()),
        ] {
            let line = value.preview();
            assert!(line.chars().count() <= 80, "{line}");
            assert!(
                line.chars().all(|c| !c.is_control() && c != '\u{202e}'),
                "{line}"
            );
            assert!(line.ends_with('…'), "{line}");
        }
    }

    #[test]
    fn a_text_cannot_look_like_two_in_a_preview() {
        let list = Value::from(vec![Value::from("a\", \"b")]);
        assert_eq!(list.preview(), r#"["a\", \"b"]"#);
        let object = Object::from_pairs([
            ("b", Value::Bytes(vec![0, 0xff])),
            ("a", Value::from("it's")),
        ]);
        assert_eq!(
            Value::from(object.unwrap()).preview(),
            r#"{"a": "it's", "b": hex:00ff}"#
        );
    }
}
