//! What an action says.

use bailiwick::action::{Tree, Value};

/// An argument that is a text; nothing if there is none of that name.
pub fn text<'a>(arguments: &'a Tree, name: &str) -> &'a str {
    let value = arguments.get(name);
    value.and_then(Value::as_text).unwrap_or_default()
}
