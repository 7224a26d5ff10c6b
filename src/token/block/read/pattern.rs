//! Capabilities, and the patterns of deny entries and requirements.

use super::constraint::{doubtful, strict};
use super::query::Query;
use super::resource;
use crate::action::{Effect, Operation};
use crate::scope::{Capability, OperationPattern, Pattern, Target, When};
use crate::token::block::words::fact;
use crate::token::datalog::{Binary, Expr, SymbolTable, Unary, Value};

/// One alternative of `allow`.
pub(super) fn capability<'a>(query: &Query<'a>, symbols: &'a SymbolTable) -> Option<Capability> {
    let expressions = query.expressions();
    let mut rest = expressions.as_slice();
    let operation = match query.operation {
        Some(Value::Text(name)) => Some(OperationPattern::exact(Operation::parse(name).ok()?)),
        Some(_) => Some(operation(
            take(&mut rest, |part| is_of(part, fact::OPERATION)).first()?,
        )?),
        None => None,
    };
    let effect = match query.effect {
        Some(name) => Some(name.text()?.parse::<Effect>().ok()?),
        None => None,
    };
    let target = match (operation, effect) {
        (Some(operation), Some(effect)) => Target::Both(operation, effect),
        (Some(operation), None) => Target::Operation(operation),
        (None, Some(effect)) => Target::Effect(effect),
        (None, None) => return None,
    };
    let resource = match query.resource? {
        Value::Variable(_) => {
            resource::pattern(take(&mut rest, |part| is_of(part, fact::RESOURCE)), symbols)?
        }
        list => resource::exact(list, symbols)?,
    };
    let mut capability = Capability::new(target, resource);
    if !rest.iter().any(|part| closes(*part)) {
        capability = capability.open_arguments();
    }
    while let Some(part) = rest.first() {
        if closes(*part) {
            take(&mut rest, |part| is_of(part, fact::ARGUMENTS));
            continue;
        }
        let found = strict(&mut rest, symbols)?;
        capability = match found.variable {
            fact::ARGUMENTS => capability.with_argument(found.strict()?).ok()?,
            _ => capability.with_attribute(found.strict()?).ok()?,
        };
    }
    Some(capability)
}

/// `$args.length() === …` or `$args.all($path -> …)`: the first part of what closes the arguments.
fn closes(part: Expr<'_, '_>) -> bool {
    let subject = match part.any_binary() {
        Some((Binary::StrictEqual, length, _)) => length.unary(Unary::Length),
        Some((Binary::All, object, _)) => Some(object),
        _ => None,
    };
    subject.and_then(Expr::value) == Some(Value::Variable(fact::ARGUMENTS))
}

/// What stands in `!( )`, which may be nothing but that it applies at some times only.
pub(super) fn outside<'a>(expr: Expr<'_, 'a>, symbols: &'a SymbolTable) -> Option<(Pattern, When)> {
    let parts = expr.unary(Unary::Negate)?.bare().parts(Binary::And);
    let mut rest = parts.as_slice();
    let mut pattern = Pattern::any();
    if let Some(part) = take(&mut rest, |part| is_of(part, fact::OPERATION)).first() {
        pattern = pattern.with_operation(operation(part)?);
    }
    if let Some(part) = take(&mut rest, |part| is_of(part, fact::EFFECT)).first() {
        let (_, name) = part.binary(Binary::StrictEqual)?;
        pattern = pattern.with_effect(name.value()?.text()?.parse().ok()?);
    }
    let resource = take(&mut rest, |part| is_of(part, fact::RESOURCE));
    if !resource.is_empty() {
        pattern = pattern.with_resource(resource::pattern(resource, symbols)?);
    }
    let mut when = When::Always;
    while let Some(part) = rest.first() {
        if part.value() == Some(Value::Variable(fact::TAINTED)) {
            when = When::Tainted;
            rest = rest.get(1..)?;
            continue;
        }
        let found = doubtful(&mut rest, symbols)?;
        pattern = match found.variable {
            fact::ARGUMENTS => pattern.with_argument(found.doubtful()?).ok()?,
            _ => pattern.with_attribute(found.doubtful()?).ok()?,
        };
    }
    Some((pattern, when))
}

fn operation(part: &Expr<'_, '_>) -> Option<OperationPattern> {
    if let Some((_, prefix)) = part.binary(Binary::StartsWith) {
        let name = prefix.value()?.text()?.strip_suffix('.')?;
        return Some(OperationPattern::below(&Operation::parse(name).ok()?));
    }
    let (_, name) = part.binary(Binary::StrictEqual)?;
    Some(OperationPattern::exact(
        Operation::parse(name.value()?.text()?).ok()?,
    ))
}

fn is_of(part: Expr<'_, '_>, variable: &str) -> bool {
    part.first_variable() == Some(variable)
}

/// The first parts that are such, which are taken from the rest.
fn take<'p, 't, 'a>(
    rest: &mut &'p [Expr<'t, 'a>],
    such: impl Fn(Expr<'t, 'a>) -> bool,
) -> &'p [Expr<'t, 'a>] {
    let count = rest.iter().take_while(|part| such(**part)).count();
    let (taken, after) = rest.split_at_checked(count).unwrap_or_default();
    *rest = after;
    taken
}
