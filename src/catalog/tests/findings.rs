//! Everything that is wrong with a file, with its code.

use super::*;
use crate::action::Effect;

/// The codes of what is wrong with an operation `x` of these lines.
fn codes(lines: &str) -> Vec<&'static str> {
    let text =
        format!("service = \"a\"\n[operation.x]\neffect = \"read\"\nresource = \"r\"\n{lines}");
    codes_of(&text)
}

fn codes_of(text: &str) -> Vec<&'static str> {
    match parsed(text) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(Finding::code).collect(),
    }
}

#[test]
fn every_mistake_has_its_code() {
    for (lines, code) in [
        ("", ""),
        ("x = 1", "key_unknown"),
        ("untrusted = 1", "type_wrong"),
        ("undo = \"y\"", "operation_unknown"),
        ("undo = \"Y\"", "operation_malformed"),
        ("undo = \"x\"\nirreversible = true", "undo_twice"),
        ("irreversible = true", ""),
        ("arguments = { a = \"texts\" }", "type_unknown"),
        ("arguments = { a = \"list\" }", "type_unknown"),
        (
            "arguments = { a = { type = \"text\", values = [] } }",
            "key_unknown",
        ),
        (
            "arguments = { a = { type = \"enum\", values = [] } }",
            "enum_empty",
        ),
        ("arguments = { a = { type = \"enum\" } }", "key_missing"),
        ("arguments = { a = { type = \"list\" } }", "key_missing"),
        ("arguments = { a = { type = \"object\" } }", "key_missing"),
        ("arguments = { a = { optional = true } }", "key_missing"),
        (
            "arguments = { a = { type = \"text\", optional = true, default = \"\" } }",
            "default_optional",
        ),
        (
            "arguments = { a = { type = \"text\", default = 1 } }",
            "default_mistyped",
        ),
        (
            "arguments = { a = { type = \"number\", default = inf } }",
            "default_malformed",
        ),
        (
            "arguments = { a = { type = \"number\", default = 1.5 } }",
            "",
        ),
        (
            "arguments = { a = { type = \"date\", default = 2026-11-21 } }",
            "",
        ),
        (
            "arguments = { a = { type = \"object\", fields = { b = { type = \"text\", default = 1 } } } }",
            "default_mistyped",
        ),
        (
            "arguments = { a = { type = \"object\", fields = { b = { type = \"text\", each = true } } } }",
            "key_unknown",
        ),
        ("arguments = { \"a.b\" = \"text\" }", "argument_malformed"),
        (
            "arguments = { a = { type = \"text\", each = true } }",
            "each_no_list",
        ),
        (
            "arguments = { a = { type = \"list\", items = \"text\", each = true, optional = true } }",
            "each_no_list",
        ),
        (
            "attributes = { a = { type = \"text\", each = true } }",
            "key_unknown",
        ),
        (
            "attributes = { a = { type = \"text\", default = 1 } }",
            "default_mistyped",
        ),
        ("mcp = { }", "key_missing"),
        ("mcp = { tool = \"\" }", "tool_malformed"),
        (
            "mcp = { tool = \"t\", arguments = { a = \"b\" } }",
            "argument_unknown",
        ),
        (
            "arguments = { a = \"text\" }\nmcp = { tool = \"t\", arguments = { b = \"a\", c = \"a\" } }",
            "argument_twice",
        ),
        (
            "arguments = { a = \"text\", b = \"text\" }\nmcp = { tool = \"t\", arguments = { b = \"a\" } }",
            "argument_twice",
        ),
        (
            "arguments = { a = \"text\", b = \"text\" }\nmcp = { tool = \"t\", arguments = { b = \"a\", a = \"b\" } }",
            "",
        ),
        (
            "http = { method = \"get\", path = \"/\" }",
            "method_malformed",
        ),
        (
            "http = { method = \"GET\", path = \"x\" }",
            "path_malformed",
        ),
        (
            "http = { method = \"GET\", path = \"/a//b\" }",
            "path_malformed",
        ),
        (
            "http = { method = \"GET\", path = \"/%61\" }",
            "path_malformed",
        ),
        (
            "http = { method = \"GET\", path = \"/{a}\" }",
            "parameter_unknown",
        ),
        (
            "http = { method = \"GET\", path = \"/\", query = { a = \"b\" } }",
            "argument_unknown",
        ),
        (
            "http = { method = \"GET\", path = \"/\", body = { a = \"b\" } }",
            "argument_unknown",
        ),
        (
            "arguments = { a = \"text\" }\nhttp = { method = \"GET\", path = \"/\" }",
            "argument_unreachable",
        ),
        (
            "arguments = { a = { type = \"text\", optional = true } }\nhttp = { method = \"GET\", path = \"/\" }",
            "",
        ),
        (
            "arguments = { a = \"any\" }\nhttp = { method = \"GET\", path = \"/\", query = { a = \"a\" } }",
            "argument_misplaced",
        ),
        (
            "arguments = { a = \"any\" }\nhttp = { method = \"GET\", path = \"/{a}\" }",
            "argument_misplaced",
        ),
        (
            "arguments = { a = \"path\" }\nhttp = { method = \"GET\", path = \"/{a}\" }",
            "argument_misplaced",
        ),
        (
            "arguments = { a = \"integer\" }\nhttp = { method = \"GET\", path = \"/{a**}\" }",
            "argument_misplaced",
        ),
        (
            "arguments = { a = \"text\" }\nhttp = { method = \"GET\", path = \"/{a}\", query = { b = \"a\" } }",
            "argument_twice",
        ),
        (
            "arguments = { a = \"text\" }\nhttp = { method = \"GET\", path = \"/{a}\", body = { b = \"a\" } }",
            "argument_twice",
        ),
        (
            "arguments = { a = \"text\" }\nhttp = { method = \"GET\", path = \"/\", query = { b = \"a\" }, body = { b = \"a\" } }",
            "argument_twice",
        ),
    ] {
        let expected = if code.is_empty() { vec![] } else { vec![code] };
        assert_eq!(codes(lines), expected, "{lines}");
    }
}

