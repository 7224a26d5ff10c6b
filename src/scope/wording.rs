//! How reasons word what they speak of: escaped, on one line.

use super::{Constraint, Matcher, Pattern, Presence, Quantifier, Scalar};
use crate::action::{Decimal, Value, preview_text};

/// In full.
pub(crate) fn escaped(text: impl ToString) -> String {
    text.to_string().escape_debug().to_string()
}

/// In backticks, and shortened.
pub(crate) fn quote(text: impl ToString) -> String {
    format!("`{}`", preview_text(&text.to_string()))
}

pub(crate) fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

pub(crate) fn preview(value: Option<&Value>) -> String {
    value.map_or_else(|| "absent".to_owned(), Value::preview)
}

pub(crate) fn pattern(pattern: &Pattern) -> String {
    let operation = pattern.operation_pattern().map(quote);
    let effect = pattern.effect().map(|e| format!("effect {}", quote(e)));
    let resource = pattern
        .resource_pattern()
        .map(|r| format!("on {}", quote(r)));
    let argument = |c: &Constraint| format!("argument {} {}", quote(c.path()), wanted(c));
    let attribute = |c: &Constraint| format!("attribute {} {}", quote(c.path()), wanted(c));
    list(
        operation
            .into_iter()
            .chain(effect)
            .chain(resource)
            .chain(pattern.arguments().iter().map(argument))
            .chain(pattern.attributes().iter().map(attribute)),
    )
}

pub(crate) fn wanted(constraint: &Constraint) -> String {
    let some = match constraint.quantifier() {
        Quantifier::Some => "in some element ",
        Quantifier::Every => "",
    };
    let absent = match constraint.presence() {
        Presence::Optional => " or absence",
        Presence::Required | Presence::IfPresent => "",
    };
    format!("{some}{}{absent}", matcher(constraint.matcher()))
}

pub(crate) fn matcher(matcher: &Matcher) -> String {
    match matcher {
        Matcher::Equals(constant) => scalar(constant),
        Matcher::OneOf(choices) => {
            format!("one of {}", list(choices.as_slice().iter().map(scalar)))
        }
        Matcher::Int(ints) => range(ints.min(), ints.max()),
        Matcher::Decimal(decimals) => {
            let decimal = |units| Decimal::new(decimals.scale(), units).ok();
            range(
                decimals.units().min().and_then(decimal),
                decimals.units().max().and_then(decimal),
            )
        }
        Matcher::Text(pattern) => format!("text like {}", quote(pattern)),
        Matcher::TextLength(n) => format!("{} bytes of text", range(Some(n.min()), n.max())),
        Matcher::BytesLength(n) => format!("{} bytes", range(Some(n.min()), n.max())),
        Matcher::From(label) => format!("a value noted under {}", quote(label)),
        Matcher::Count(n) => format!("{} elements", range(Some(n.min()), n.max())),
    }
}

fn range<T: ToString>(min: Option<T>, max: Option<T>) -> String {
    let text = |end: T| end.to_string();
    match (min.map(text), max.map(text)) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "anything".to_owned(),
    }
}

fn scalar(scalar: &Scalar) -> String {
    match scalar.clone() {
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Int(value) => Value::Int(value),
        Scalar::Decimal(value) => Value::Decimal(value),
        Scalar::Number(value) => Value::Number(value),
        Scalar::Text(value) => Value::Text(value),
        Scalar::Bytes(value) => Value::Bytes(value),
    }
    .preview()
}
