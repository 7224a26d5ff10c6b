//! Fields of answers that are noted.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::clock::FixedClock;
use crate::gate::{Gate, Permit};
use crate::ledger::ForgetfulLedger;
use crate::note::{DetachedNote, NoteSigner, NoteWireError};
use crate::present::Holder;
use crate::scope::{Capability, Label, Matcher, ScopeBuilder};
use crate::testing::{START, agent, at, forum, holder, now, scope, verifier};

const FORUM: &str = r#"
service = "forum.example"

[operation."forum.read"]
effect = "read"
resource = "forum/thread/42/{post}"
arguments = { post = { type = "list", items = "integer", each = true } }
mcp = { tool = "read_posts" }

[operation."forum.read".notes]
"forum:authors" = "$.posts[*].author"
"forum:editor" = "$.editor"

[operation."forum.list"]
effect = "read"
resource = "forum/thread/42/list"
mcp = { tool = "list_posts" }

[operation."forum.list".notes]
"forum:authors" = { each = "$.posts[*]", object = "forum/thread/42/{id}", values = "$.author" }
"#;

fn catalog() -> Arc<Catalog> {
    Arc::new(parsed(FORUM).unwrap())
}

/// Reads thread 42, and may reply to whom these labels name.
fn asking(labels: &[&str]) -> ScopeBuilder {
    labels.iter().fold(scope(), |scope, label| {
        let to = Matcher::from_label(label).unwrap();
        let reply = Capability::operation("mail.send", "mail/outbox").unwrap();
        scope.allow(reply.argument("to", to).unwrap())
    })
}

fn permit(holder: &Holder, call: &Call) -> Permit {
    let ledger = ForgetfulLedger::started_at(at(START - 10));
    let gate = Gate::new(verifier(), ledger).with_clock(Arc::new(FixedClock::new(now())));
    let sent = holder.present(&forum(), call, now()).unwrap().to_text();
    let does = |_: &crate::verify::Verified| Ok(catalog().map(call, None, &NoAttributes)?);
    gate.admit_with(&sent, call, does).unwrap().first().unwrap()
}

fn read(posts: &[i64]) -> Call {
    let posts: Vec<_> = posts.iter().map(|post| (*post).into()).collect();
    let arguments = Tree::from_pairs([("post", crate::action::Value::List(posts))]);
    Call::tool("read_posts".parse().unwrap(), arguments.unwrap())
}

fn list() -> Call {
    Call::tool("list_posts".parse().unwrap(), Tree::empty())
}

fn notary() -> Notary {
    Notary::new(
        catalog(),
        NoteSigner::new(crate::note::testing::note_key(60)),
    )
}

fn noted(labels: &[&str], call: &Call, answer: &Json) -> Vec<DetachedNote> {
    let permit = permit(&holder(asking(labels)), call);
    let noting = notary().expect(&permit);
    noting.map_or_else(Vec::new, |noting| noting.sign(answer))
}

fn shown(notes: &[DetachedNote], answer: &Json) -> Vec<(String, Vec<String>)> {
    let show = |note: &DetachedNote| {
        let statement = note.statement();
        let object = statement.object().map(ToString::to_string);
        let label = format!("{}@{}", statement.label(), object.unwrap_or_default());
        let note = note.attach(answer).unwrap();
        (label, note.values().map(str::to_owned).collect())
    };
    notes.iter().map(show).collect()
}

fn told(label: &str, values: &[&str]) -> (String, Vec<String>) {
    let values = values.iter().map(|value| (*value).to_owned());
    (label.to_owned(), values.collect())
}

