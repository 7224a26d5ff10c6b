//! Values of arguments and constants.

use bailiwick::action::{Tree, Value, quoted};
use bailiwick::scope::Scalar;
use serde_json::{Map, Value as Json, json};

/// JSON as one line, in the words of a task file: `{ max_len = 4000 }`.
pub(crate) fn inline(value: &Json) -> String {
    match value {
        Json::String(text) => quoted(text),
        Json::Array(values) => {
            let values: Vec<_> = values.iter().map(inline).collect();
            format!("[{}]", values.join(", "))
        }
        Json::Object(members) if members.is_empty() => "{}".to_owned(),
        Json::Object(members) => format!("{{ {} }}", members_inline(members)),
        other => other.to_string(),
    }
}

/// As [`inline`], without the braces. What something is about comes first, the rest as the alphabet has it.
pub(crate) fn members_inline(members: &Map<String, Json>) -> String {
    let rank = |key: &str| {
        let first = ["operation", "effect", "resource", "name"];
        first
            .iter()
            .position(|it| *it == key)
            .unwrap_or(first.len())
    };
    let mut all: Vec<_> = members.iter().collect();
    all.sort_by(|(one, _), (other, _)| (rank(one), one).cmp(&(rank(other), other)));
    let member = |(key, value): &(&String, &Json)| format!("{} = {}", name(key), inline(value));
    all.iter().map(member).collect::<Vec<_>>().join(", ")
}

/// A key as it is, or quoted if it could be taken for something else.
fn name(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !key.is_empty() && key.chars().all(plain) {
        true => key.to_owned(),
        false => quoted(key),
    }
}

/// A tree, of which JSON has no decimals, no bytes and no exact numbers: they are objects with one member, whose name says so.
pub(crate) fn tree(tree: &Tree) -> Json {
    let members = tree.root().iter();
    members
        .map(|(key, value)| (key.as_str().to_owned(), json(value)))
        .collect::<Map<_, _>>()
        .into()
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Text(value) => json!(value),
        Value::Decimal(value) => json!({ "decimal": value.to_string() }),
        Value::Number(value) => json!({ "number": value.as_str() }),
        Value::Bytes(value) => json!({ "hex": hex(value) }),
        Value::List(values) => values.iter().map(json).collect(),
        Value::Object(object) => {
            let members = object.iter();
            members
                .map(|(key, value)| (key.as_str().to_owned(), json(value)))
                .collect::<Map<_, _>>()
                .into()
        }
    }
}

pub(super) fn scalar(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Bool(value) => json!(value),
        Scalar::Int(value) => json!(value),
        Scalar::Text(value) => json!(value),
        Scalar::Decimal(value) => json!({ "decimal": value.to_string() }),
        Scalar::Number(value) => json!({ "number": value.as_str() }),
        Scalar::Bytes(value) => json!({ "hex": hex(value) }),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
