//! Every matcher, strictly and in doubt; lists, presence, closed and open.

use super::*;
use crate::action::{Decimal, Key, Object, Value};
use crate::scope::{Label, ReasonCode, Scalar, Seen};

/// What a value is to a matcher.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    /// Matches strictly, and so in doubt.
    In,
    /// Matches in doubt alone.
    Unsure,
    /// Matches neither way.
    Out,
}
use Is::{In, Out, Unsure};

fn judge(constraints: &[Constraint], action: &Action, context: &Context<'_>) -> Is {
    let both = (
        strictly(constraints, action, context),
        in_doubt(constraints, action, context),
    );
    match both {
        (true, true) => In,
        (false, true) => Unsure,
        (false, false) => Out,
        (true, false) => panic!("{constraints:?} matches strictly and not in doubt: {action:?}"),
    }
}

#[track_caller]
fn arguments(constraints: &[Constraint], cases: &[(&str, Is)]) {
    for (json, expected) in cases {
        assert_eq!(
            judge(constraints, &mail(json), &noon()),
            *expected,
            "{json}"
        );
    }
}

/// One constraint at `x`, on values that JSON cannot write.
#[track_caller]
fn values(matcher: Matcher, cases: &[(Value, Is)]) {
    for (value, expected) in cases {
        let arguments = Tree::from_pairs([("x", value.clone())]).unwrap();
        let action = mail("{}").with_arguments(arguments);
        let constraint = Constraint::new("x", matcher.clone()).unwrap();
        assert_eq!(
            judge(&[constraint], &action, &noon()),
            *expected,
            "{value:?}"
        );
    }
}

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

