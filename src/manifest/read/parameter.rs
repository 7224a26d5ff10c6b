//! Types of parameters: `"segment"`, `{ type = "integer", min = 1, max = 10 }`.

use super::constant::{bound, scale};
use super::constraint::{MAX_CHOICES, few};
use super::context::unknown;
use crate::action::preview_text;
use crate::document::{Node, Table};
use crate::manifest::ParameterType;
use crate::scope::IntRange;

const TYPES: [&str; 6] = ["segment", "text", "enum", "integer", "decimal", "boolean"];

pub(super) fn parameter_type(node: Node<'_, '_>) -> Option<ParameterType> {
    if node.is_text() {
        return match node.text()? {
            "segment" => Some(ParameterType::Segment),
            "text" => Some(ParameterType::Text {
                max_len: ParameterType::MAX_TEXT,
            }),
            "integer" => Some(ParameterType::Integer { range: None }),
            "boolean" => Some(ParameterType::Boolean),
            word @ ("enum" | "decimal") => {
                let message = format!("`{word}` says more: write a table");
                node.mark.fail("parameter_invalid", message);
                None
            }
            word => unknown_type(node, word),
        };
    }
    let mut table = node.table()?;
    let kind = table.require("type");
    let read = kind.and_then(|kind| of_table(&mut table, kind));
    // What another type has is not unknown where the type itself is.
    if read.is_some() {
        table.finish();
    }
    read
}

fn of_table<'r>(table: &mut Table<'r, '_>, kind: Node<'r, '_>) -> Option<ParameterType> {
    match kind.text()? {
        "segment" => Some(ParameterType::Segment),
        "boolean" => Some(ParameterType::Boolean),
        "text" => {
            let max_len = table
                .take("max_len")
                .map_or(Some(ParameterType::MAX_TEXT), max_len);
            Some(ParameterType::Text { max_len: max_len? })
        }
        "enum" => {
            let values = table.require("values")?;
            Some(ParameterType::Enum {
                values: values_of(values)?,
            })
        }
        "integer" => Some(ParameterType::Integer {
            range: range(table, None)?,
        }),
        "decimal" => {
            let scale = scale(table.require("scale")?)?;
            let range = range(table, Some(scale))?;
            Some(ParameterType::Decimal { scale, range })
        }
        word => unknown_type(kind, word),
    }
}

fn unknown_type(node: Node<'_, '_>, word: &str) -> Option<ParameterType> {
    let message = format!("`{}` is no type of a parameter", preview_text(word));
    unknown(
        node.mark,
        "parameter_invalid",
        message,
        word,
        TYPES.into_iter(),
    )
}

fn max_len(node: Node<'_, '_>) -> Option<u32> {
    let most = ParameterType::MAX_TEXT;
    let value = u32::try_from(node.integer()?).ok();
    let value = value.filter(|value| (1..=most).contains(value));
    if value.is_none() {
        let message = format!("a text parameter has at most 1 to {most} bytes");
        node.mark.fail("out_of_range", message);
    }
    value
}

fn values_of(node: Node<'_, '_>) -> Option<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    for node in few(node, MAX_CHOICES)? {
        let text = node.text()?;
        if text.is_empty() || text.chars().any(char::is_control) {
            let message = "a value is a text without control characters, and not empty";
            node.mark.fail("parameter_invalid", message);
        }
        if values.iter().any(|value| value == text) {
            node.mark
                .fail("parameter_invalid", "the value stands twice");
        }
        values.push(text.to_owned());
    }
    if values.is_empty() {
        node.mark.fail("parameter_invalid", "there is no value");
    }
    Some(values)
}

/// The range that a parameter has, if it has one; `None` outside means that something was noted.
fn range(table: &mut Table<'_, '_>, scale: Option<u8>) -> Option<Option<IntRange>> {
    let (min, max) = (table.take("min"), table.take("max"));
    let Some(place) = max.or(min) else {
        return Some(None);
    };
    let read = |node: Option<Node<'_, '_>>| match node {
        Some(node) => bound(node, scale).map(Some),
        None => Some(None),
    };
    let (min, max) = (read(min), read(max));
    let range = IntRange::new(min?, max?);
    if let Err(error) = &range {
        place.mark.fail("parameter_invalid", error.to_string());
    }
    range.ok().map(Some)
}
