//! Patterns of deny entries (and of requirements): what is not definitely outside matches.

use bailiwick::action::Effect;
use bailiwick::scope::{Matcher, Scalar};

use super::constants::{decimal, number};
use super::*;
use crate::world::act;

const DENIED: &str = "deny_matched";

pub(super) fn all() -> Vec<Construct> {
    [targets(), constants(), values()]
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
