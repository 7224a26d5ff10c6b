//! The texts of a call, of which some may have been noted.

use std::borrow::Cow;

use crate::action::{Call, HttpCall, Object, Value};
use crate::catalog::{decoded_fields, decoded_segment};

/// Every text in the arguments, or in path and query.
pub(super) fn of_call(call: &Call) -> Vec<Cow<'_, str>> {
    let mut texts = Vec::new();
    match call {
        Call::Direct(call) => of_object(call.arguments().root(), &mut texts),
        Call::Tool(call) => of_object(call.arguments().root(), &mut texts),
        Call::Http(call) => of_target(call, &mut texts),
    }
    texts
}

/// Every text in a body, if it is a JSON object.
#[cfg(feature = "http")]
pub(crate) fn of_json(body: &[u8]) -> Vec<String> {
    let tree = crate::action::Tree::from_json_slice(body).unwrap_or_default();
    let mut texts = Vec::new();
    of_object(tree.root(), &mut texts);
    texts.into_iter().map(Cow::into_owned).collect()
}

/// A tree has a bounded depth.
fn of_object<'a>(object: &'a Object, texts: &mut Vec<Cow<'a, str>>) {
    object.iter().for_each(|(_, value)| of_value(value, texts));
}

fn of_value<'a>(value: &'a Value, texts: &mut Vec<Cow<'a, str>>) {
    match value {
        Value::Text(text) => texts.push(Cow::Borrowed(text)),
        Value::List(list) => list.iter().for_each(|value| of_value(value, texts)),
        Value::Object(object) => of_object(object, texts),
        _ => {}
    }
}

/// What is not in its one spelling is no argument of a service that reads it strictly.
fn of_target(call: &HttpCall, texts: &mut Vec<Cow<'_, str>>) {
    let segments = call.path().split('/').filter(|segment| !segment.is_empty());
    let segments = segments.filter_map(|segment| decoded_segment(segment).ok());
    texts.extend(segments.map(Cow::Owned));
    let fields = call.query().map(decoded_fields).and_then(Result::ok);
    let values = fields.into_iter().flatten().map(|(_, value)| value);
    texts.extend(values.map(Cow::Owned));
}
