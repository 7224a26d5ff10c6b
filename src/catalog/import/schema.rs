//! From a JSON Schema to arguments and their types.

use serde_json::{Map, Value as Json};

use crate::action::{Key, Object, Tree, Value, preview_text};
use crate::catalog::kind::Type;
use crate::catalog::spec::Parameter;

/// An argument, and what is guessed of it.
pub(super) struct Argument {
    pub(super) parameter: Parameter,
    pub(super) guessed: Option<&'static str>,
}

/// The arguments that a schema says, or why it cannot be followed.
pub(super) fn arguments(schema: Option<&Json>) -> Result<Vec<(Key, Argument)>, String> {
    let Some(schema) = schema.and_then(Json::as_object) else {
        return Ok(Vec::new());
    };
    let arguments = properties(schema)?.into_iter();
    let argument = |(key, schema, required): (Key, &Json, bool)| {
        let read = read(schema, 1)?;
        let (kind, guessed) = match path_like(key.as_str(), &read.kind) {
            Some(kind) => (kind, Some("an absolute path, from its name")),
            None => (read.kind, read.guessed),
        };
        let parameter = presence(kind, required && !read.null, schema);
        Ok((key, Argument { parameter, guessed }))
    };
    arguments.map(argument).collect()
}

/// What one schema says.
struct Read {
    kind: Type,
    null: bool,
    guessed: Option<&'static str>,
}

/// The properties of an object, each with whether it is required.
fn properties(schema: &Map<String, Json>) -> Result<Vec<(Key, &Json, bool)>, String> {
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
        return Ok(Vec::new());
    };
    let required = schema.get("required").and_then(Json::as_array);
    let is_required = |name: &str| required.is_some_and(|it| it.iter().any(|one| one == name));
    let mut read = properties
        .iter()
        .map(|(name, schema)| {
            let key = Key::parse(name);
            let key = key.map_err(|_| {
                format!("argument `{}` has no name that we have", preview_text(name))
            })?;
            Ok((key, schema, is_required(name)))
        })
        .collect::<Result<Vec<_>, String>>()?;
    // The order of a map depends on a feature of `serde_json`.
    read.sort_by(|(left, ..), (right, ..)| left.cmp(right));
    Ok(read)
}

/// What is not understood is any value, which the draft says.
fn read(schema: &Json, level: usize) -> Result<Read, String> {
    let any = |why| {
        Ok(Read {
            kind: Type::Any,
            null: false,
            guessed: Some(why),
        })
    };
    let Some(schema) = schema.as_object() else {
        return any("any value, as nothing is said of it");
    };
    if level > Type::MAX_LEVELS / 2 {
        return any("any value, as it lies too deep");
    }
    let (name, null) = match schema.get("type") {
        Some(Json::String(name)) => (Some(name.as_str()), false),
        Some(Json::Array(names)) => {
            let mut others = names
                .iter()
                .filter_map(Json::as_str)
                .filter(|name| *name != "null");
            let one = others.next().filter(|_| others.next().is_none());
            (one, names.iter().any(|name| name == "null"))
        }
        _ => (None, false),
    };
    let plain = |kind| {
        Ok(Read {
            kind,
            null,
            guessed: None,
        })
    };
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        let texts: Option<Vec<_>> = values.iter().map(Json::as_str).collect();
        let texts = texts.filter(|texts| !texts.is_empty());
        return match texts {
            Some(texts) => plain(Type::Enum(texts.into_iter().map(str::to_owned).collect())),
            None => any("any value, as its values are not texts"),
        };
    }
    match name {
        Some("string") => match schema.get("format").and_then(Json::as_str) {
            Some("date") => plain(Type::Date),
            Some("date-time") => plain(Type::DateTime(None)),
            Some("email") => plain(Type::Email),
            _ => plain(Type::Text),
        },
        Some("integer") => plain(Type::Integer),
        Some("number") => plain(Type::Number),
        Some("boolean") => plain(Type::Boolean),
        Some("array") => {
            let items = schema
                .get("items")
                .map(|items| read(items, level + 1))
                .transpose()?;
            let Some(items) = items.filter(|items| !items.null) else {
                return any("any value, as nothing simple is said of its elements");
            };
            Ok(Read {
                kind: Type::List(Box::new(items.kind)),
                null,
                guessed: items.guessed,
            })
        }
        Some("object") if schema.contains_key("properties") => {
            let mut guessed = None;
            let fields = properties(schema)?
                .into_iter()
                .map(|(key, schema, required)| {
                    let read = read(schema, level + 1)?;
                    guessed = guessed.or(read.guessed);
                    Ok((key, presence(read.kind, required && !read.null, schema)))
                });
            let kind = Type::Object(fields.collect::<Result<_, String>>()?);
            Ok(Read {
                kind,
                null,
                guessed,
            })
        }
        _ => any("any value, as nothing simple is said of it"),
    }
}

/// What may be left out has the default that the server says, if we can write it.
fn presence(kind: Type, required: bool, schema: &Json) -> Parameter {
    if required {
        return Parameter::required(kind);
    }
    let default = schema
        .get("default")
        .and_then(|default| plain(default.clone()));
    match default.filter(|default| kind.exact(default).is_ok()) {
        Some(default) => Parameter::required(kind).or(default),
        None => Parameter::optional(kind),
    }
}

/// A text, an integer or a truth value.
fn plain(json: Json) -> Option<Value> {
    let wrapped = Json::Object(Map::from_iter([("value".to_owned(), json)]));
    let root = Tree::from_json_value(&wrapped).map(Tree::into_root);
    let value = root
        .unwrap_or_else(|_| Object::new())
        .get("value")
        .cloned()?;
    matches!(value, Value::Text(_) | Value::Int(_) | Value::Bool(_)).then_some(value)
}

/// Texts that are called paths.
fn path_like(name: &str, kind: &Type) -> Option<Type> {
    const NAMES: [&str; 8] = [
        "path",
        "paths",
        "source",
        "destination",
        "filepath",
        "file_path",
        "directory",
        "file",
    ];
    let named = NAMES.contains(&name) || name.ends_with("_path") || name.ends_with("Path");
    match kind {
        Type::Text if named => Some(Type::Path),
        Type::List(items) if named && **items == Type::Text => {
            Some(Type::List(Box::new(Type::Path)))
        }
        _ => None,
    }
}
