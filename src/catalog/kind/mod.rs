//! Types of arguments: what a real-world value may look like, and what it is then.

mod email;
mod host;
mod moment;
mod read;
mod text;
mod url;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use time::UtcOffset;

use super::error::MapError;
use super::spec::Parameter;
use crate::action::{Decimal, Key, Value, preview_text};
pub(super) use read::{Misread, Why, read_members};

/// The type of an argument or attribute.
///
/// Each turns what callers write into an exact value, of which there is one spelling: what differs as a value is different,
/// what is the same is the same.
///
/// ```
/// use bailiwick::action::{Decimal, Value};
/// use bailiwick::catalog::Type;
///
/// let price: Type = "decimal(2)".parse()?;
/// assert_eq!(price.read("price", &Value::number("98.7")?)?, Decimal::new(2, 9870)?.into());
/// let refused = price.read("price", &Value::number("98.705")?).unwrap_err();
/// assert_eq!(refused.code(), "argument_mistyped");
///
/// assert_eq!(Type::Date.read("day", &"2026-11-21".into())?, Value::from(20_261_121));
/// assert!(Type::Date.read("day", &"2026-02-29".into()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// `text`: any text, as it is.
    Text,
    /// `integer`: a whole number of 64 bits.
    Integer,
    /// `number`: any number, exactly.
    Number,
    /// `boolean`: true or false.
    Boolean,
    /// `decimal(n)`: a number of at most n places, as a [`Decimal`] of that scale.
    Decimal(u8),
    /// `date`: `2026-11-21`, as the integer 20261121.
    Date,
    /// `datetime`, `datetime(+01:00)`: a time of RFC 3339 in whole milliseconds, as these since the Unix epoch. Where the text
    /// has no offset, it is this one, or else it is refused.
    DateTime(Option<UtcOffset>),
    /// `enum`: one of these texts.
    Enum(Vec<String>),
    /// `email`: an address, as an object of `address`, the whole of it, and `domain`.
    Email,
    /// `url`: an address with `http` or `https`, as an object of `scheme`, `host`, `port`, `path` and, if there is one,
    /// `query`.
    Url,
    /// `path`: an absolute path, `/a/b`, without anything that a file system would resolve.
    Path,
    /// `list`: any number of values of one type.
    List(Box<Type>),
    /// `object`: these members and no others.
    Object(BTreeMap<Key, Parameter>),
    /// `any`: whatever JSON has.
    Any,
}

/// Why a text is no [`Type`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeError {
    /// There is no such type.
    #[error(
        "unknown type `{name}`: one of text, integer, number, boolean, decimal(n), date, datetime, \
         datetime(+hh:mm), email, url, path, any, enum, list, object"
    )]
    Unknown {
        /// The name, escaped and shortened.
        name: String,
    },
    /// The type needs more than its name.
    #[error("type `{name}` needs a table with `{key}`")]
    NeedsTable {
        /// The type.
        name: &'static str,
        /// What the table must have.
        key: &'static str,
    },
    /// More places than a decimal has.
    #[error("a decimal has at most {} places", Decimal::MAX_SCALE)]
    Scale,
    /// An offset is not of the form `+hh:mm`, `-hh:mm` or `Z`.
    #[error("`{offset}` is not an offset of the form +01:00, -01:00 or Z")]
    Offset {
        /// The offset, escaped and shortened.
        offset: String,
    },
}

impl Type {
    /// How deep types lie in one another at most.
    pub const MAX_LEVELS: usize = 16;

    /// The exact value of what a caller wrote, or of what a person wrote into a file.
    ///
    /// `name` is what an error calls it.
    ///
    /// # Errors
    ///
    /// [`MapError`] when it is not of this type, or not in its canonical form.
    pub fn read(&self, name: &str, value: &Value) -> Result<Value, MapError> {
        self.exact(value)
            .map_err(|misread| misread.of_argument(name))
    }

    /// As [`read`](Self::read), before it is said of what.
    pub(super) fn exact(&self, value: &Value) -> Result<Value, Misread> {
        read::read(self, value)
    }

    /// What a text on the wire is, before it is read.
    pub(super) fn wire_value(&self, text: &str) -> Option<Value> {
        text::wire_value(self, text)
    }

