//! Constraints, strict and in doubt.
//!
//! Looks for the one thing that says what is compared with what, and takes the guards around it for granted: if they are
//! not the right ones, the block does not encode to itself.

use super::place::{Limits, compared, kind, length, number, place, scalar, tagged};
use crate::action::Decimal;
use crate::scope::{
    Bounds, Choices, Constraint, DecimalRange, IntRange, Label, Matcher, Path, Quantifier, Scalar,
    Step, TextPattern,
};
use crate::token::block::words;
use crate::token::datalog::{Binary, Expr, SymbolTable, Value};

/// A constraint that was found, and in which tree.
pub(super) struct Found<'a> {
    pub(super) variable: &'a str,
    steps: Vec<Step>,
    matcher: Matcher,
    quantifier: Quantifier,
    /// Whether its text speaks of absence.
    absence: bool,
}

impl<'a> Found<'a> {
    fn at(expr: Expr<'_, 'a>, matcher: Matcher) -> Option<Self> {
        let (variable, steps) = place(expr)?;
        Some(Found {
            variable,
            steps,
            matcher,
            quantifier: Quantifier::Every,
            absence: false,
        })
    }

    /// What was found of the elements of a list, as seen from outside the list.
    fn in_list(self, list: Expr<'_, 'a>, operator: Binary) -> Option<Self> {
        let (variable, mut steps) = place(list)?;
        steps.push(Step::Each);
        steps.extend(self.steps);
        let quantifier = if operator == Binary::Any {
            Quantifier::Some
        } else {
            self.quantifier
        };
        Some(Found {
            variable,
            steps,
            quantifier,
            ..self
        })
    }

    /// The constraint of a capability.
    pub(super) fn strict(self) -> Option<Constraint> {
        let constraint = Constraint::at(Path::new(self.steps).ok()?, self.matcher);
        let constraint = if self.absence {
            constraint.optional()
        } else {
            constraint
        };
        match self.quantifier {
            Quantifier::Every => Some(constraint),
            Quantifier::Some => constraint.some().ok(),
        }
    }

    /// The constraint of a deny entry or a requirement.
    pub(super) fn doubtful(self) -> Option<Constraint> {
        let constraint = Constraint::at(Path::new(self.steps).ok()?, self.matcher);
        Some(if self.absence {
            constraint.if_present()
        } else {
            constraint
        })
    }
}

/// Reads one strict constraint from the beginning of `parts`, and leaves what is after it.
pub(super) fn strict<'a>(
    parts: &mut &[Expr<'_, 'a>],
    symbols: &'a SymbolTable,
) -> Option<Found<'a>> {
    let mut last_kind = "";
    loop {
        let (part, rest) = parts.split_first()?;
        let mut used = 1;
        let found = if let Some(kind) = kind(*part, Binary::StrictEqual) {
            last_kind = kind;
            None
        } else if let Some((_, present)) = part.bare().lazy(Binary::Or) {
            let found = strict(&mut present.parts(Binary::And).as_slice(), symbols)?;
            Some(Found {
                absence: true,
                ..found
            })
        } else if let Some((operator, list, body)) = quantified(*part) {
            // What is asked of the members of an object is a guard.
            match body.closure()? {
                (Some(words::MEMBER), _) => None,
                (_, body) => strict(&mut body.parts(Binary::And).as_slice(), symbols)?
                    .in_list(list, operator),
            }
        } else if let Some(limits) = Limits::read(parts) {
            used = limits.used;
            Some(limited(limits, last_kind)?)
        } else if let Some((value, _)) = compared(*part, Binary::Greater) {
            // Of a list, that it is not empty; of a text, that it is any.
            match last_kind {
                words::kind::TEXT => Some(any_text(value)?),
                _ => None,
            }
        } else {
            Some(tested(*part, symbols)?)
        };
        *parts = if used == 1 { rest } else { parts.get(used..)? };
        if found.is_some() {
            return found;
        }
    }
}

/// Reads one constraint in doubt from the beginning of `parts`, and leaves what is after it.
pub(super) fn doubtful<'a>(
    parts: &mut &[Expr<'_, 'a>],
    symbols: &'a SymbolTable,
) -> Option<Found<'a>> {
    let (mut part, mut rest) = parts.split_first()?;
    let presence = is_presence(*part);
    if presence {
        (part, rest) = rest.split_first()?;
    }
    *parts = rest;
    let found = alternatives(*part, symbols)?;
    Some(Found {
        absence: presence || found.absence,
        ..found
    })
}

