//! Matching, through a minted token and a gate.
//!
//! | class | test |
//! |---|---|
//! | `/data` and `/database` | `a_name_is_no_prefix_of_a_longer_one` |
//! | `..`, `//`, `%2e`, double encoding, `\`, NUL, newline | `a_resource_that_could_be_read_twice_is_refused`, `a_pattern_cannot_name_what_no_resource_is` |
//! | `*` across `/` | `a_star_stands_for_one_segment_or_a_part_of_one`, `a_double_star_stands_for_one_or_more_segments_at_the_end` |
//! | empty pattern | `an_empty_pattern_is_refused_and_a_star_stands_for_at_least_a_byte` |
//! | `a@corp.com@evil` | `an_address_must_end_as_the_pattern_does` |
//! | NFC and NFD | `a_resource_has_one_normal_form`, `text_is_compared_byte_by_byte` |
//! | zero-width, right-to-left, homoglyphs | `look_alikes_are_other_resources_and_other_texts` |
//! | bool and int, `1` and `"1"`, absent and null | `a_value_of_another_type_never_matches`, `null_is_neither_absent_nor_anything_else` |
//! | empty list against "every element" | `an_empty_list_matches_only_where_it_is_counted` |
//! | numbers past 2⁵³ | `integers_past_two_to_the_53_are_told_apart`, `a_number_has_one_meaning_whatever_its_spelling` |
//! | i64 overflow in sums | `a_sum_that_overflows_is_over_every_cap`, `an_amount_that_is_no_positive_integer_is_denied` |
//! | an argument that nobody named | `an_argument_that_a_closed_capability_does_not_name_is_refused` |
//! | case | `case_is_never_folded` |

use bailiwick::action::{Action, Effect, Operation, Resource, Segment, Tree};
use bailiwick::decide::{Facts, decide};
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::{
    Budget, Capability, Condition, Matcher, Measure, OperationPattern, Path, Pattern, Requirement,
    ResourcePattern, TextPattern,
};

use crate::world::{
    action, bounded, call, gate, holder, now, outcome, present, read, tree, try_actions, verifier,
};

/// What a token for this resource pattern says to a resource.
fn on(pattern: &str, resource: &str) -> &'static str {
    on_segments(pattern, resource.split('/'))
}

fn on_segments<'a>(pattern: &str, segments: impl IntoIterator<Item = &'a str>) -> &'static str {
    let capability = Capability::operation("forum.read", pattern).unwrap();
    let action = Action::new(
        crate::world::forum(),
        "forum.read".parse().unwrap(),
        Effect::Read,
        crate::world::resource(segments),
    );
    try_actions(bounded().allow(capability), vec![action])
}

/// What a token with one constraint on its arguments says to these.
fn with(path: &str, matcher: Matcher, json: &str) -> &'static str {
    let capability = Capability::operation("forum.read", "forum/1").unwrap();
    let capability = capability.argument(path, matcher).unwrap();
    let action = read("forum/1").with_arguments(tree(json));
    try_actions(bounded().allow(capability), vec![action])
}

// Resources.

#[test]
fn a_name_is_no_prefix_of_a_longer_one() {
    assert_eq!(on("data", "data"), "allowed");
    assert_eq!(on("data/**", "data/a"), "allowed");
    for (pattern, resource) in [
        ("data", "database"),
        ("data", "data/a"),
        ("data/**", "database/a"),
        ("data/**", "data"),
        ("data/a", "data/ab"),
        ("data/a*", "data/a"),
        ("data/a*", "data/ba"),
        ("data/*a", "data/ab"),
        ("a/data", "data"),
        ("data", "a/data"),
    ] {
        assert_eq!(
            on(pattern, resource),
            "resource_outside",
            "{pattern} {resource}"
        );
    }
    let operation = |granted: &str, asked: &str| {
        let capability = Capability::operation(granted, "**").unwrap();
        try_actions(
            bounded().allow(capability),
            vec![action(asked, Effect::Read, "a")],
        )
    };
    assert_eq!(operation("forum.*", "forum.post.read"), "allowed");
    for (granted, asked) in [
        ("forum.*", "forums.read"),
        ("forum.*", "forum"),
        ("forum.read", "forum.readall"),
        ("forum.read", "forum.read.all"),
        ("forum.read", "forum"),
    ] {
        assert_eq!(
            operation(granted, asked),
            "operation_not_granted",
            "{granted} {asked}"
        );
    }
}

