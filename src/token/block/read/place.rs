//! Where in a tree an expression looks, and with what it compares.

use crate::action::{Decimal, Key, Value as Argument};
use crate::scope::{Scalar, Step};
use crate::token::datalog::{Binary, Expr, SymbolTable, Unary, Value};

/// A variable, and keys from there: `$args.get("a").get("b")`.
pub(super) fn place<'a>(expr: Expr<'_, 'a>) -> Option<(&'a str, Vec<Step>)> {
    let mut steps = Vec::new();
    let mut rest = expr;
    while let Some((object, key)) = rest.binary(Binary::Get) {
        steps.push(Step::Key(Key::parse(key.value()?.text()?).ok()?));
        rest = object;
    }
    steps.reverse();
    Some((rest.value()?.variable()?, steps))
}

/// What a tagged map holds: `….get(2)`.
pub(super) fn tagged<'t, 'a>(expr: Expr<'t, 'a>) -> Option<(Expr<'t, 'a>, i64)> {
    let (map, key) = expr.binary(Binary::Get)?;
    Some((map, key.value()?.integer()?))
}

/// `….type() === "…"`, or `!==`.
pub(super) fn kind<'a>(expr: Expr<'_, 'a>, operator: Binary) -> Option<&'a str> {
    let (subject, kind) = expr.binary(operator)?;
    subject.unary(Unary::TypeOf)?;
    kind.value()?.text()
}

/// `….length()`
pub(super) fn length<'t, 'a>(expr: Expr<'t, 'a>) -> Option<Expr<'t, 'a>> {
    expr.unary(Unary::Length)
}

/// `left <operator> <integer>`
pub(super) fn compared<'t, 'a>(
    expr: Expr<'t, 'a>,
    operator: Binary,
) -> Option<(Expr<'t, 'a>, i64)> {
    let (left, right) = expr.binary(operator)?;
    Some((left, right.value()?.integer()?))
}

/// Integers at least and at most, and of what; `used` counts the parts, one or two.
pub(super) struct Limits<'t, 'a> {
    pub(super) of: Expr<'t, 'a>,
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) used: usize,
}

impl<'t, 'a> Limits<'t, 'a> {
    /// Reads `… >= min`, `… <= max`, or only one of them, from the beginning of `parts`.
    pub(super) fn read(parts: &[Expr<'t, 'a>]) -> Option<Self> {
        let first = *parts.first()?;
        let max = |expr: Option<&Expr<'t, 'a>>| compared(*expr?, Binary::LessOrEqual);
        if let Some((of, max)) = max(Some(&first)) {
            return Some(Limits {
                of,
                min: None,
                max: Some(max),
                used: 1,
            });
        }
        let (of, min) = compared(first, Binary::GreaterOrEqual)?;
        let max = max(parts.get(1)).map(|(_, max)| max);
        Some(Limits {
            of,
            min: Some(min),
            max,
            used: 1 + usize::from(max.is_some()),
        })
    }
}

/// A constant of a constraint.
pub(super) fn scalar(value: Value<'_>) -> Option<Scalar> {
    Some(match value {
        Value::Bool(truth) => Scalar::Bool(truth),
        Value::Integer(integer) => Scalar::Int(integer),
        Value::Text(text) => Scalar::Text(text.to_owned()),
        Value::Bytes(bytes) => Scalar::Bytes(bytes.to_vec()),
        Value::Decimal(scale, units) => Scalar::Decimal(Decimal::new(scale, units).ok()?),
        Value::Number(text) => number(text)?,
        _ => return None,
    })
}

/// A number that is neither integer nor decimal.
pub(super) fn number(text: &str) -> Option<Scalar> {
    match Argument::number(text).ok()? {
        Argument::Number(number) => Some(Scalar::Number(number)),
        _ => None,
    }
}

/// The texts of a list.
pub(super) fn texts<'a>(
    value: Value<'a>,
    symbols: &'a SymbolTable,
) -> Option<impl Iterator<Item = Option<&'a str>>> {
    Some(value.list()?.items(symbols).map(|item| item.ok()?.text()))
}
