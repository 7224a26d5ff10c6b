//! Lines with a sub-tree or an effect, against pinned catalogs.

use super::*;
use crate::action::Effect;
use crate::catalog::Catalog;
use crate::document::Findings;
use crate::manifest::Lock;
use crate::review::{Comparison, Effort, Vocabulary, compare};
use crate::scope::{Capability, Clause, Layers, Pattern};

const FORUM: &str = r#"
service = "forum.example"

[operation."forum.read"]
effect = "read"
resource = "forum/thread/{id}"
arguments.id = "text"

[operation."forum.list"]
effect = "read"
resource = "forum/front-page"
arguments.page = { type = "integer", optional = true }

[operation."forum.post.draft"]
effect = "draft"
resource = "forum/thread/{id}"
arguments = { id = "text", text = "text" }
attributes.public = "boolean"

[operation."forum.post.publish"]
effect = "publish"
resource = "forum/thread/{id}"
arguments = { id = "text", text = "text", mood = { type = "enum", values = ["calm", "loud"] } }

[operation."files.read"]
effect = "read"
resource = "files/{path**}"
arguments.path = "path"
"#;

/// The catalog with one operation more.
const WIPE: &str = r#"
[operation."forum.wipe"]
effect = "delete"
resource = "forum/thread/{id}"
arguments.id = "text"
"#;

fn catalog(more: &str) -> Catalog {
    Catalog::parse("forum.toml", &format!("{FORUM}{more}")).unwrap_or_else(|it| panic!("{it}"))
}

fn read(rest: &str) -> Result<Manifest, Findings> {
    let catalog = catalog("");
    Manifest::parse_locked("t.toml", &file(rest), &[&catalog], &Lock::pin([&catalog]))
}

fn code(result: Result<Manifest, Findings>) -> String {
    let findings = result.unwrap_err();
    let codes: Vec<_> = findings.iter().map(|it| it.code()).collect();
    codes.join(" ")
}

/// What the only expanded line covers.
fn covered(rest: &str) -> String {
    let manifest = read(rest).unwrap_or_else(|findings| panic!("{findings}"));
    let [line] = manifest.expansions() else {
        panic!("one line is expanded: {:?}", manifest.expansions());
    };
    let operations = line.operations();
    let operations = operations.map(|(operation, effect)| format!("{operation}:{effect}"));
    operations.collect::<Vec<_>>().join(" ")
}

fn allow(line: &str) -> String {
    format!("[[allow]]\n{line}\n")
}

const ALL: &str = "operation = \"forum.*\"\nresource = \"forum/**\"";

#[test]
fn a_sub_tree_becomes_one_capability_for_each_operation_with_the_effect_that_it_has()
-> Result<(), Box<dyn std::error::Error>> {
    let manifest = read(&allow(
        "operation = \"forum.post.*\"\nresource = \"forum/**\"",
    ))
    .unwrap();
    let one = |operation, effect| {
        Ok::<_, crate::scope::ScopeError>(
            Capability::operation(operation, "forum/**")?
                .with_effect(effect)
                .open_arguments(),
        )
    };
    let expected = [
        one("forum.post.draft", Effect::Draft)?,
        one("forum.post.publish", Effect::Publish)?,
    ];
    let scope = manifest.scope(&Parameters::new(), now())?;
    assert_eq!(scope.allow(), Some(&expected[..]));
    // Each leads to the line.
    let lines = manifest.places().allow().iter().map(|place| place.line());
    assert_eq!(lines.collect::<Vec<_>>(), [5, 5]);
    assert_eq!(manifest.expansions()[0].place().line(), 5);
    Ok(())
}

