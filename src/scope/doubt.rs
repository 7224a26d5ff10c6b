//! Matching of deny entries and requirements: what is not definitely outside is inside.

use super::lists::EmptyLists;
use super::strict::satisfies;
use super::{Constraint, Matcher, Pattern, Presence, Seen, Step};
use crate::action::{Action, Object, Value};

pub(crate) fn pattern_matches(pattern: &Pattern, action: &Action, seen: &Seen) -> bool {
    pattern
        .operation_pattern()
        .is_none_or(|operation| operation.matches(action.operation()))
        && pattern
            .effect()
            .is_none_or(|effect| effect == action.effect())
        && pattern
            .resource_pattern()
            .is_none_or(|resource| resource.matches(action.resource()))
        && all_may_hold(pattern.arguments(), action.arguments().root(), seen)
        && all_may_hold(pattern.attributes(), action.attributes().root(), seen)
}

fn all_may_hold(constraints: &[Constraint], root: &Object, seen: &Seen) -> bool {
    constraints
        .iter()
        .all(|constraint| may_hold(constraint, constraints, root, seen))
}

/// Whether one of the constraints of a pattern holds, if only in doubt.
pub(crate) fn may_hold(
    constraint: &Constraint,
    all: &[Constraint],
    root: &Object,
    seen: &Seen,
) -> bool {
    let doubt = Doubt {
        constraint,
        empty: EmptyLists::of(constraint, all),
        seen,
    };
    doubt.object(root, 0)
}

/// One constraint, which holds unless it definitely fails.
struct Doubt<'a> {
    constraint: &'a Constraint,
    empty: EmptyLists,
    seen: &'a Seen,
}

impl Doubt<'_> {
    fn object(&self, object: &Object, depth: usize) -> bool {
        let Some(Step::Key(key)) = self.constraint.path().steps().get(depth) else {
            return true;
        };
        match object.get(key.as_str()) {
            Some(value) => self.value(value, depth + 1),
            None => self.constraint.presence() != Presence::IfPresent,
        }
    }

    fn value(&self, value: &Value, depth: usize) -> bool {
        let matcher = self.constraint.matcher();
        match (self.constraint.path().steps().get(depth), value) {
            (None, _) => {
                !decides(matcher, value, self.seen) || satisfies(matcher, value, self.seen)
            }
            (Some(Step::Key(_)), Value::Object(object)) => self.object(object, depth),
            (Some(Step::Each), Value::List(list)) if list.is_empty() => self.empty.match_at(depth),
            (Some(Step::Each), Value::List(list)) => {
                list.iter().any(|element| self.value(element, depth + 1))
            }
            // Another type than the path expects.
            (Some(_), _) => true,
        }
    }
}

/// Whether the matcher has a say about this value: it is of its type, and its label is known.
pub(crate) fn decides(matcher: &Matcher, value: &Value, seen: &Seen) -> bool {
    match (matcher, value) {
        (Matcher::Equals(scalar), value) => scalar.scalar_type().is_type_of(value),
        (Matcher::OneOf(choices), value) => choices
            .scalar_type()
            .is_some_and(|own| own.is_type_of(value)),
        (Matcher::Decimal(range), Value::Decimal(decimal)) => decimal.scale() == range.scale(),
        (Matcher::From(label), Value::Text(text)) => seen.contains(label, text).is_some(),
        (Matcher::Int(_), Value::Int(_))
        | (Matcher::Text(_) | Matcher::TextLength(_), Value::Text(_))
        | (Matcher::BytesLength(_), Value::Bytes(_))
        | (Matcher::Count(_), Value::List(_)) => true,
        _ => false,
    }
}
