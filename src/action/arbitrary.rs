//! Random values for property tests, of this room and of others.

use proptest::prelude::*;

use super::action::Action;
use super::decimal::Decimal;
use super::effect::Effect;
use super::object::Object;
use super::tree::Tree;
use super::value::Value;

/// A value that JSON can write.
pub(crate) fn json_value() -> BoxedStrategy<Value> {
    nested(prop_oneof![json_leaf(), "\\PC{0,6}".prop_map(Value::from)].boxed())
}

/// Any value, from so few leaves that two are often equal and often almost.
pub(crate) fn value() -> BoxedStrategy<Value> {
    let decimal = (0_u8..=2, -1_i64..=1)
        .prop_map(|(scale, units)| Decimal::new(scale, units).unwrap().into());
    let bytes = proptest::collection::vec(0_u8..=1, 0..3).prop_map(Value::Bytes);
    nested(prop_oneof![4 => json_leaf(), 1 => decimal, 1 => bytes].boxed())
}

/// An action, from so few names that two often differ in one thing alone.
pub(crate) fn action() -> BoxedStrategy<Action> {
    let service = prop_oneof![Just("forum"), Just("mail")];
    let operation = prop_oneof![Just("forum.read"), Just("forum.publish")];
    let effect = proptest::sample::select(Effect::ALL.to_vec());
    let resource = prop_oneof![Just("a"), Just("a/b"), Just("a b"), Just("a\u{200b}")];
    (service, operation, effect, resource, tree(), tree())
        .prop_map(
            |(service, operation, effect, resource, arguments, attributes)| {
                Action::new(
                    service.parse().unwrap(),
                    operation.parse().unwrap(),
                    effect,
                    resource.parse().unwrap(),
                )
                .with_arguments(arguments)
                .with_attributes(attributes)
            },
        )
        .boxed()
}

/// A tree of such values.
pub(crate) fn tree() -> BoxedStrategy<Tree> {
    object(value())
        .prop_map(|root| Tree::new(root).unwrap())
        .boxed()
}

/// An object of such members, under a few keys.
pub(crate) fn object(member: BoxedStrategy<Value>) -> BoxedStrategy<Object> {
    proptest::collection::btree_map(
        prop_oneof![Just("a"), Just("b"), Just("ab"), Just("é\n\"")],
        member,
        0..4,
    )
    .prop_map(|members| Object::from_pairs(members).unwrap())
    .boxed()
}

fn json_leaf() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1_i64..=2).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![
            Just("0.1"),
            Just("-0.1"),
            Just("1e30"),
            Just("9223372036854775808"),
            Just("5e-20")
        ]
        .prop_map(|text| Value::number(text).unwrap()),
        prop_oneof![
            Just(""),
            Just("a"),
            Just("b"),
            Just("1"),
            Just("0.1"),
            Just("null"),
            Just("\0\n\"\\")
        ]
        .prop_map(Value::from),
    ]
    .boxed()
}

fn nested(leaf: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner.boxed()).prop_map(Value::from),
        ]
    })
    .boxed()
}
