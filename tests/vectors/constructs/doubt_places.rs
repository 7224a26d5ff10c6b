//! Patterns of deny entries: objects, lists, absence, attributes.

use bailiwick::scope::Matcher;

use super::*;
use crate::world::send;

const DENIED: &str = "deny_matched";

pub(super) fn all() -> Vec<Construct> {
    let x = || Matcher::equals("x");
    let both = |constraints: Vec<Constraint>| {
        deny(|pattern| {
            constraints
                .into_iter()
                .try_fold(pattern, |one, next| one.with_argument(next))
        })
    };
    vec![
        construct(
            "deny-nested",
            "a value in an object",
            both(vec![at("meta.kind", x())]),
            [
                no("equal", DENIED, with(r#"{"meta": {"kind": "x"}}"#)),
                yes("another", with(r#"{"meta": {"kind": "y"}}"#)),
                no("no-object", DENIED, with(r#"{"meta": 1}"#)),
                no("absent", DENIED, with(r#"{"meta": {}}"#)),
            ],
        ),
        construct(
            "deny-any-element",
            "any element of a list",
            both(vec![at("to.*", x())]),
            [
                no("one", DENIED, with(r#"{"to": ["y", "x"]}"#)),
                yes("none", with(r#"{"to": ["y"]}"#)),
                no("one-of-another-type", DENIED, with(r#"{"to": ["y", 1]}"#)),
                no("no-list", DENIED, with(r#"{"to": "y"}"#)),
                yes("empty", with(r#"{"to": []}"#)),
            ],
        ),
        construct(
            "deny-any-element-or-none",
            "any element of a list, or that it is empty, as its count allows 0",
            both(vec![
                at("to.*", x()),
                at("to", Matcher::count(0, 3).unwrap()),
            ]),
            [
                no("empty", DENIED, with(r#"{"to": []}"#)),
                no("one", DENIED, with(r#"{"to": ["x"]}"#)),
                yes("none", with(r#"{"to": ["y"]}"#)),
                yes("too-long", with(r#"{"to": ["x", "x", "x", "x"]}"#)),
            ],
        ),
        construct(
            "deny-objects-in-list",
            "a member of any object in a list",
            both(vec![at("items.*.id", x())]),
            [
                no(
                    "one",
                    DENIED,
                    with(r#"{"items": [{"id": "y"}, {"id": "x"}]}"#),
                ),
                yes("none", with(r#"{"items": [{"id": "y"}]}"#)),
                no(
                    "one-without",
                    DENIED,
                    with(r#"{"items": [{"id": "y"}, {}]}"#),
                ),
            ],
        ),
        construct(
            "deny-list-in-list",
            "any element of any inner list",
            both(vec![at("to.*.*", x())]),
            [
                no("one", DENIED, with(r#"{"to": [["y"], ["x"]]}"#)),
                yes("none", with(r#"{"to": [["y"]]}"#)),
                no(
                    "an-inner-one-is-no-list",
                    DENIED,
                    with(r#"{"to": [["y"], "y"]}"#),
                ),
            ],
        ),
        construct(
            "deny-if-present",
            "`if_present`: absence does not match",
            both(vec![at("a", x()).if_present()]),
            [
                no("equal", DENIED, with(r#"{"a": "x"}"#)),
                yes("absent", with("{}")),
                no("another-type", DENIED, with(r#"{"a": 1}"#)),
                yes("another", with(r#"{"a": "y"}"#)),
            ],
        ),
        construct(
            "deny-if-present-nested",
            "the same inside an object",
            both(vec![at("meta.kind", x()).if_present()]),
            [
                no("equal", DENIED, with(r#"{"meta": {"kind": "x"}}"#)),
                yes("absent", with(r#"{"meta": {}}"#)),
                yes("without-the-object", with("{}")),
                no("no-object", DENIED, with(r#"{"meta": 1}"#)),
                no(
                    "a-decimal-is-no-object",
                    DENIED,
                    with(r#"{"meta": {"$decimal": [2, "1"]}}"#),
                ),
            ],
        ),
        construct(
            "deny-if-present-in-list",
            "the same inside objects in a list",
            both(vec![at("items.*.id", x()).if_present()]),
            [
                no("one", DENIED, with(r#"{"items": [{}, {"id": "x"}]}"#)),
                yes("absent", with(r#"{"items": [{}]}"#)),
            ],
        ),
        construct(
            "deny-two-constraints",
            "two constraints: one definite no decides",
            both(vec![at("a", x()), at("b", x())]),
            [
                no("both", DENIED, with(r#"{"a": "x", "b": "x"}"#)),
                no("one-and-doubt", DENIED, with(r#"{"a": "x"}"#)),
                yes("one-definite-no", with(r#"{"a": "y"}"#)),
            ],
        ),
        construct(
            "deny-attribute",
            "an attribute",
            deny(|pattern| pattern.attribute("public", Matcher::equals(true))),
            [
                no("equal", DENIED, having(r#"{"public": true}"#)),
                yes("the-other", having(r#"{"public": false}"#)),
                no("not-looked-up", DENIED, Ask::new(send())),
            ],
        ),
        construct(
            "deny-operation-and-argument",
            "an operation with an argument and an attribute",
            deny(|pattern| {
                pattern
                    .operation("mail.send")?
                    .argument("to", Matcher::text("*@evil.com")?)?
                    .attribute("public", Matcher::equals(true))
            }),
            [
                no("all", DENIED, with(r#"{"to": "eve@evil.com"}"#)),
                yes("another-argument", with(r#"{"to": "ann@corp.com"}"#)),
            ],
        ),
    ]
}