#[test]
fn a_line_covers_what_it_can_be_about() {
    for (line, expected) in [
        (
            ALL,
            "forum.list:read forum.post.draft:draft forum.post.publish:publish forum.read:read",
        ),
        (
            "effect = \"read\"\nresource = \"forum/**\"",
            "forum.list:read forum.read:read",
        ),
        (
            "effect = \"read\"\nresource = \"**\"",
            "files.read:read forum.list:read forum.read:read",
        ),
        (
            "effect = \"read\"\nresource = \"files/a/b\"",
            "files.read:read",
        ),
        (
            "operation = \"forum.*\"\neffect = \"draft\"\nresource = \"forum/**\"",
            "forum.post.draft:draft",
        ),
        (
            "operation = \"forum.*\"\nresource = \"forum/front-page\"",
            "forum.list:read",
        ),
        (
            "operation = \"forum.*\"\nresource = \"forum/**\"\narguments.text = { max_len = 9 }",
            "forum.post.draft:draft forum.post.publish:publish",
        ),
        // What may be absent may be absent because there is no such thing.
        (
            "operation = \"forum.*\"\nresource = \"forum/**\"\narguments.page = { max = 9, optional = true }",
            "forum.list:read forum.post.draft:draft forum.post.publish:publish forum.read:read",
        ),
        (
            "operation = \"forum.*\"\nresource = \"forum/**\"\nattributes.public = false",
            "forum.post.draft:draft",
        ),
        (
            "operation = \"forum.post.*\"\nresource = \"forum/**\"\narguments.mood = \"calm\"",
            "forum.post.publish:publish",
        ),
    ] {
        assert_eq!(covered(&allow(line)), expected, "{line}");
    }
    let parameter = "parameters.thread = \"segment\"\n[[allow]]\noperation = \"forum.*\"\n\
                     resource = \"forum/thread/{thread}\"\n";
    assert_eq!(
        covered(parameter),
        "forum.post.draft:draft forum.post.publish:publish forum.read:read"
    );
}

#[test]
fn a_line_covers_an_operation_if_one_of_its_choices_is_possible_there() {
    // One operation must admit all of them, so that a slip is found; another may admit one.
    let second = r#"
[operation."forum.post.quote"]
effect = "publish"
resource = "forum/thread/{id}"
arguments = { id = "text", mood = { type = "enum", values = ["calm"] } }
"#;
    let catalog = catalog(second);
    let line = "operation = \"forum.*\"\nresource = \"forum/**\"\narguments.mood = { one_of = [\"calm\", \"loud\"] }";
    let lock = Lock::pin([&catalog]);
    let manifest = Manifest::parse_locked("t.toml", &file(&allow(line)), &[&catalog], &lock);
    let manifest = manifest.unwrap_or_else(|findings| panic!("{findings}"));
    let covered = manifest.expansions()[0].operations();
    let covered: Vec<_> = covered.map(|(operation, _)| operation.as_str()).collect();
    assert_eq!(covered, ["forum.post.publish", "forum.post.quote"]);
}

#[test]
fn a_line_for_the_future_keeps_its_pattern() {
    let line = allow(&format!("{ALL}\nfuture = true"));
    let forum = Capability::operation("forum.*", "forum/**").unwrap();
    let expected = [forum.open_arguments()];
    let catalog = catalog("");
    for manifest in [
        read(&line),
        Manifest::parse("t.toml", &file(&line), &[&catalog]),
        Manifest::parse_unchecked("t.toml", &file(&line)),
    ] {
        let manifest = manifest.unwrap();
        assert_eq!(manifest.expansions(), []);
        let scope = manifest.scope(&Parameters::new(), now()).unwrap();
        assert_eq!(scope.allow(), Some(&expected[..]));
    }
    // It is about lines that could grow.
    let one = "operation = \"forum.read\"\nresource = \"forum/**\"\nfuture = true";
    assert_eq!(code(read(&allow(one))), "future_misplaced");
    let not = read(&allow(&format!("{ALL}\nfuture = false"))).unwrap();
    assert_eq!(not.expansions().len(), 1);
}

#[test]
fn a_line_is_not_expanded_by_catalogs_that_nobody_pinned() {
    let catalog = catalog("");
    for line in [ALL, "effect = \"read\"\nresource = \"forum/**\""] {
        let text = file(&allow(line));
        let unlocked = Manifest::parse("t.toml", &text, &[&catalog]);
        let help = unlocked.as_ref().unwrap_err().iter().next().unwrap().help();
        assert!(help.unwrap().contains("`future = true`"), "{help:?}");
        assert_eq!(code(unlocked), "lock_missing");
        assert_eq!(
            code(Manifest::parse_unchecked("t.toml", &text)),
            "lock_missing"
        );
    }
    // Deny entries and requirements are safer wide.
    let wide = "[[deny]]\noperation = \"forum.post.*\"\n[[require]]\neffect = \"publish\"\nsignature = true\n";
    let one = allow("operation = \"forum.read\"\nresource = \"forum/**\"");
    let text = file(&format!("{one}{wide}"));
    let manifest = Manifest::parse("t.toml", &text, &[&catalog]).unwrap();
    let scope = manifest.scope(&Parameters::new(), now()).unwrap();
    assert_eq!(
        scope.deny(),
        [Pattern::any().operation("forum.post.*").unwrap()]
    );
}