/// Segments that some path library, shell or server reads as something else.
const UNCANONICAL: [&str; 19] = [
    "",
    ".",
    "..",
    "%2e",
    "%2e%2e",
    "%2E%2E",
    "%252e",
    "%252e%252e",
    "a%2fb",
    "%5c",
    "a\\b",
    "..\\..",
    "a\0",
    "a\nb",
    "a\rb",
    "a\tb",
    "\u{7f}",
    "\u{85}",
    "e\u{301}",
];

#[test]
fn a_resource_that_could_be_read_twice_is_refused() {
    for segment in UNCANONICAL {
        assert!(Segment::parse(segment).is_err(), "{segment:?}");
        assert!(
            Resource::from_segments(["a", segment]).is_err(),
            "{segment:?}"
        );
        assert!(
            Resource::from_segments([segment, "a"]).is_err(),
            "{segment:?}"
        );
        assert!(
            format!("a/{segment}").parse::<Resource>().is_err(),
            "{segment:?}"
        );
        assert!(
            format!("a/{segment}/b").parse::<Resource>().is_err(),
            "{segment:?}"
        );
    }
    for text in ["", "/", "/a", "a/", "a//b", "//a", "a/../b", "./a"] {
        assert!(text.parse::<Resource>().is_err(), "{text:?}");
    }
    assert!(Resource::from_segments(["a/b"]).is_err());
    assert!(Resource::from_segments([""; 0]).is_err());
}

#[test]
fn a_pattern_cannot_name_what_no_resource_is() {
    for segment in UNCANONICAL {
        assert!(
            format!("a/{segment}").parse::<ResourcePattern>().is_err(),
            "{segment:?}"
        );
        assert!(
            format!("a/{segment}/**")
                .parse::<ResourcePattern>()
                .is_err(),
            "{segment:?}"
        );
    }
    for text in [
        "/a", "a/", "a//b", "a/../b", "%2e*", "**/a", "a/**/b", "a**", "a/b**", "a/*b*", "***",
    ] {
        assert!(text.parse::<ResourcePattern>().is_err(), "{text:?}");
    }
}

#[test]
fn a_star_stands_for_one_segment_or_a_part_of_one() {
    assert_eq!(on("a/*", "a/b"), "allowed");
    assert_eq!(on("a/*/c", "a/b/c"), "allowed");
    assert_eq!(on("a/v*x/c", "a/v1x/c"), "allowed");
    for (pattern, resource) in [
        ("a/*", "a"),
        ("a/*", "a/b/c"),
        ("a/*/c", "a/c"),
        ("a/*/c", "a/b/b/c"),
        ("a/v*x/c", "a/v/x/c"),
        ("a/v*x/c", "a/vx/c"),
        ("*", "a/b"),
    ] {
        assert_eq!(
            on(pattern, resource),
            "resource_outside",
            "{pattern} {resource}"
        );
    }
}

#[test]
fn a_double_star_stands_for_one_or_more_segments_at_the_end() {
    for resource in ["a/b", "a/b/c", "a/b/c/d/e"] {
        assert_eq!(on("a/**", resource), "allowed");
    }
    for resource in ["a", "b/a", "aa/b"] {
        assert_eq!(on("a/**", resource), "resource_outside");
    }
    assert_eq!(on("**", "a"), "allowed");
}

