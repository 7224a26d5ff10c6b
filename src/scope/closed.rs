//! Closed capabilities: which members of the arguments no constraint names.

use super::{Constraint, Step};
use crate::action::{Key, Object, Value};

/// Where an unnamed member stands, its key, and its value.
pub(crate) type Unnamed<'a> = (&'a [Step], &'a Key, &'a Value);

/// The first member that no constraint names, of the root and of every other object that stands
/// at a proper prefix of a constrained path.
pub(crate) fn unnamed<'a>(constraints: &'a [Constraint], root: &'a Object) -> Option<Unnamed<'a>> {
    in_object(constraints, root, &[])
}

fn in_value<'a>(
    constraints: &'a [Constraint],
    value: &'a Value,
    path: &'a [Step],
) -> Option<Unnamed<'a>> {
    match value {
        Value::Object(object) if next(constraints, path, is_key).is_some() => {
            in_object(constraints, object, path)
        }
        Value::List(list) => {
            let path = next(constraints, path, |step| *step == Step::Each)?;
            list.iter()
                .find_map(|element| in_value(constraints, element, path))
        }
        _ => None,
    }
}

fn in_object<'a>(
    constraints: &'a [Constraint],
    object: &'a Object,
    path: &'a [Step],
) -> Option<Unnamed<'a>> {
    object.iter().find_map(|(key, value)| {
        let names = |step: &Step| matches!(step, Step::Key(name) if name == key);
        match next(constraints, path, names) {
            Some(path) => in_value(constraints, value, path),
            None => Some((path, key, value)),
        }
    })
}

fn is_key(step: &Step) -> bool {
    matches!(step, Step::Key(_))
}

/// `path` and one more step, if some constraint goes on with a step that is `wanted`.
pub(crate) fn next<'a>(
    constraints: &'a [Constraint],
    path: &[Step],
    wanted: impl Fn(&Step) -> bool,
) -> Option<&'a [Step]> {
    constraints.iter().find_map(|constraint| {
        let steps = constraint.path().steps();
        let goes_on = steps.starts_with(path) && steps.get(path.len()).is_some_and(&wanted);
        goes_on.then(|| steps.get(..=path.len())).flatten()
    })
}
