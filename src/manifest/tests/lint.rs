//! What a reviewer should look at twice, and why it is right so.

use super::*;
use crate::catalog::Catalog;
use crate::manifest::{Lock, Remark};
use crate::review::{Effort, Rule};

const FORUM: &str = r#"
service = "forum.example"
operation."forum.read" = { effect = "read", resource = "forum/front-page" }
operation."forum.list" = { effect = "read", resource = "forum/front-page" }
operation."forum.publish" = { effect = "publish", resource = "forum/front-page" }
"#;

fn remarks(rest: &str) -> Vec<Remark> {
    let catalog = Catalog::parse("f.toml", FORUM).unwrap();
    let lock = Lock::pin([&catalog]);
    let manifest = Manifest::parse_locked("t.toml", &file(rest), &[&catalog], &lock);
    let manifest = manifest.unwrap_or_else(|findings| panic!("{findings}"));
    manifest
        .lint(&Parameters::new(), now(), Effort::default())
        .unwrap()
}

/// Rule, line and excuse.
fn said(rest: &str) -> Vec<String> {
    let said = |it: &Remark| {
        let line = it.place.map_or(0, |place| place.line());
        let excuse = it.excuse.as_deref().unwrap_or("-");
        format!("{} {line} {excuse}", it.lint.rule)
    };
    remarks(rest).iter().map(said).collect()
}

const WIDE: &str = "[[allow]]\neffect = \"read\"\nresource = \"**\"\n";

#[test]
fn a_finding_has_its_place_and_is_said_once_of_a_line() {
    assert_eq!(said(WIDE), ["wide_resource 5 -"]);
    let all = WIDE.replace("effect = \"read\"", "operation = \"forum.*\"");
    let expected = ["wide_resource 5 -", "unguarded 5 -", "open_arguments 5 -"];
    assert_eq!(said(&all), expected);
}

#[test]
fn an_excuse_is_for_one_rule_of_one_line() {
    let excused = format!("{WIDE}excuse = {{ wide_resource = \"the whole forum is public\" }}\n");
    assert_eq!(
        said(&excused),
        ["wide_resource 5 the whole forum is public"]
    );
    let two = format!(
        "{excused}[[allow]]\noperation = \"forum.publish\"\nresource = \"**\"\nsignature = true\n"
    );
    let wide = said(&two).into_iter().filter(|it| it.starts_with("wide"));
    assert_eq!(
        wide.collect::<Vec<_>>(),
        [
            "wide_resource 5 the whole forum is public",
            "wide_resource 9 -"
        ]
    );
    let whole = format!("{WIDE}[excuse]\nlong_life = \"it is a night's work\"\n");
    let whole = file(&whole).replace("15m", "25h");
    let manifest = Manifest::parse_unchecked(
        "t.toml",
        &whole.replace("[[allow]]", "[[allow]]\nfuture = true"),
    );
    let manifest = manifest.unwrap();
    let remarks = manifest
        .lint(&Parameters::new(), now(), Effort::default())
        .unwrap();
    let long = remarks
        .iter()
        .find(|it| it.lint.rule.id() == "long_life")
        .unwrap();
    assert_eq!(long.excuse.as_deref(), Some("it is a night's work"));
    assert_eq!(long.place, None);
}

#[test]
fn an_excuse_that_excuses_nothing_is_found() {
    let unused = format!("{WIDE}excuse = {{ wide_resource = \"public\", unguarded = \"why\" }}\n");
    let remarks = remarks(&unused);
    let [_, idle] = remarks.as_slice() else {
        panic!("{remarks:?}");
    };
    assert_eq!(idle.lint.rule.id(), "idle_excuse");
    assert_eq!(idle.place.map(|place| place.line()), Some(8));
    assert!(idle.lint.message.contains("`unguarded`"));
    // What is of the whole file is excused at the top, and what is of a line there.
    let top = format!("[excuse]\nwide_resource = \"public\"\n{WIDE}");
    assert_eq!(said(&top), ["wide_resource 7 -", "idle_excuse 6 -"]);
}

