//! What is proved of every scope.

use super::*;
use crate::catalog::Catalog;
use crate::document::Findings;
use crate::manifest::{Lock, ManifestError};
use crate::mint::{Assignment, Issuer, MintError};
use crate::review::Effort;
use crate::testing::{agent, approver_key, issuer};

const FORUM: &str = r#"
service = "forum.example"

[operation."forum.read"]
effect = "read"
resource = "forum/thread/{id}"
arguments.id = "text"

[operation."forum.publish"]
effect = "publish"
resource = "forum/thread/{id}"
arguments = { id = "text", stars = "integer" }

[operation."forum.wipe"]
effect = "delete"
resource = "forum/thread/{id}"
arguments.id = "text"
"#;

const READ: &str = "[[allow]]\noperation = \"forum.read\"\nresource = \"forum/thread/42\"\n";
const PUBLISH: &str = "[[allow]]\noperation = \"forum.publish\"\nresource = \"forum/thread/42\"\n";

fn read(rest: &str) -> Result<Manifest, Findings> {
    let catalog = Catalog::parse("f.toml", FORUM).unwrap_or_else(|it| panic!("{it}"));
    let keys = [1, 2].map(|number| approver_key(number).public_key().to_string());
    let rest = rest.replace("ADA", &keys[0]).replace("BOB", &keys[1]);
    Manifest::parse_locked("t.toml", &file(&rest), &[&catalog], &Lock::pin([&catalog]))
}

fn made(rest: &str) -> Result<Scope, ManifestError> {
    let manifest = read(rest).unwrap_or_else(|findings| panic!("{findings}"));
    manifest.scope(&Parameters::new(), now())
}

fn refuted(rest: &str) -> String {
    let error = made(rest).unwrap_err();
    assert_eq!(error.code(), "never_refuted", "{error}");
    error.to_string()
}

fn codes(rest: &str) -> String {
    let findings = read(rest).unwrap_err();
    let codes: Vec<_> = findings.iter().map(|it| it.code()).collect();
    codes.join(" ")
}

fn never(lines: &str) -> String {
    format!("[[never]]\n{lines}\n")
}

#[test]
fn what_is_proved_makes_a_scope() {
    let deny = "[[deny]]\neffect = \"delete\"\n";
    let entry = never("effect = \"delete\"");
    assert!(made(&format!("{READ}{entry}")).is_ok());
    let all = "[[allow]]\noperation = \"forum.*\"\nresource = \"forum/**\"\n";
    assert!(made(&format!("{all}{deny}{entry}")).is_ok());
    assert_eq!(
        refuted(&format!("{all}{entry}")).lines().count(),
        1,
        "a message is one line"
    );
}

