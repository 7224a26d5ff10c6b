//! Tool calls, and calls in the service's own words.

use super::*;
use crate::action::{Effect, Value};

#[test]
fn a_tool_call_becomes_its_action() {
    assert_eq!(
        mapped(
            "archive_mail",
            r#"{"mail_id": 7, "folder": "work", "note": "done"}"#
        ),
        Ok(vec![
            r#"mail.archive mail/work/7 {"note": "done"}"#.to_owned()
        ])
    );
    let catalog = mail();
    let call = tool("archive_mail", r#"{"mail_id": 7}"#);
    let mapped = catalog.map(&call, None, &NoAttributes).unwrap();
    let [action] = mapped.actions() else { panic!() };
    assert_eq!(action.effect(), Effect::Write);
    assert_eq!(action.service().as_str(), "mail.example");
    assert!(!mapped.reads_untrusted());
}

#[test]
fn defaults_are_filled_in_and_null_is_the_same_as_absent() {
    let digests = |json: &str| {
        let call = tool("archive_mail", json);
        let mapped = mail().map(&call, None, &NoAttributes).unwrap();
        mapped.actions()[0].digest()
    };
    let one = digests(r#"{"mail_id": 7}"#);
    assert_eq!(
        one,
        digests(r#"{"mail_id": 7.0, "note": null, "folder": null}"#)
    );
    assert_eq!(one, digests(r#"{"folder": "inbox", "mail_id": 7}"#));
    assert_ne!(one, digests(r#"{"mail_id": 7, "note": ""}"#));
    assert_eq!(
        mapped(
            "send_mail",
            r#"{"to": [], "text": "", "options": {"tag": null}}"#
        ),
        Ok(vec![
            r#"mail.send outbox {"options": {"copies": 1}, "text": "", "to": []}"#.to_owned()
        ])
    );
}

#[test]
fn what_is_not_as_the_catalog_says_is_refused_with_its_code() {
    for (name, arguments, code) in [
        ("archive_mails", "{}", "call_unmapped"),
        ("archive_mail", "{}", "argument_missing"),
        ("archive_mail", r#"{"mail_id": null}"#, "argument_mistyped"),
        ("archive_mail", r#"{"mail_id": "7"}"#, "argument_mistyped"),
        ("archive_mail", r#"{"mail_id": 7.5}"#, "argument_mistyped"),
        ("archive_mail", r#"{"mail_id": true}"#, "argument_mistyped"),
        ("archive_mail", r#"{"id": 7}"#, "argument_missing"),
        (
            "archive_mail",
            r#"{"mail_id": 7, "id": 7}"#,
            "argument_unknown",
        ),
        (
            "archive_mail",
            r#"{"mail_id": 7, "force": null}"#,
            "argument_unknown",
        ),
        (
            "archive_mail",
            r#"{"mail_id": 7, "folder": ""}"#,
            "segment_not_canonical",
        ),
        (
            "archive_mail",
            r#"{"mail_id": 7, "folder": "a/b"}"#,
            "segment_not_canonical",
        ),
        (
            "archive_mail",
            r#"{"mail_id": 7, "folder": ".."}"#,
            "segment_not_canonical",
        ),
        (
            "archive_mail",
            r#"{"mail_id": 7, "folder": "a%2fb"}"#,
            "segment_not_canonical",
        ),
        (
            "archive_mail",
            r#"{"mail_id": 7, "folder": "e\u0301"}"#,
            "segment_not_canonical",
        ),
        (
            "send_mail",
            r#"{"to": ["a@b.example", "x"], "text": ""}"#,
            "argument_mistyped",
        ),
        (
            "send_mail",
            r#"{"to": "a@b.example", "text": ""}"#,
            "argument_mistyped",
        ),
        (
            "send_mail",
            r#"{"to": [], "text": "", "price": 1.005}"#,
            "argument_mistyped",
        ),
        (
            "send_mail",
            r#"{"to": [], "text": "", "options": {"bcc": 1}}"#,
            "argument_unknown",
        ),
        (
            "send_mail",
            r#"{"to": [], "text": "", "options": {"copies": "1"}}"#,
            "argument_mistyped",
        ),
        ("delete_files", r#"{"paths": []}"#, "argument_mistyped"),
        (
            "delete_files",
            r#"{"paths": ["/a", "b"]}"#,
            "argument_mistyped",
        ),
        (
            "delete_files",
            r#"{"paths": ["/a/../b"]}"#,
            "argument_mistyped",
        ),
        ("delete_files", r#"{"paths": ["/"]}"#, "argument_mistyped"),
        ("move_file", r#"{"source": "/a"}"#, "argument_missing"),
        (
            "move_file",
            r#"{"source": "/a", "destination": "/b", "mode": 1}"#,
            "argument_unknown",
        ),
    ] {
        assert_eq!(mapped(name, arguments), Err(code), "{name} {arguments}");
    }
}

#[test]
fn an_error_names_the_place_and_shows_little() {
    let error = |name: &str, arguments: &str| {
        let mapped = mail().map(&tool(name, arguments), None, &NoAttributes);
        mapped.unwrap_err().to_string()
    };
    assert_eq!(
        error(
            "send_mail",
            r#"{"to": ["a@b.example", "x\u202e"], "text": ""}"#
        ),
        r#"argument `to[1]` is `"x\u{202e}"`, and must be an email address such as ada@example.com"#
    );
    assert_eq!(
        error(
            "send_mail",
            r#"{"to": [], "text": "", "options": {"bcc\n": 1}}"#
        ),
        r"argument `options.bcc\n` is unknown"
    );
    let long = format!(r#"{{"mail_id": "{}"}}"#, "x".repeat(10_000));
    assert!(error("archive_mail", &long).len() < 200);
    assert!(error(&"x".repeat(200), "{}").len() < 200);
}

#[test]
fn one_call_can_give_several_actions() {
    assert_eq!(
        mapped("move_file", r#"{"source": "/a/b", "destination": "/c"}"#),
        Ok(vec![
            "file.move-from files/a/b".to_owned(),
            "file.move-to files/c".to_owned()
        ])
    );
    assert_eq!(
        mapped("delete_files", r#"{"paths": ["/a/b", "/c"]}"#),
        Ok(vec![
            "file.delete files/a/b".to_owned(),
            "file.delete files/c".to_owned()
        ])
    );
}

#[test]
fn more_actions_than_are_decided_at_once_are_refused() {
    let paths = |count: usize| format!(r#"{{"paths": [{}]}}"#, vec![r#""/a""#; count].join(","));
    assert_eq!(
        mapped("delete_files", &paths(16)).map(|it| it.len()),
        Ok(16)
    );
    assert_eq!(mapped("delete_files", &paths(17)), Err("too_many_actions"));
    assert_eq!(
        mapped("delete_files", &paths(4000)),
        Err("too_many_actions")
    );
}

#[test]
fn one_operation_leaves_the_next_no_more_room_than_there_is() {
    let operation = |name, arguments| {
        format!(
            "operation.{name} = {{ effect = 'read', resource = 'r', arguments = {{ {arguments} }}, mcp = {{ tool = 't' }} }}\n"
        )
    };
    let each = operation(
        "a",
        "paths = { type = 'list', items = 'text', each = true }",
    );
    let catalog = parsed(&format!("service = 'a'\n{each}{}", operation("b", ""))).unwrap();
    let outcome = |count: usize| {
        let paths = vec![r#""x""#; count].join(",");
        let mapped = catalog.map(
            &tool("t", &format!(r#"{{"paths": [{paths}]}}"#)),
            None,
            &NoAttributes,
        );
        mapped
            .map(|it| it.actions().len())
            .map_err(|error| error.code())
    };
    assert_eq!(outcome(15), Ok(16));
    assert_eq!(outcome(16), Err("too_many_actions"));
}

#[test]
fn more_values_than_a_tree_has_are_refused() {
    let mails = vec![r#""a@b.example""#; 2000].join(",");
    let arguments = format!(r#"{{"to": [{mails}], "text": ""}}"#);
    assert_eq!(mapped("send_mail", &arguments), Err("arguments_too_large"));
}

fn read_with(attributes: &impl Attributes) -> Result<Vec<String>, &'static str> {
    let call = tool("read_mail", r#"{"folder": "inbox", "id": 7}"#);
    let mapped = mail().map(&call, None, attributes);
    if let Ok(mapped) = &mapped {
        assert!(mapped.reads_untrusted());
    }
    mapped.map(|it| shown(&it)).map_err(|error| error.code())
}

fn known<const N: usize>(
    pairs: [(&'static str, &'static str); N],
) -> impl Fn(Asked<'_>) -> Result<Tree, MapError> {
    move |asked| {
        assert_eq!(asked.resource().to_string(), "mail/inbox/7");
        assert_eq!(asked.operation().operation().as_str(), "mail.read");
        assert!(asked.arguments().root().is_empty());
        Ok(Tree::from_pairs(pairs).unwrap())
    }
}

#[test]
fn attributes_are_what_the_catalog_declares_and_never_absent_silently() {
    let read = |attributes: &str| Ok(vec![format!("mail.read mail/inbox/7 {attributes}")]);
    assert_eq!(
        read_with(&known([("owner", "ada@b.example")])),
        read(r#"{"owner": {"address": "ada@b.example", "domain": "b.example"}}"#)
    );
    assert!(read_with(&known([("owner", "ada@b.example"), ("label", "x")])).is_ok());
    assert_eq!(read_with(&NoAttributes), Err("attribute_missing"));
    assert_eq!(
        read_with(&known([("owner", "ada")])),
        Err("attribute_mistyped")
    );
    assert_eq!(
        read_with(&known([("owner", "ada@b.example"), ("x", "")])),
        Err("attribute_unknown")
    );
    let down = |_: Asked<'_>| Err(MapError::attributes_unavailable("down"));
    assert_eq!(read_with(&down), Err("attributes_unavailable"));
    let gone = |_: Asked<'_>| Err(MapError::not_found("mail/inbox/7"));
    assert_eq!(read_with(&gone), Err("resource_not_found"));
}

#[test]
fn only_faults_of_the_service_are_its_own() {
    for (error, service) in [
        (MapError::attributes_unavailable(""), true),
        (MapError::BodyMismatch, true),
        (MapError::not_found(""), false),
        (MapError::unknown("x"), false),
    ] {
        assert_eq!(error.is_service_fault(), service, "{error}");
    }
}

#[test]
fn a_plan_takes_as_many_attributes_as_it_asks_for() {
    let catalog = mail();
    let Call::Tool(call) = tool("read_mail", r#"{"folder": "inbox", "id": 7}"#) else {
        panic!()
    };
    let plan = || catalog.plan_tool(&call).unwrap();
    let owner = || Tree::from_pairs([("owner", "ada@b.example")]).unwrap();
    assert_eq!(plan().asks().count(), 1);
    assert!(plan().complete_with(vec![owner()]).is_ok());
    let code = |known| plan().complete_with(known).unwrap_err().code();
    assert_eq!(code(vec![]), "attribute_missing");
    assert_eq!(code(vec![owner(), owner()]), "attributes_unavailable");
}

#[test]
fn a_call_in_the_services_own_words_is_held_to_the_catalog_too() {
    let direct = |operation: &str, resource: &str, arguments: &str| {
        let arguments = Tree::from_json_slice(arguments.as_bytes()).unwrap();
        let call = Call::direct(
            operation.parse().unwrap(),
            resource.parse().unwrap(),
            arguments,
        );
        let mapped = mail().map(&call, None, &NoAttributes);
        mapped.map(|it| shown(&it)).map_err(|error| error.code())
    };
    let one = |line: &str| Ok(vec![line.to_owned()]);
    assert_eq!(
        direct("mail.archive", "mail/work/7", r#"{"note": "x"}"#),
        one(r#"mail.archive mail/work/7 {"note": "x"}"#)
    );
    assert_eq!(
        direct("file.delete", "files/a/b", "{}"),
        one("file.delete files/a/b")
    );
    for (operation, resource, arguments, code) in [
        ("mail.archives", "mail/work/7", "{}", "call_unmapped"),
        ("mail.archive", "mail/work", "{}", "call_unmapped"),
        ("mail.archive", "mail/work/7/8", "{}", "call_unmapped"),
        ("mail.archive", "mail/work/07", "{}", "call_unmapped"),
        ("mail.archive", "mail/work/x", "{}", "call_unmapped"),
        (
            "mail.archive",
            "mail/work/7",
            r#"{"id": 7}"#,
            "argument_unknown",
        ),
        (
            "mail.archive",
            "mail/work/7",
            r#"{"x": 7}"#,
            "argument_unknown",
        ),
        (
            "mail.archive",
            "mail/work/7",
            r#"{"note": 7}"#,
            "argument_mistyped",
        ),
        ("mail.send", "outbox", "{}", "argument_missing"),
    ] {
        assert_eq!(
            direct(operation, resource, arguments),
            Err(code),
            "{resource} {arguments}"
        );
    }
}

#[test]
fn values_of_every_type_are_exact() {
    let read = |kind: Type, value: Value| kind.read("x", &value).map(|value| value.preview());
    let url = "https://a.example/b";
    for (kind, value, exact) in [
        ("integer", Value::number("7.0").unwrap(), "7"),
        ("number", Value::number("7.50").unwrap(), "7.5"),
        ("boolean", true.into(), "true"),
        ("decimal(2)", Value::number("7.5").unwrap(), "7.50"),
        ("date", "2026-11-21".into(), "20261121"),
        ("datetime", "1970-01-01T00:00:01Z".into(), "1000"),
        ("datetime(+01:00)", "1970-01-01T01:00:01".into(), "1000"),
        ("path", "/a/b".into(), r#""/a/b""#),
        (
            "email",
            "a@b.example".into(),
            r#"{"address": "a@b.example", "domain": "b.example"}"#,
        ),
        ("any", Value::Null, "null"),
    ] {
        let kind: Type = kind.parse().unwrap();
        assert_eq!(read(kind.clone(), value), Ok(exact.to_owned()), "{kind}");
        assert!(
            kind == Type::Any || read(kind.clone(), Value::Bytes(vec![1])).is_err(),
            "{kind}"
        );
        let another = [Type::Any, Type::Text].contains(&kind);
        assert!(
            another || read(kind.clone(), "a\n".into()).is_err(),
            "{kind}"
        );
    }
    assert!(Type::Url.read("x", &url.into()).is_ok());
    let colours = Type::Enum(vec!["red".to_owned()]);
    assert!(colours.read("x", &"red".into()).is_ok());
    assert!(colours.read("x", &"Red".into()).is_err());
    assert!(Type::Text.read("x", &7.into()).is_err());
}

#[test]
fn names_of_types_are_read_and_others_are_refused() {
    for text in [
        "texts",
        "decimal",
        "decimal()",
        "decimal(19)",
        "decimal(02)",
        "decimal(-1)",
        "datetime()",
        "datetime(CET)",
        "datetime(+1:00)",
        "datetime(-00:00)",
        "list",
        "enum",
        "object",
        "",
        "Text",
        "date(1)",
    ] {
        assert!(text.parse::<Type>().is_err(), "{text}");
    }
    assert_eq!("decimal(18)".parse(), Ok(Type::Decimal(18)));
}