#[test]
fn what_is_wrong_with_an_excuse_is_found() {
    let long = format!("{{ unguarded = \"{}\" }}", "x".repeat(501));
    for (excuse, expected) in [
        ("{ wide_resource = \"\" }", "excuse_empty"),
        ("{ wide_resource = \"  \" }", "excuse_empty"),
        ("{ wide_resource = \"a\\u202eb\" }", "hidden_character"),
        ("{ wide_resource = \"a\\nb\" }", "hidden_character"),
        ("{ wide_resource = 1 }", "type_wrong"),
        ("{ wide_resorce = \"public\" }", "excuse_unknown"),
        ("{ idle_excuse = \"public\" }", "excuse_unknown"),
        ("\"public\"", "type_wrong"),
        (&long, "out_of_range"),
    ] {
        let text = file(&format!("{WIDE}future = true\nexcuse = {excuse}\n"));
        let findings = Manifest::parse_unchecked("t.toml", &text).unwrap_err();
        let codes: Vec<_> = findings.iter().map(|it| it.code()).collect();
        assert_eq!(codes, [expected], "{excuse}");
    }
}

#[test]
fn a_sample_is_admitted_by_the_file_that_it_is_of() {
    let rest = r#"
[parameters]
s = "segment"
t = { type = "text", max_len = 3 }
e = { type = "enum", values = ["x", "y"] }
i = { type = "integer", min = -9, max = -2 }
j = { type = "integer", min = 7 }
d = { type = "decimal", scale = 2, max = 1.5 }
b = "boolean"

[[allow]]
operation = "forum.read"
resource = "forum/{s}"
arguments = { t = "{t}", e = "{e}", i = "{i}", j = "{j}", b = "{b}", d = { max = "{d}", scale = 2 } }
"#;
    let manifest = manifest(rest);
    assert!(
        manifest
            .scope(&manifest.sample(&Parameters::new()), now())
            .is_ok()
    );
    let price = crate::action::Decimal::new(2, 150).unwrap();
    let expected = Parameters::new()
        .with("s", "any-s")
        .with("t", "any")
        .with("e", "x")
        .with("i", -2)
        .with("j", 7)
        .with("d", price)
        .with("b", true);
    assert_eq!(manifest.sample(&Parameters::new()), expected);
}

#[test]
fn a_line_that_some_values_meet_is_not_idle_and_what_is_wide_with_one_value_is_found() {
    let text = r#"
        task = "deploy"
        purpose = "deploy to {stage}"
        audience = ["cloud.example"]
        ttl = "15m"
        [parameters]
        stage = { type = "enum", values = ["test", "production"] }
        who = "text"
        [[allow]]
        operation = "cloud.deploy"
        resource = "cloud/{stage}"
        arguments.who = "{who}"
        [[deny]]
        resource = "cloud/production"
        [[deny]]
        resource = "cloud/moon"
    "#;
    let manifest = Manifest::parse_unchecked("deploy.toml", text).unwrap();
    let found = |given: Parameters| -> Vec<(Rule, usize)> {
        let remarks = manifest.lint(&given, now(), Effort::default()).unwrap();
        let lines = remarks.iter().map(|it| it.place.map_or(0, |it| it.line()));
        remarks.iter().map(|it| it.lint.rule).zip(lines).collect()
    };
    // The first deny entry is met in production, where nothing else is.
    assert_eq!(found(Parameters::new()), [(Rule::Idle, 15)]);
    let stage = |stage: &str| Parameters::new().with("stage", stage);
    assert_eq!(found(stage("test")), [(Rule::Idle, 13), (Rule::Idle, 15)]);
    let production = [(Rule::Unreachable, 9), (Rule::Idle, 15)];
    assert_eq!(found(stage("production")), production);
}
