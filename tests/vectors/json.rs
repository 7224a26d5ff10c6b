//! Calls and actions as one line of JSON each.
//!
//! What JSON has no value for is an object with one key: `{"$bytes": "00ff"}`,
//! `{"$decimal": [2, "9870"]}`, `{"$number": "98.7"}`, `{"$int": "9223372036854775807"}`.

use bailiwick::action::{Action, Call, Decimal, Effect, Object, Resource, Segment, Tree, Value};
use serde_json::{Map, Value as Json, json};

/// The greatest integer that every JSON reader reads exactly.
const EXACT: u64 = 1 << 53;

pub fn tree(text: &str) -> Tree {
    let json: Json = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    Tree::new(object_from(&json)).unwrap()
}

pub fn action_to(action: &Action) -> Json {
    sorted(json!({
        "service": action.service().as_str(),
        "operation": action.operation().as_str(),
        "effect": action.effect().as_str(),
        "resource": segments_to(action.resource()),
        "arguments": object_to(action.arguments().root()),
        "attributes": object_to(action.attributes().root()),
    }))
}

/// With one order of keys, whatever features serde_json was built with.
fn sorted(mut json: Json) -> Json {
    json.sort_all_objects();
    json
}

pub fn action_from(text: &str) -> Action {
    let json: Json = serde_json::from_str(text).unwrap();
    let effect: Effect = text_of(&json["effect"]).parse().unwrap();
    let (service, operation) = (text_of(&json["service"]), text_of(&json["operation"]));
    Action::new(
        service.parse().unwrap(),
        operation.parse().unwrap(),
        effect,
        resource_from(&json["resource"]),
    )
    .with_arguments(Tree::new(object_from(&json["arguments"])).unwrap())
    .with_attributes(Tree::new(object_from(&json["attributes"])).unwrap())
}

pub fn call_to(call: &Call, body: &str) -> Json {
    sorted(match call {
        Call::Direct(call) => json!({
            "kind": "direct",
            "operation": call.operation().as_str(),
            "resource": segments_to(call.resource()),
            "arguments": object_to(call.arguments().root()),
        }),
        Call::Tool(call) => json!({
            "kind": "tool",
            "tool": call.name().as_str(),
            "arguments": object_to(call.arguments().root()),
        }),
        Call::Http(call) => json!({
            "kind": "http",
            "method": call.method(),
            "path": call.path(),
            "query": call.query(),
            "body": body,
        }),
        _ => unreachable!("no other kind of call"),
    })
}

pub fn call_from(text: &str) -> Call {
    let json: Json = serde_json::from_str(text).unwrap();
    let arguments = || Tree::new(object_from(&json["arguments"])).unwrap();
    match text_of(&json["kind"]) {
        "direct" => Call::direct(
            text_of(&json["operation"]).parse().unwrap(),
            resource_from(&json["resource"]),
            arguments(),
        ),
        "tool" => Call::tool(text_of(&json["tool"]).parse().unwrap(), arguments()),
        "http" => Call::http(
            text_of(&json["method"]),
            text_of(&json["path"]),
            json["query"].as_str(),
            text_of(&json["body"]).as_bytes(),
        )
        .unwrap(),
        other => panic!("a call of kind {other}"),
    }
}

fn text_of(json: &Json) -> &str {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text"))
}

fn segments_to(resource: &Resource) -> Vec<&str> {
    resource.segments().iter().map(Segment::as_str).collect()
}

fn resource_from(json: &Json) -> Resource {
    Resource::from_segments(json.as_array().unwrap().iter().map(text_of)).unwrap()
}

fn object_to(object: &Object) -> Json {
    let members = object
        .iter()
        .map(|(key, value)| (key.as_str().to_owned(), value_to(value)));
    Json::Object(members.collect::<Map<_, _>>())
}

fn object_from(json: &Json) -> Object {
    let members = json
        .as_object()
        .unwrap_or_else(|| panic!("{json} is no object"));
    Object::from_pairs(members.iter().map(|(key, value)| (key, value_from(value)))).unwrap()
}

fn value_to(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Int(integer) if integer.unsigned_abs() <= EXACT => json!(integer),
        Value::Int(integer) => json!({"$int": integer.to_string()}),
        Value::Decimal(decimal) => {
            json!({"$decimal": [decimal.scale(), decimal.units().to_string()]})
        }
        Value::Number(number) => json!({"$number": number.as_str()}),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!({"$bytes": crate::hex::to(bytes)}),
        Value::List(list) => Json::Array(list.iter().map(value_to).collect()),
        Value::Object(object) => object_to(object),
    }
}

fn value_from(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => Value::Int(number.as_i64().expect("another number is tagged")),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(list) => Value::List(list.iter().map(value_from).collect()),
        Json::Object(members) => match members.iter().next() {
            Some((tag, inside)) if tag.starts_with('$') && members.len() == 1 => {
                tagged(tag, inside)
            }
            _ => Value::Object(object_from(json)),
        },
    }
}

fn tagged(tag: &str, inside: &Json) -> Value {
    match tag {
        "$int" => Value::Int(text_of(inside).parse().unwrap()),
        "$bytes" => Value::Bytes(crate::hex::from(text_of(inside))),
        "$number" => Value::number(text_of(inside)).unwrap(),
        "$decimal" => {
            let scale = u8::try_from(inside[0].as_u64().unwrap()).unwrap();
            Value::Decimal(Decimal::new(scale, text_of(&inside[1]).parse().unwrap()).unwrap())
        }
        other => panic!("a value of type {other}"),
    }
}