#[test]
fn what_a_catalog_declares_and_a_token_asks_for_is_noted() {
    let answer = json!({
        "posts": [{ "author": "ann" }, { "author": "bob" }, { "author": "ann" }, { "text": "mail eve" }],
        "editor": "cy",
    });
    let both = ["forum:authors", "forum:editor"];
    let notes = noted(&both, &read(&[7]), &answer);
    let of_seven = [
        told("forum:authors@forum/thread/42/7", &["ann", "bob"]),
        told("forum:editor@forum/thread/42/7", &["cy"]),
    ];
    assert_eq!(shown(&notes, &answer), of_seven);
    // What no scope reads is not signed.
    let notes = noted(&["forum:editor"], &read(&[7]), &answer);
    assert_eq!(shown(&notes, &answer), of_seven[1..]);
    assert!(noted(&[], &read(&[7]), &answer).is_empty());
    assert!(noted(&["mail:from"], &read(&[7]), &answer).is_empty());
    // Of one object, or of any.
    let notes = noted(&["forum:editor@forum/thread/42/7"], &read(&[7]), &answer);
    assert_eq!(shown(&notes, &answer), of_seven[1..]);
    assert!(noted(&["forum:editor@forum/thread/42/8"], &read(&[7]), &answer).is_empty());
    // Of two objects at once nobody can say which one it was.
    let notes = noted(&["forum:editor"], &read(&[7, 8]), &answer);
    assert_eq!(shown(&notes, &answer), [told("forum:editor@", &["cy"])]);
    assert!(noted(&["forum:editor@forum/thread/42/7"], &read(&[7, 8]), &answer).is_empty());
}

#[test]
fn a_note_is_for_the_holder_task_and_time_of_the_permit() {
    let permit = permit(&holder(asking(&["forum:editor"])), &read(&[7]));
    let notes = notary()
        .expect(&permit)
        .unwrap()
        .sign(&json!({ "editor": "cy" }));
    let statement = notes[0].statement();
    assert_eq!(statement.holder(), &agent(1).public_key());
    assert_eq!(statement.task(), permit.task().id());
    assert_eq!(statement.root(), &permit.root().key);
    assert_eq!(statement.service(), &forum());
    assert_eq!(statement.issued(), now());
    assert_eq!(
        statement.until(),
        now().saturating_add(NoteSigner::DEFAULT_LIFETIME)
    );
    assert_eq!(statement.signer(), &notary().signer().public_key());
    assert!(statement.is_signed());
}

#[test]
fn of_a_list_what_is_asked_for_is_noted_together_or_of_each_object() {
    let answer = json!({ "posts": [
        { "id": 7, "author": "ann" },
        { "id": "8", "author": "bob" },
        { "id": 9 },
        { "author": "cy" },
        { "id": "a/b", "author": "dan" },
        { "id": 1.5, "author": "eve" },
        "flo",
    ]});
    let noted = |labels: &[&str]| shown(&noted(labels, &list(), &answer), &answer);
    let of = |post: u8| format!("forum:authors@forum/thread/42/{post}");
    let all = told("forum:authors@", &["ann", "bob", "cy", "dan", "eve"]);
    assert_eq!(noted(&["forum:authors"]), std::slice::from_ref(&all));
    assert_eq!(noted(&[&of(8)]), [told(&of(8), &["bob"])]);
    let both = ["forum:authors", &of(8), &of(7), &of(9), &of(1)];
    assert_eq!(
        noted(&both),
        [all, told(&of(7), &["ann"]), told(&of(8), &["bob"])]
    );
    // What is touched is the list here, and of it there is nothing.
    assert!(noted(&["forum:authors@forum/thread/42/list"]).is_empty());
}

#[test]
fn an_answer_has_no_more_notes_than_it_may() {
    let post = |id: i64| json!({ "id": id, "author": format!("author-{id}") });
    let answer = json!({ "posts": (0..100).map(post).collect::<Vec<_>>() });
    let labels: Vec<String> = (0..20)
        .map(|post| format!("forum:authors@forum/thread/42/{post}"))
        .collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    assert_eq!(
        noted(&labels, &list(), &answer).len(),
        DetachedNote::MAX_OF_ANSWER
    );
    let notes = noted(&["forum:authors"], &list(), &answer);
    assert_eq!(notes[0].attach(&answer).unwrap().values().len(), 100);
    assert_eq!(notes.len(), 1);
}

#[test]
fn another_services_notary_has_nothing_to_note() {
    let other = parsed(&FORUM.replace("forum.example", "other.example")).unwrap();
    let notary = Notary::new(other, notary().signer().clone());
    let permit = permit(&holder(asking(&["forum:editor"])), &read(&[7]));
    assert!(notary.expect(&permit).is_none());
}

