//! Actions, and trees of the shape that the constraints of [`super::scopes`] speak of.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::one_of;
use crate::action::{Action, Decimal, Effect, Object, Resource, Service, Tree, Value};

/// What stands at a place of the tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Bool,
    Int,
    Decimal,
    Number,
    Text,
    Bytes,
    List,
}

/// The places of the tree that constraints speak of.
pub(super) const PLACES: [(&str, Kind); 17] = [
    ("bool", Kind::Bool),
    ("int", Kind::Int),
    ("decimal", Kind::Decimal),
    ("number", Kind::Number),
    ("text", Kind::Text),
    ("bytes", Kind::Bytes),
    ("list", Kind::List),
    ("list.*", Kind::Text),
    ("object.int", Kind::Int),
    ("object.text", Kind::Text),
    ("object.list", Kind::List),
    ("object.list.*", Kind::Int),
    ("items", Kind::List),
    ("items.*.int", Kind::Int),
    ("items.*.text", Kind::Text),
    ("items.*.tags", Kind::List),
    ("items.*.tags.*", Kind::Text),
];

pub(super) const EFFECTS: [Effect; 3] = [Effect::Read, Effect::Publish, Effect::Pay];
pub(super) const INTS: [i64; 8] = [-1, 0, 1, 2, 3, 5, i64::MIN, i64::MAX];
pub(super) const TEXTS: [&str; 7] = ["", "v", "w", "vw", "vaw", "vaaw", "ü"];

pub(crate) fn action() -> impl Strategy<Value = Action> {
    (
        prop_oneof![9 => Just("forum"), 1 => Just("mail")],
        one_of(&["a", "a.b", "a.b.c", "ab.c", "a.c"]),
        select(&EFFECTS[..]),
        resource(),
        tree(),
        tree(),
    )
        .prop_map(
            |(service, operation, effect, resource, arguments, attributes)| {
                let service = Service::parse(service).unwrap();
                Action::new(service, operation.parse().unwrap(), effect, resource)
                    .with_arguments(arguments)
                    .with_attributes(attributes)
            },
        )
}

pub(crate) fn resource() -> impl Strategy<Value = Resource> {
    let segment = one_of(&["x", "y", "xy", "x1y", "z", "*", "x*y"]);
    vec(segment, 1..4).prop_map(|segments| Resource::from_segments(segments).unwrap())
}

fn tree() -> impl Strategy<Value = Tree> {
    let scalars = [
        member("bool", Kind::Bool),
        member("int", Kind::Int),
        member("decimal", Kind::Decimal),
        member("number", Kind::Number),
        member("text", Kind::Text),
        member("bytes", Kind::Bytes),
    ];
    let inner = object([
        member("int", Kind::Int),
        member("text", Kind::Text),
        given("list", list(leaf(Kind::Int))),
    ]);
    let item = object([
        member("int", Kind::Int),
        member("text", Kind::Text),
        given("tags", list(leaf(Kind::Text))),
    ]);
    let containers = [
        given("list", list(leaf(Kind::Text))),
        given("object", inner),
        given("items", list(item)),
    ];
    let extra = (prop::bool::weighted(0.1), Just("extra"), leaf(Kind::Int))
        .prop_map(|(there, key, value)| there.then_some((key, value)))
        .boxed();
    let members = scalars.into_iter().chain(containers).chain([extra]);
    members
        .collect::<Vec<_>>()
        .prop_map(|members| Tree::from_pairs(members.into_iter().flatten()).unwrap())
}

type Member = BoxedStrategy<Option<(&'static str, Value)>>;

fn member(key: &'static str, kind: Kind) -> Member {
    given(key, leaf(kind))
}

/// A member that is mostly there, and mostly of this kind.
fn given(key: &'static str, value: impl Strategy<Value = Value> + 'static) -> Member {
    prop_oneof![
        16 => value.prop_map(move |value| Some((key, value))),
        1 => any_scalar().prop_map(move |value| Some((key, value))),
        3 => Just(None),
    ]
    .boxed()
}

fn object(members: [Member; 3]) -> BoxedStrategy<Value> {
    members
        .prop_map(|members| Object::from_pairs(members.into_iter().flatten()).unwrap())
        .prop_map(Value::Object)
        .boxed()
}

fn list(element: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    vec(element, 0..4).prop_map(Value::List).boxed()
}

fn leaf(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Int => select(&INTS[..]).prop_map(Value::Int).boxed(),
        Kind::Decimal => (1..=2_u8, select(&INTS[..]))
            .prop_map(|(scale, units)| Value::Decimal(Decimal::new(scale, units).unwrap()))
            .boxed(),
        Kind::Number => one_of(&["0.5", "1e30"])
            .prop_map(|text| Value::number(text).unwrap())
            .boxed(),
        Kind::Text => select(&TEXTS[..]).prop_map(Value::from).boxed(),
        Kind::Bytes => vec(0..3_u8, 0..3).prop_map(Value::Bytes).boxed(),
        Kind::List => list(leaf(Kind::Text)),
    }
}

fn any_scalar() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Null),
        leaf(Kind::Bool),
        leaf(Kind::Int),
        leaf(Kind::Decimal),
        leaf(Kind::Number),
        leaf(Kind::Text),
        leaf(Kind::Bytes),
        Just(Value::Object(Object::new())),
        Just(Value::List(Vec::new())),
    ]
    .boxed()
}