    /// What it is called in a catalog.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Integer => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Decimal(_) => "decimal",
            Type::Date => "date",
            Type::DateTime(_) => "datetime",
            Type::Enum(_) => "enum",
            Type::Email => "email",
            Type::Url => "url",
            Type::Path => "path",
            Type::List(_) => "list",
            Type::Object(_) => "object",
            Type::Any => "any",
        }
    }

    /// Whether it fits one segment of a resource.
    pub(super) fn fits_segment(&self) -> bool {
        matches!(self, Type::Text | Type::Integer | Type::Enum(_))
    }

    /// Whether it fits the last segments of a resource.
    pub(super) fn fits_rest(&self) -> bool {
        matches!(self, Type::Text | Type::Path)
    }

    /// Whether a path or a query can hold it.
    pub(super) fn fits_wire(&self) -> bool {
        !matches!(self, Type::List(_) | Type::Object(_) | Type::Any)
    }

    /// How deep types lie in it, itself counted.
    pub(super) fn levels(&self) -> usize {
        let inner = match self {
            Type::List(items) => items.levels(),
            Type::Object(fields) => {
                let levels = fields.values().map(|field| field.kind().levels());
                levels.max().unwrap_or_default()
            }
            _ => 0,
        };
        inner.saturating_add(1)
    }
}

/// What a value must be, for people.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Text => f.write_str("a text"),
            Type::Integer => f.write_str("an integer of 64 bits"),
            Type::Number => f.write_str("a number"),
            Type::Boolean => f.write_str("true or false"),
            Type::Decimal(0) => f.write_str("a number without decimal places"),
            Type::Decimal(places) => write!(f, "a number of at most {places} decimal places"),
            Type::Date => f.write_str("a date such as 2026-11-21"),
            Type::DateTime(None) => f.write_str("a time such as 2026-11-21T09:30:00+01:00"),
            Type::DateTime(Some(_)) => f.write_str("a time such as 2026-11-21T09:30:00"),
            Type::Enum(values) => {
                f.write_str("one of ")?;
                for (index, value) in values.iter().enumerate().take(16) {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}`{}`", preview_text(value))?;
                }
                f.write_str(if values.len() > 16 { ", …" } else { "" })
            }
            Type::Email => f.write_str("an email address such as ada@example.com"),
            Type::Url => f.write_str("an http or https address in its canonical form"),
            Type::Path => f.write_str("an absolute path such as /a/b in its canonical form"),
            Type::List(_) => f.write_str("a list"),
            Type::Object(_) => f.write_str("an object"),
            Type::Any => f.write_str("a value"),
        }
    }
}

impl FromStr for Type {
    type Err = TypeError;

    fn from_str(text: &str) -> Result<Self, TypeError> {
        let needs = |name, key| Err(TypeError::NeedsTable { name, key });
        Ok(match text {
            "text" => Type::Text,
            "integer" => Type::Integer,
            "number" => Type::Number,
            "boolean" => Type::Boolean,
            "date" => Type::Date,
            "datetime" => Type::DateTime(None),
            "email" => Type::Email,
            "url" => Type::Url,
            "path" => Type::Path,
            "any" => Type::Any,
            "enum" => return needs("enum", "values"),
            "list" => return needs("list", "items"),
            "object" => return needs("object", "fields"),
            other => return with_parameter(other),
        })
    }
}

fn with_parameter(text: &str) -> Result<Type, TypeError> {
    let inside = |name: &str| {
        text.strip_prefix(name)?
            .strip_prefix('(')?
            .strip_suffix(')')
    };
    if let Some(places) = inside("decimal") {
        let scale = places.parse::<u8>().ok();
        let scale =
            scale.filter(|scale| scale.to_string() == places && *scale <= Decimal::MAX_SCALE);
        return scale.map(Type::Decimal).ok_or(TypeError::Scale);
    }
    if let Some(offset) = inside("datetime") {
        let read = moment::offset(offset).ok_or_else(|| TypeError::Offset {
            offset: preview_text(offset),
        })?;
        return Ok(Type::DateTime(Some(read)));
    }
    Err(TypeError::Unknown {
        name: preview_text(text),
    })
}