fn alternatives<'a>(expr: Expr<'_, 'a>, symbols: &'a SymbolTable) -> Option<Found<'a>> {
    let parts = expr.bare().parts(Binary::Or);
    let (last, guards) = parts.split_last()?;
    if let Some((operator, list, body)) = quantified(*last) {
        let found = alternatives(body.closure()?.1, symbols)?;
        return found.in_list(list, operator).map(|found| Found {
            quantifier: Quantifier::Every,
            ..found
        });
    }
    if let Some((presence, rest)) = last.lazy(Binary::And)
        && is_presence(presence)
    {
        return Some(Found {
            absence: true,
            ..alternatives(rest, symbols)?
        });
    }
    let last_kind = guards
        .iter()
        .rev()
        .find_map(|guard| kind(*guard, Binary::StrictNotEqual))
        .unwrap_or_default();
    if let Some(limits) = Limits::read(&last.parts(Binary::And)) {
        return limited(limits, last_kind);
    }
    if let Some((value, _)) = compared(*last, Binary::Greater) {
        return any_text(value);
    }
    if let Some((value, constant)) = last.binary(Binary::StrictEqual) {
        let (map, key) = tagged(value)?;
        let scalar = match constant.value()? {
            Value::Integer(units) => {
                Scalar::Decimal(Decimal::new(u8::try_from(key).ok()?, units).ok()?)
            }
            Value::Text(text) => number(text)?,
            _ => return None,
        };
        return Found::at(map, Matcher::Equals(scalar));
    }
    tested(*last, symbols)
}

/// `$args.contains("key")`: that a member is there.
fn is_presence(expr: Expr<'_, '_>) -> bool {
    expr.binary(Binary::Contains).is_some_and(|(object, key)| {
        place(object).is_some() && key.value().and_then(Value::text).is_some()
    })
}

/// `list.all($x -> …)`, or `any`.
fn quantified<'t, 'a>(expr: Expr<'t, 'a>) -> Option<(Binary, Expr<'t, 'a>, Expr<'t, 'a>)> {
    expr.any_binary()
        .filter(|(operator, ..)| matches!(operator, Binary::All | Binary::Any))
}

/// A length, a count, or the units of a decimal.
fn limited<'a>(limits: Limits<'_, 'a>, kind: &str) -> Option<Found<'a>> {
    if let Some((map, scale)) = tagged(limits.of) {
        let units = IntRange::new(limits.min, limits.max).ok()?;
        let range = DecimalRange::new(u8::try_from(scale).ok()?, units).ok()?;
        return Found::at(map, Matcher::Decimal(range));
    }
    let min = u32::try_from(limits.min.unwrap_or(0)).ok()?;
    let max = limits.max.map(u32::try_from).transpose().ok()?;
    let bounds = Bounds::new(min, max).ok()?;
    let matcher = match kind {
        words::kind::TEXT => Matcher::TextLength(bounds),
        words::kind::BYTES => Matcher::BytesLength(bounds),
        words::kind::LIST => Matcher::Count(bounds),
        _ => return None,
    };
    Found::at(length(limits.of)?, matcher)
}

fn any_text<'a>(value: Expr<'_, 'a>) -> Option<Found<'a>> {
    Found::at(
        length(value)?,
        Matcher::Text(TextPattern::new("", "").ok()?),
    )
}

/// A comparison that needs no guard: of constants, of notes, or tried.
fn tested<'a>(expr: Expr<'_, 'a>, symbols: &'a SymbolTable) -> Option<Found<'a>> {
    if let Some(tried) = expr.tried() {
        return self::tried(tried);
    }
    if let Some((value, constant)) = expr.binary(Binary::Equal) {
        return Found::at(value, Matcher::Equals(scalar(constant.value()?)?));
    }
    let (container, value) = expr.binary(Binary::Contains)?;
    let matcher = match container.value() {
        Some(list) => {
            let items = list.list()?.items(symbols);
            let choices: Option<Vec<Scalar>> = items.map(|item| scalar(item.ok()?)).collect();
            Matcher::OneOf(Choices::new(choices?).ok()?)
        }
        None => {
            let (_, label) = container.binary(Binary::Get)?;
            Matcher::From(Label::new(label.value()?.text()?).ok()?)
        }
    };
    Found::at(value, matcher)
}

/// An integer range, a text pattern, or an equality in doubt.
fn tried<'a>(expr: Expr<'_, 'a>) -> Option<Found<'a>> {
    if let Some((value, constant)) = expr.binary(Binary::StrictEqual) {
        return Found::at(value, Matcher::Equals(scalar(constant.value()?)?));
    }
    let parts = expr.parts(Binary::And);
    if let Some(limits) = Limits::read(&parts) {
        let range = IntRange::new(limits.min, limits.max).ok()?;
        return Found::at(limits.of, Matcher::Int(range));
    }
    let affix = |operator| {
        parts
            .iter()
            .find_map(|part| part.binary(operator))
            .and_then(|(_, text)| text.value()?.text())
            .unwrap_or_default()
    };
    let pattern = TextPattern::new(affix(Binary::StartsWith), affix(Binary::EndsWith)).ok()?;
    let (value, _) = compared(*parts.last()?, Binary::Greater)?;
    Found::at(length(value)?, Matcher::Text(pattern))
}
