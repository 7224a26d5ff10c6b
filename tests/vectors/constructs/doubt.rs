//! Patterns of deny entries (and of requirements): what is not definitely outside matches.

use bailiwick::action::Effect;
use bailiwick::scope::{Matcher, Scalar};

use super::strict::{decimal, number};
use super::*;
use crate::world::{act, send};

const DENIED: &str = "deny_matched";

pub(super) fn all() -> Vec<Construct> {
    [targets(), constants(), values(), places()]
        .into_iter()
        .flatten()
        .collect()
}

fn ask(operation: &str, effect: Effect, resource: &str) -> Ask {
    Ask::new(act(operation, effect, resource))
}

/// Denies what has, or may have, such an argument `a`.
fn of(matcher: Matcher) -> Scope {
    deny(|pattern| pattern.argument("a", matcher))
}

fn is(value: impl Into<Scalar>) -> Scope {
    of(Matcher::equals(value))
}

fn targets() -> Vec<Construct> {
    let send = Effect::Send;
    vec![
        construct(
            "deny-operation",
            "an operation",
            deny(|pattern| pattern.operation("mail.send")),
            [
                no("that", DENIED, ask("mail.send", send, "outbox")),
                yes("another", ask("mail.read", Effect::Read, "outbox")),
            ],
        ),
        construct(
            "deny-sub-tree",
            "every operation below a name",
            deny(|pattern| pattern.operation("mail.acl.*")),
            [
                no("below", DENIED, ask("mail.acl.grant", send, "outbox")),
                yes("the-name-itself", ask("mail.acl", send, "outbox")),
            ],
        ),
        construct(
            "deny-effect",
            "an effect",
            deny(|pattern| Ok(pattern.with_effect(Effect::Delete))),
            [
                no("that", DENIED, ask("mail.purge", Effect::Delete, "outbox")),
                yes("another", ask("mail.purge", Effect::Write, "outbox")),
            ],
        ),
        construct(
            "deny-resource",
            "one resource",
            deny(|pattern| pattern.resource("box/ada")),
            [
                no("that", DENIED, ask("mail.send", send, "box/ada")),
                yes("another", ask("mail.send", send, "box/ada/out")),
            ],
        ),
        construct(
            "deny-resource-pattern",
            "resources by a pattern",
            deny(|pattern| pattern.resource("box/a*/*/out")),
            [
                no("matching", DENIED, ask("mail.send", send, "box/ada/1/out")),
                yes("another", ask("mail.send", send, "box/eve/1/out")),
                yes(
                    "too-short-to-have-such-segments",
                    ask("mail.send", send, "box"),
                ),
            ],
        ),
        construct(
            "deny-resource-tail",
            "resources below one",
            deny(|pattern| pattern.resource("box/*/secret/**")),
            [
                no("below", DENIED, ask("mail.send", send, "box/ada/secret/1")),
                yes("beside", ask("mail.send", send, "box/ada/public/1")),
            ],
        ),
        construct(
            "deny-together",
            "an operation with an effect on a resource: all of it must match",
            deny(|pattern| {
                pattern
                    .operation("mail.*")?
                    .with_effect(Effect::Delete)
                    .resource("box/**")
            }),
            [
                no("all", DENIED, ask("mail.purge", Effect::Delete, "box/1")),
                yes(
                    "another-resource",
                    ask("mail.purge", Effect::Delete, "outbox"),
                ),
            ],
        ),
    ]
}

