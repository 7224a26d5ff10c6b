//! A field of an answer.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::template::Template;
use crate::action::{Resource, Value};
use crate::note::ValuePath;

/// A field of an operation's answer whose values are noted, and the object that they are of.
///
/// That is what the operation touches; or, in an answer that lists objects, each of these.
///
/// ```
/// use bailiwick::catalog::NoteField;
///
/// let of_event = NoteField::new("$.attendees[*].email".parse()?);
/// let of_each = of_event.clone().of_each("$.events[*]".parse()?, "calendar/event/{id}".parse()?);
/// assert_ne!(of_event, of_each);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteField {
    pub(super) values: ValuePath,
    pub(super) each: Option<(ValuePath, Template)>,
}

/// Where the values of one object stand. No object is said where it is what the operation touches.
pub(super) struct Found {
    pub(super) at: ValuePath,
    pub(super) object: Option<Resource>,
}

impl NoteField {
    /// The values at this path of the answer, which are of what the operation touches.
    #[must_use]
    pub const fn new(values: ValuePath) -> Self {
        Self { values, each: None }
    }

    /// Instead, of each object that stands at a path: the path to the values goes on from there, and what the object is says
    /// a template, whose parameters are members of it.
    #[must_use]
    pub fn of_each(mut self, at: ValuePath, object: Template) -> Self {
        self.each = Some((at, object));
        self
    }

    /// Where values stand in this answer. What does not say which object it is has none.
    pub(super) fn find(&self, answer: &Json) -> Vec<Found> {
        let Some((each, object)) = &self.each else {
            let at = self.values.clone();
            return vec![Found { at, object: None }];
        };
        let of = |(place, element): (ValuePath, &Json)| {
            Some(Found {
                at: place.join(&self.values)?,
                object: Some(resource(object, element)?),
            })
        };
        each.select(answer).into_iter().filter_map(of).collect()
    }
}

fn resource(template: &Template, element: &Json) -> Option<Resource> {
    let value = |json: &Json| match json {
        Json::String(text) => Some(Value::Text(text.clone())),
        Json::Number(number) => number.as_i64().map(Value::Int),
        _ => None,
    };
    let members = template.parameters();
    let members = members.map(|key| Some((key, value(element.get(key.as_str())?)?)));
    let values: BTreeMap<_, _> = members.collect::<Option<_>>()?;
    template.fill(&values, false).ok()
}
