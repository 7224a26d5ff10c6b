//! From the arguments of a call to the actions of one operation.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::MapError;
use super::spec::OperationSpec;
use crate::action::{Key, Object, Resource, Tree, Value, preview_text};

/// What a call gives for the arguments of an operation.
pub(super) type Given<'a> = BTreeMap<&'a Key, Cow<'a, Value>>;

/// What one action touches, and its arguments.
pub(super) type Bound = (Resource, Tree);

/// Reads what a call gives, fills in what is left out, and builds each action's resource and arguments: at most `room`.
pub(super) fn bind(
    spec: &OperationSpec,
    given: &Given<'_>,
    room: usize,
) -> Result<Vec<Bound>, MapError> {
    let mut values: BTreeMap<&Key, Value> = BTreeMap::new();
    for (key, parameter) in &spec.arguments {
        let value = parameter.resolve(given.get(key).map(AsRef::as_ref));
        let value = value.map_err(|misread| misread.of_argument(key.as_str()))?;
        values.extend(value.map(|value| (key, value)));
    }
    let Some(each) = &spec.each else {
        return Ok(vec![one(spec, &values)?]);
    };
    let elements = match values.remove(each) {
        Some(Value::List(elements)) if !elements.is_empty() => elements,
        other => {
            let found = other.map_or_else(String::new, |value| format!("`{}`", value.preview()));
            return Err(MapError::ArgumentMistyped {
                argument: preview_text(each.as_str()),
                expected: "a list of at least one".to_owned(),
                found,
            });
        }
    };
    if elements.len() > room {
        let max = crate::decide::MAX_ACTIONS;
        return Err(MapError::TooManyActions { max });
    }
    let one_of = |element| {
        values.insert(each, element);
        one(spec, &values)
    };
    elements.into_iter().map(one_of).collect()
}

/// A value stands in one place: what the resource takes is no argument.
fn one(spec: &OperationSpec, values: &BTreeMap<&Key, Value>) -> Result<Bound, MapError> {
    let resource = spec.resource.fill(values, spec.rest_is_path())?;
    let in_resource = |key: &Key| spec.resource.parameters().any(|parameter| parameter == key);
    let left = values.iter().filter(|(key, _)| !in_resource(key));
    let arguments = Object::from_pairs(left.map(|(key, value)| (*key, value.clone())));
    let tree = arguments.map_err(Into::into).and_then(Tree::new);
    Ok((resource, tree.map_err(MapError::ArgumentsTooLarge)?))
}