fn constants() -> Vec<Construct> {
    vec![
        construct(
            "deny-equals-text",
            "an argument that is, or may be, this text",
            is("eve"),
            [
                no("equal", DENIED, with(r#"{"a": "eve"}"#)),
                yes("another-text", with(r#"{"a": "ann"}"#)),
                no("another-type", DENIED, with(r#"{"a": 1}"#)),
                no("absent", DENIED, with("{}")),
                no("null", DENIED, with(r#"{"a": null}"#)),
            ],
        ),
        construct(
            "deny-equals-bool",
            "a truth value",
            is(true),
            [
                no("equal", DENIED, with(r#"{"a": true}"#)),
                yes("the-other", with(r#"{"a": false}"#)),
            ],
        ),
        construct(
            "deny-equals-integer",
            "an integer",
            is(0),
            [
                no("equal", DENIED, with(r#"{"a": 0}"#)),
                yes("another", with(r#"{"a": 1}"#)),
                no(
                    "a-decimal",
                    DENIED,
                    with(r#"{"a": {"$decimal": [0, "1"]}}"#),
                ),
            ],
        ),
        construct(
            "deny-equals-bytes",
            "bytes",
            is(vec![7_u8]),
            [
                no("equal", DENIED, with(r#"{"a": {"$bytes": "07"}}"#)),
                yes("others", with(r#"{"a": {"$bytes": "08"}}"#)),
            ],
        ),
        construct(
            "deny-equals-decimal",
            "a decimal",
            is(decimal(2, 100)),
            [
                no("equal", DENIED, with(r#"{"a": {"$decimal": [2, "100"]}}"#)),
                yes("another", with(r#"{"a": {"$decimal": [2, "101"]}}"#)),
                no(
                    "another-scale",
                    DENIED,
                    with(r#"{"a": {"$decimal": [3, "101"]}}"#),
                ),
                no("an-integer", DENIED, with(r#"{"a": 5}"#)),
            ],
        ),
        construct(
            "deny-equals-number",
            "another number",
            is(number("0.5")),
            [
                no("equal", DENIED, with(r#"{"a": {"$number": "0.5"}}"#)),
                yes("another", with(r#"{"a": {"$number": "0.6"}}"#)),
                no("a-text", DENIED, with(r#"{"a": "0.6"}"#)),
            ],
        ),
        construct(
            "deny-one-of-text",
            "one of some texts",
            of(Matcher::one_of(["eve", "mal"]).unwrap()),
            [
                no("the-second", DENIED, with(r#"{"a": "mal"}"#)),
                yes("neither", with(r#"{"a": "ann"}"#)),
                no("another-type", DENIED, with(r#"{"a": 1}"#)),
            ],
        ),
        construct(
            "deny-one-of-decimal",
            "one of some decimals",
            of(Matcher::one_of([decimal(2, 1), decimal(2, 2)]).unwrap()),
            [
                no(
                    "the-second",
                    DENIED,
                    with(r#"{"a": {"$decimal": [2, "2"]}}"#),
                ),
                yes("neither", with(r#"{"a": {"$decimal": [2, "3"]}}"#)),
            ],
        ),
    ]
}

fn values() -> Vec<Construct> {
    let from = || Matcher::from_label("mail:from").unwrap();
    vec![
        construct(
            "deny-integer-range",
            "an integer in a range",
            of(Matcher::int(1, 5).unwrap()),
            [
                no("inside", DENIED, with(r#"{"a": 3}"#)),
                yes("outside", with(r#"{"a": 6}"#)),
                no("a-text", DENIED, with(r#"{"a": "6"}"#)),
            ],
        ),
        construct(
            "deny-integer-at-least",
            "an integer from here on",
            of(Matcher::int(100, None).unwrap()),
            [
                no("inside", DENIED, with(r#"{"a": 100}"#)),
                yes("under", with(r#"{"a": 99}"#)),
            ],
        ),
        construct(
            "deny-decimal-range",
            "a decimal in a range",
            of(Matcher::decimal(2, 100, 200).unwrap()),
            [
                no("inside", DENIED, with(r#"{"a": {"$decimal": [2, "150"]}}"#)),
                yes("outside", with(r#"{"a": {"$decimal": [2, "201"]}}"#)),
                no(
                    "another-scale",
                    DENIED,
                    with(r#"{"a": {"$decimal": [1, "21"]}}"#),
                ),
            ],
        ),
        construct(
            "deny-text-pattern",
            "a text of this form",
            of(Matcher::text("a*z").unwrap()),
            [
                no("matching", DENIED, with(r#"{"a": "abz"}"#)),
                yes("another", with(r#"{"a": "az"}"#)),
                no("another-type", DENIED, with(r#"{"a": ["b"]}"#)),
            ],
        ),
        construct(
            "deny-text-any",
            "any text but the empty one",
            of(Matcher::text("*").unwrap()),
            [
                no("a-text", DENIED, with(r#"{"a": "x"}"#)),
                yes("the-empty-text", with(r#"{"a": ""}"#)),
            ],
        ),
        construct(
            "deny-text-length",
            "a long text",
            of(Matcher::text_length(5, None).unwrap()),
            [
                no("long", DENIED, with(r#"{"a": "12345"}"#)),
                yes("short", with(r#"{"a": "1234"}"#)),
                no("another-type", DENIED, with(r#"{"a": {"$bytes": "00"}}"#)),
            ],
        ),
        construct(
            "deny-bytes-length",
            "many bytes",
            of(Matcher::bytes_length(2, 9).unwrap()),
            [
                no("many", DENIED, with(r#"{"a": {"$bytes": "0001"}}"#)),
                yes("one", with(r#"{"a": {"$bytes": "00"}}"#)),
            ],
        ),
        construct(
            "deny-from",
            "a text that was noted, or may have been",
            of(from()),
            [
                no(
                    "noted",
                    DENIED,
                    with(r#"{"a": "ann"}"#).seen("mail:from", "ann"),
                ),
                yes(
                    "not-noted",
                    with(r#"{"a": "bob"}"#).seen("mail:from", "ann"),
                ),
                no("nothing-noted", DENIED, with(r#"{"a": "bob"}"#)),
                no(
                    "another-type",
                    DENIED,
                    with(r#"{"a": 1}"#).seen("mail:from", "ann"),
                ),
            ],
        ),
        construct(
            "deny-count",
            "a long list",
            of(Matcher::count(3, None).unwrap()),
            [
                no("three", DENIED, with(r#"{"a": [1, 2, 3]}"#)),
                yes("two", with(r#"{"a": [1, 2]}"#)),
                no("no-list", DENIED, with(r#"{"a": 1}"#)),
            ],
        ),
    ]
}

fn places() -> Vec<Construct> {
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
