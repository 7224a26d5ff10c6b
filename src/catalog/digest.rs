//! What a catalog says, as 32 bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::field::NoteField;
use super::kind::Type;
use super::routes::{HttpRoute, Source, ToolRoute};
use super::spec::{OperationSpec, Parameter, Presence, Undo};
use crate::action::{Key, Service, Value, digest_type, digest_value};
use crate::scope::Label;

digest_type! {
    CatalogDigest,
    /// The SHA-256 of what a [`Catalog`](super::Catalog) says: whatever the order of its file, its comments, and what it spells
    /// out that would be so anyway.
    ///
    /// ```
    /// use bailiwick::catalog::{Catalog, CatalogDigest};
    ///
    /// let read = |effect: &str| Catalog::parse("a.toml", &format!(
    ///     "service = 'a'\noperation.x = {{ resource = 'x', effect = '{effect}' }} # a comment",
    /// ));
    /// let one = read("read")?.digest();
    /// assert_eq!(one.to_string().parse::<CatalogDigest>()?, one);
    /// assert_ne!(one, read("write")?.digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
}

impl CatalogDigest {
    pub(super) fn of(service: &Service, operations: &[OperationSpec]) -> Self {
        let operations: BTreeMap<_, _> = operations.iter().map(|it| (&it.operation, it)).collect();
        let operations = operations.into_values().map(operation).collect();
        let said = list([text(service), Value::List(operations)]);
        Self::from_bytes(digest_value("catalog", &said))
    }
}

fn operation(spec: &OperationSpec) -> Value {
    list([
        text(&spec.operation),
        text(&spec.effect),
        text(&spec.resource),
        parameters(&spec.arguments),
        spec.each.as_ref().map_or(Value::Null, text),
        parameters(&spec.attributes),
        match &spec.undo {
            Undo::Unknown => Value::Null,
            Undo::By(operation) => text(operation),
            Undo::Irreversible => Value::Bool(false),
        },
        Value::Bool(spec.untrusted),
        notes(spec),
        spec.tool.as_ref().map_or(Value::Null, |it| tool(spec, it)),
        spec.http.as_ref().map_or(Value::Null, |it| http(spec, it)),
    ])
}

fn notes(spec: &OperationSpec) -> Value {
    let member = |(label, field): (&Label, &NoteField)| {
        let each = match &field.each {
            Some((at, object)) => list([text(at), text(object)]),
            None => Value::Null,
        };
        list([text(label), text(&field.values), each])
    };
    spec.notes.iter().map(member).collect::<Vec<_>>().into()
}

fn parameters(parameters: &BTreeMap<Key, Parameter>) -> Value {
    let member = |(key, parameter): (&Key, &Parameter)| {
        let presence = match parameter.presence() {
            Presence::Required => list([]),
            Presence::Optional => list([Value::Bool(false)]),
            Presence::Default(default) => list([Value::Bool(true), default.clone()]),
        };
        list([text(key), kind(parameter.kind()), presence])
    };
    parameters.iter().map(member).collect::<Vec<_>>().into()
}

fn kind(kind: &Type) -> Value {
    let name = text(&kind.name());
    match kind {
        Type::Decimal(places) => list([name, i64::from(*places).into()]),
        Type::DateTime(Some(offset)) => list([name, i64::from(offset.whole_seconds()).into()]),
        Type::Enum(values) => {
            let values: BTreeSet<&String> = values.iter().collect();
            list([
                name,
                values.into_iter().map(text).collect::<Vec<_>>().into(),
            ])
        }
        Type::List(items) => list([name, self::kind(items)]),
        Type::Object(fields) => list([name, parameters(fields)]),
        _ => list([name]),
    }
}

fn tool(spec: &OperationSpec, route: &ToolRoute) -> Value {
    let sources = spec.arguments.keys().map(|key| text(route.source(key)));
    list([text(&route.tool), sources.collect::<Vec<_>>().into()])
}

fn http(spec: &OperationSpec, route: &HttpRoute) -> Value {
    let source = |key| match route.source(key) {
        Source::Path => list(["path".into()]),
        Source::Query(field) => list(["query".into(), text(field)]),
        Source::Body(member) => list(["body".into(), text(member)]),
        Source::Nowhere => Value::Null,
    };
    let sources = spec.arguments.keys().map(source);
    list([
        text(&route.method),
        text(&route.path),
        sources.collect::<Vec<_>>().into(),
        route.body.is_some().into(),
    ])
}

fn text(text: &impl ToString) -> Value {
    Value::Text(text.to_string())
}

fn list<const N: usize>(values: [Value; N]) -> Value {
    Value::List(values.into())
}
