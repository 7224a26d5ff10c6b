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

/// Where values stand, and of which object they are.
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

    /// Where the values of each object stand. What does not say which object it is has none here.
    pub(super) fn of_objects(&self, answer: &Json, touched: Option<&Resource>) -> Vec<Found> {
        let Some((each, object)) = &self.each else {
            let found = |object: &Resource| Found {
                at: self.values.clone(),
                object: Some(object.clone()),
            };
            return touched.map(found).into_iter().collect();
        };
        let of = |(place, element): (ValuePath, &Json)| {
            Some(Found {
                at: place.join(&self.values)?,
                object: Some(resource(object, element)?),
            })
        };
        each.select(answer).into_iter().filter_map(of).collect()
    }

    /// Where all values stand together: of what is touched, or, in a list of objects, of no one object.
    pub(super) fn of_all(&self, touched: Option<&Resource>) -> Option<Found> {
        match &self.each {
            None => Some(Found {
                at: self.values.clone(),
                object: touched.cloned(),
            }),
            Some((each, _)) => Some(Found {
                at: each.join(&self.values)?,
                object: None,
            }),
        }
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