#[test]
fn an_empty_pattern_is_refused_and_a_star_stands_for_at_least_a_byte() {
    assert!("".parse::<ResourcePattern>().is_err());
    assert!("".parse::<OperationPattern>().is_err() && "*".parse::<OperationPattern>().is_err());
    assert!(
        ".*".parse::<OperationPattern>().is_err() && "forum.".parse::<OperationPattern>().is_err()
    );
    assert!("".parse::<Path>().is_err() && "a..b".parse::<Path>().is_err());
    assert!(TextPattern::parse("").is_err() && TextPattern::parse("a*b*c").is_err());
    assert!(bounded().deny(Pattern::any()).build().is_err());
    assert!(bounded().allow_only([]).build().is_err());
    let any = || Matcher::Text(TextPattern::parse("*").unwrap());
    assert_eq!(with("to", any(), r#"{"to": "a"}"#), "allowed");
    assert_eq!(with("to", any(), r#"{"to": ""}"#), "argument_outside");
    assert_eq!(
        with("to", Matcher::text("ab*ba").unwrap(), r#"{"to": "aba"}"#),
        "argument_outside"
    );
    assert_eq!(
        with("to", Matcher::text("ab*ba").unwrap(), r#"{"to": "abba"}"#),
        "argument_outside"
    );
}

#[test]
fn a_resource_has_one_normal_form() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    assert_eq!(on(composed, composed), "allowed");
    assert!(
        decomposed.parse::<Resource>().is_err() && decomposed.parse::<ResourcePattern>().is_err()
    );
    // Also where the two halves of a pattern would make one character.
    assert_eq!(on("caf*", composed), "allowed");
    assert_eq!(on("cafe*", composed), "resource_outside");
}

#[test]
fn look_alikes_are_other_resources_and_other_texts() {
    // The written policy: bytes are compared, nothing is folded, mapped or left out.
    for other in [
        "\u{430}dmin",   // Cyrillic a
        "admin\u{200b}", // zero-width space
        "ad\u{200d}min", // zero-width joiner
        "\u{202e}nimda", // right-to-left override
        "admin\u{2066}", // isolate
        "\u{feff}admin", // byte order mark
        "ad\u{ad}min",   // soft hyphen
        "\u{ff41}dmin",  // full-width a
        "admi\u{578}",   // Armenian vo
    ] {
        assert_eq!(
            on("forum/admin", &format!("forum/{other}")),
            "resource_outside",
            "{other:?}"
        );
        assert_eq!(
            on(&format!("forum/{other}"), &format!("forum/{other}")),
            "allowed",
            "{other:?}"
        );
        let json = serde_json::json!({ "to": other }).to_string();
        assert_eq!(
            with("to", Matcher::equals("admin"), &json),
            "argument_outside",
            "{other:?}"
        );
        assert!(other.parse::<Operation>().is_err());
        // And what a denial shows of it cannot pose as something else.
        let action = read(&format!("forum/{other}"));
        let scope = bounded().allow(Capability::operation("forum.read", "forum/admin").unwrap());
        let refusal = gate()
            .admit(&present(&holder(scope)), &call(), vec![action])
            .unwrap_err();
        let shown = refusal.to_string();
        assert!(
            !shown.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{200d}']),
            "{shown}"
        );
    }
}

#[test]
fn case_is_never_folded() {
    assert_eq!(on("forum/Admin", "forum/admin"), "resource_outside");
    assert_eq!(on("forum/stra\u{df}e", "forum/STRASSE"), "resource_outside");
    assert_eq!(
        with("to", Matcher::equals("Ann"), r#"{"to": "ann"}"#),
        "argument_outside"
    );
    assert_eq!(
        with(
            "to",
            Matcher::text("*@corp.com").unwrap(),
            r#"{"to": "a@CORP.com"}"#
        ),
        "argument_outside"
    );
    assert_eq!(
        with("to", Matcher::equals("a"), r#"{"To": "a"}"#),
        "argument_missing"
    );
    assert!("Forum.read".parse::<Operation>().is_err());
}

// Arguments.

#[test]
fn an_address_must_end_as_the_pattern_does() {
    let to = |address: &str| {
        let json = serde_json::json!({ "to": address }).to_string();
        with("to", Matcher::text("*@corp.com").unwrap(), &json)
    };
    assert_eq!(to("a@corp.com"), "allowed");
    for address in [
        "a@corp.com@evil",
        "a@corp.com.evil.com",
        "@corp.com",
        "a@evil.com?x=@corp.co",
        "a@corp.com ",
        "a@corp.com\n",
        "a@corp.com\0",
        "a@xcorp.com",
    ] {
        assert_eq!(to(address), "argument_outside", "{address:?}");
    }
}

#[test]
fn text_is_compared_byte_by_byte() {
    let json = |text: &str| serde_json::json!({ "to": text }).to_string();
    let composed = Matcher::equals("caf\u{e9}");
    assert_eq!(with("to", composed.clone(), &json("caf\u{e9}")), "allowed");
    assert_eq!(
        with("to", composed, &json("cafe\u{301}")),
        "argument_outside"
    );
    assert_eq!(
        with("to", Matcher::equals("a"), &json("a\0")),
        "argument_outside"
    );
    // Lengths are of bytes.
    assert_eq!(
        with("to", Matcher::text_length(0, 2).unwrap(), &json("\u{e9}")),
        "allowed"
    );
    assert_eq!(
        with("to", Matcher::text_length(0, 1).unwrap(), &json("\u{e9}")),
        "argument_outside"
    );
}

#[test]
fn a_value_of_another_type_never_matches() {
    let matchers = || {
        [
            (Matcher::equals(true), "true"),
            (Matcher::equals(1_i64), "1"),
            (Matcher::equals(0_i64), "0"),
            (Matcher::equals(false), "false"),
            (Matcher::equals("1"), r#""1""#),
            (Matcher::equals("true"), r#""true""#),
            (Matcher::equals("null"), r#""null""#),
            (Matcher::equals(""), r#""""#),
        ]
    };
    let values = [
        "true",
        "false",
        "1",
        "0",
        r#""1""#,
        r#""0""#,
        r#""true""#,
        r#""false""#,
        r#""null""#,
        r#""""#,
        "[]",
        "{}",
        "[1]",
        "1.5",
    ];
    for (matcher, own) in matchers() {
        for value in values {
            let expected = if value == own {
                "allowed"
            } else {
                "argument_outside"
            };
            let got = with("x", matcher.clone(), &format!(r#"{{"x": {value}}}"#));
            assert_eq!(got, expected, "{matcher:?} {value}");
        }
    }
    let one_to_five = || Matcher::int(1, 5).unwrap();
    assert_eq!(with("x", one_to_five(), r#"{"x": 3}"#), "allowed");
    for value in ["true", r#""3""#, "[3]", "3.5", r#"{"0": 3}"#, "null"] {
        assert_eq!(
            with("x", one_to_five(), &format!(r#"{{"x": {value}}}"#)),
            "argument_outside",
            "{value}"
        );
    }
    let some = Matcher::one_of(["1", "2"]).unwrap();
    assert_eq!(with("x", some, r#"{"x": 1}"#), "argument_outside");
}

#[test]
fn null_is_neither_absent_nor_anything_else() {
    let any = || Matcher::text_length(0, None).unwrap();
    assert_eq!(with("x", any(), r#"{"x": null}"#), "argument_outside");
    assert_eq!(with("x", any(), "{}"), "argument_missing");
    let optional = |json: &str| {
        let capability = Capability::operation("forum.read", "forum/1").unwrap();
        let capability = capability.optional_argument("x", any()).unwrap();
        try_actions(
            bounded().allow(capability),
            vec![read("forum/1").with_arguments(tree(json))],
        )
    };
    assert_eq!(optional("{}"), "allowed");
    assert_eq!(optional(r#"{"x": "a"}"#), "allowed");
    assert_eq!(optional(r#"{"x": null}"#), "argument_outside");
}

#[test]
fn an_empty_list_matches_only_where_it_is_counted() {
    let corp = || Matcher::text("*@corp.com").unwrap();
    assert_eq!(with("to.*", corp(), r#"{"to": ["a@corp.com"]}"#), "allowed");
    assert_eq!(with("to.*", corp(), r#"{"to": []}"#), "argument_outside");
    let counted = |count: Matcher, json: &str| {
        let capability = Capability::operation("forum.read", "forum/1").unwrap();
        let capability = capability
            .argument("to.*", corp())
            .unwrap()
            .argument("to", count)
            .unwrap();
        try_actions(
            bounded().allow(capability),
            vec![read("forum/1").with_arguments(tree(json))],
        )
    };
    assert_eq!(
        counted(Matcher::count(0, 5).unwrap(), r#"{"to": []}"#),
        "allowed"
    );
    assert_eq!(
        counted(Matcher::count(1, 5).unwrap(), r#"{"to": []}"#),
        "argument_outside"
    );
    assert_eq!(
        counted(Matcher::count(0, 5).unwrap(), r#"{"to": ["eve@evil.com"]}"#),
        "argument_outside"
    );
    assert_eq!(
        counted(
            Matcher::count(0, 1).unwrap(),
            r#"{"to": ["a@corp.com", "b@corp.com"]}"#
        ),
        "argument_outside"
    );
    // Every element, not the first; and a value is no list of one.
    assert_eq!(
        with("to.*", corp(), r#"{"to": ["a@corp.com", "eve@evil.com"]}"#),
        "argument_outside"
    );
    assert_eq!(
        with("to.*", corp(), r#"{"to": "a@corp.com"}"#),
        "argument_outside"
    );
    assert_eq!(
        with("to", corp(), r#"{"to": ["a@corp.com"]}"#),
        "argument_outside"
    );
}

#[test]
fn an_argument_that_a_closed_capability_does_not_name_is_refused() {
    let to = || Matcher::equals("ann");
    assert_eq!(with("to", to(), r#"{"to": "ann"}"#), "allowed");
    assert_eq!(
        with("to", to(), r#"{"to": "ann", "bcc": "eve"}"#),
        "argument_unexpected"
    );
    assert_eq!(
        with("mail.to", to(), r#"{"mail": {"to": "ann", "bcc": "eve"}}"#),
        "argument_unexpected"
    );
    assert_eq!(
        with("mail.to", to(), r#"{"mail": {"to": "ann"}, "bcc": "eve"}"#),
        "argument_unexpected"
    );
    assert_eq!(
        with(
            "mails.*.to",
            to(),
            r#"{"mails": [{"to": "ann"}, {"to": "ann", "bcc": "eve"}]}"#
        ),
        "argument_unexpected"
    );
}

// Numbers.

#[test]
fn integers_past_two_to_the_53_are_told_apart() {
    let odd = 9_007_199_254_740_993_i64;
    assert_eq!(
        with("n", Matcher::equals(odd), r#"{"n": 9007199254740993}"#),
        "allowed"
    );
    assert_eq!(
        with("n", Matcher::equals(odd), r#"{"n": 9007199254740992}"#),
        "argument_outside"
    );
    assert_eq!(
        with(
            "n",
            Matcher::int(None, odd - 1).unwrap(),
            r#"{"n": 9007199254740993}"#
        ),
        "argument_outside"
    );
    assert_eq!(
        with(
            "n",
            Matcher::int(None, i64::MAX).unwrap(),
            r#"{"n": 9223372036854775807}"#
        ),
        "allowed"
    );
    // One more is no integer any more, and of another type.
    assert_eq!(
        with(
            "n",
            Matcher::int(0, None).unwrap(),
            r#"{"n": 9223372036854775808}"#
        ),
        "argument_outside"
    );
    assert_eq!(
        with(
            "n",
            Matcher::int(None, 0).unwrap(),
            r#"{"n": -9223372036854775809}"#
        ),
        "argument_outside"
    );
    let number = |text: &str| match bailiwick::action::Value::number(text).unwrap() {
        bailiwick::action::Value::Number(number) => {
            Matcher::equals(bailiwick::scope::Scalar::Number(number))
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        with(
            "n",
            number("9223372036854775808"),
            r#"{"n": 9223372036854775808}"#
        ),
        "allowed"
    );
    assert_eq!(
        with(
            "n",
            number("9223372036854775808"),
            r#"{"n": 9223372036854775809}"#
        ),
        "argument_outside"
    );
}

#[test]
fn a_number_has_one_meaning_whatever_its_spelling() {
    for spelling in ["100", "1e2", "100.0", "1.00e+2", "1000e-1"] {
        assert_eq!(
            with(
                "n",
                Matcher::equals(100_i64),
                &format!(r#"{{"n": {spelling}}}"#)
            ),
            "allowed",
            "{spelling}"
        );
    }
    for spelling in ["-0", "0.0", "0e9", "-0.0"] {
        assert_eq!(
            with(
                "n",
                Matcher::equals(0_i64),
                &format!(r#"{{"n": {spelling}}}"#)
            ),
            "allowed",
            "{spelling}"
        );
    }
    assert_eq!(
        with("n", Matcher::int(1, 5).unwrap(), r#"{"n": 1e-400}"#),
        "argument_outside"
    );
    assert_eq!(
        with("n", Matcher::int(1, None).unwrap(), r#"{"n": 1e400}"#),
        "argument_outside"
    );
    for no_number in ["01", "+1", ".5", "1.", "0x1", "NaN", "Infinity", "1e99999"] {
        assert!(
            Tree::from_json_slice(format!(r#"{{"n": {no_number}}}"#).as_bytes()).is_err(),
            "{no_number}"
        );
    }
}

fn budgeted(measure: Measure, cap: i64, amounts: &[&str]) -> &'static str {
    let budget = Condition::Budget(Budget::sum("pay", measure, cap).unwrap());
    let capability = Capability::operation("forum.read", "forum/1").unwrap();
    let scope = bounded().allow_with(capability, budget);
    let pay =
        |amount: &&str| read("forum/1").with_arguments(tree(&format!(r#"{{"amount": {amount}}}"#)));
    try_actions(scope, amounts.iter().map(pay).collect())
}

#[test]
fn a_sum_that_overflows_is_over_every_cap() {
    let sum = |amounts: &[&str]| budgeted(Measure::int("amount").unwrap(), i64::MAX, amounts);
    let (max, half) = ("9223372036854775807", "4611686018427387904");
    assert_eq!(sum(&[max]), "allowed");
    assert_eq!(sum(&[max, "1"]), "budget_exceeded");
    assert_eq!(sum(&["1", max]), "budget_exceeded");
    assert_eq!(sum(&[half, half]), "budget_exceeded");
    assert_eq!(sum(&[max, max, "2"]), "budget_exceeded");
    // Over several calls, the ledger adds.
    let budget =
        Condition::Budget(Budget::sum("pay", Measure::int("amount").unwrap(), i64::MAX).unwrap());
    let scope = bounded().allow_with(
        Capability::operation("forum.read", "forum/1").unwrap(),
        budget,
    );
    let (gate, holder) = (gate(), holder(scope));
    let pay = |amount: &str| {
        let action = read("forum/1").with_arguments(tree(&format!(r#"{{"amount": {amount}}}"#)));
        outcome(&gate.admit(&present(&holder), &call(), vec![action]))
    };
    assert_eq!(pay(half), "allowed");
    assert_eq!(pay(half), "budget_exceeded");
    assert_eq!(pay("4611686018427387903"), "allowed");
    assert_eq!(pay("1"), "budget_exceeded");

    // And a service that decides without a ledger adds as well.
    let none = RevocationSet::default();
    let verified = verifier().verify(&present(&holder), &call(), now(), &none);
    let verified = verified.unwrap();
    let pay =
        |amount: &str| read("forum/1").with_arguments(tree(&format!(r#"{{"amount": {amount}}}"#)));
    let allows =
        |actions: &[Action]| decide(&verified, None, actions, &Facts::of(&verified)).is_allow();
    assert!(allows(&[pay(max)]));
    assert!(!allows(&[pay(max), pay("1")]));
    assert!(!allows(&[pay(half), pay(half)]));
}

#[test]
fn an_amount_that_is_no_positive_integer_is_denied() {
    for amount in [
        "0",
        "-1",
        "-9223372036854775808",
        "1.5",
        "9223372036854775808",
        r#""1""#,
        "true",
        "null",
        "[1]",
        "{}",
    ] {
        assert_eq!(
            budgeted(Measure::int("amount").unwrap(), 100, &[amount]),
            "amount_invalid",
            "{amount}"
        );
    }
    assert_eq!(
        budgeted(Measure::int("other").unwrap(), 100, &["1"]),
        "amount_invalid"
    );
    assert_eq!(
        budgeted(Measure::decimal("amount", 2).unwrap(), 100, &["1"]),
        "amount_invalid"
    );
    // Nor does a refund in the same call make room.
    assert_eq!(
        budgeted(Measure::int("amount").unwrap(), 100, &["50", "-50", "50"]),
        "amount_invalid"
    );
    let everything = Requirement::new(
        Pattern::any(),
        Condition::Budget(Budget::uses("all", 1).unwrap()),
    );
    let scope = bounded()
        .allow(Capability::operation("forum.read", "**").unwrap())
        .require(everything);
    assert_eq!(try_actions(scope.clone(), vec![read("a")]), "allowed");
    assert_eq!(
        try_actions(scope, vec![read("a"), read("b")]),
        "budget_exceeded"
    );
}
