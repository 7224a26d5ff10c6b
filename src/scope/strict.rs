//! Matching of capabilities: every constraint must definitely hold.

use super::{Capability, Closure, Constraint, Matcher, Presence, Quantifier, Seen, Step};
use crate::action::{Action, Object, Value};

/// The first part of a capability that an action fails, in the order in which they are compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Miss<'a> {
    Operation,
    Effect,
    Resource,
    Argument(&'a Constraint),
    Unnamed(&'a str),
    Attribute(&'a Constraint),
}

impl Miss<'_> {
    /// How close the capability came.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Operation => 0,
            Self::Effect => 1,
            Self::Resource => 2,
            Self::Argument(_) => 3,
            Self::Unnamed(_) => 4,
            Self::Attribute(_) => 5,
        }
    }
}

pub(super) fn capability_matches<'a>(
    capability: &'a Capability,
    action: &'a Action,
    seen: &Seen,
) -> Result<(), Miss<'a>> {
    let target = capability.target();
    if target
        .operation()
        .is_some_and(|operation| !operation.matches(action.operation()))
    {
        return Err(Miss::Operation);
    }
    if target
        .effect()
        .is_some_and(|effect| effect != action.effect())
    {
        return Err(Miss::Effect);
    }
    if !capability.resource().matches(action.resource()) {
        return Err(Miss::Resource);
    }
    let arguments = Tree {
        constraints: capability.arguments(),
        seen,
    };
    arguments
        .hold(action.arguments().root())
        .map_err(Miss::Argument)?;
    if capability.closure() == Closure::Closed {
        arguments
            .closed(ValueRef::Object(action.arguments().root()), &[])
            .map_err(Miss::Unnamed)?;
    }
    let attributes = Tree {
        constraints: capability.attributes(),
        seen,
    };
    attributes
        .hold(action.attributes().root())
        .map_err(Miss::Attribute)
}

/// The constraints on one tree.
#[derive(Clone, Copy)]
struct Tree<'a, 's> {
    constraints: &'a [Constraint],
    seen: &'s Seen,
}

impl<'a> Tree<'a, '_> {
    fn hold(&self, root: &Object) -> Result<(), &'a Constraint> {
        match self
            .constraints
            .iter()
            .find(|constraint| !self.object(constraint, root, 0))
        {
            Some(failed) => Err(failed),
            None => Ok(()),
        }
    }

    fn object(&self, constraint: &Constraint, object: &Object, depth: usize) -> bool {
        let Some(Step::Key(key)) = constraint.path().steps().get(depth) else {
            return false;
        };
        match object.get(key.as_str()) {
            Some(value) => self.value(constraint, value, depth + 1),
            None => constraint.presence() == Presence::Optional,
        }
    }

    fn value(&self, constraint: &Constraint, value: &Value, depth: usize) -> bool {
        let steps = constraint.path().steps();
        match (steps.get(depth), value) {
            (None, value) => satisfies(constraint.matcher(), value, self.seen),
            (Some(Step::Key(_)), Value::Object(object)) => self.object(constraint, object, depth),
            (Some(Step::Each), Value::List(list)) => {
                let innermost = !steps.iter().skip(depth + 1).any(|step| *step == Step::Each);
                let mut elements = list.iter();
                let holds = |element| self.value(constraint, element, depth + 1);
                if innermost && constraint.quantifier() == Quantifier::Some {
                    elements.any(holds)
                } else if list.is_empty() {
                    may_be_empty(self.constraints, steps, depth)
                } else {
                    elements.all(holds)
                }
            }
            _ => false,
        }
    }

    /// Every member of an object that lies on a constrained path is named by a constraint, from the
    /// value at `path` down. Fails with the member that is not.
    fn closed<'v>(&self, value: ValueRef<'v>, path: &[Step]) -> Result<(), &'v str> {
        let depth = path.len();
        let leads_to = |wanted: &dyn Fn(&Step) -> bool| {
            let constraint = self.constraints.iter().find(|constraint| {
                let steps = constraint.path().steps();
                steps.starts_with(path) && steps.get(depth).is_some_and(wanted)
            })?;
            constraint.path().steps().get(..=depth)
        };
        match value {
            ValueRef::Object(object) => {
                if leads_to(&|step| matches!(step, Step::Key(_))).is_none() {
                    return Ok(());
                }
                object.iter().try_for_each(|(key, member)| {
                    let named = |step: &Step| matches!(step, Step::Key(name) if name == key);
                    let path = leads_to(&named).ok_or(key.as_str())?;
                    self.closed(member.into(), path)
                })
            }
            ValueRef::List(list) => match leads_to(&|step| *step == Step::Each) {
                Some(path) => list
                    .iter()
                    .try_for_each(|element| self.closed(element.into(), path)),
                None => Ok(()),
            },
            ValueRef::Leaf => Ok(()),
        }
    }
}

/// A value as a container, if it is one.
#[derive(Clone, Copy)]
enum ValueRef<'v> {
    Object(&'v Object),
    List(&'v [Value]),
    Leaf,
}

impl<'v> From<&'v Value> for ValueRef<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Object(object) => Self::Object(object),
            Value::List(list) => Self::List(list),
            _ => Self::Leaf,
        }
    }
}

/// An empty list on a constrained path matches exactly if the same pattern counts that list and
/// allows 0.
pub(super) fn may_be_empty(constraints: &[Constraint], steps: &[Step], depth: usize) -> bool {
    let list = steps.get(..depth).unwrap_or_default();
    constraints.iter().any(|constraint| {
        matches!(constraint.matcher(), Matcher::Count(bounds) if bounds.contains(0))
            && constraint.path().steps() == list
    })
}

/// Whether `value` is of the matcher's type and satisfies it.
pub(super) fn satisfies(matcher: &Matcher, value: &Value, seen: &Seen) -> bool {
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
