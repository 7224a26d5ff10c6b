//! Parameters as a catalog in TOML writes them.

use crate::action::Value;
use crate::catalog::kind::Type;
use crate::catalog::spec::{Parameter, Presence};

/// A text between quotes, which it cannot close, with everything escaped that does not print.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        let plain = character.is_ascii_graphic() || character == ' ' || character.is_alphanumeric();
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if plain => quoted.push(character),
            _ => quoted.push_str(&format!("\\U{:08X}", u32::from(character))),
        }
    }
    quoted.push('"');
    quoted
}

/// A parameter as an inline table.
pub(super) fn parameter(parameter: &Parameter, each: bool) -> String {
    let mut members = kind(parameter.kind());
    match parameter.presence() {
        Presence::Required => {}
        Presence::Optional => members.push_str(", optional = true"),
        Presence::Default(default) => {
            let default = match default {
                Value::Text(text) => quoted(text),
                other => other.preview(),
            };
            members.push_str(&format!(", default = {default}"));
        }
    }
    let each = if each { ", each = true" } else { "" };
    format!("{{ {members}{each} }}")
}

fn kind(kind: &Type) -> String {
    match kind {
        Type::Enum(values) => {
            let values: Vec<_> = values.iter().map(|value| quoted(value)).collect();
            format!("type = \"enum\", values = [{}]", values.join(", "))
        }
        Type::List(items) => format!("type = \"list\", items = {{ {} }}", self::kind(items)),
        Type::Object(fields) => {
            let field = |(key, field)| {
                format!(
                    "{} = {}",
                    quoted(AsRef::<str>::as_ref(key)),
                    parameter(field, false)
                )
            };
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("type = \"object\", fields = {{ {} }}", fields.join(", "))
        }
        kind => format!("type = {}", quoted(kind.name())),
    }
}
