//! Argument trees out of JSON, exactly.

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::key::{Key, KeyError};
use super::number::NumberError;
use super::object::{Object, ObjectError};
use super::tree::{Budget, Tree, TreeError, check_length};
use super::value::{Value, ValueKind};

impl Tree {
    /// Reads a JSON object exactly as it is written: numbers of any size, each key once.
    ///
    /// The bytes are gone over at most once a level. Nothing is read through floating point.
    ///
    /// ```
    /// use bailiwick::action::{JsonError, Tree, Value};
    ///
    /// let tree = Tree::from_json_slice(br#"{"id": 9007199254740993}"#)?;
    /// assert_eq!(tree.root().get("id"), Some(&Value::from(9_007_199_254_740_993)));
    ///
    /// // The same key, spelled in two ways.
    /// assert!(Tree::from_json_slice(br#"{"id": 1, "\u0069d": 2}"#).is_err());
    /// assert!(matches!(Tree::from_json_slice(b"[]"), Err(JsonError::RootNotObject { .. })));
    /// # Ok::<(), JsonError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the bytes are not one JSON object (RFC 8259, UTF-8), a key is not allowed or there twice, a number has
    /// too many digits, or there are too many levels or values.
    pub fn from_json_slice(bytes: &[u8]) -> Result<Tree, JsonError> {
        let text = std::str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)?;
        // Checks the whole grammar once, without recursion, before anything is built.
        let root: &RawValue = serde_json::from_str(text).map_err(|error| syntax(&error))?;
        into_tree(read_raw(root, 1, &mut Budget::new())?)
    }

    /// Takes over a JSON object that somebody else has read.
    ///
    /// A number that was read into floating point counts as the shortest text that reads back as the same float, so
    /// `98.7` is 98.7. Prefer [`Tree::from_json_slice`] where the bytes are at hand: `serde_json` has by now dropped
    /// all but the last of duplicate keys, and rounded large numbers.
    ///
    /// ```
    /// use bailiwick::action::{Tree, Value};
    ///
    /// let tree = Tree::from_json_value(&serde_json::json!({"amount": 98.7, "copies": 2.0}))?;
    /// assert_eq!(tree.root().get("amount"), Some(&Value::number("98.7")?));
    /// assert_eq!(tree.root().get("copies"), Some(&Value::from(2)));
    /// assert!(Tree::from_json_value(&serde_json::json!("text")).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the value is no object, a key is not allowed, or there are too many levels or values.
    pub fn from_json_value(value: &serde_json::Value) -> Result<Tree, JsonError> {
        into_tree(read_value(value, 1, &mut Budget::new())?)
    }
}

/// Why JSON is no [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The bytes are not UTF-8.
    #[error("JSON is not UTF-8")]
    NotUtf8,
    /// The text is not JSON.
    #[error("not valid JSON at line {line}, column {column}")]
    Syntax {
        /// The line, from 1; inside a value it counts from the value's start.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
    /// The outermost value is no object.
    #[error("JSON is of type {found} where an object is needed")]
    RootNotObject {
        /// What it is instead.
        found: ValueKind,
    },
    /// A number has too many digits.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A key is not allowed or there twice, or there are too many levels or values.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

impl From<ObjectError> for JsonError {
    fn from(error: ObjectError) -> JsonError {
        JsonError::Tree(error.into())
    }
}

impl From<KeyError> for JsonError {
    fn from(error: KeyError) -> JsonError {
        ObjectError::from(error).into()
    }
}

fn into_tree(root: Value) -> Result<Tree, JsonError> {
    match root {
        Value::Object(object) => Ok(Tree::new(object)?),
        other => Err(JsonError::RootNotObject {
            found: other.kind(),
        }),
    }
}

fn syntax(error: &serde_json::Error) -> JsonError {
    JsonError::Syntax {
        line: error.line(),
        column: error.column(),
    }
}

/// Reads one value that the grammar check has passed. The level is checked before anything below is looked at.
fn read_raw(raw: &RawValue, level: usize, budget: &mut Budget) -> Result<Value, JsonError> {
    budget.node(level)?;
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let members = split_object(text, budget.nodes_left())?
                .into_iter()
                .map(|(key, value)| Ok((Key::parse(&key)?, read_raw(value, level + 1, budget)?)))
                .collect::<Result<Vec<_>, JsonError>>()?;
            Ok(Value::Object(Object::from_members(members)?))
        }
        Some(b'[') => split_list(text, budget.nodes_left())?
            .into_iter()
            .map(|value| read_raw(value, level + 1, budget))
            .collect::<Result<Vec<_>, JsonError>>()
            .map(Value::List),
        Some(b'"') => {
            let text: String = serde_json::from_str(text).map_err(|error| syntax(&error))?;
            check_length(text.len())?;
            Ok(Value::Text(text))
        }
        Some(b'n') => Ok(Value::Null),
        Some(b't') => Ok(Value::Bool(true)),
        Some(b'f') => Ok(Value::Bool(false)),
        _ => Ok(Value::number(text)?),
    }
}

fn read_value(
    value: &serde_json::Value,
    level: usize,
    budget: &mut Budget,
) -> Result<Value, JsonError> {
    budget.node(level)?;
    Ok(match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        // Its text is the shortest that reads back as the same float, or, where some other crate has switched on
        // `arbitrary_precision`, the text as it came: what the tool receives, either way.
        serde_json::Value::Number(number) => Value::number(&number.to_string())?,
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(values) => Value::List(
            values
                .iter()
                .map(|value| read_value(value, level + 1, budget))
                .collect::<Result<Vec<_>, JsonError>>()?,
        ),
        // Its order depends on a feature of `serde_json`; ours is sorted.
        serde_json::Value::Object(map) => Value::Object(Object::from_members(
            map.iter()
                .map(|(key, value)| Ok((Key::parse(key)?, read_value(value, level + 1, budget)?)))
                .collect::<Result<Vec<_>, JsonError>>()?,
        )?),
    })
}

/// Reads the direct members of an object, in the order written and with duplicates.
fn split_object(text: &str, limit: usize) -> Result<Vec<(String, &RawValue)>, JsonError> {
    let mut members = Vec::new();
    let outcome = serde_json::Deserializer::from_str(text).deserialize_map(Children {
        read: &mut members,
        limit,
    });
    split(outcome, members, limit)
}

/// Reads the direct elements of a list.
fn split_list(text: &str, limit: usize) -> Result<Vec<&RawValue>, JsonError> {
    let mut elements = Vec::new();
    let outcome = serde_json::Deserializer::from_str(text).deserialize_seq(Children {
        read: &mut elements,
        limit,
    });
    split(outcome, elements, limit)
}

fn split<T>(
    outcome: serde_json::Result<()>,
    children: Vec<T>,
    limit: usize,
) -> Result<Vec<T>, JsonError> {
    if children.len() > limit {
        return Err(TreeError::TooManyNodes.into());
    }
    outcome.map_err(|error| syntax(&error))?;
    Ok(children)
}

/// Collects children, and stops after the first that is too many.
struct Children<'a, T> {
    read: &'a mut Vec<T>,
    limit: usize,
}

impl<T> Children<'_, T> {
    fn push<E: serde::de::Error>(&mut self, child: T) -> Result<(), E> {
        self.read.push(child);
        if self.read.len() > self.limit {
            return Err(E::custom("too many values"));
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Children<'_, (String, &'de RawValue)> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(member) = map.next_entry()? {
            self.push(member)?;
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Children<'_, &'de RawValue> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(element) = seq.next_element()? {
            self.push(element)?;
        }
        Ok(())
    }
}
