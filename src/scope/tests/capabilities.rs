//! Targets, closed and open, attributes, and deny entries against capabilities.

use super::judge::{Is, judge};
use super::*;
use crate::action::Key;
use crate::scope::{ReasonCode, Scalar};

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
fn a_name_below_one_object_is_not_a_name_below_another() {
    let capability = all_mail()
        .argument("o.a", Matcher::equals(1))
        .unwrap()
        .argument("p.b", Matcher::equals(1))
        .unwrap();
    let granted = granting(capability);
    for (json, expected) in [
        (r#"{"o": {"a": 1}, "p": {"b": 1}}"#, true),
        (r#"{"o": {"a": 1, "b": 1}, "p": {"b": 1}}"#, false),
        (r#"{"o": {"a": 1}, "p": {"a": 1, "b": 1}}"#, false),
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
        Is::Unsure
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