#[test]
fn a_resource_takes_arguments_that_are_there_and_one_text() {
    let resource = |resource: &str, arguments: &str| {
        codes_of(&format!(
            "service = 'a'\noperation.x = {{ effect = 'read', resource = '{resource}', arguments = {{ {arguments} }} }}"
        ))
    };
    for kind in ["text", "integer"] {
        assert!(resource("r/{a}", &format!("a = '{kind}'")).is_empty());
    }
    assert!(resource("r/{a**}", "a = 'path'").is_empty());
    assert!(
        resource(
            "r/{a}",
            "a = { type = 'list', items = 'text', each = true }"
        )
        .is_empty()
    );
    assert_eq!(resource("r/{a}", ""), ["parameter_unknown"]);
    assert_eq!(
        resource("r/{a}", "a = { type = 'text', optional = true }"),
        ["resource_optional"]
    );
    for kind in ["path", "boolean", "decimal(2)", "date", "email", "any"] {
        assert_eq!(
            resource("r/{a}", &format!("a = '{kind}'")),
            ["resource_type"],
            "{kind}"
        );
    }
    assert_eq!(resource("r/{a**}", "a = 'integer'"), ["resource_type"]);
    assert_eq!(
        resource("r/{a}", "a = { type = 'list', items = 'text' }"),
        ["resource_type"]
    );
    assert_eq!(resource("r//a", ""), ["resource_malformed"]);
    let two = "a = { type = 'list', items = 'text', each = true }, b = { type = 'list', items = 'text', each = true }";
    assert_eq!(resource("r", two), ["each_twice"]);
}

