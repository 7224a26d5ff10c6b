//! What is wrong with a file, and where.

use super::*;
use crate::catalog::Catalog;
use crate::document::Findings;
use crate::manifest::Lock;
use crate::testing::approver_key;

const CATALOG: &str = r#"
service = "forum.example"

[operation."forum.read"]
effect = "read"
resource = "forum/thread/{id}"
arguments.id = "text"

[operation."files.read"]
effect = "read"
resource = "files/{path**}"
arguments.path = "path"

[operation."forum.publish"]
effect = "publish"
resource = "forum/thread/{id}"
[operation."forum.publish".arguments]
id = "text"
text = "text"
to = { type = "list", items = "email" }
stars = "integer"
price = "decimal(2)"
mood = { type = "enum", values = ["calm", "loud"] }
draft = "boolean"
site = "url"
rest = "any"
[operation."forum.publish".attributes]
public = "boolean"
"#;

fn read(text: &str) -> Result<Manifest, Findings> {
    let catalog =
        Catalog::parse("forum.toml", CATALOG).unwrap_or_else(|findings| panic!("{findings}"));
    Manifest::parse_locked("t.toml", text, &[&catalog], &Lock::pin([&catalog]))
}

fn codes(result: Result<Manifest, Findings>) -> Vec<&'static str> {
    match result {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(|finding| finding.code()).collect(),
    }
}

/// One plain rule, so that a file is right but for what is tried.
const RULE: &str = "[[allow]]\noperation = \"forum.read\"\nresource = \"forum/thread/42\"\n";

