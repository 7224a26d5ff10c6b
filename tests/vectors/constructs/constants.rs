//! Constraints of capabilities: equal to a constant, or one of some.

use bailiwick::action::{Decimal, Number, Value};
use bailiwick::scope::{Matcher, Scalar};

use super::values::of;
use super::*;

const OUTSIDE: &str = "argument_outside";
const MISSING: &str = "argument_missing";

pub(super) fn all() -> Vec<Construct> {
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

fn is(value: impl Into<Scalar>) -> Scope {
    of(Matcher::equals(value))
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
