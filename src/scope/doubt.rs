//! Matching of deny entries and requirements: what is not definitely outside is inside.

use super::strict::{may_be_empty, satisfies};
use super::{Constraint, Matcher, Pattern, Presence, Seen, Step};
use crate::action::{Action, Object, Value};

pub(super) fn pattern_matches(pattern: &Pattern, action: &Action, seen: &Seen) -> bool {
    let in_doubt = |constraints: &[Constraint], root: &Object| {
        let all = Doubt { constraints, seen };
        constraints
            .iter()
            .all(|constraint| all.object(constraint, root, 0))
    };
    pattern
        .operation_pattern()
        .is_none_or(|operation| operation.matches(action.operation()))
        && pattern
            .effect()
            .is_none_or(|effect| effect == action.effect())
        && pattern
            .resource_pattern()
            .is_none_or(|resource| resource.matches(action.resource()))
        && in_doubt(pattern.arguments(), action.arguments().root())
        && in_doubt(pattern.attributes(), action.attributes().root())
}

struct Doubt<'a> {
    constraints: &'a [Constraint],
    seen: &'a Seen,
}

impl Doubt<'_> {
    fn object(&self, constraint: &Constraint, object: &Object, depth: usize) -> bool {
        let Some(Step::Key(key)) = constraint.path().steps().get(depth) else {
            return true;
        };
        match object.get(key.as_str()) {
            Some(value) => self.value(constraint, value, depth + 1),
            None => constraint.presence() != Presence::IfPresent,
        }
    }

    fn value(&self, constraint: &Constraint, value: &Value, depth: usize) -> bool {
        let steps = constraint.path().steps();
        match (steps.get(depth), value) {
            (None, value) => {
                self.unknown(constraint.matcher(), value)
                    || satisfies(constraint.matcher(), value, self.seen)
            }
            (Some(Step::Key(_)), Value::Object(object)) => self.object(constraint, object, depth),
            (Some(Step::Each), Value::List(list)) if list.is_empty() => {
                may_be_empty(self.constraints, steps, depth)
            }
            (Some(Step::Each), Value::List(list)) => list
                .iter()
                .any(|element| self.value(constraint, element, depth + 1)),
            // Another type than the path expects.
            (Some(_), _) => true,
        }
    }

    /// Whether the matcher has no say about this value: it is of another type, or its label is
    /// unknown.
    fn unknown(&self, matcher: &Matcher, value: &Value) -> bool {
        match (matcher, value) {
            (Matcher::Equals(scalar), value) => !scalar.scalar_type().is_type_of(value),
            (Matcher::OneOf(choices), value) => !choices
                .scalar_type()
                .is_some_and(|own| own.is_type_of(value)),
            (Matcher::Decimal(range), Value::Decimal(decimal)) => decimal.scale() != range.scale(),
            (Matcher::From(label), Value::Text(text)) => self.seen.contains(label, text).is_none(),
            (Matcher::Int(_), Value::Int(_))
            | (Matcher::Text(_) | Matcher::TextLength(_), Value::Text(_))
            | (Matcher::BytesLength(_), Value::Bytes(_))
            | (Matcher::Count(_), Value::List(_)) => false,
            _ => true,
        }
    }
}
