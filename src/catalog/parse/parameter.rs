//! Arguments, attributes and members of objects, and their types.

use std::collections::BTreeMap;

use toml::de::DeValue;

use crate::action::{Key, Object, Value};
use crate::catalog::kind::Type;
use crate::catalog::spec::Parameter;
use crate::document::{Mark, Node, Table};

/// A parameter, and whether it gives one action an element. A text is the type of what must be there.
pub(super) fn parameter(node: Node<'_, '_>, may_be_each: bool) -> Option<(Parameter, bool)> {
    if node.is_text() {
        let kind = node.parse("type_unknown")?;
        return Some((Parameter::required(kind), false));
    }
    let mut table = node.table()?;
    let kind = kind(&mut table);
    let flag = |node: Option<Node<'_, '_>>| node.map_or(Some(false), Node::boolean);
    let optional = flag(table.take("optional"));
    let default = table.take("default");
    let each = flag(may_be_each.then(|| table.take("each")).flatten());
    let default = default.map(|node| (node, value(node)));
    table.finish();
    let kind = kind?;
    let parameter = match (optional?, default) {
        (false, None) => Parameter::required(kind),
        (true, None) => Parameter::optional(kind),
        (false, Some((_, default))) => Parameter::required(kind).or(default?),
        (true, Some((node, _))) => {
            let message = "what has a default is not optional too";
            node.mark.fail("default_optional", message);
            return None;
        }
    };
    Some((parameter, each?))
}

/// The parameters of a table, each shown to `at`.
pub(super) fn parameters<'r, 'd>(
    node: Node<'r, 'd>,
    mut at: impl FnMut(Key, Mark<'r, 'd>),
) -> Option<BTreeMap<Key, Parameter>> {
    let members = node.table()?.members();
    let read = members.map(|(name, node)| {
        let key = name.parse::<Key>("argument_malformed");
        let parameter = parameter(node, false);
        let key = key?;
        at(key.clone(), name.mark);
        Some((key, parameter?.0))
    });
    read.collect::<Vec<_>>().into_iter().collect()
}

/// A type where no word is said of presence: a text, or a table.
fn item_kind(node: Node<'_, '_>) -> Option<Type> {
    if node.is_text() {
        return node.parse("type_unknown");
    }
    let mut table = node.table()?;
    let kind = kind(&mut table);
    table.finish();
    kind
}

/// The type that a table says. As deep as the table is, which was bounded when it was read.
fn kind(table: &mut Table<'_, '_>) -> Option<Type> {
    let node = table.require("type")?;
    match node.text()? {
        "enum" => {
            let values = table.require("values")?;
            let texts = values.list()?.map(Node::text).collect::<Vec<_>>();
            let texts: Vec<&str> = texts.into_iter().collect::<Option<_>>()?;
            if texts.is_empty() {
                values
                    .mark
                    .fail("enum_empty", "an enum has at least one value");
                return None;
            }
            Some(Type::Enum(texts.into_iter().map(str::to_owned).collect()))
        }
        "list" => {
            let items = item_kind(table.require("items")?)?;
            Some(Type::List(Box::new(items)))
        }
        "object" => {
            let fields = parameters(table.require("fields")?, |_, _| {})?;
            Some(Type::Object(fields))
        }
        _ => node.parse("type_unknown"),
    }
}

/// A value as a caller would have written it in JSON.
fn value(node: Node<'_, '_>) -> Option<Value> {
    let malformed = |message: String| {
        node.mark.fail("default_malformed", message);
    };
    match node.raw() {
        DeValue::String(text) => Some(Value::from(text.as_ref())),
        DeValue::Integer(_) => node.integer().map(Value::Int),
        DeValue::Float(float) => {
            let number = Value::number(float.as_str());
            number.map_err(|error| malformed(error.to_string())).ok()
        }
        DeValue::Boolean(value) => Some(Value::Bool(*value)),
        DeValue::Datetime(moment) => Some(Value::Text(moment.to_string())),
        DeValue::Array(_) => {
            let values = node.list()?.map(value).collect::<Option<Vec<_>>>();
            values.map(Value::List)
        }
        DeValue::Table(_) => {
            let members = node.table()?.members();
            let members = members.map(|(name, node)| Some((name.text, value(node)?)));
            let members: Vec<(&str, Value)> = members.collect::<Option<_>>()?;
            let object = Object::from_pairs(members);
            let object = object.map_err(|error| malformed(error.to_string()));
            object.ok().map(Value::Object)
        }
    }
}