#[test]
fn two_routes_that_one_path_could_be_of_are_ambiguous() {
    let routes = |paths: &[&str]| {
        let operations = paths.iter().enumerate().map(|(index, path)| {
            format!(
                "operation.x{index} = {{ effect = 'read', resource = 'r', arguments = {{ a = {{ type = 'text', default = '' }}, \
                 b = {{ type = 'text', default = '' }} }}, http = {{ method = 'GET', path = '{path}' }} }}\n"
            )
        });
        codes_of(&format!(
            "service = 'a'\n{}",
            operations.collect::<String>()
        ))
    };
    for fine in [
        ["/a", "/b"],
        ["/a", "/a/"],
        ["/{a}", "/{b}"],
        ["/a/{a}", "/b/{a}"],
        ["/a/{a**}", "/a"],
        ["/a/{a}", "/a/"],
        ["/a/{a**}", "/a/b/"],
    ] {
        assert!(routes(&fine).is_empty(), "{fine:?}");
    }
    for bad in [
        ["/a", "/{a}"],
        ["/{a}", "/{b**}"],
        ["/a/{a**}", "/a/b"],
        ["/a/{a}/c", "/a/b/{b}"],
    ] {
        assert_eq!(routes(&bad), ["route_ambiguous"], "{bad:?}");
    }
}

#[test]
fn routes_of_different_methods_are_not_ambiguous() {
    let route = |name, method, path| {
        format!(
            "operation.{name} = {{ effect = 'read', resource = 'r', arguments = {{ a = {{ type = 'text', default = '' }} }}, \
             http = {{ method = '{method}', path = '{path}' }} }}\n"
        )
    };
    let text = |method| {
        format!(
            "service = 'a'\n{}{}",
            route("x", "GET", "/{a}"),
            route("y", method, "/b")
        )
    };
    assert!(codes_of(&text("PUT")).is_empty());
    assert_eq!(codes_of(&text("GET")), ["route_ambiguous"]);
}

#[test]
fn all_mistakes_of_a_file_are_found_at_once_with_their_places() {
    let text = "service = \"a b\"\n\n[operation.\"mail.read\"]\neffect = \"raed\"\nresource = \"mail/{id}\"\n\
                [operation.\"mail.read\".arguments]\nid = \"string\"\n\n[operation.other]\neffect = \"read\"\nresource = \"x/{y}\"\n";
    let findings = parsed(text).unwrap_err();
    let lines: Vec<_> = findings
        .iter()
        .map(|it| format!("{}:{} {}", it.line(), it.column(), it.code()))
        .collect();
    assert_eq!(
        lines,
        [
            "1:11 service_malformed",
            "4:10 effect_unknown",
            "7:6 type_unknown",
            "11:12 parameter_unknown"
        ]
    );
}

#[test]
fn an_operation_that_is_not_read_is_not_unknown_too() {
    let text = "service = 'a'\noperation.x = { effect = 'read', resource = 'r', undo = 'y' }\n\
                operation.y = { effect = 'reed', resource = 'r' }\n";
    assert_eq!(codes_of(text), ["effect_unknown"]);
}

#[test]
fn what_names_nothing_is_no_catalog() {
    assert_eq!(codes_of(""), ["key_missing", "key_missing"]);
    assert_eq!(codes_of("service = 'a'\noperation = 1"), ["type_wrong"]);
    assert_eq!(
        codes_of("service = 'a'\noperation.Y = { effect = 'read', resource = 'r' }"),
        ["operation_malformed"]
    );
}

#[test]
fn there_is_a_most_of_operations() {
    let many = |count: usize| {
        let one = |index| format!("operation.x{index} = {{ effect = 'read', resource = 'r' }}\n");
        codes_of(&format!(
            "service = 'a'\n{}",
            (0..count).map(one).collect::<String>()
        ))
    };
    assert!(many(Catalog::MAX_OPERATIONS).is_empty());
    assert_eq!(many(Catalog::MAX_OPERATIONS + 1), ["operations_too_many"]);
}

#[test]
fn there_is_a_most_of_arguments() {
    let many = |count: usize| {
        let names = (0..count).map(|index| format!("a{index} = \"text\", "));
        codes(&format!("arguments = {{ {} }}", names.collect::<String>()))
    };
    assert!(many(Catalog::MAX_ARGUMENTS).is_empty());
    assert_eq!(many(Catalog::MAX_ARGUMENTS + 1), ["arguments_too_many"]);
}

