//! Paths, lists and presence, strictly and in doubt.

use super::judge::Is::{In, Out, Unsure};
use super::judge::{arguments, judge};
use super::*;
use crate::action::{Decimal, Object, Value};

fn decimal(scale: u8, units: i64) -> Value {
    Value::Decimal(Decimal::new(scale, units).unwrap())
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
        std::slice::from_ref(&every),
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
fn the_deepest_place_that_a_path_reaches_can_be_constrained() {
    let depth = crate::scope::Path::MAX_STEPS;
    let mut value = Value::Int(1);
    for _ in 1..depth {
        value = Value::Object(Object::from_pairs([("k", value)]).unwrap());
    }
    let action = mail("{}").with_arguments(Tree::from_pairs([("k", value)]).unwrap());
    let path = vec!["k"; depth].join(".");
    let constraint = is(&path, Ok(Matcher::equals(1)));
    assert_eq!(
        judge(std::slice::from_ref(&constraint), &action, &noon()),
        In
    );
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
fn many_constraints_on_many_empty_lists_each_find_their_count() {
    let many = (0..2000).map(|_| Value::List(vec![])).collect();
    let action = mail("{}").with_arguments(Tree::from_pairs([("x", Value::List(many))]).unwrap());
    let every = (0..300).map(|n| is("x.*.*", Ok(Matcher::equals(n))));
    let constraints: Vec<_> = every.chain([is("x.*", Matcher::count(0, 1))]).collect();
    assert_eq!(judge(&constraints, &action, &noon()), In);
}