#[test]
fn a_detached_note_belongs_to_the_values_that_it_was_signed_for() {
    let answer = |author: &str| json!({ "posts": [{ "author": "ann" }, { "author": author }] });
    let notes = noted(&["forum:authors"], &read(&[7]), &answer("bob"));
    let text = notes[0].to_text();
    let read = DetachedNote::parse(&text).unwrap();
    assert_eq!(read, notes[0]);
    assert_eq!(read.at().to_string(), "$.posts[*].author");
    assert_eq!(read.attach(&answer("bob")).unwrap().values().len(), 2);
    for other in [
        answer("eve"),
        answer("ann"),
        json!({}),
        json!([]),
        json!({ "posts": [{ "author": "ann" }, { "author": "bob" }, { "author": "eve" }] }),
    ] {
        assert_eq!(read.attach(&other).unwrap_err(), NoteWireError::WrongValues);
    }
    let shown = format!("{read:?}");
    assert!(!shown.contains("seed"), "{shown}");
    // No other bytes are this note, and none make it panic.
    let prefix = "bwd1_".len();
    for at in prefix..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        if let Ok(other) = DetachedNote::parse(&changed) {
            let attached = other.attach(&answer("bob"));
            assert!(attached.is_err() || !other.statement().is_signed(), "{at}");
        }
    }
    assert!(DetachedNote::parse(&text[..text.len() - 1]).is_err());
    assert!(crate::note::Note::parse(&text).is_err());
}

#[test]
fn a_label_and_a_path_are_read_strictly() {
    let notes = |lines: &str| {
        let text = format!(
            "service = \"a\"\n[operation.x]\neffect = \"read\"\nresource = \"r\"\n[operation.x.notes]\n{lines}"
        );
        parsed(&text)
            .map(|_| ())
            .map_err(|findings| findings.iter().map(|it| it.code()).collect::<Vec<_>>())
    };
    assert_eq!(notes("\"a:b\" = \"$.a\""), Ok(()));
    let long = format!(
        "\"a:b\" = {{ values = \"$.{}\", each = \"$.{}\", object = \"r/{{id}}\" }}",
        "a".repeat(300),
        "b".repeat(300)
    );
    let many: String = (0..17)
        .map(|number| format!("\"a:{number}\" = \"$\"\n"))
        .collect();
    for (lines, code) in [
        ("\"a:b\" = \"a\"", "path_malformed"),
        ("\"a:b\" = \"$..a\"", "path_malformed"),
        ("\"A\" = \"$.a\"", "label_malformed"),
        ("\"a:b@c/1\" = \"$.a\"", "label_bound"),
        ("\"a:b\" = 1", "type_wrong"),
        (
            "\"a:b\" = { values = \"$.a\", each = \"$.b\" }",
            "key_missing",
        ),
        (
            "\"a:b\" = { values = \"$.a\", object = \"r/{id}\" }",
            "key_missing",
        ),
        (
            "\"a:b\" = { each = \"$.a\", object = \"r/{id}\" }",
            "key_missing",
        ),
        (
            "\"a:b\" = { values = \"$.a\", each = \"$.b\", object = \"r/{id\" }",
            "resource_malformed",
        ),
        (
            "\"a:b\" = { values = \"$.a\", each = \"$.b\", object = \"r\", x = 1 }",
            "key_unknown",
        ),
        (&long, "path_too_long"),
        (&many, "notes_too_many"),
    ] {
        assert_eq!(notes(lines), Err(vec![code]), "{lines}");
    }
}

#[test]
fn a_catalogs_digest_covers_what_it_notes() {
    let digest = |text: &str| parsed(text).unwrap().digest();
    let one = digest(FORUM);
    for (from, to) in [
        ("$.editor", "$.editors"),
        ("forum:editor", "forum:editors"),
        ("each = \"$.posts[*]\"", "each = \"$.rows[*]\""),
        ("forum/thread/42/{id}", "forum/thread/42/{ids}"),
        ("values = \"$.author\"", "values = \"$.name\""),
    ] {
        assert!(FORUM.contains(from));
        assert_ne!(digest(&FORUM.replace(from, to)), one, "{from}");
    }
    let label: Label = Label::new("forum:editor").unwrap();
    let notes = catalog();
    let spec = notes.operation(&"forum.read".parse().unwrap()).unwrap();
    assert!(spec.notes().any(|(it, _)| *it == label));
}
