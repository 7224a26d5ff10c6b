//! Constants of constraints, and parameters in their place.

use toml::de::DeValue;

use super::context::Context;
use super::text::{Whole, whole};
use crate::action::{Decimal, Value};
use crate::document::Node;
use crate::manifest::ParameterType;
use crate::manifest::slot::Slot;
use crate::scope::{IntRange, Scalar};

/// A constant. With a scale it is a decimal, read exactly as it is written.
pub(super) fn constant(
    node: Node<'_, '_>,
    scale: Option<u8>,
    context: &Context<'_, '_>,
) -> Option<Slot<Scalar>> {
    if let DeValue::String(text) = node.raw() {
        let text = match whole(node.mark, text)? {
            Whole::Constant(text) => text,
            Whole::Parameter(name) => {
                let (name, kind) = context.parameter(node.mark, name)?;
                if scale_of(kind) != scale {
                    return wrong_type(node, &name, kind, scale);
                }
                return Some(Slot::Parameter(name));
            }
        };
        return match scale {
            None => Some(Slot::Fixed(text.into())),
            Some(_) => node.wrong("a number"),
        };
    }
    if let (DeValue::Boolean(value), None) = (node.raw(), scale) {
        return Some(Slot::Fixed((*value).into()));
    }
    let number = number(node)?;
    match scale {
        Some(scale) => Some(Slot::Fixed(decimal(node, &number, scale)?.into())),
        None => match number {
            Value::Int(value) => Some(Slot::Fixed(value.into())),
            Value::Number(value) => Some(Slot::Fixed(value.into())),
            _ => node.wrong("a constant"),
        },
    }
}

/// Which end of a range something is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Min,
    Max,
}

/// An end of a range, in units if there is a scale. A parameter that is one must itself have such an end, so that the
/// reviewer knows how far it goes.
pub(super) fn end(
    node: Node<'_, '_>,
    end: End,
    scale: Option<u8>,
    context: &Context<'_, '_>,
) -> Option<Slot<i64>> {
    if let DeValue::String(text) = node.raw() {
        let Whole::Parameter(name) = whole(node.mark, text)? else {
            return node.wrong("a number");
        };
        let (name, kind) = context.parameter(node.mark, name)?;
        let (ParameterType::Integer { range } | ParameterType::Decimal { range, .. }) = kind else {
            return wrong_type(node, &name, kind, scale);
        };
        if scale_of(kind) != scale {
            return wrong_type(node, &name, kind, scale);
        }
        let own = match end {
            End::Min => range.as_ref().and_then(IntRange::min),
            End::Max => range.as_ref().and_then(IntRange::max),
        };
        if own.is_none() {
            let word = if end == End::Min { "min" } else { "max" };
            let message = format!("parameter `{name}` sets a limit, and has none itself");
            let noted = node.mark.fail("parameter_unbounded", message);
            noted.help(format!("declare it with a `{word}`"));
        }
        return Some(Slot::Parameter(name));
    }
    bound(node, scale).map(Slot::Fixed)
}

/// A number that is written out, in units if there is a scale.
pub(super) fn bound(node: Node<'_, '_>, scale: Option<u8>) -> Option<i64> {
    match scale {
        None => node.integer(),
        Some(scale) => Some(decimal(node, &number(node)?, scale)?.units()),
    }
}

/// The digits after the point of a decimal.
pub(super) fn scale(node: Node<'_, '_>) -> Option<u8> {
    let scale = node.integer()?;
    let scale = u8::try_from(scale)
        .ok()
        .filter(|scale| *scale <= Decimal::MAX_SCALE);
    if scale.is_none() {
        let message = format!("a scale is from 0 to {}", Decimal::MAX_SCALE);
        node.mark.fail("out_of_range", message);
    }
    scale
}

/// A number as JSON would write it, exactly: no float is ever computed with.
fn number(node: Node<'_, '_>) -> Option<Value> {
    match node.raw() {
        DeValue::Integer(_) => node.integer().map(Value::Int),
        DeValue::Float(float) => {
            let number = Value::number(float.as_str());
            let noted = number.map_err(|error| {
                node.mark.fail("number_malformed", error.to_string());
            });
            noted.ok()
        }
        _ => node.wrong("a number"),
    }
}

fn decimal(node: Node<'_, '_>, number: &Value, scale: u8) -> Option<Decimal> {
    let decimal = number.to_decimal(scale).map_err(|error| {
        node.mark.fail("number_malformed", error.to_string());
    });
    decimal.ok()
}

fn scale_of(kind: &ParameterType) -> Option<u8> {
    match kind {
        ParameterType::Decimal { scale, .. } => Some(*scale),
        _ => None,
    }
}

fn wrong_type<T>(
    node: Node<'_, '_>,
    name: &crate::manifest::Name,
    kind: &ParameterType,
    scale: Option<u8>,
) -> Option<T> {
    let wanted = match scale {
        Some(scale) => format!("a decimal of scale {scale}"),
        None => "another type".to_owned(),
    };
    let message = format!("parameter `{name}` is {kind}, and {wanted} belongs here");
    let noted = node.mark.fail("parameter_type", message);
    if let ParameterType::Decimal { scale, .. } = kind {
        noted.help(format!("write `scale = {scale}` beside it"));
    }
    None
}
