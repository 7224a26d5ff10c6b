//! Constraints of capabilities on single values: each must definitely hold.

use bailiwick::action::{Decimal, Number, Value};
use bailiwick::scope::{Matcher, Scalar, ScopeError};

use super::*;

const OUTSIDE: &str = "argument_outside";
const MISSING: &str = "argument_missing";
const UNEXPECTED: &str = "argument_unexpected";

pub(super) fn all() -> Vec<Construct> {
    [constants(), ranges(), texts(), presence()]
        .into_iter()
        .flatten()
        .collect()
}

pub(super) fn decimal(scale: u8, units: i64) -> Decimal {
    Decimal::new(scale, units).unwrap()
}

pub(super) fn number(text: &str) -> Number {
    match Value::number(text) {
        Ok(Value::Number(number)) => number,
        other => panic!("{text} is {other:?}"),
    }
}

/// An open capability with one constraint on the argument `a`.
fn of(matcher: Matcher) -> Scope {
    allow(|capability| Ok(capability.argument("a", matcher)?.open_arguments()))
}

fn is(value: impl Into<Scalar>) -> Scope {
    of(Matcher::equals(value))
}

fn constants() -> Vec<Construct> {
    vec![
        construct(
            "equals-text",
            "equal to a text",
            is("ann"),
            [
                yes("equal", with(r#"{"a": "ann"}"#)),
                no("another-case", OUTSIDE, with(r#"{"a": "Ann"}"#)),
                no("inside-a-list", OUTSIDE, with(r#"{"a": ["ann"]}"#)),
                no("null", OUTSIDE, with(r#"{"a": null}"#)),
                no("absent", MISSING, with("{}")),
            ],
        ),
        construct(
            "equals-escaped-text",
            "a text with every character that is escaped",
            is("say \"hi\" \\ \n é"),
            [
                yes("equal", with(r#"{"a": "say \"hi\" \\ \n é"}"#)),
                no("another", OUTSIDE, with(r#"{"a": "say hi"}"#)),
            ],
        ),
        construct(
            "equals-bool",
            "equal to a truth value",
            is(true),
            [
                yes("equal", with(r#"{"a": true}"#)),
                no("the-other", OUTSIDE, with(r#"{"a": false}"#)),
                no("an-integer", OUTSIDE, with(r#"{"a": 1}"#)),
            ],
        ),
        construct(
            "equals-integer",
            "equal to an integer",
            is(-1),
            [
                yes("equal", with(r#"{"a": -1}"#)),
                no("a-text", OUTSIDE, with(r#"{"a": "-1"}"#)),
                no("another", OUTSIDE, with(r#"{"a": 1}"#)),
            ],
        ),
        construct(
            "equals-greatest-integer",
            "equal to the greatest integer",
            is(i64::MAX),
            [
                yes("equal", with(r#"{"a": {"$int": "9223372036854775807"}}"#)),
                no(
                    "one-less",
                    OUTSIDE,
                    with(r#"{"a": {"$int": "9223372036854775806"}}"#),
                ),
            ],
        ),
        construct(
            "equals-decimal",
            "equal to a decimal: the map of its scale to its units",
            is(decimal(2, 9870)),
            [
                yes("equal", with(r#"{"a": {"$decimal": [2, "9870"]}}"#)),
                no(
                    "another-scale",
                    OUTSIDE,
                    with(r#"{"a": {"$decimal": [3, "98700"]}}"#),
                ),
                no("an-integer", OUTSIDE, with(r#"{"a": 9870}"#)),
                no(
                    "an-object-that-looks-alike",
                    OUTSIDE,
                    with(r#"{"a": {"2": 9870}}"#),
                ),
            ],
        ),
        construct(
            "equals-number",
            "equal to another number: the map of -1 to its text",
            is(number("98.7")),
            [
                yes("equal", with(r#"{"a": {"$number": "98.70"}}"#)),
                no("its-text", OUTSIDE, with(r#"{"a": "98.7"}"#)),
                no(
                    "a-decimal",
                    OUTSIDE,
                    with(r#"{"a": {"$decimal": [1, "987"]}}"#),
                ),
            ],
        ),
        construct(
            "equals-bytes",
            "equal to bytes",
            is(vec![0_u8, 255]),
            [
                yes("equal", with(r#"{"a": {"$bytes": "00ff"}}"#)),
                no("their-hex", OUTSIDE, with(r#"{"a": "00ff"}"#)),
            ],
        ),
        construct(
            "equals-no-bytes",
            "equal to no bytes at all",
            is(Vec::<u8>::new()),
            [
                yes("equal", with(r#"{"a": {"$bytes": ""}}"#)),
                no("an-empty-text", OUTSIDE, with(r#"{"a": ""}"#)),
            ],
        ),
        construct(
            "one-of-text",
            "one of some texts",
            of(Matcher::one_of(["ann", "bob"]).unwrap()),
            [
                yes("the-second", with(r#"{"a": "bob"}"#)),
                no("neither", OUTSIDE, with(r#"{"a": "eve"}"#)),
                no("another-type", OUTSIDE, with(r#"{"a": 1}"#)),
            ],
        ),
        construct(
            "one-of-integer",
            "one of some integers",
            of(Matcher::one_of([1, 2]).unwrap()),
            [
                yes("the-first", with(r#"{"a": 1}"#)),
                no("neither", OUTSIDE, with(r#"{"a": 3}"#)),
                no("a-text", OUTSIDE, with(r#"{"a": "1"}"#)),
            ],
        ),
        construct(
            "one-of-decimal",
            "one of some decimals of one scale",
            of(Matcher::one_of([decimal(2, 100), decimal(2, 200)]).unwrap()),
            [
                yes("the-second", with(r#"{"a": {"$decimal": [2, "200"]}}"#)),
                no(
                    "neither",
                    OUTSIDE,
                    with(r#"{"a": {"$decimal": [2, "300"]}}"#),
                ),
            ],
        ),
        construct(
            "one-of-bytes",
            "one of some bytes",
            of(Matcher::one_of([vec![1_u8], vec![2]]).unwrap()),
            [
                yes("the-first", with(r#"{"a": {"$bytes": "01"}}"#)),
                no("neither", OUTSIDE, with(r#"{"a": {"$bytes": "03"}}"#)),
            ],
        ),
    ]
}

fn ranges() -> Vec<Construct> {
    vec![
        construct(
            "integer-range",
            "an integer from here to there, both included",
            of(Matcher::int(1, 5).unwrap()),
            [
                yes("the-least", with(r#"{"a": 1}"#)),
                yes("the-greatest", with(r#"{"a": 5}"#)),
                no("over", OUTSIDE, with(r#"{"a": 6}"#)),
                no("a-text", OUTSIDE, with(r#"{"a": "3"}"#)),
                no(
                    "a-decimal",
                    OUTSIDE,
                    with(r#"{"a": {"$decimal": [0, "3"]}}"#),
                ),
            ],
        ),
        construct(
            "integer-at-least",
            "an integer from here on",
            of(Matcher::int(1, None).unwrap()),
            [
                yes(
                    "far-over",
                    with(r#"{"a": {"$int": "9223372036854775807"}}"#),
                ),
                no("under", OUTSIDE, with(r#"{"a": 0}"#)),
            ],
        ),
        construct(
            "integer-at-most",
            "an integer up to here",
            of(Matcher::int(None, -1).unwrap()),
            [
                yes("under", with(r#"{"a": {"$int": "-9223372036854775808"}}"#)),
                no("over", OUTSIDE, with(r#"{"a": 0}"#)),
            ],
        ),
        construct(
            "decimal-range",
            "a decimal of one scale, in a range",
            of(Matcher::decimal(2, 0, 10_000).unwrap()),
            [
                yes("the-greatest", with(r#"{"a": {"$decimal": [2, "10000"]}}"#)),
                no(
                    "over",
                    OUTSIDE,
                    with(r#"{"a": {"$decimal": [2, "10001"]}}"#),
                ),
                no(
                    "another-scale",
                    OUTSIDE,
                    with(r#"{"a": {"$decimal": [1, "10"]}}"#),
                ),
                no("an-integer", OUTSIDE, with(r#"{"a": 10}"#)),
                no(
                    "another-number",
                    OUTSIDE,
                    with(r#"{"a": {"$number": "0.5"}}"#),
                ),
            ],
        ),
        construct(
            "decimal-at-most",
            "a decimal up to here",
            of(Matcher::decimal(2, None, 500).unwrap()),
            [
                yes("under", with(r#"{"a": {"$decimal": [2, "-1"]}}"#)),
                no("over", OUTSIDE, with(r#"{"a": {"$decimal": [2, "501"]}}"#)),
            ],
        ),
    ]
}

fn texts() -> Vec<Construct> {
    let text = |pattern| of(Matcher::text(pattern).unwrap());
    let noted = |ask: Ask| {
        ask.seen("calendar:attendees", "ann")
            .seen("calendar:attendees", "bob")
    };
    vec![
        construct(
            "text-pattern",
            "a prefix, one or more bytes, a suffix",
            text("ab*yz"),
            [
                yes("one-byte-between", with(r#"{"a": "ab-yz"}"#)),
                no("none-between", OUTSIDE, with(r#"{"a": "abyz"}"#)),
                no("another-start", OUTSIDE, with(r#"{"a": "xb-yz"}"#)),
                no("another-type", OUTSIDE, with(r#"{"a": 5}"#)),
            ],
        ),
        construct(
            "text-prefix",
            "a text that begins so",
            text("re: *"),
            [
                yes("longer", with(r#"{"a": "re: x"}"#)),
                no("the-prefix-alone", OUTSIDE, with(r#"{"a": "re: "}"#)),
            ],
        ),
        construct(
            "text-suffix",
            "a text that ends so",
            text("*@corp.com"),
            [
                yes("longer", with(r#"{"a": "ann@corp.com"}"#)),
                no(
                    "something-after",
                    OUTSIDE,
                    with(r#"{"a": "ann@corp.com@evil"}"#),
                ),
                no("a-list", OUTSIDE, with(r#"{"a": ["ann@corp.com"]}"#)),
            ],
        ),
        construct(
            "text-any",
            "any text but the empty one",
            text("*"),
            [
                yes("a-text", with(r#"{"a": "x"}"#)),
                no("empty", OUTSIDE, with(r#"{"a": ""}"#)),
                no("bytes", OUTSIDE, with(r#"{"a": {"$bytes": "00"}}"#)),
            ],
        ),
        construct(
            "text-length",
            "a length in bytes",
            of(Matcher::text_length(1, 5).unwrap()),
            [
                yes("five", with(r#"{"a": "12345"}"#)),
                no(
                    "six-bytes-in-three-characters",
                    OUTSIDE,
                    with(r#"{"a": "ééé"}"#),
                ),
                no("none", OUTSIDE, with(r#"{"a": ""}"#)),
                no("another-type", OUTSIDE, with(r#"{"a": ["1"]}"#)),
            ],
        ),
        construct(
            "text-length-at-most",
            "a greatest length",
            of(Matcher::text_length(0, 5).unwrap()),
            [
                yes("none", with(r#"{"a": ""}"#)),
                no("six", OUTSIDE, with(r#"{"a": "123456"}"#)),
            ],
        ),
        construct(
            "text-length-any",
            "any length, which only asks for a text",
            of(Matcher::text_length(0, None).unwrap()),
            [
                yes("none", with(r#"{"a": ""}"#)),
                no("another-type", OUTSIDE, with(r#"{"a": null}"#)),
            ],
        ),
        construct(
            "bytes-length",
            "a length of bytes",
            of(Matcher::bytes_length(2, None).unwrap()),
            [
                yes("two", with(r#"{"a": {"$bytes": "0001"}}"#)),
                no("one", OUTSIDE, with(r#"{"a": {"$bytes": "00"}}"#)),
                no("a-text", OUTSIDE, with(r#"{"a": "00"}"#)),
            ],
        ),
        construct(
            "from",
            "a text that a service noted under a label",
            of(Matcher::from_label("calendar:attendees").unwrap()),
            [
                yes("noted", noted(with(r#"{"a": "bob"}"#))),
                no("not-noted", OUTSIDE, noted(with(r#"{"a": "eve"}"#))),
                no("nothing-noted", OUTSIDE, with(r#"{"a": "bob"}"#)),
                no(
                    "noted-under-another-label",
                    OUTSIDE,
                    with(r#"{"a": "bob"}"#).seen("mail:from", "bob"),
                ),
                no("a-list-of-noted", OUTSIDE, noted(with(r#"{"a": ["bob"]}"#))),
            ],
        ),
    ]
}

fn presence() -> Vec<Construct> {
    let text = |text: &str| Matcher::equals(text);
    let closed = |paths: &[&str]| {
        let add = |capability: Result<_, ScopeError>, path: &&str| {
            capability.and_then(|one: bailiwick::scope::Capability| one.argument(path, text("x")))
        };
        allow(|capability| paths.iter().fold(Ok(capability), add))
    };
    vec![
        construct(
            "closed",
            "no argument but those that are named",
            closed(&["a", "b"]),
            [
                yes("both", with(r#"{"a": "x", "b": "x"}"#)),
                no(
                    "one-more",
                    UNEXPECTED,
                    with(r#"{"a": "x", "b": "x", "c": 1}"#),
                ),
                no("one-less", MISSING, with(r#"{"a": "x"}"#)),
            ],
        ),
        construct(
            "open",
            "`open_arguments` lets others through",
            allow(|capability| Ok(capability.argument("a", text("x"))?.open_arguments())),
            [
                yes("one-more", with(r#"{"a": "x", "c": 1}"#)),
                no("another-value", OUTSIDE, with(r#"{"a": "y", "c": 1}"#)),
            ],
        ),
        construct(
            "optional",
            "an argument that may be absent, and is named all the same",
            allow(|capability| {
                capability
                    .argument("a", text("x"))?
                    .optional_argument("b", text("y"))
            }),
            [
                yes("present", with(r#"{"a": "x", "b": "y"}"#)),
                yes("absent", with(r#"{"a": "x"}"#)),
                no("null", OUTSIDE, with(r#"{"a": "x", "b": null}"#)),
                no("another-value", OUTSIDE, with(r#"{"a": "x", "b": "z"}"#)),
                no("one-more", UNEXPECTED, with(r#"{"a": "x", "c": "y"}"#)),
            ],
        ),
        construct(
            "nested",
            "a value in an object in the arguments",
            closed(&["meta.kind"]),
            [
                yes("there", with(r#"{"meta": {"kind": "x"}}"#)),
                no(
                    "one-more-inside",
                    UNEXPECTED,
                    with(r#"{"meta": {"kind": "x", "more": 1}}"#),
                ),
                no("no-object", OUTSIDE, with(r#"{"meta": "x"}"#)),
                no(
                    "a-decimal-is-no-object",
                    OUTSIDE,
                    with(r#"{"meta": {"$decimal": [2, "1"]}}"#),
                ),
                no("absent", MISSING, with("{}")),
            ],
        ),
        construct(
            "nested-twice",
            "two values in one object",
            closed(&["meta.kind", "meta.id"]),
            [
                yes("both", with(r#"{"meta": {"kind": "x", "id": "x"}}"#)),
                no("one", MISSING, with(r#"{"meta": {"kind": "x"}}"#)),
            ],
        ),
        construct(
            "optional-nested",
            "a value that may be absent, with the object around it",
            allow(|capability| capability.optional_argument("meta.kind", text("x"))),
            [
                yes("there", with(r#"{"meta": {"kind": "x"}}"#)),
                yes("without-the-value", with(r#"{"meta": {}}"#)),
                yes("without-the-object", with("{}")),
                no("no-object", OUTSIDE, with(r#"{"meta": 1}"#)),
                no(
                    "a-decimal-is-no-object",
                    OUTSIDE,
                    with(r#"{"meta": {"$decimal": [2, "1"]}}"#),
                ),
                no(
                    "one-more-inside",
                    UNEXPECTED,
                    with(r#"{"meta": {"more": 1}}"#),
                ),
            ],
        ),
        construct(
            "attribute",
            "an attribute, which the service looks up; attributes are never closed",
            allow(|capability| capability.attribute("owner", text("ada"))),
            [
                yes("equal", having(r#"{"owner": "ada", "size": 3}"#)),
                no(
                    "another",
                    "attribute_outside",
                    having(r#"{"owner": "eve"}"#),
                ),
                no("absent", "attribute_missing", having("{}")),
            ],
        ),
        construct(
            "argument-and-attribute",
            "an argument and an attribute, each noted",
            allow(|capability| {
                let noted = || Matcher::from_label("mail:from");
                capability
                    .argument("to", noted()?)?
                    .attribute("owner", noted()?)
            }),
            [
                yes(
                    "both",
                    Ask::new(
                        crate::world::send()
                            .with_arguments(crate::json::tree(r#"{"to": "ann"}"#))
                            .with_attributes(crate::json::tree(r#"{"owner": "bob"}"#)),
                    )
                    .seen("mail:from", "ann")
                    .seen("mail:from", "bob"),
                ),
                no(
                    "one",
                    "attribute_missing",
                    with(r#"{"to": "ann"}"#).seen("mail:from", "ann"),
                ),
            ],
        ),
    ]
}