#[test]
fn a_step_wants_an_object_and_a_star_wants_a_list() {
    arguments(
        &[is("a.b", Ok(Matcher::equals(1)))],
        &[
            (r#"{"a": {"b": 1}}"#, In),
            (r#"{"a": {"b": 2}}"#, Out),
            (r#"{"a": [{"b": 1}]}"#, Unsure),
            (r#"{"a": 1}"#, Unsure),
            (r#"{"a": null}"#, Unsure),
            (r#"{"a": {}}"#, Unsure),
            (r#"{"b": 1}"#, Unsure),
        ],
    );
    arguments(
        &[is("a.*", Ok(Matcher::equals(1)))],
        &[
            (r#"{"a": {"0": 1}}"#, Unsure),
            (r#"{"a": 1}"#, Unsure),
            (r#"{"a": [1]}"#, In),
        ],
    );
    // A decimal and any other number are scalars.
    for value in [decimal(2, 1), Value::number("0.5").unwrap()] {
        let action = mail("{}").with_arguments(Tree::from_pairs([("a", value)]).unwrap());
        for path in ["a.b", "a.*"] {
            let constraint = is(path, Ok(Matcher::equals(1))).optional();
            assert_eq!(judge(&[constraint], &action, &noon()), Unsure);
        }
    }
}

#[test]
fn every_means_all_elements_strictly_and_any_in_doubt() {
    arguments(
        &[is("x.*", Ok(Matcher::equals("a")))],
        &[
            (r#"{"x": ["a", "a"]}"#, In),
            (r#"{"x": ["a", "b"]}"#, Unsure),
            (r#"{"x": ["b", 1]}"#, Unsure),
            (r#"{"x": ["b", "c"]}"#, Out),
            (r#"{"x": ["b", ["a"]]}"#, Unsure),
            (r#"{"x": []}"#, Out),
            ("{}", Unsure),
        ],
    );
}

#[test]
fn some_means_one_element_of_the_innermost_list() {
    let some = is("x.*", Ok(Matcher::equals("a"))).some().unwrap();
    arguments(
        std::slice::from_ref(&some),
        &[
            (r#"{"x": ["b", "a"]}"#, In),
            (r#"{"x": [1, "a"]}"#, In),
            (r#"{"x": ["b"]}"#, Out),
            (r#"{"x": [1]}"#, Unsure),
            (r#"{"x": []}"#, Out),
        ],
    );
    let outer_every = is("x.*.*", Ok(Matcher::equals("a"))).some().unwrap();
    arguments(
        &[outer_every],
        &[
            (r#"{"x": [["a", "b"], ["b", "a"]]}"#, In),
            (r#"{"x": [["a"], ["b"]]}"#, Unsure),
            (r#"{"x": [["b"], ["b"]]}"#, Out),
            (r#"{"x": [["a"], []]}"#, Unsure),
        ],
    );
    // The last `*` need not be the last step.
    let deeper = is("x.*.k", Ok(Matcher::equals("a"))).some().unwrap();
    arguments(
        &[deeper],
        &[
            (r#"{"x": [{"k": "b"}, {"k": "a"}]}"#, In),
            (r#"{"x": [{}, {"k": "a"}]}"#, In),
            (r#"{"x": [{}, {"k": "b"}]}"#, Unsure),
            (r#"{"x": [{"k": "b"}]}"#, Out),
        ],
    );
}

#[test]
fn an_empty_list_matches_exactly_if_the_pattern_counts_it_and_allows_none() {
    let every = is("x.*", Ok(Matcher::equals("a")));
    let some = every.clone().some().unwrap();
    let none = [(r#"{"x": []}"#, In)];
    let out = [(r#"{"x": []}"#, Out)];
    let counted = |n| is("x", Matcher::count(n, 5));
    arguments(&[every.clone(), counted(0)], &none);
    arguments(&[counted(0), every.clone()], &none);
    arguments(&[every.clone(), counted(1)], &out);
    // Each is judged by itself: the one that allows none says so, the other one does not.
    arguments(
        &[every.clone(), counted(0), is("x", Matcher::count(1, 2))],
        &out,
    );
    // A count of another list says nothing of this one.
    arguments(
        &[every.clone(), is("y", Matcher::count(0, 5)).optional()],
        &out,
    );
    // Of nothing, none is some; in doubt there is no `some`.
    arguments(&[some, counted(0)], &[(r#"{"x": []}"#, Unsure)]);
}

#[test]
fn an_empty_inner_list_is_judged_by_the_count_of_the_inner_list() {
    let every = is("x.*.y.*", Ok(Matcher::equals("a")));
    let inner = is("x.*.y", Matcher::count(0, 5));
    let outer = is("x", Matcher::count(0, 5));
    let full_empty = r#"{"x": [{"y": ["a"]}, {"y": []}]}"#;
    arguments(
        &[every.clone()],
        &[(full_empty, Unsure), (r#"{"x": []}"#, Out)],
    );
    arguments(
        &[every.clone(), inner.clone()],
        &[(full_empty, In), (r#"{"x": []}"#, Out)],
    );
    arguments(
        &[every.clone(), outer.clone()],
        &[
            (full_empty, Unsure),
            (r#"{"x": []}"#, In),
            (r#"{"x": [{"y": []}]}"#, Out),
        ],
    );
    // Under `some` an outer empty list is still one that `every` would judge.
    let some = every.some().unwrap();
    arguments(&[some.clone(), outer], &[(r#"{"x": []}"#, In)]);
    arguments(&[some, inner], &[(full_empty, Unsure)]);
}

#[test]
fn optional_admits_absence_at_every_step_but_not_null() {
    arguments(
        &[is("a.b", Ok(Matcher::equals(1))).optional()],
        &[
            ("{}", In),
            (r#"{"a": {}}"#, In),
            (r#"{"a": {"b": 1}}"#, In),
            (r#"{"a": {"b": 2}}"#, Out),
            (r#"{"a": {"b": null}}"#, Unsure),
            (r#"{"a": null}"#, Unsure),
            (r#"{"a": []}"#, Unsure),
        ],
    );
    arguments(
        &[is("x.*.k", Ok(Matcher::equals(1))).optional()],
        &[
            (r#"{"x": [{}, {"k": 1}]}"#, In),
            (r#"{"x": [{"k": 2}, {}]}"#, Unsure),
            (r#"{"x": []}"#, Out),
        ],
    );
}

#[test]
fn if_present_takes_the_doubt_out_of_absence_and_of_nothing_else() {
    let deny = |path| is(path, Ok(Matcher::equals("a"))).if_present();
    for (path, json, denied) in [
        ("x", "{}", false),
        ("x", r#"{"x": null}"#, true),
        ("x", r#"{"x": 1}"#, true),
        ("x", r#"{"x": "a"}"#, true),
        ("x", r#"{"x": "b"}"#, false),
        ("a.b", "{}", false),
        ("a.b", r#"{"a": {}}"#, false),
        ("a.b", r#"{"a": 1}"#, true),
        ("x.*.k", r#"{"x": [{}, {}]}"#, false),
        ("x.*.k", r#"{"x": [{}, {"k": "a"}]}"#, true),
    ] {
        assert_eq!(
            in_doubt(&[deny(path)], &mail(json), &noon()),
            denied,
            "{path} {json}"
        );
    }
}

#[test]
fn one_definite_no_decides_a_deny_entry() {
    let a = is("a", Ok(Matcher::equals(1)));
    let b = is("b", Ok(Matcher::equals(1)));
    arguments(
        &[a, b],
        &[
            (r#"{"a": 1, "b": 1}"#, In),
            (r#"{"a": 1}"#, Unsure),
            (r#"{"a": "x", "b": null}"#, Unsure),
            (r#"{"a": "x", "b": 2}"#, Out),
        ],
    );
}

#[test]
fn attributes_are_judged_like_arguments_and_never_closed() {
    let action = |json| mail(r#"{"free": 1}"#).with_attributes(tree(json));
    let owner = || Constraint::new("owner", Matcher::equals("ann")).unwrap();
    let granted = granting(all_mail().with_attribute(owner()).unwrap());
    let pattern = Pattern::any().with_attribute(owner()).unwrap();
    let denied = Scope::builder().deny(pattern).build().unwrap();
    for (json, strict, doubt) in [
        (r#"{"owner": "ann", "more": 1}"#, true, true),
        (r#"{"owner": "bob"}"#, false, false),
        ("{}", false, true),
        (r#"{"owner": 1}"#, false, true),
    ] {
        assert_eq!(permits(&granted, &action(json), &noon()), strict, "{json}");
        assert_eq!(!permits(&denied, &action(json), &noon()), doubt, "{json}");
    }
    // What an argument says of the owner is no attribute.
    assert!(!permits(&granted, &mail(r#"{"owner": "ann"}"#), &noon()));
}

#[test]
fn a_capability_without_argument_constraints_leaves_them_free() {
    let scope = granting(all_mail());
    assert!(permits(
        &scope,
        &mail(r#"{"any": {"thing": [1]}}"#),
        &noon()
    ));
}

#[test]
fn a_closed_capability_refuses_what_it_does_not_name() {
    let closed = all_mail()
        .argument("to.*", Matcher::text("*@corp.com").unwrap())
        .unwrap()
        .optional_argument("subject", Matcher::text_length(0, 9).unwrap())
        .unwrap();
    let open = closed.clone().open_arguments();
    for (json, closed_says) in [
        (r#"{"to": ["a@corp.com"]}"#, true),
        (r#"{"to": ["a@corp.com"], "subject": "hi"}"#, true),
        (r#"{"to": ["a@corp.com"], "bcc": []}"#, false),
        (r#"{"to": ["a@corp.com"], "bcc": null}"#, false),
        (r#"{"to": ["a@corp.com"], "To": "a@corp.com"}"#, false),
    ] {
        assert_eq!(
            permits(&granting(closed.clone()), &mail(json), &noon()),
            closed_says,
            "{json}"
        );
        assert!(
            permits(&granting(open.clone()), &mail(json), &noon()),
            "{json}"
        );
    }
}

#[test]
fn closed_holds_in_every_object_on_a_constrained_path_and_not_beside_it() {
    let capability = all_mail()
        .argument("o.a.k", Matcher::equals(1))
        .unwrap()
        .optional_argument("o.b", Matcher::count(0, 3).unwrap())
        .unwrap()
        .optional_argument("l.*.k", Matcher::equals(1))
        .unwrap()
        .optional_argument("l.*.in.*.k", Matcher::equals(1))
        .unwrap();
    let granted = granting(capability);
    for (json, expected) in [
        (r#"{"o": {"a": {"k": 1}}}"#, true),
        (r#"{"o": {"a": {"k": 1, "x": 1}}}"#, false),
        (r#"{"o": {"a": {"k": 1}, "x": 1}}"#, false),
        // A count constrains the list, not what is in it.
        (r#"{"o": {"a": {"k": 1}, "b": [{"x": 1}]}}"#, true),
        (
            r#"{"o": {"a": {"k": 1}}, "l": [{"k": 1}, {"in": [{"k": 1}, {}]}]}"#,
            true,
        ),
        (
            r#"{"o": {"a": {"k": 1}}, "l": [{"k": 1}, {"x": 1}]}"#,
            false,
        ),
        (
            r#"{"o": {"a": {"k": 1}}, "l": [{"in": [{}, {"x": 1}]}]}"#,
            false,
        ),
        (r#"{"o": {"a": {"k": 1}}, "k": 1}"#, false),
    ] {
        assert_eq!(permits(&granted, &mail(json), &noon()), expected, "{json}");
    }
}

#[test]
fn a_deny_entry_and_a_requirement_are_open() {
    let constraint = is("to", Ok(Matcher::equals("eve")));
    assert!(in_doubt(
        &[constraint],
        &mail(r#"{"to": "eve", "more": 1}"#),
        &noon()
    ));
}

#[test]
fn an_attacker_cannot_slip_past_a_deny_entry_by_changing_types() {
    let constraint = is("to.*", Matcher::text("*@evil.com"));
    for json in [
        "{}",
        r#"{"to": "x@evil.com"}"#,
        r#"{"to": {"0": "x@evil.com"}}"#,
        r#"{"to": ["a@corp.com", "x@evil.com"]}"#,
        r#"{"to": ["a@corp.com", ["x@evil.com"]]}"#,
        r#"{"to": null}"#,
    ] {
        assert!(
            in_doubt(std::slice::from_ref(&constraint), &mail(json), &noon()),
            "{json}"
        );
    }
}

#[test]
fn the_deepest_place_of_a_tree_can_be_constrained() {
    let depth = crate::scope::Path::MAX_STEPS;
    let mut value = Value::Int(1);
    for _ in 1..depth {
        value = Value::Object(Object::from_pairs([("k", value)]).unwrap());
    }
    let action = mail("{}").with_arguments(Tree::from_pairs([("k", value)]).unwrap());
    let path = vec!["k"; depth].join(".");
    let constraint = is(&path, Ok(Matcher::equals(1)));
    assert_eq!(judge(&[constraint.clone()], &action, &noon()), In);
    let closed = all_mail().with_argument(constraint).unwrap();
    assert!(permits(&granting(closed), &action, &noon()));

    let lists = (1..depth).fold(Value::Int(1), |value, _| Value::List(vec![value]));
    let action = mail("{}").with_arguments(Tree::from_pairs([("k", lists)]).unwrap());
    let path = format!("k{}", ".*".repeat(depth - 1));
    assert_eq!(
        judge(&[is(&path, Ok(Matcher::equals(1)))], &action, &noon()),
        In
    );
    let empty = (2..depth).fold(Value::List(vec![]), |value, _| Value::List(vec![value]));
    let action = mail("{}").with_arguments(Tree::from_pairs([("k", empty)]).unwrap());
    let count = is(path.strip_suffix(".*").unwrap(), Matcher::count(0, 0));
    assert_eq!(
        judge(
            &[is(&path, Ok(Matcher::equals(1))), count],
            &action,
            &noon()
        ),
        In
    );
}

#[test]
fn many_constraints_on_many_empty_lists_are_judged_in_no_time() {
    let many = (0..2000).map(|_| Value::List(vec![])).collect();
    let action = mail("{}").with_arguments(Tree::from_pairs([("x", Value::List(many))]).unwrap());
    let every = (0..300).map(|n| is("x.*.*", Ok(Matcher::equals(n))));
    let constraints: Vec<_> = every.chain([is("x.*", Matcher::count(0, 1))]).collect();
    let started = std::time::Instant::now();
    assert_eq!(judge(&constraints, &action, &noon()), In);
    // 300 × 2000 steps; looking for the count at each would be 300 times as many.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn operations_effects_and_resources_are_compared_in_every_kind_of_target() {
    let on = |target: Capability| granting(target);
    let read = |operation, effect| action(operation, effect, "forum/42");
    let by_operation = on(Capability::operation("forum.*", "forum/*").unwrap());
    assert!(permits(
        &by_operation,
        &read("forum.read", Effect::Admin),
        &noon()
    ));
    assert!(permits(
        &by_operation,
        &read("forum.post.read", Effect::Admin),
        &noon()
    ));
    assert!(!permits(
        &by_operation,
        &read("forum", Effect::Read),
        &noon()
    ));
    assert!(!permits(
        &by_operation,
        &read("forums.read", Effect::Read),
        &noon()
    ));

    let by_effect = on(Capability::effect(Effect::Read, "forum/*").unwrap());
    assert!(permits(
        &by_effect,
        &read("anything", Effect::Read),
        &noon()
    ));
    assert!(!permits(
        &by_effect,
        &read("anything", Effect::Draft),
        &noon()
    ));

    let both = Capability::operation("forum.read", "forum/*").unwrap();
    let by_both = on(both.with_effect(Effect::Read));
    assert!(permits(
        &by_both,
        &read("forum.read", Effect::Read),
        &noon()
    ));
    assert!(!permits(
        &by_both,
        &read("forum.read", Effect::Write),
        &noon()
    ));
    assert!(!permits(
        &by_both,
        &read("forum.list", Effect::Read),
        &noon()
    ));
    assert!(!permits(
        &by_both,
        &action("forum.read", Effect::Read, "forum/42/1"),
        &noon()
    ));
}

#[test]
fn one_capability_of_several_is_enough_and_parts_of_two_are_not() {
    let scope = Scope::builder()
        .allow(Capability::operation("forum.read", "a/**").unwrap())
        .allow(Capability::operation("forum.post", "b/**").unwrap())
        .build()
        .unwrap();
    assert!(permits(
        &scope,
        &action("forum.read", Effect::Read, "a/1"),
        &noon()
    ));
    assert!(permits(
        &scope,
        &action("forum.post", Effect::Read, "b/1"),
        &noon()
    ));
    assert!(!permits(
        &scope,
        &action("forum.read", Effect::Read, "b/1"),
        &noon()
    ));
    assert!(!permits(
        &scope,
        &action("forum.post", Effect::Read, "a/1"),
        &noon()
    ));
}

#[test]
fn a_deny_entry_wins_over_every_capability_and_speaks_of_each_part_it_names() {
    let deny = |pattern: Pattern| {
        let scope = Scope::builder().allow(Capability::operation("a.*", "**").unwrap());
        scope.deny(pattern).build().unwrap()
    };
    let act = |operation, effect, resource| action(operation, effect, resource);
    let by_operation = deny(Pattern::any().operation("a.b.*").unwrap());
    assert!(!permits(
        &by_operation,
        &act("a.b.c", Effect::Read, "x"),
        &noon()
    ));
    assert!(permits(
        &by_operation,
        &act("a.b", Effect::Read, "x"),
        &noon()
    ));
    let by_effect = deny(Pattern::any().with_effect(Effect::Delete));
    assert!(!permits(
        &by_effect,
        &act("a.b", Effect::Delete, "x"),
        &noon()
    ));
    assert!(permits(&by_effect, &act("a.b", Effect::Read, "x"), &noon()));
    let by_resource = deny(Pattern::any().resource("x/**").unwrap());
    assert!(!permits(
        &by_resource,
        &act("a.b", Effect::Read, "x/1"),
        &noon()
    ));
    assert!(permits(
        &by_resource,
        &act("a.b", Effect::Read, "x"),
        &noon()
    ));
    let all = Pattern::any()
        .operation("a.b")
        .unwrap()
        .with_effect(Effect::Delete);
    let by_all = deny(all.resource("x").unwrap());
    assert!(!permits(&by_all, &act("a.b", Effect::Delete, "x"), &noon()));
    assert!(permits(&by_all, &act("a.b", Effect::Delete, "y"), &noon()));
    assert!(permits(&by_all, &act("a.b", Effect::Read, "x"), &noon()));
    assert!(permits(&by_all, &act("a.c", Effect::Delete, "x"), &noon()));
}

#[test]
fn an_allow_line_as_a_pattern_keeps_every_part_and_closes_nothing() {
    let capability = Capability::operation("mail.send", "outbox")
        .unwrap()
        .with_effect(Effect::Send)
        .with_argument(is("to.*", Ok(Matcher::equals("a"))).some().unwrap())
        .unwrap()
        .argument("to.*", Matcher::equals("a"))
        .unwrap()
        .optional_argument("cc", Matcher::equals("a"))
        .unwrap()
        .attribute("owner", Matcher::equals("me"))
        .unwrap();
    let pattern = Pattern::from(&capability);
    let expected = Pattern::any()
        .operation("mail.send")
        .unwrap()
        .with_effect(Effect::Send)
        .resource("outbox")
        .unwrap()
        .argument("to.*", Matcher::equals("a"))
        .unwrap()
        .argument("cc", Matcher::equals("a"))
        .unwrap()
        .attribute("owner", Matcher::equals("me"))
        .unwrap();
    assert_eq!(pattern, expected);
}

#[test]
fn open_is_one_spelling_where_nothing_is_constrained() {
    let scope = |capability| granting(capability);
    assert_eq!(scope(all_mail()), scope(all_mail().open_arguments()));
    let twice = Scope::builder()
        .allow(all_mail())
        .allow(all_mail().open_arguments());
    assert!(matches!(
        twice.build(),
        Err(crate::scope::ScopeError::Duplicate(_))
    ));
}

#[test]
fn keys_are_compared_by_their_bytes() {
    let constraint = is("to", Ok(Matcher::equals(Scalar::Text("a".into()))));
    assert_eq!(constraint.path().to_string(), "to");
    assert!(Key::parse("ŧo").is_ok());
    assert_eq!(
        judge(&[constraint], &mail(r#"{"ŧo": "a"}"#), &noon()),
        Unsure
    );
    let closed = all_mail().argument("to", Matcher::equals("a")).unwrap();
    let found = reasons(
        Layers::blocks(&[granting(closed)]),
        &[mail(r#"{"to": "a", "t\u200bo": "b"}"#)],
        &noon(),
    );
    assert_eq!(found[0].code, ReasonCode::ArgumentUnexpected);
    assert_eq!(found[0].path.as_deref(), Some(r"t\u{200b}o"));
}
