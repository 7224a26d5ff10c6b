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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::arbitrary;
    use super::*;

    fn read(json: &str) -> Result<Tree, JsonError> {
        Tree::from_json_slice(json.as_bytes())
    }

    fn member(json: &str) -> Value {
        read(&format!("{{\"k\":{json}}}"))
            .unwrap()
            .root()
            .get("k")
            .unwrap()
            .clone()
    }

    #[test]
    fn a_duplicate_key_is_refused_at_every_depth_and_in_every_spelling() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"a":1,"\u0061":1}"#,
            r#"{"k":{"a":1,"a":2}}"#,
            r#"{"k":[{"a":null,"a":null}]}"#,
        ] {
            let error = read(json).unwrap_err();
            assert_eq!(error.to_string(), "object key `a` is there twice", "{json}");
        }
    }

    #[test]
    fn bool_int_text_and_null_keep_their_type() {
        assert_eq!(member("true"), Value::Bool(true));
        assert_eq!(member("false"), Value::Bool(false));
        assert_eq!(member("1"), Value::Int(1));
        assert_eq!(member("\"1\""), Value::from("1"));
        assert_eq!(member("null"), Value::Null);
        assert_eq!(member("\"null\""), Value::from("null"));
        assert_eq!(member("[]"), Value::List(Vec::new()));
        assert_eq!(member("{}"), Value::Object(Object::new()));
        assert_ne!(read(r#"{"a":null}"#), read("{}"));
    }

    #[test]
    fn numbers_are_exact_beyond_what_floats_hold() {
        assert_eq!(
            member("9007199254740993"),
            Value::Int(9_007_199_254_740_993)
        );
        assert_eq!(member("0.1").preview(), "0.1");
        assert_eq!(
            member("0.1000000000000000055511151231257827").preview(),
            "1000000000000000055511151231257827e-34"
        );
        assert_ne!(member("1e400"), member("1e401"));
        assert_ne!(
            member("18446744073709551616"),
            member("18446744073709551617")
        );
        assert_eq!(member(" \t\r\n 1.50 \n").preview(), "1.5");
        assert!(matches!(
            read(r#"{"a":1e99999}"#),
            Err(JsonError::Number(_))
        ));
    }

    #[test]
    fn texts_keep_every_character() {
        assert_eq!(
            member(r#""a\u0000\n\"\\\/\ud83d\ude00é""#),
            Value::from("a\0\n\"\\/😀é")
        );
        assert_ne!(member("\"caf\u{e9}\""), member("\"cafe\u{301}\""));
        assert_ne!(member("\"a\""), member("\"a\u{200b}\""));
    }

    #[test]
    fn keys_that_serde_json_uses_for_itself_are_plain_keys() {
        for key in [
            "$serde_json::private::Number",
            "$serde_json::private::RawValue",
        ] {
            let tree = read(&format!(r#"{{"k":{{"{key}":"1"}}}}"#)).unwrap();
            let inner = Object::from_pairs([(key, "1")]).unwrap();
            assert_eq!(tree.root().get("k"), Some(&Value::from(inner)));
        }
    }

    #[test]
    fn what_is_not_one_json_object_is_refused() {
        for json in [
            "",
            " ",
            "{",
            "{}}",
            "{} {}",
            "{},",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":01}",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":NaN}",
            "{\"a\":nul}",
            "{\"a\":[1,]}",
            "{\"a\":[1 2]}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"\\ud800\":1}",
            "\u{feff}{}",
            "{/**/}",
            "{}\0",
            "{1:1}",
        ] {
            assert!(
                matches!(read(json), Err(JsonError::Syntax { .. })),
                "{json:?} {:?}",
                read(json)
            );
        }
        assert_eq!(
            Tree::from_json_slice(b"{\"a\":\"\xff\"}"),
            Err(JsonError::NotUtf8)
        );
        for (json, found) in [
            ("[]", ValueKind::List),
            ("null", ValueKind::Null),
            ("1", ValueKind::Integer),
            ("\"{}\"", ValueKind::Text),
        ] {
            assert_eq!(
                read(json),
                Err(JsonError::RootNotObject { found }),
                "{json}"
            );
        }
    }

    #[test]
    fn keys_with_a_dot_or_a_star_and_empty_keys_are_refused() {
        for json in [
            r#"{"":1}"#,
            r#"{"a.b":1}"#,
            r#"{"a":[{"*":1}]}"#,
            r#"{"\u002e":1}"#,
        ] {
            assert!(
                matches!(
                    read(json),
                    Err(JsonError::Tree(TreeError::Object(ObjectError::Key(_))))
                ),
                "{json}"
            );
        }
    }

    fn lists(levels: usize) -> String {
        format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels))
    }

    #[test]
    fn nesting_stops_at_32_levels_without_recursion_beyond() {
        assert!(read(&lists(31)).is_ok());
        for levels in [32, 200, 1_000_000] {
            assert_eq!(
                read(&lists(levels)),
                Err(JsonError::Tree(TreeError::TooDeep))
            );
        }
        assert!(read(&"{\"a\":".repeat(1_000_000)).is_err());
        assert!(read(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn reading_stops_at_4096_values() {
        let list = |length: usize| format!("{{\"a\":[{}0]}}", "0,".repeat(length - 1));
        assert!(read(&list(4094)).is_ok());
        for length in [4095, 4096, 1_000_000] {
            assert_eq!(
                read(&list(length)),
                Err(JsonError::Tree(TreeError::TooManyNodes))
            );
        }
        let members: Vec<_> = (0..4096).map(|key| format!("\"{key}\":0")).collect();
        let object = |length: usize| format!("{{{}}}", members[..length].join(","));
        assert!(read(&object(4095)).is_ok());
        assert_eq!(
            read(&object(4096)),
            Err(JsonError::Tree(TreeError::TooManyNodes))
        );
    }

    #[test]
    fn a_long_text_at_the_deepest_level_is_read() {
        let text = "x".repeat(1_000_000);
        let json = format!("{{\"a\":{}\"{text}\"{}}}", "[".repeat(30), "]".repeat(30));
        assert!(read(&json).is_ok());
    }

    #[test]
    fn a_value_read_by_somebody_else_has_the_same_limits() {
        let mut value = serde_json::Value::Null;
        for _ in 0..31 {
            value = serde_json::json!({ "a": value });
        }
        assert!(Tree::from_json_value(&value).is_ok());
        let deeper = serde_json::json!({ "a": value });
        assert_eq!(
            Tree::from_json_value(&deeper),
            Err(JsonError::Tree(TreeError::TooDeep))
        );
        let wide = serde_json::json!({ "a": vec![0; 4095] });
        assert_eq!(
            Tree::from_json_value(&wide),
            Err(JsonError::Tree(TreeError::TooManyNodes))
        );
        assert!(Tree::from_json_value(&serde_json::json!({ "a.b": 1 })).is_err());
        assert!(matches!(
            Tree::from_json_value(&serde_json::json!([])),
            Err(JsonError::RootNotObject { .. })
        ));
    }

    /// Writes what JSON can write, members backwards and with spaces.
    fn write(value: &Value, out: &mut String) {
        match value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(&value.to_string()),
            Value::Int(value) => out.push_str(&value.to_string()),
            Value::Number(value) => out.push_str(value.as_str()),
            Value::Text(text) => out.push_str(&serde_json::to_string(text).unwrap()),
            Value::List(values) => {
                out.push('[');
                for (index, value) in values.iter().enumerate() {
                    out.push_str(if index == 0 { " " } else { " ,\n" });
                    write(value, out);
                }
                out.push(']');
            }
            Value::Object(object) => {
                out.push('{');
                for (index, (key, value)) in object.iter().rev().enumerate() {
                    out.push_str(if index == 0 { "\t" } else { "\r, " });
                    out.push_str(&serde_json::to_string(key).unwrap());
                    out.push_str(" : ");
                    write(value, out);
                }
                out.push('}');
            }
            Value::Decimal(_) | Value::Bytes(_) => panic!("not JSON"),
        }
    }

    proptest! {
        #[test]
        fn a_tree_reads_back_from_its_json(root in arbitrary::object(arbitrary::json_value())) {
            let mut json = String::new();
            write(&Value::Object(root.clone()), &mut json);
            prop_assert_eq!(read(&json), Ok(Tree::new(root).unwrap()));
        }

        #[test]
        fn a_float_is_the_shortest_text_that_reads_back(float in proptest::num::f64::NORMAL) {
            let value = serde_json::json!({ "k": float });
            let tree = Tree::from_json_value(&value).unwrap();
            prop_assert_eq!(&tree, &read(&value.to_string()).unwrap());
            let text = match tree.root().get("k").unwrap() {
                Value::Int(integer) => integer.to_string(),
                Value::Number(number) => number.to_string(),
                other => panic!("{other:?}"),
            };
            prop_assert_eq!(text.parse::<f64>().unwrap(), float);
        }

        #[test]
        fn both_ways_in_agree_on_integers_and_text(number: i64, large: u64, text: String) {
            let value = serde_json::json!({ "i": number, "u": large, "t": text, "l": [true, null] });
            prop_assert_eq!(Tree::from_json_value(&value), read(&value.to_string()));
        }

        #[test]
        fn nothing_that_is_read_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64), text in "[\\[\\]{}\",:0-9a\\\\u.eE+ -]{0,40}") {
            let _ = Tree::from_json_slice(&bytes);
            let _ = read(&text);
            let _ = read(&format!("{{\"a\":{text}}}"));
        }

        #[test]
        fn what_is_read_is_what_serde_json_reads(text in "[\\[\\]{}\",:01ab.-]{0,12}") {
            let json = format!("{{\"k\":{text}}}");
            if let Ok(tree) = read(&json) {
                let value: serde_json::Value = serde_json::from_str(&json).unwrap();
                // No exponents are generated: floats overflow there.
                prop_assert_eq!(Tree::from_json_value(&value).unwrap(), tree);
            }
        }
    }
}
