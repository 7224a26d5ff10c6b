//! From what a caller wrote to an exact value.

use std::collections::BTreeMap;

use super::{Type, email, moment, url};
use crate::action::{Key, Object, Operation, Resource, Value, preview_text};
use crate::catalog::error::MapError;
use crate::catalog::spec::Parameter;

/// Why a value is not read, and where in it.
#[derive(Debug)]
pub(in crate::catalog) struct Misread {
    path: String,
    why: Why,
}

#[derive(Debug)]
pub(in crate::catalog) enum Why {
    Missing,
    Unknown,
    Mistyped { expected: String, found: String },
}

impl Misread {
    pub(in crate::catalog) fn new(why: Why) -> Self {
        let path = String::new();
        Self { path, why }
    }

    pub(in crate::catalog) fn mistyped(kind: &Type, value: &Value) -> Self {
        Self::new(Why::Mistyped {
            expected: kind.to_string(),
            found: format!("`{}`", value.preview()),
        })
    }

    /// Says that it is in a member.
    pub(in crate::catalog) fn within(self, member: &str) -> Self {
        let path = format!("{member}{}", self.path);
        Self { path, ..self }
    }

    pub(in crate::catalog) fn of_argument(self, name: &str) -> MapError {
        let argument = preview_text(&format!("{name}{}", self.path));
        match self.why {
            Why::Missing => MapError::ArgumentMissing { argument },
            Why::Unknown => MapError::ArgumentUnknown { argument },
            Why::Mistyped { expected, found } => MapError::ArgumentMistyped {
                argument,
                expected,
                found,
            },
        }
    }

    pub(in crate::catalog) fn of_attribute(self, operation: &Operation, name: &str) -> MapError {
        let attribute = preview_text(&format!("{name}{}", self.path));
        let operation = operation.clone();
        match self.why {
            Why::Missing => MapError::AttributeMissing {
                operation,
                attribute,
            },
            Why::Unknown => MapError::AttributeUnknown {
                operation,
                attribute,
            },
            Why::Mistyped { expected, .. } => MapError::AttributeMistyped {
                operation,
                attribute,
                expected,
            },
        }
    }
}

/// As deep as the type is, which was bounded when the catalog was made.
pub(super) fn read(kind: &Type, value: &Value) -> Result<Value, Misread> {
    let exact = match (kind, value) {
        (Type::Text, Value::Text(_))
        | (Type::Integer, Value::Int(_))
        | (Type::Number, Value::Int(_) | Value::Number(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Any, _) => Some(value.clone()),
        (Type::Decimal(scale), value) => value.to_decimal(*scale).ok().map(Value::from),
        (Type::Date, Value::Text(text)) => moment::date(text).map(Value::from),
        (Type::DateTime(offset), Value::Text(text)) => {
            moment::date_time(text, *offset).map(Value::from)
        }
        (Type::Enum(values), Value::Text(text)) => values.contains(text).then(|| value.clone()),
        (Type::Email, Value::Text(text)) => email::read(text).map(Value::from),
        (Type::Url, Value::Text(text)) => url::read(text).map(Value::from),
        (Type::Path, Value::Text(text)) => is_path(text).then(|| value.clone()),
        (Type::List(items), Value::List(values)) => Some(list(items, values)?),
        (Type::Object(fields), Value::Object(object)) => Some(members(fields, object)?),
        _ => None,
    };
    exact.ok_or_else(|| Misread::mistyped(kind, value))
}

fn list(items: &Type, values: &[Value]) -> Result<Value, Misread> {
    let read = |(index, value)| {
        read(items, value).map_err(|misread| misread.within(&format!("[{index}]")))
    };
    let values: Result<Vec<_>, _> = values.iter().enumerate().map(read).collect();
    values.map(Value::List)
}

fn members(fields: &BTreeMap<Key, Parameter>, object: &Object) -> Result<Value, Misread> {
    read_members(fields, object)
        .map(Value::Object)
        .map_err(|(name, misread)| misread.within(&format!(".{name}")))
}

/// The members of a closed object, with what is left out filled in; or the one that is wrong.
pub(in crate::catalog) fn read_members(
    fields: &BTreeMap<Key, Parameter>,
    object: &Object,
) -> Result<Object, (String, Misread)> {
    let known = |(key, _): &(&Key, &Value)| !fields.contains_key(*key);
    if let Some((key, _)) = object.iter().find(known) {
        return Err((key.to_string(), Misread::new(Why::Unknown)));
    }
    let mut read = Object::new();
    for (key, field) in fields {
        let at = |misread| (key.to_string(), misread);
        let value = field.resolve(object.get(key.as_str())).map_err(at)?;
        if let Some(value) = value {
            // The keys of a map differ, so that none is there twice.
            let inserted = read.insert(key.as_str(), value);
            inserted.map_err(|_| at(Misread::new(Why::Unknown)))?;
        }
    }
    Ok(read)
}

/// A slash, and then a resource.
fn is_path(text: &str) -> bool {
    let below = text.strip_prefix('/');
    below.is_some_and(|below| Resource::parse(below).is_ok())
}