#[test]
fn a_catalog_that_is_not_the_pinned_one_is_refused_whatever_the_file_says() {
    let (old, new) = (catalog(""), catalog(WIPE));
    let lock = Lock::pin([&old]);
    let one = file(&allow(
        "operation = \"forum.read\"\nresource = \"forum/**\"",
    ));
    assert!(Manifest::parse_locked("t.toml", &one, &[&old], &lock).is_ok());
    let findings = Manifest::parse_locked("t.toml", &one, &[&new], &lock).unwrap_err();
    let [finding] = findings.iter().as_slice() else {
        panic!("{findings}");
    };
    assert_eq!((finding.code(), finding.line()), ("catalog_changed", 3));
    for part in [
        "forum.example".to_owned(),
        old.digest().to_string(),
        new.digest().to_string(),
    ] {
        assert!(finding.message().contains(&part), "{part}: {findings}");
    }
    let empty = Lock::default();
    assert_eq!(
        code(Manifest::parse_locked("t.toml", &one, &[&old], &empty)),
        "lock_missing"
    );
    // Of two catalogs of one service, one is not pinned.
    let both = Lock::pin([&old, &new]);
    assert_eq!(
        code(Manifest::parse_locked("t.toml", &one, &[&old, &new], &both)),
        "catalog_changed"
    );
}

#[test]
fn a_line_that_covers_nothing_is_found() {
    let line = format!("{ALL}\narguments.page = 1\narguments.text = \"x\"");
    assert_eq!(code(read(&allow(&line))), "expands_to_nothing");
}

#[test]
fn a_line_that_covers_more_than_a_scope_holds_is_found() {
    let more = |count: usize| -> String {
        let one = |index| {
            format!("operation.many.o{index} = {{ effect = \"read\", resource = \"m\" }}\n")
        };
        (0..count).map(one).collect()
    };
    let parse = |count, rest: &str| {
        // Dotted names are one key, in quotes.
        let more = more(count)
            .replace("operation.many.o", "operation.\"many.o")
            .replace(" = { eff", "\" = { eff");
        let catalog = Catalog::parse("m.toml", &format!("service = \"forum.example\"\n{more}"));
        let catalog = catalog.unwrap_or_else(|findings| panic!("{findings}"));
        let lock = Lock::pin([&catalog]);
        Manifest::parse_locked("t.toml", &file(rest), &[&catalog], &lock)
    };
    let all = allow("operation = \"many.*\"\nresource = \"*\"");
    let most = Scope::MAX_ENTRIES;
    assert_eq!(parse(most, &all).unwrap().places().allow().len(), most);
    let findings = parse(most + 1, &all).unwrap_err();
    assert!(
        findings.to_string().contains("covers 65 operations"),
        "{findings}"
    );
    assert_eq!(code(parse(most + 1, &all)), "too_many");
    let two = format!(
        "{}{all}",
        allow("operation = \"many.o0\"\nresource = \"*\"")
    );
    assert_eq!(code(parse(most, &two)), "too_many");
}

#[test]
fn what_two_lines_cover_is_granted_once() {
    let post = allow("operation = \"forum.post.*\"\nresource = \"forum/**\"");
    let manifest = read(&format!("{post}{}", allow(ALL))).unwrap();
    let lines = manifest.places().allow().iter().map(|place| place.line());
    assert_eq!(lines.collect::<Vec<_>>(), [5, 5, 8, 8]);
    let counts = manifest.expansions().iter().map(|it| it.operations().len());
    assert_eq!(counts.collect::<Vec<_>>(), [2, 4]);
    assert_eq!(
        code(read(&format!("{}{post}", allow(ALL)))),
        "rule_duplicate"
    );
    assert_eq!(
        code(read(&format!("{post}{post}"))),
        "rule_duplicate rule_duplicate"
    );
}

