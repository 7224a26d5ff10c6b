//! Constraints of capabilities: ranges, texts, lengths, labels.

use bailiwick::scope::Matcher;

use super::*;

const OUTSIDE: &str = "argument_outside";

pub(super) fn all() -> Vec<Construct> {
    [ranges(), texts()].into_iter().flatten().collect()
}

/// An open capability with one constraint on the argument `a`.
pub(super) fn of(matcher: Matcher) -> Scope {
    allow(|capability| Ok(capability.argument("a", matcher)?.open_arguments()))
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