#[test]
fn what_is_wrong_at_the_top_is_found() {
    let right = format!("{}{RULE}", file(""));
    assert_eq!(codes(read(&right)), [""; 0]);
    for (from, to, expected) in [
        ("task = \"t\"\n", "", "key_missing"),
        ("purpose = \"p\"\n", "", "key_missing"),
        ("audience = [\"forum.example\"]\n", "", "key_missing"),
        ("ttl = \"15m\"\n", "", "key_missing"),
        (RULE, "", "key_missing"),
        (RULE, "allow = []", "allow_empty"),
        (RULE, "allow = 1", "type_wrong"),
        ("\"t\"", "\"T\"", "name_malformed"),
        ("\"t\"", "7", "type_wrong"),
        ("\"p\"", "\"\"", "purpose_invalid"),
        ("\"p\"", "\"a\\nb\"", "purpose_invalid"),
        ("\"p\"", "\"a {b\"", "braces"),
        ("\"p\"", "\"a b}\"", "braces"),
        ("\"p\"", "\"a } {b}\"", "braces"),
        ("\"p\"", "\"a {b}\"", "parameter_undeclared"),
        ("[\"forum.example\"]", "[]", "audience_count"),
        (
            "[\"forum.example\"]",
            "[\"forum.example\", \"a b\"]",
            "service_malformed",
        ),
        (
            "[\"forum.example\"]",
            "[\"forum.example\", \"forum.example\"]",
            "audience_duplicate",
        ),
        (
            "[\"forum.example\"]",
            "[\"forum.example\", \"mail.example\"]",
            "catalog_missing",
        ),
        ("15m", "15", "duration_malformed"),
        ("15m", "0s", "out_of_range"),
        ("15m", "366d", "out_of_range"),
        ("[[allow]]", "max_depth = -1\n[[allow]]", "out_of_range"),
        (
            "[[allow]]",
            "max_depth = 4294967296\n[[allow]]",
            "out_of_range",
        ),
        ("[[allow]]", "max_dept = 1\n[[allow]]", "key_unknown"),
        ("[[allow]]", "not_before = 1\n[[allow]]", "key_unknown"),
        (
            "[[allow]]",
            "parameters.x = \"segment\"\n[[allow]]",
            "parameter_unused",
        ),
        (
            "[[allow]]",
            "parameters.X = \"segment\"\n[[allow]]",
            "name_malformed",
        ),
        (
            "[[allow]]",
            "parameters.x = \"segmnt\"\n[[allow]]",
            "parameter_invalid",
        ),
        (
            "[[allow]]",
            "approvers.ada = \"KEY\"\n[[allow]]",
            "approver_unused",
        ),
        (
            "[[allow]]",
            "approvers.ada = \"x\"\n[[allow]]",
            "key_malformed",
        ),
        ("= \"15m\"", "= ", "syntax"),
        ("task", "ttl = \"1s\"\ntask", "key_duplicate"),
    ] {
        let wrong = right.replacen(from, to, 1).replace("KEY", &key(1));
        let found = codes(read(&wrong));
        assert!(found.contains(&expected), "{expected}: {found:?}\n{wrong}");
        // What could not be read is not used either.
        let others = found.iter().filter(|code| **code != expected);
        assert!(
            others.clone().all(|code| code.ends_with("_unused")),
            "{found:?}\n{wrong}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_parameter_is_found() {
    for (kind, expected) in [
        ("7", "type_wrong"),
        ("\"decimal\"", "parameter_invalid"),
        ("\"enum\"", "parameter_invalid"),
        ("{ }", "key_missing"),
        ("{ type = \"segment\", min = 1 }", "key_unknown"),
        ("{ type = \"text\", max_len = 0 }", "out_of_range"),
        ("{ type = \"text\", max_len = 4097 }", "out_of_range"),
        ("{ type = \"enum\" }", "key_missing"),
        ("{ type = \"enum\", values = [] }", "parameter_invalid"),
        (
            "{ type = \"enum\", values = [\"a\", \"a\"] }",
            "parameter_invalid",
        ),
        (
            "{ type = \"enum\", values = [\"a\\n\"] }",
            "parameter_invalid",
        ),
        ("{ type = \"enum\", values = [\"\"] }", "parameter_invalid"),
        (
            "{ type = \"integer\", min = 2, max = 1 }",
            "parameter_invalid",
        ),
        ("{ type = \"integer\", min = 0.5 }", "type_wrong"),
        ("{ type = \"decimal\" }", "key_missing"),
        ("{ type = \"decimal\", scale = 19 }", "out_of_range"),
        (
            "{ type = \"decimal\", scale = 2, min = 0.001 }",
            "number_malformed",
        ),
    ] {
        let text = file(&format!(
            "parameters.x = {kind}\n{RULE}arguments.x = \"{{x}}\""
        ));
        let found = codes(Manifest::parse_unchecked("t.toml", &text));
        assert_eq!(found, [expected], "{kind}");
    }
}

fn key(number: u8) -> String {
    approver_key(number).public_key().to_string()
}

/// What is found if a right grant of `forum.publish` has this too.
fn granting(rest: &str) -> Vec<&'static str> {
    let declared = format!(
        "[parameters]\nlimit = {{ type = \"integer\", min = 1, max = 9 }}\nfree = \"integer\"\nword = \"text\"\nsegment = \"segment\"\n\
         mood = {{ type = \"enum\", values = [\"calm\"] }}\ntone = {{ type = \"enum\", values = [\"calm\", \"sharp\"] }}\n\
         price = {{ type = \"decimal\", scale = 2, max = 9.99 }}\nyes = \"boolean\"\n\
         [approvers]\nada = \"{}\"\nbob = \"{}\"\n",
        key(1),
        key(2)
    );
    let rule = "[[allow]]\noperation = \"forum.publish\"\nresource = \"forum/thread/42\"\n";
    let found = codes(read(&file(&format!("{declared}{rule}{rest}"))));
    found
        .into_iter()
        .filter(|code| !code.ends_with("_unused"))
        .collect()
}

#[test]
fn what_is_wrong_with_a_constraint_is_found() {
    for right in [
        "arguments.text = \"x\"",
        "arguments.text = { max_len = 9, like = \"Re: *\" }",
        "arguments.stars = { min = 1, max = \"{limit}\" }",
        "arguments.stars = \"{free}\"",
        "arguments.price = { max = 98.7, scale = 2 }",
        "arguments.mood = { one_of = [\"calm\", \"loud\"] }",
        "arguments.mood = \"{mood}\"",
        "arguments.text = \"{tone}\"",
        "arguments.draft = true",
        "arguments.draft = \"{yes}\"",
        "arguments.price = { equals = \"{price}\", scale = 2 }",
        "arguments.price = { max = \"{price}\", scale = 2 }",
        "arguments.\"to.*.domain\" = \"corp.com\"",
        "arguments.\"to.*.domain\" = { equals = \"corp.com\", some = true }",
        "arguments.to = { max_count = 3, optional = true }",
        "arguments.\"site.path.*\" = \"{segment}\"",
        "arguments.\"site.port\" = 443",
        "arguments.\"rest.a.*\" = { max_bytes = 4 }",
        "attributes.public = false",
        "arguments.text = { from = \"mail:from\" }",
        "arguments.text = { from = \"mail:from@mail/7\" }",
        "arguments.text = { from = \"mail:from@mail/{segment}\" }",
    ] {
        assert_eq!(granting(right), [""; 0], "{right}");
    }
    for (wrong, expected) in [
        ("arguments = {}", "constraints_empty"),
        ("arguments = 1", "type_wrong"),
        ("arguments.txt = \"x\"", "argument_unknown"),
        // What the resource takes is no argument of an action.
        ("arguments.id = \"x\"", "argument_unknown"),
        ("arguments.\"text.x\" = \"x\"", "argument_unknown"),
        ("arguments.\"to.domain\" = \"x\"", "argument_unknown"),
        ("arguments.\"to.*.user\" = \"x\"", "argument_unknown"),
        ("arguments.\"site.user\" = \"x\"", "argument_unknown"),
        ("attributes.text = \"x\"", "attribute_unknown"),
        ("arguments.\"\" = 1", "path_malformed"),
        ("arguments.\"*\" = 1", "path_malformed"),
        ("arguments.text = 1", "matcher_mistyped"),
        ("arguments.text = { max = 1 }", "matcher_mistyped"),
        ("arguments.text = \"{limit}\"", "matcher_mistyped"),
        ("arguments.stars = \"x\"", "matcher_mistyped"),
        ("arguments.stars = 1.5", "matcher_mistyped"),
        ("arguments.stars = { max_len = 1 }", "matcher_mistyped"),
        ("arguments.stars = \"{word}\"", "matcher_mistyped"),
        ("arguments.price = { max = 1 }", "matcher_mistyped"),
        (
            "arguments.price = { max = 1, scale = 3 }",
            "matcher_mistyped",
        ),
        ("arguments.mood = \"angry\"", "matcher_mistyped"),
        (
            "arguments.mood = { one_of = [\"calm\", \"angry\"] }",
            "matcher_mistyped",
        ),
        ("arguments.draft = \"true\"", "matcher_mistyped"),
        ("arguments.mood = \"{tone}\"", "matcher_mistyped"),
        ("arguments.mood = \"{limit}\"", "matcher_mistyped"),
        ("arguments.text = \"{yes}\"", "matcher_mistyped"),
        ("arguments.draft = \"{word}\"", "matcher_mistyped"),
        (
            "arguments.text = { equals = \"{price}\", scale = 2 }",
            "matcher_mistyped",
        ),
        ("arguments.price = \"{price}\"", "parameter_type"),
        ("arguments.price = { max = \"{price}\" }", "parameter_type"),
        (
            "arguments.price = { max = \"{price}\", scale = 3 }",
            "parameter_type",
        ),
        ("arguments.to = \"x\"", "matcher_mistyped"),
        ("arguments.to = { max_bytes = 1 }", "matcher_mistyped"),
        ("arguments.text = \"*@corp.com\"", "wildcard"),
        ("arguments.text = []", "type_wrong"),
        ("arguments.text = 1979-05-27", "type_wrong"),
        ("arguments.text = {}", "matcher_missing"),
        ("arguments.text = { optional = true }", "matcher_missing"),
        ("arguments.text = { equal = \"x\" }", "key_unknown"),
        ("arguments.text = { max_len = 1, scale = 2 }", "key_unknown"),
        (
            "arguments.text = { max_len = 1, if_present = true }",
            "key_unknown",
        ),
        ("arguments.text = { like = \"x\" }", "matcher_invalid"),
        ("arguments.text = { like = \"*x*\" }", "matcher_invalid"),
        ("arguments.text = { like = \"{word}*\" }", "braces"),
        ("arguments.text = { from = \"A\" }", "matcher_invalid"),
        ("arguments.text = { from = \"a@b//c\" }", "matcher_invalid"),
        (
            "arguments.text = { from = \"A@{segment}\" }",
            "matcher_invalid",
        ),
        (
            "arguments.text = { from = \"a@../{segment}\" }",
            "matcher_invalid",
        ),
        ("arguments.text = { from = \"{segment}\" }", "braces"),
        ("arguments.text = { from = \"{segment}@a\" }", "braces"),
        ("arguments.text = { from = \"a@b-{segment}\" }", "braces"),
        ("arguments.text = { from = \"a@{word}\" }", "parameter_type"),
        (
            "arguments.text = { from = \"a@{wrd}\" }",
            "parameter_undeclared",
        ),
        (
            "arguments.stars = { from = \"a@{segment}\" }",
            "matcher_mistyped",
        ),
        (
            "arguments.text = { min_len = 2, max_len = 1 }",
            "matcher_invalid",
        ),
        ("arguments.text = { min_len = -1 }", "out_of_range"),
        ("arguments.text = { max_len = 4294967296 }", "out_of_range"),
        (
            "arguments.text = { max_len = 1, some = true }",
            "matcher_invalid",
        ),
        ("arguments.text = { one_of = [] }", "matcher_invalid"),
        (
            "arguments.text = { one_of = [\"a\", \"a\"] }",
            "matcher_invalid",
        ),
        (
            "arguments.text = { one_of = [\"a\", 1] }",
            "matcher_invalid",
        ),
        ("arguments.text = \"{wrd}\"", "parameter_undeclared"),
        ("arguments.text = \"a{word}\"", "braces"),
        ("arguments.text = \"{word}{word}\"", "braces"),
        ("arguments.text = \"{\"", "braces"),
        ("arguments.stars = { min = 2, max = 1 }", "matcher_invalid"),
        (
            "arguments.stars = { max = 9223372036854775808 }",
            "integer_too_large",
        ),
        ("arguments.stars = { max = \"9\" }", "type_wrong"),
        ("arguments.stars = { max = \"{word}\" }", "parameter_type"),
        (
            "arguments.stars = { max = \"{free}\" }",
            "parameter_unbounded",
        ),
        (
            "arguments.stars = { min = \"{free}\" }",
            "parameter_unbounded",
        ),
        (
            "arguments.price = { max = \"{limit}\", scale = 2 }",
            "parameter_type",
        ),
        (
            "arguments.price = { equals = \"{limit}\", scale = 2 }",
            "parameter_type",
        ),
        (
            "arguments.price = { max = 1.005, scale = 2 }",
            "number_malformed",
        ),
        (
            "arguments.price = { max = inf, scale = 2 }",
            "number_malformed",
        ),
        ("arguments.price = { max = 1, scale = 19 }", "out_of_range"),
        (
            "arguments.price = { equals = \"1\", scale = 2 }",
            "type_wrong",
        ),
        (
            "arguments.\"to.*.domain\" = { equals = \"a\", max_len = 3, some = true }",
            "some_of_several",
        ),
    ] {
        let found = granting(wrong);
        // A matcher that is invalid is of no type either.
        assert!(found.contains(&expected), "{wrong}: {found:?}");
        let also = |code: &&str| [expected, "matcher_mistyped", "matcher_missing"].contains(code);
        assert!(found.iter().all(also), "{wrong}: {found:?}");
    }
}

#[test]
fn what_is_wrong_with_a_rule_is_found() {
    for (from, to, expected) in [
        ("operation = \"forum.publish\"\n", "", "target_missing"),
        ("resource = \"forum/thread/42\"\n", "", "key_missing"),
        ("forum.publish", "Forum", "operation_malformed"),
        ("forum.publish", "forum.publsh", "operation_unknown"),
        ("forum.publish", "mail.*", "operation_unknown"),
        (
            "operation = \"forum.publish\"",
            "effect = \"publsh\"",
            "effect_unknown",
        ),
        (
            "operation = \"forum.publish\"",
            "effect = \"pay\"",
            "effect_contradicts",
        ),
        (
            "forum.publish\"",
            "forum.publish\"\neffect = \"read\"",
            "effect_contradicts",
        ),
        ("thread/42", "thread//42", "resource_malformed"),
        ("thread/42", "thread/**/42", "resource_malformed"),
        ("thread/42", "..", "resource_malformed"),
        ("thread/42", "thread/a*b*c", "resource_malformed"),
        ("thread/42", "thread/x-{segment}", "braces"),
        ("thread/42", "thread/{{segment}}", "braces"),
        ("thread/42", "thread/{sgment}", "parameter_undeclared"),
        ("thread/42", "thread/{word}", "parameter_type"),
        ("thread/42", "thread", "resource_unreachable"),
        ("thread/42", "thread/42/post", "resource_unreachable"),
        ("thread/42", "thread/42/**", "resource_unreachable"),
        (
            "forum/thread/42",
            "blog/*/{segment}",
            "resource_unreachable",
        ),
        ("resource", "open_arguments = 1\nresource", "type_wrong"),
        ("resource", "when = 1\nresource", "key_unknown"),
    ] {
        let declared = "[parameters]\nword = \"text\"\nsegment = \"segment\"\n";
        let rule = "[[allow]]\noperation = \"forum.publish\"\nresource = \"forum/thread/42\"\n";
        let wrong = format!("{declared}{}", rule.replacen(from, to, 1));
        let found = codes(read(&file(&wrong)));
        let found: Vec<_> = found
            .into_iter()
            .filter(|code| *code != "parameter_unused")
            .collect();
        assert_eq!(found, [expected], "{wrong}");
    }
    for right in [
        "forum/thread/*",
        "forum/**",
        "**",
        "*/thread/{segment}",
        "forum/thr*/4*",
        "{segment}/*/*",
    ] {
        let text = RULE.replace("forum/thread/42", right);
        let found = codes(read(&file(&format!(
            "parameters.segment = \"segment\"\n{text}"
        ))));
        assert!(
            found.iter().all(|code| *code == "parameter_unused"),
            "{right}: {found:?}"
        );
    }
}

#[test]
fn a_resource_is_one_that_the_operation_touches() {
    let touching = |resource: &str| {
        let rule = RULE.replace("forum.read", "files.read");
        codes(read(&file(&rule.replace("forum/thread/42", resource))))
    };
    for right in [
        "files/a",
        "files/a/b/c",
        "files/**",
        "files/a/**",
        "*/a",
        "f*/**",
        "**",
    ] {
        assert_eq!(touching(right), [""; 0], "{right}");
    }
    for wrong in ["files", "file/**", "forum/thread/42", "*"] {
        assert_eq!(touching(wrong), ["resource_unreachable"], "{wrong}");
    }
}

#[test]
fn a_segment_takes_parameters_that_are_one_alone() {
    for (kind, expected) in [
        ("\"segment\"", None),
        ("\"integer\"", None),
        ("{ type = \"enum\", values = [\"a\", \"b c\"] }", None),
        (
            "{ type = \"enum\", values = [\"a\", \"b/c\"] }",
            Some("parameter_type"),
        ),
        ("\"text\"", Some("parameter_type")),
        ("\"boolean\"", Some("parameter_type")),
        ("{ type = \"decimal\", scale = 0 }", Some("parameter_type")),
    ] {
        let rule = RULE.replace("42", "{x}");
        let found = codes(read(&file(&format!("parameters.x = {kind}\n{rule}"))));
        assert_eq!(found.first().copied(), expected, "{kind}: {found:?}");
    }
}

#[test]
fn what_was_noted_decides_no_deny_entry_and_no_requirement() {
    for rule in [
        "[[deny]]\narguments.text = { from = \"mail:from\" }\n",
        "[[require]]\narguments.text = { from = \"mail:from@mail/7\" }\nsignature = true\n",
    ] {
        let found = codes(read(&file(&format!("{RULE}{rule}"))));
        assert_eq!(found, ["from_misplaced"], "{rule}");
    }
}

#[test]
fn a_name_may_be_in_the_catalog_of_any_service_of_the_task() {
    let forum = Catalog::parse("forum.toml", CATALOG).unwrap();
    let mail = CATALOG
        .replace("forum.example", "mail.example")
        .replace("forum.read", "mail.read");
    let mail = Catalog::parse("mail.toml", &mail).unwrap();
    let task = |audience: &str| {
        let text = file(&RULE.replace("forum.read", "mail.read"));
        let text = text.replace("[\"forum.example\"]", audience);
        codes(Manifest::parse("t.toml", &text, &[&forum, &mail]))
    };
    assert_eq!(task("[\"forum.example\", \"mail.example\"]"), [""; 0]);
    assert_eq!(task("[\"forum.example\"]"), ["operation_unknown"]);
}

#[test]
fn a_large_file_of_mistakes_is_read_to_its_end() {
    let much = |line: &str| line.repeat((1 << 19) / line.len());
    let choices = much("\"a\", ");
    for text in [
        much(RULE),
        much("[[deny]]\noperation = \"forum.raed\"\n"),
        format!("audience = [{choices}]"),
        format!("purpose = \"{}\"", much("{a}")),
        format!(
            "[parameters]\n{}",
            (0..20_000)
                .map(|index| format!("x{index} = 1\n"))
                .collect::<String>()
        ),
        format!("{RULE}arguments.text = {{ one_of = [{choices}] }}"),
        format!("{RULE}resource = \"{}\"", much("a/")),
        format!("{RULE}approval = [{}]", much("{ of = [], at_least = 1 }, ")),
        format!(
            "{RULE}[allow.arguments]\n{}",
            (0..20_000)
                .map(|index| format!("x{index} = 1\n"))
                .collect::<String>()
        ),
    ] {
        let findings = read(&text).unwrap_err();
        assert!(findings.to_string().len() < 100_000);
    }
}

#[test]
fn what_is_wrong_with_a_condition_is_found() {
    let budget = |rest: &str| format!("budget = {{ name = \"b\", {rest} }}");
    for right in [
        "approval = { of = [\"ada\", \"bob\"], at_least = 2 }".to_owned(),
        "approval = [{ of = [\"ada\"], at_least = 1 }, { of = [\"bob\"], at_least = 1 }]"
            .to_owned(),
        "signature = true\nwhen_tainted = true".to_owned(),
        budget("uses = \"{limit}\", each = \"1h\""),
        budget("sum = \"stars\", at_most = 10"),
        budget("sum = \"price\", scale = 2, at_most = 99.90"),
        budget("sum = \"price\", scale = 2, at_most = \"{price}\""),
    ] {
        assert_eq!(granting(&right), [""; 0], "{right}");
    }
    for (wrong, expected) in [
        ("approval = 1".to_owned(), "type_wrong"),
        ("approval = []".to_owned(), "approval_invalid"),
        ("approval = { of = [\"ada\"] }".to_owned(), "key_missing"),
        (
            "approval = { of = [], at_least = 1 }".to_owned(),
            "approval_invalid",
        ),
        (
            "approval = { of = [\"ada\"], at_least = 0 }".to_owned(),
            "approval_invalid",
        ),
        (
            "approval = { of = [\"ada\"], at_least = -1 }".to_owned(),
            "approval_invalid",
        ),
        (
            "approval = { of = [\"ada\"], at_least = 2 }".to_owned(),
            "approval_invalid",
        ),
        (
            "approval = { of = [\"ada\", \"ada\"], at_least = 1 }".to_owned(),
            "approval_invalid",
        ),
        (
            "approval = { of = [\"ad\"], at_least = 1 }".to_owned(),
            "approver_unknown",
        ),
        (
            "approval = [{ of = [\"ada\"], at_least = 1 }, { of = [\"ada\"], at_least = 1 }]"
                .to_owned(),
            "approval_invalid",
        ),
        ("signature = false".to_owned(), "condition_false"),
        ("when_tainted = true".to_owned(), "condition_missing"),
        (budget("uses = 0"), "budget_invalid"),
        (budget("uses = \"{free}\""), "parameter_unbounded"),
        (budget("uses = 1, sum = \"stars\""), "budget_invalid"),
        (budget("each = \"1h\""), "budget_invalid"),
        (budget("uses = 1, each = \"0s\""), "out_of_range"),
        (budget("uses = 1, at_most = 1"), "key_unknown"),
        (budget("sum = \"stars\""), "key_missing"),
        (budget("sum = \"to.*\", at_most = 1"), "path_malformed"),
        (budget("sum = \"star\", at_most = 1"), "argument_unknown"),
        (budget("sum = \"price\", at_most = 1"), "matcher_mistyped"),
        (
            budget("sum = \"stars\", scale = 2, at_most = 1"),
            "matcher_mistyped",
        ),
        (
            budget("sum = \"price\", scale = 2, at_most = 0.001"),
            "number_malformed",
        ),
        ("budget = { uses = 1 }".to_owned(), "key_missing"),
        (
            "budget = { name = \"B\", uses = 1 }".to_owned(),
            "budget_invalid",
        ),
        (
            format!("{0}\n[[require]]\n{0}", budget("uses = 1")),
            "budget_duplicate",
        ),
        (
            "[[require]]\noperation = \"forum.read\"".to_owned(),
            "condition_missing",
        ),
        (
            "[[require]]\nsignature = true\n[[require]]\nsignature = true".to_owned(),
            "rule_duplicate",
        ),
        ("[[deny]]".to_owned(), "deny_empty"),
        (
            "[[deny]]\noperation = \"forum.delete\"".to_owned(),
            "operation_unknown",
        ),
        (
            "[[deny]]\nresource = \"blog/*\"".to_owned(),
            "resource_unreachable",
        ),
        (
            "[[deny]]\narguments.txt = \"x\"".to_owned(),
            "argument_unknown",
        ),
        (
            "[[deny]]\narguments.text = { max_len = 1, optional = true }".to_owned(),
            "key_unknown",
        ),
        (
            "[[deny]]\narguments.text = { max_len = 1, some = true }".to_owned(),
            "key_unknown",
        ),
        (
            "[[deny]]\neffect = \"read\"\n[[deny]]\neffect = \"read\"".to_owned(),
            "rule_duplicate",
        ),
        (
            "[[allow]]\noperation = \"forum.publish\"\nresource = \"forum/thread/42\"".to_owned(),
            "rule_duplicate",
        ),
    ] {
        assert_eq!(granting(&wrong), [expected], "{wrong}");
    }
}

#[test]
fn two_approvers_with_one_key_are_found() {
    let rest = format!(
        "approvers = {{ ada = \"{0}\", eve = \"{0}\" }}\n{RULE}",
        key(1)
    );
    let found = codes(read(&file(&rest)));
    assert!(found.contains(&"approver_duplicate"), "{found:?}");
}

#[test]
fn what_a_scope_has_no_room_for_is_found() {
    let rules = |count: usize| {
        let rule = |index: usize| RULE.replace("42", &index.to_string());
        file(&(0..count).map(rule).collect::<String>())
    };
    assert_eq!(codes(read(&rules(Scope::MAX_ENTRIES))), [""; 0]);
    assert_eq!(codes(read(&rules(Scope::MAX_ENTRIES + 1))), ["too_many"]);
}

#[test]
fn lists_that_nobody_reads_are_refused() {
    let many = |count: usize, item: &dyn Fn(usize) -> String| {
        (0..count).map(item).collect::<Vec<_>>().join(", ")
    };
    let text = |index: usize| format!("\"{index}\"");
    let choices = |count| {
        granting(&format!(
            "arguments.text = {{ one_of = [{}] }}",
            many(count, &text)
        ))
    };
    assert_eq!(choices(256), [""; 0]);
    assert!(choices(257).contains(&"too_many"));
    let path = |index: usize| format!("\"rest.x{index}\" = 1");
    let constraints = |count| granting(&format!("arguments = {{ {} }}", many(count, &path)));
    assert_eq!(constraints(64), [""; 0]);
    assert_eq!(constraints(65), ["too_many"]);
    let values = |count| {
        let kind = format!("{{ type = \"enum\", values = [{}] }}", many(count, &text));
        codes(read(&file(&format!("parameters.x = {kind}\n{RULE}"))))
    };
    assert!(!values(256).contains(&"too_many"));
    assert!(values(257).contains(&"too_many"));
    let ada = |_| "\"ada\"".to_owned();
    let of = |count| {
        granting(&format!(
            "approval = {{ of = [{}], at_least = 1 }}",
            many(count, &ada)
        ))
    };
    assert_eq!(of(257), ["too_many"]);
    let group = |_| "{ of = [\"ada\"], at_least = 1 }".to_owned();
    let groups = |count| granting(&format!("approval = [{}]", many(count, &group)));
    assert_eq!(groups(257), ["too_many"]);
}

#[test]
fn what_a_reviewer_does_not_see_is_found_in_comments_too() {
    for hidden in [
        '\u{202e}',
        '\u{200b}',
        '\u{200d}',
        '\u{feff}',
        '\u{2066}',
        '\u{3164}',
        '\u{e0041}',
        '\u{ad}',
    ] {
        let comment = file(&format!("{RULE}# read{hidden} only\n"));
        assert_eq!(codes(read(&comment)), ["hidden_character"], "{hidden:?}");
        let purpose = file(RULE).replace("\"p\"", &format!("\"p{hidden}\""));
        assert!(
            codes(read(&purpose)).contains(&"hidden_character"),
            "{hidden:?}"
        );
    }
    let shown = file(RULE).replace("\"p\"", "\"lies 東京 Zürich \\u200d\"");
    assert_eq!(codes(read(&shown)), [""; 0]);
}

#[test]
fn a_scope_that_contradicts_itself_is_found_before_it_is_minted() {
    let rest = format!(
        "{RULE}signature = true\n[[require]]\noperation = \"forum.read\"\nresource = \"forum/thread/42\"\nsignature = true"
    );
    assert_eq!(codes(read(&file(&rest))), ["scope_invalid"]);
}

#[test]
fn everything_is_found_in_one_go_and_shown_where_it_is() {
    let text = r#"task = "answer"
purpose = "answer {thread}"
audience = ["forum.example"]
ttl = "15 min"

[parameters]
tread = "segment"

[[allow]]
operation = "forum.read"
effect = "publish"
resource = "forum/thread/{thread}"

[[allow]]
operation = "forum.publish"
resource = "forum/thread/*"
arguments.txt = { max_len = 4000 }
approval = { of = ["ada"], at_least = 1 }
"#;
    let expected = r#"error[parameter_undeclared]: parameter `thread` is not declared
 --> t.toml:2:11
  |
2 | purpose = "answer {thread}"
  |           ^^^^^^^^^^^^^^^^^
  = help: did you mean `tread`?

error[duration_malformed]: `15 min` is no time span
 --> t.toml:4:7
  |
4 | ttl = "15 min"
  |       ^^^^^^^^
  = help: write one number and one of s, m, h, d, such as `15m`

error[parameter_unused]: parameter `tread` is not used
 --> t.toml:7:1
  |
7 | tread = "segment"
  | ^^^^^

error[effect_contradicts]: `forum.read` is `read` in the catalog, not `publish`
  --> t.toml:11:10
   |
11 | effect = "publish"
   |          ^^^^^^^^^

error[parameter_undeclared]: parameter `thread` is not declared
  --> t.toml:12:12
   |
12 | resource = "forum/thread/{thread}"
   |            ^^^^^^^^^^^^^^^^^^^^^^^
   = help: did you mean `tread`?

error[argument_unknown]: no argument `txt` is in the catalog
  --> t.toml:17:11
   |
17 | arguments.txt = { max_len = 4000 }
   |           ^^^
   = help: did you mean `text`?

error[approver_unknown]: no approver is called `ada`
  --> t.toml:18:20
   |
18 | approval = { of = ["ada"], at_least = 1 }
   |                    ^^^^^"#;
    assert_eq!(read(text).unwrap_err().to_string(), expected);
}
