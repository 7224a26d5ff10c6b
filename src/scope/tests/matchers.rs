//! Every matcher, strictly and in doubt.

use super::judge::Is::{In, Out, Unsure};
use super::judge::{arguments, judge, values};
use super::*;
use crate::action::{Decimal, Value};
use crate::scope::{Label, Seen};

fn decimal(scale: u8, units: i64) -> Value {
    Value::Decimal(Decimal::new(scale, units).unwrap())
}

#[test]
fn equality_is_of_one_type() {
    arguments(
        &[is("x", Ok(Matcher::equals("a")))],
        &[
            (r#"{"x": "a"}"#, In),
            (r#"{"x": "A"}"#, Out),
            (r#"{"x": ""}"#, Out),
            (r#"{"x": 1}"#, Unsure),
            (r#"{"x": null}"#, Unsure),
            (r#"{"x": ["a"]}"#, Unsure),
            (r#"{"x": {"a": "a"}}"#, Unsure),
            ("{}", Unsure),
        ],
    );
    arguments(
        &[is("x", Ok(Matcher::equals(1)))],
        &[
            (r#"{"x": 1}"#, In),
            (r#"{"x": 1.0}"#, In),
            (r#"{"x": 10e-1}"#, In),
            (r#"{"x": 2}"#, Out),
            (r#"{"x": "1"}"#, Unsure),
            (r#"{"x": true}"#, Unsure),
            (r#"{"x": 1.5}"#, Unsure),
            (r#"{"x": 9223372036854775808}"#, Unsure),
        ],
    );
    arguments(
        &[is("x", Ok(Matcher::equals(true)))],
        &[
            (r#"{"x": true}"#, In),
            (r#"{"x": false}"#, Out),
            (r#"{"x": 1}"#, Unsure),
        ],
    );
}

#[test]
fn equality_of_bytes_decimals_and_other_numbers_is_exact() {
    values(
        Matcher::equals(vec![1, 2]),
        &[
            (Value::Bytes(vec![1, 2]), In),
            (Value::Bytes(vec![1]), Out),
            (Value::from("\u{1}\u{2}"), Unsure),
            (Value::List(vec![Value::Int(1), Value::Int(2)]), Unsure),
        ],
    );
    values(
        Matcher::equals(Decimal::new(2, 100).unwrap()),
        &[
            (decimal(2, 100), In),
            (decimal(2, 101), Out),
            (decimal(1, 10), Unsure),
            (Value::Int(1), Unsure),
        ],
    );
    let Ok(Value::Number(half)) = Value::number("0.5") else {
        panic!("0.5 is no integer");
    };
    values(
        Matcher::equals(half),
        &[
            (Value::number("5e-1").unwrap(), In),
            (Value::number("0.25").unwrap(), Out),
            (Value::from("0.5"), Unsure),
            (decimal(1, 5), Unsure),
        ],
    );
}

#[test]
fn one_of_is_any_of_its_values() {
    arguments(
        &[is("x", Matcher::one_of(["a", "b"]))],
        &[
            (r#"{"x": "a"}"#, In),
            (r#"{"x": "b"}"#, In),
            (r#"{"x": "c"}"#, Out),
            (r#"{"x": ["a"]}"#, Unsure),
            (r#"{"x": 1}"#, Unsure),
        ],
    );
    let prices = [Decimal::new(2, 1).unwrap(), Decimal::new(2, 2).unwrap()];
    values(
        Matcher::one_of(prices).unwrap(),
        &[
            (decimal(2, 2), In),
            (decimal(2, 3), Out),
            (decimal(3, 2), Unsure),
        ],
    );
}

#[test]
fn ranges_include_their_ends() {
    arguments(
        &[is("x", Matcher::int(1, 5))],
        &[
            (r#"{"x": 0}"#, Out),
            (r#"{"x": 1}"#, In),
            (r#"{"x": 5}"#, In),
            (r#"{"x": 6}"#, Out),
            (r#"{"x": "3"}"#, Unsure),
            (r#"{"x": 3.5}"#, Unsure),
        ],
    );
    arguments(
        &[is("x", Matcher::int(i64::MIN, None))],
        &[
            (r#"{"x": -9223372036854775808}"#, In),
            (r#"{"x": -9223372036854775809}"#, Unsure),
        ],
    );
    arguments(
        &[is("x", Matcher::int(None, i64::MAX))],
        &[
            (r#"{"x": 9223372036854775807}"#, In),
            (r#"{"x": 9223372036854775808}"#, Unsure),
        ],
    );
    values(
        Matcher::decimal(2, 0, 500).unwrap(),
        &[
            (decimal(2, -1), Out),
            (decimal(2, 0), In),
            (decimal(2, 500), In),
            (decimal(2, 501), Out),
            (decimal(3, 1), Unsure),
            (Value::Int(1), Unsure),
            (Value::number("0.01").unwrap(), Unsure),
        ],
    );
}

#[test]
fn a_text_pattern_wants_a_byte_for_its_star() {
    arguments(
        &[is("x", Matcher::text("ab*yz"))],
        &[
            (r#"{"x": "ab-yz"}"#, In),
            (r#"{"x": "abyz"}"#, Out),
            (r#"{"x": "ab-yz-"}"#, Out),
            (r#"{"x": "ab"}"#, Out),
            (r#"{"x": 1}"#, Unsure),
        ],
    );
    // Prefix and suffix must not share bytes.
    arguments(
        &[is("x", Matcher::text("aba*aba"))],
        &[
            (r#"{"x": "aba"}"#, Out),
            (r#"{"x": "ababa"}"#, Out),
            (r#"{"x": "abaaba"}"#, Out),
            (r#"{"x": "abacaba"}"#, In),
        ],
    );
    arguments(
        &[is("x", Matcher::text("*@corp.com"))],
        &[
            (r#"{"x": "a@corp.com"}"#, In),
            (r#"{"x": "a@corp.com@evil"}"#, Out),
            (r#"{"x": "a@evil\u0000@corp.com"}"#, In),
            (r#"{"x": "a@CORP.com"}"#, Out),
        ],
    );
    arguments(
        &[is("x", Matcher::text("*"))],
        &[
            (r#"{"x": "a"}"#, In),
            (r#"{"x": ""}"#, Out),
            (r#"{"x": null}"#, Unsure),
        ],
    );
}

#[test]
fn lengths_are_in_bytes() {
    arguments(
        &[is("x", Matcher::text_length(1, 2))],
        &[
            (r#"{"x": ""}"#, Out),
            (r#"{"x": "a"}"#, In),
            (r#"{"x": "ü"}"#, In),
            (r#"{"x": "üa"}"#, Out),
            (r#"{"x": ["a"]}"#, Unsure),
        ],
    );
    values(
        Matcher::bytes_length(1, 2).unwrap(),
        &[
            (Value::Bytes(vec![]), Out),
            (Value::Bytes(vec![0; 2]), In),
            (Value::Bytes(vec![0; 3]), Out),
            (Value::from("a"), Unsure),
        ],
    );
    values(
        Matcher::text_length(0, None).unwrap(),
        &[(Value::from(""), In), (Value::Bytes(vec![]), Unsure)],
    );
}

#[test]
fn counts_are_of_lists() {
    arguments(
        &[is("x", Matcher::count(1, 2))],
        &[
            (r#"{"x": []}"#, Out),
            (r#"{"x": [null]}"#, In),
            (r#"{"x": [1, "a"]}"#, In),
            (r#"{"x": [1, 2, 3]}"#, Out),
            (r#"{"x": {"a": 1}}"#, Unsure),
            (r#"{"x": "a"}"#, Unsure),
        ],
    );
}

#[test]
fn a_value_must_be_noted_under_the_very_label() {
    let mut seen = Seen::new();
    seen.note(Label::new("calendar:attendees").unwrap(), "ann@corp.com");
    let mut context = noon();
    context.seen = &seen;
    let known = is("to", Matcher::from_label("calendar:attendees"));
    let unknown = is("to", Matcher::from_label("mail:from"));
    for (constraint, json, expected) in [
        (&known, r#"{"to": "ann@corp.com"}"#, In),
        (&known, r#"{"to": "bob@corp.com"}"#, Out),
        (&known, r#"{"to": ["ann@corp.com"]}"#, Unsure),
        (&known, "{}", Unsure),
        (&unknown, r#"{"to": "ann@corp.com"}"#, Unsure),
        (&unknown, r#"{"to": 1}"#, Unsure),
    ] {
        let found = judge(std::slice::from_ref(constraint), &mail(json), &context);
        assert_eq!(found, expected, "{json}");
    }
    let each = [is("to.*", Matcher::from_label("calendar:attendees"))];
    for (json, expected) in [
        (r#"{"to": ["ann@corp.com", "ann@corp.com"]}"#, In),
        (r#"{"to": ["ann@corp.com", "bob@corp.com"]}"#, Unsure),
        (r#"{"to": ["bob@corp.com"]}"#, Out),
    ] {
        assert_eq!(judge(&each, &mail(json), &context), expected, "{json}");
    }
}