#[test]
fn what_is_refuted_makes_none_and_shows_the_action() {
    let message = refuted(&format!("{READ}{PUBLISH}{}", never("effect = \"publish\"")));
    for part in [
        "11:1",
        "`forum.publish` (publish) on `forum/thread/42`",
        "stars",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    let Err(ManifestError::NeverRefuted { place, witness }) = made(&format!(
        "{PUBLISH}{}",
        never("resource = \"forum/thread/*\"")
    )) else {
        panic!("it is allowed");
    };
    assert_eq!(place.line(), 8);
    assert_eq!(witness.action().operation().as_str(), "forum.publish");
}

#[test]
fn nothing_is_minted_of_what_is_refuted() {
    let manifest = read(&format!("{READ}{}", never("effect = \"read\""))).unwrap();
    let issuer = Issuer::new(issuer(), crate::keys::RootKeyId::new(1));
    let ada = Assignment::new("t-1", "ada@example.com", "helper").unwrap();
    let holder = agent(1).public_key();
    let minted = issuer.mint_task(&manifest, &Parameters::new(), &ada, &holder, now());
    let Err(error @ MintError::Manifest(_)) = minted else {
        panic!("{minted:?}");
    };
    assert_eq!(error.code(), "never_refuted");
}

#[test]
fn an_entry_can_wait_for_approval_by_anybody_or_by_these() {
    let people = "approvers = { ada = \"ADA\", bob = \"BOB\" }\n";
    let asks = |of: &str, entry: &str| {
        let entry = never(&format!(
            "operation = \"forum.publish\"\nwithout_approval = {entry}"
        ));
        format!("{people}{PUBLISH}approval = {of}\n{entry}")
    };
    let (ada, both) = (
        "{ of = [\"ada\"], at_least = 1 }",
        "{ of = [\"ada\", \"bob\"], at_least = 2 }",
    );
    let either = "{ of = [\"ada\", \"bob\"], at_least = 1 }";
    assert!(made(&asks(both, "true")).is_ok());
    assert!(made(&asks(both, ada)).is_ok());
    assert!(made(&asks(both, both)).is_ok());
    refuted(&asks(either, both));
    refuted(&asks(either, ada));
    let alone = format!("{PUBLISH}{}", never("without_approval = true"));
    refuted(&alone);
    assert_eq!(codes(&alone.replace("true", "false")), "condition_false");
}

#[test]
fn an_entry_can_be_about_a_budget_of_the_file() {
    let spend = "budget = { name = \"stars\", sum = \"stars\", at_most = 9 }\n";
    let entry = never("effect = \"publish\"\nbeyond_budget = \"stars\"");
    assert!(made(&format!("{PUBLISH}{spend}{entry}")).is_ok());
    // A second line for the same action that the budget does not count.
    let other = PUBLISH.replace("42", "43");
    refuted(&format!("{PUBLISH}{spend}{other}{entry}"));
    assert_eq!(
        codes(&format!(
            "{PUBLISH}{spend}{}",
            entry.replace("\"stars\"", "\"star\"")
        )),
        "budget_unknown"
    );
    assert_eq!(codes(&format!("{PUBLISH}{entry}")), "budget_unknown");
    let broken = spend.replace("at_most = 9", "at_most = 0");
    assert_eq!(
        codes(&format!("{PUBLISH}{broken}{entry}")),
        "budget_invalid"
    );
}

#[test]
fn an_entry_is_proved_of_the_values_that_are_given() {
    let rest = "parameters.thread = \"segment\"\n[[allow]]\noperation = \"forum.publish\"\n\
                resource = \"forum/thread/{thread}\"\n[[never]]\nresource = \"forum/thread/1\"\n";
    let manifest = read(rest).unwrap();
    let scope = |thread: &str| manifest.scope(&Parameters::new().with("thread", thread), now());
    assert!(scope("2").is_ok());
    assert_eq!(scope("1").unwrap_err().code(), "never_refuted");
    // And with values of its own.
    let own = rest.replace("forum/thread/1", "forum/thread/{thread}");
    let always = read(&own).unwrap();
    let always = always.scope(&Parameters::new().with("thread", "2"), now());
    assert_eq!(always.unwrap_err().code(), "never_refuted");
}

#[test]
fn what_would_take_too_much_effort_makes_no_scope() {
    let manifest = read(&format!("{READ}{}", never("effect = \"delete\""))).unwrap();
    let none = manifest.proved_with(&Parameters::new(), now(), Effort::steps(0));
    let error = none.unwrap_err();
    assert_eq!(error.code(), "never_undecided");
    assert!(error.to_string().contains("8:1"), "{error}");
    // All entries share it.
    let two = format!(
        "{READ}{}{}",
        never("effect = \"delete\""),
        never("effect = \"publish\"")
    );
    let two = read(&two).unwrap();
    let least = |manifest: &Manifest| {
        let is_enough = |steps| {
            let effort = Effort::steps(steps);
            let proved = manifest.proved_with(&Parameters::new(), now(), effort);
            proved.is_ok()
        };
        let (mut few, mut many) = (0, 1 << 22);
        while few < many {
            let middle = (few + many) / 2;
            if is_enough(middle) {
                many = middle;
            } else {
                few = middle + 1;
            }
        }
        few
    };
    assert!(least(&two) > least(&manifest));
}

#[test]
fn without_catalogs_or_for_the_future_any_operation_could_be_there() {
    let entry = never("effect = \"delete\"");
    // The catalog says that `forum.read` reads; without it nobody does.
    let text = file(&format!("{READ}{entry}"));
    let unchecked = Manifest::parse_unchecked("t.toml", &text).unwrap();
    let unchecked = unchecked.scope(&Parameters::new(), now());
    assert_eq!(unchecked.unwrap_err().code(), "never_refuted");
    let future =
        "[[allow]]\noperation = \"forum.read.*\"\nresource = \"forum/thread/42\"\nfuture = true\n";
    let grown = format!(
        "{FORUM}[operation.\"forum.read.old\"]\neffect = \"read\"\nresource = \"forum/thread/42\""
    );
    let grown = Catalog::parse("f.toml", &grown).unwrap();
    let parse = |rest: &str| {
        let lock = Lock::pin([&grown]);
        let manifest = Manifest::parse_locked("t.toml", &file(rest), &[&grown], &lock);
        manifest.unwrap_or_else(|findings| panic!("{findings}"))
    };
    let pinned = future.replace("future = true", "");
    let scope = |rest: &str| parse(rest).scope(&Parameters::new(), now());
    assert!(scope(&format!("{pinned}{entry}")).is_ok());
    let error = scope(&format!("{future}{entry}")).unwrap_err();
    assert_eq!(error.code(), "never_refuted");
    assert!(error.to_string().contains("(delete)"), "{error}");
}

#[test]
fn what_is_wrong_with_an_entry_is_found() {
    for (lines, expected) in [
        ("", "never_empty"),
        ("effect = \"pay\"", "effect_contradicts"),
        ("operation = \"forum.raed\"", "operation_unknown"),
        ("arguments.star = 1", "argument_unknown"),
        ("resource = \"blog/1\"", "resource_unreachable"),
        ("effect = \"delete\"\napproval = 1", "key_unknown"),
        ("effect = \"delete\"\nexcuse = {}", "key_unknown"),
        ("effect = \"delete\"\nwithout_approval = 1", "type_wrong"),
        ("effect = \"delete\"\nbeyond_budget = 1", "type_wrong"),
        (
            "effect = \"delete\"\nwithout_approval = { of = [\"ada\"], at_least = 1 }",
            "approver_unknown",
        ),
        (
            "effect = \"delete\"\nwithout_approval = true\nbeyond_budget = \"x\"",
            "never_ambiguous",
        ),
        (
            "effect = \"delete\"\n[[never]]\neffect = \"delete\"",
            "rule_duplicate",
        ),
    ] {
        assert_eq!(
            codes(&format!("{READ}{}", never(lines))),
            expected,
            "{lines}"
        );
    }
    let many = |count: usize| {
        let one = |index| never(&format!("resource = \"forum/thread/{index}x\""));
        format!("{READ}{}", (0..count).map(one).collect::<String>())
    };
    let most = Manifest::MAX_NEVER;
    assert_eq!(read(&many(most)).unwrap().places().never().len(), most);
    assert_eq!(codes(&many(most + 1)), "too_many");
}