#[test]
fn one_budget_counts_all_that_its_line_covers() {
    let line = allow(&format!(
        "{ALL}\nbudget = {{ name = \"all\", uses = 3 }}\nsignature = true"
    ));
    let manifest = read(&line).unwrap();
    let scope = manifest.scope(&Parameters::new(), now()).unwrap();
    let all = Pattern::from(&Capability::operation("forum.*", "forum/**").unwrap());
    let patterns: Vec<_> = scope.require().iter().map(|it| it.pattern()).collect();
    assert_eq!(patterns, [&all, &all]);
    let places = manifest.places();
    assert_eq!(places.of(Clause::Require(1)).map(|it| it.line()), Some(5));
}

#[test]
fn a_catalog_that_grew_widens_a_task_once_it_is_pinned_anew_and_the_review_shows_how() {
    let (old, new) = (catalog(""), catalog(WIPE));
    let text = file(&allow(ALL));
    let scope = |catalog: &Catalog| {
        let lock = Lock::pin([catalog]);
        let manifest = Manifest::parse_locked("t.toml", &text, &[catalog], &lock).unwrap();
        [manifest.scope(&Parameters::new(), now()).unwrap()]
    };
    let (before, after) = (scope(&old), scope(&new));
    let (before, after) = (Layers::blocks(&before), Layers::blocks(&after));
    for comparison in [
        compare(&before, &after, Effort::default()),
        Vocabulary::of([&new]).compare(&before, &after, Effort::default()),
    ] {
        let Comparison::Wider(witness) = comparison else {
            panic!("{comparison:?}");
        };
        assert_eq!(witness.action().operation().as_str(), "forum.wipe");
    }
}

#[test]
fn an_operation_whose_effect_changes_is_no_longer_granted() {
    let manifest = read(&allow(ALL)).unwrap();
    let blocks = [manifest.scope(&Parameters::new(), now()).unwrap()];
    let harmless = Pattern::any().operation("forum.read").unwrap();
    let deletes = harmless.clone().with_effect(Effect::Delete);
    let never = |pattern| {
        let claim = crate::review::Claim::Never(pattern);
        crate::review::prove(&Layers::blocks(&blocks), &claim, Effort::default()).is_proved()
    };
    assert!(never(deletes));
    assert!(!never(harmless));
}

#[test]
fn a_lock_reads_what_it_writes() {
    let mail = "service = 'a.example'\noperation.x = { resource = 'x', effect = 'read' }";
    let mail = Catalog::parse("m.toml", mail).unwrap();
    let lock = Lock::pin([&catalog(""), &mail]);
    let text = lock.to_string();
    assert!(text.starts_with("# "), "{text}");
    assert!(
        text.find("a.example") < text.find("forum.example"),
        "{text}"
    );
    assert_eq!(Lock::parse("t.lock", &text).as_ref(), Ok(&lock));
    assert_eq!(Lock::parse("t.lock", ""), Ok(Lock::default()));
}

#[test]
fn the_lock_on_the_page_is_a_lock() {
    let page = include_str!("../../../docs/manifest.md");
    let blocks = page.split("```toml\n");
    let example = blocks.filter_map(|rest| rest.split("```").next());
    let example = example.filter(|it| it.contains("[[catalog]]")).last();
    let lock = Lock::parse("page.lock", example.unwrap()).unwrap();
    assert_eq!(lock.to_string(), example.unwrap());
}

#[test]
fn a_lock_that_is_wrong_is_refused() {
    let text = Lock::pin([&catalog("")]).to_string();
    let digest = catalog("").digest().to_string();
    for (wrong, expected) in [
        (format!("{text}{text}"), "catalog_duplicate"),
        (text.replace("service", "servce"), "key_missing key_unknown"),
        (text.replace("[[catalog]]", "[[catalogue]]"), "key_unknown"),
        (text.replace("forum.example", "a b"), "service_malformed"),
        (text.replace(&digest, &digest[1..]), "digest_malformed"),
        (format!("{text}x = 1"), "key_unknown"),
        (format!("{text}#\u{202e}"), "hidden_character"),
        ("catalog = 1".to_owned(), "type_wrong"),
        ("catalog".to_owned(), "syntax"),
    ] {
        let findings = Lock::parse("t.lock", &wrong).unwrap_err();
        let codes: Vec<_> = findings.iter().map(|it| it.code()).collect();
        assert_eq!(codes.join(" "), expected, "{wrong}");
    }
}