#[test]
fn types_lie_in_one_another_only_so_deep() {
    let nested = |levels: usize| {
        let mut kind = "\"text\"".to_owned();
        for _ in 1..levels {
            kind = format!("{{ type = \"list\", items = {kind} }}");
        }
        codes(&format!("arguments = {{ a = {kind} }}"))
    };
    assert!(nested(Type::MAX_LEVELS).is_empty());
    assert_eq!(nested(Type::MAX_LEVELS + 1), ["type_too_deep"]);
}

#[test]
fn a_catalog_in_code_is_held_to_the_same() {
    let spec = |name: &str| {
        OperationSpec::new(
            name.parse().unwrap(),
            Effect::Read,
            "r/{id}".parse().unwrap(),
        )
        .argument("id".parse().unwrap(), Parameter::required(Type::Text))
    };
    let builder = || Catalog::builder("a".parse().unwrap());
    let built = builder().operation(spec("x")).build().unwrap();
    let text = "service = 'a'\noperation.x = { effect = 'read', resource = 'r/{id}', arguments = { id = 'text' } }";
    assert_eq!(parsed(text).unwrap(), built);

    let code = |builder: CatalogBuilder| builder.build().unwrap_err().problems()[0].code();
    assert_eq!(
        code(builder().operation(spec("x")).operation(spec("x"))),
        "operation_twice"
    );
    assert_eq!(
        code(builder().operation(spec("x").undone_by("y".parse().unwrap()))),
        "operation_unknown"
    );
    assert_eq!(
        code(builder().operation(spec("x").each("id".parse().unwrap()))),
        "each_no_list"
    );
    let many = (0..=Catalog::MAX_OPERATIONS).fold(builder(), |builder, index| {
        builder.operation(spec(&format!("x{index}")))
    });
    assert_eq!(code(many), "operations_too_many");
}

#[test]
fn a_digest_is_of_what_is_said_and_not_of_how() {
    let digest = |text: &str| parsed(text).unwrap().digest();
    let one = digest(MAIL);
    let spelled_out = MAIL
        .replace(
            "id = \"integer\"",
            "# a comment\nid = { type = \"integer\", optional = false }",
        )
        .replace(
            "tool = \"read_mail\"",
            "tool = \"read_mail\"\narguments = { id = \"id\" }",
        );
    assert_eq!(one, digest(&spelled_out));
    let (head, operations) = MAIL.split_once("\n[operation").unwrap();
    let mut parts: Vec<_> = operations.split("\n\n[operation").collect();
    parts.reverse();
    assert_eq!(
        one,
        digest(&format!(
            "{head}\n[operation{}",
            parts.join("\n\n[operation")
        ))
    );
    let listed = "service = 'a'\noperation.x = { effect = 'read', resource = 'r', arguments = { a = { type = 'list', items = 'text' } } }";
    let each = listed.replace("items = 'text'", "items = 'text', each = true");
    assert_ne!(digest(listed), digest(&each));
    for (from, to) in [
        ("mail.example", "mail2.example"),
        ("effect = \"read\"", "effect = \"write\""),
        ("\"outbox\"", "\"inbox\""),
        ("default = \"inbox\"", "default = \"work\""),
        ("default = \"inbox\"", "optional = false"),
        ("untrusted = true", ""),
        ("irreversible = true", ""),
        ("undo = \"mail.restore\"", ""),
        ("owner = \"email\"", "owner = \"text\""),
        ("decimal(2)", "decimal(3)"),
        ("items = \"email\"", "items = \"text\""),
        ("read_mail", "read_mails"),
        ("{ mail_id = \"id\" }", "{ }"),
        ("/outbox/", "/outbox"),
        ("\"POST\"", "\"PUT\""),
        ("{ why = \"note\" }", "{ note = \"note\" }"),
        ("body = { body = \"text\" }", "body = { }"),
        ("label = { type = \"text\", optional = true }", ""),
    ] {
        let changed = MAIL.replacen(from, to, 1);
        assert_ne!(changed, MAIL, "{from}");
        assert_ne!(one, digest(&changed), "{from}");
    }
}
