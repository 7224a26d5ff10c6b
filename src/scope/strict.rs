//! Matching of capabilities: every constraint must definitely hold.

use super::closed::unnamed;
use super::lists::{EmptyLists, is_innermost};
use super::{
    Capability, Closure, Constraint, Matcher, OperationPattern, Presence, Quantifier,
    ResourcePattern, Seen, Step,
};
use crate::action::{Action, Effect, Key, Object, Value};

/// The first part of a capability that an action fails, in the order in which they are compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Miss<'a> {
    Operation(&'a OperationPattern),
    Effect(Effect),
    Resource(&'a ResourcePattern),
    /// With the value that does not match; none if it is absent.
    Argument(&'a Constraint, Option<&'a Value>),
    /// Below these steps stands this member, which no constraint names.
    Unnamed(&'a [Step], &'a Key, &'a Value),
    Attribute(&'a Constraint, Option<&'a Value>),
}

#[inline]
pub(super) fn capability_matches<'a>(
    capability: &'a Capability,
    action: &'a Action,
    seen: &Seen,
) -> Result<(), Miss<'a>> {
    let target = capability.target();
    if let Some(operation) = target.operation()
        && !operation.matches(action.operation())
    {
        return Err(Miss::Operation(operation));
    }
    if let Some(effect) = target.effect()
        && effect != action.effect()
    {
        return Err(Miss::Effect(effect));
    }
    if !capability.resource().matches(action.resource()) {
        return Err(Miss::Resource(capability.resource()));
    }
    let arguments = action.arguments().root();
    all_hold(capability.arguments(), arguments, seen)
        .map_err(|(constraint, value)| Miss::Argument(constraint, value))?;
    if capability.closure() == Closure::Closed
        && let Some((steps, key, value)) = unnamed(capability.arguments(), arguments)
    {
        return Err(Miss::Unnamed(steps, key, value));
    }
    all_hold(capability.attributes(), action.attributes().root(), seen)
        .map_err(|(constraint, value)| Miss::Attribute(constraint, value))
}

/// Whether one of the constraints of a capability definitely holds.
pub(crate) fn holds(
    constraint: &Constraint,
    all: &[Constraint],
    root: &Object,
    seen: &Seen,
) -> bool {
    let strict = Strict {
        constraint,
        empty: EmptyLists::of(constraint, all),
        seen,
    };
    strict.object(root, 0).is_ok()
}

/// Fails with the first constraint that does not hold, and the value that does not match.
#[inline]
fn all_hold<'a>(
    constraints: &'a [Constraint],
    root: &'a Object,
    seen: &Seen,
) -> Result<(), (&'a Constraint, Option<&'a Value>)> {
    constraints.iter().try_for_each(|constraint| {
        let strict = Strict {
            constraint,
            empty: EmptyLists::of(constraint, constraints),
            seen,
        };
        strict.object(root, 0).map_err(|value| (constraint, value))
    })
}

/// One constraint, which holds or fails with the value that does not match; none if it is absent.
struct Strict<'c> {
    constraint: &'c Constraint,
    empty: EmptyLists,
    seen: &'c Seen,
}

impl Strict<'_> {
    fn object<'v>(&self, object: &'v Object, depth: usize) -> Result<(), Option<&'v Value>> {
        let Some(Step::Key(key)) = self.constraint.path().steps().get(depth) else {
            return Err(None);
        };
        match object.get(key.as_str()) {
            Some(value) => self.value(value, depth + 1),
            None if self.constraint.presence() == Presence::Optional => Ok(()),
            None => Err(None),
        }
    }

    fn value<'v>(&self, value: &'v Value, depth: usize) -> Result<(), Option<&'v Value>> {
        match (self.constraint.path().steps().get(depth), value) {
            (None, _) if satisfies(self.constraint.matcher(), value, self.seen) => Ok(()),
            (Some(Step::Key(_)), Value::Object(object)) => self.object(object, depth),
            (Some(Step::Each), Value::List(list)) if list.is_empty() => {
                let matches = !self.is_some(depth) && self.empty.match_at(depth);
                if matches { Ok(()) } else { Err(Some(value)) }
            }
            (Some(Step::Each), Value::List(list)) => {
                let mut elements = list.iter().map(|element| self.value(element, depth + 1));
                if !self.is_some(depth) {
                    elements.find(Result::is_err).unwrap_or(Ok(()))
                } else if elements.any(|element| element.is_ok()) {
                    Ok(())
                } else {
                    Err(Some(value))
                }
            }
            _ => Err(Some(value)),
        }
    }

    fn is_some(&self, depth: usize) -> bool {
        self.constraint.quantifier() == Quantifier::Some
            && is_innermost(self.constraint.path().steps(), depth)
    }
}

/// Whether `value` is of the matcher's type and satisfies it.
pub(crate) fn satisfies(matcher: &Matcher, value: &Value, seen: &Seen) -> bool {
    match (matcher, value) {
        (Matcher::Equals(scalar), value) => scalar.equals(value),
        (Matcher::OneOf(choices), value) => {
            choices.as_slice().iter().any(|choice| choice.equals(value))
        }
        (Matcher::Int(range), Value::Int(int)) => range.contains(*int),
        (Matcher::Decimal(range), Value::Decimal(decimal)) => {
            decimal.scale() == range.scale() && range.units().contains(decimal.units())
        }
        (Matcher::Text(pattern), Value::Text(text)) => pattern.matches(text),
        (Matcher::TextLength(bounds), Value::Text(text)) => bounds.contains(text.len()),
        (Matcher::BytesLength(bounds), Value::Bytes(bytes)) => bounds.contains(bytes.len()),
        (Matcher::From(label), Value::Text(text)) => seen.contains(label, text) == Some(true),
        (Matcher::Count(bounds), Value::List(list)) => bounds.contains(list.len()),
        _ => false,
    }
}
