use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::testing::{ATTENDEES, Draft, SIGNER, changed, label, note_key};
use super::*;
use crate::action::{Action, Call, Effect, Tree, Value};
use crate::clock::{FixedClock, Timestamp};
use crate::gate::{Gate, Permit, Refusal};
use crate::ledger::ForgetfulLedger;
use crate::present::{Holder, Presenter, WireError};
use crate::scope::{Budget, Capability, Condition, Matcher, Scope, ScopeBuilder};
use crate::testing::{
    END, START, agent, at, forum, hand_on, holder, mint, now, present, read, scope, verifier,
};

mod book;
mod wire;

/// Replies to noted people alone, of event 24 alone where it says so.
fn replies(label: &str) -> ScopeBuilder {
    let to = Matcher::from_label(label).unwrap();
    let reply = Capability::operation("forum.reply", "forum/outbox").unwrap();
    Scope::builder()
        .allow(reply.argument("to", to).unwrap())
        .audience(forum())
        .not_after(at(END))
}

fn gate() -> Gate<ForgetfulLedger> {
    let signers = NoteSigners::new().with(label(ATTENDEES), note_key(SIGNER).public_key());
    let ledger = ForgetfulLedger::started_at(at(START - 10));
    Gate::new(verifier().with_note_signers(signers), ledger)
        .with_clock(Arc::new(FixedClock::new(now())))
}

fn permit(does: Vec<Action>) -> Permit {
    let call = crate::testing::call();
    let sent = present(&holder(scope()), now());
    gate().admit(&sent, &call, does).unwrap().first().unwrap()
}

fn signer() -> NoteSigner {
    NoteSigner::new(note_key(SIGNER))
}

fn reply(to: &str) -> (Call, Action) {
    let arguments = Tree::from_pairs([("to", to)]).unwrap();
    let call = Call::tool("reply".parse().unwrap(), arguments.clone());
    let (operation, resource) = (
        "forum.reply".parse().unwrap(),
        "forum/outbox".parse().unwrap(),
    );
    let action = Action::new(forum(), operation, Effect::Send, resource);
    (call, action.with_arguments(arguments))
}

fn presenter(scope: ScopeBuilder, book: NoteBook) -> Presenter {
    let holder = Holder::new(mint(scope), agent(1)).unwrap();
    Presenter::from(holder)
        .with_clock(Arc::new(FixedClock::new(now())))
        .with_notes(Arc::new(book))
}

fn book(notes: impl IntoIterator<Item = Note>) -> NoteBook {
    let book = NoteBook::new();
    notes
        .into_iter()
        .for_each(|note| book.add(note, now()).unwrap());
    book
}

fn admit(presenter: &Presenter, to: &str) -> Result<Permit, Refusal> {
    let (call, action) = reply(to);
    let sent = presenter.present(&forum(), &call).unwrap().to_text();
    gate().admit(&sent, &call, action)?.first()
}

fn code(permit: Result<Permit, Refusal>) -> &'static str {
    permit.map_or_else(|refusal| refusal.code(), |_| "admitted")
}

#[test]
fn a_noted_value_is_admitted_and_no_other() {
    let presenter = presenter(
        replies(ATTENDEES),
        book([Draft::new().sign(&["ann", "bob"])]),
    );
    assert_eq!(code(admit(&presenter, "ann")), "admitted");
    assert_eq!(code(admit(&presenter, "bob")), "admitted");
    assert_eq!(code(admit(&presenter, "eve")), "argument_outside");
}

#[test]
fn a_label_with_an_object_admits_what_came_from_that_object_alone() {
    let of_event = |event| Draft {
        object: Some(event),
        ..Draft::new()
    };
    let notes = [
        of_event("calendar/event/24").sign(&["ann"]),
        of_event("calendar/event/25").sign(&["bob"]),
    ];
    let presenter = presenter(replies("calendar:attendees@calendar/event/24"), book(notes));
    assert_eq!(code(admit(&presenter, "ann")), "admitted");
    assert_eq!(code(admit(&presenter, "bob")), "argument_outside");
}

#[test]
fn a_forged_note_refuses_the_whole_presentation() {
    let (call, action) = reply("ann");
    let forged = Draft {
        signer: 61,
        ..Draft::new()
    };
    let good = Draft::new().sign(&["ann"]).open(["ann"]).unwrap();
    let notes = [good, forged.sign(&["ann"]).open(["ann"]).unwrap()];
    let holder = holder(replies(ATTENDEES));
    let sent = holder.present(&forum(), &call, now()).unwrap();
    let sent = sent.with_notes(notes).unwrap().to_text();
    let refusal = gate().admit(&sent, &call, action).unwrap_err();
    assert_eq!(refusal.code(), "note_signer_unknown");
}

#[test]
fn a_note_says_what_the_permit_says() {
    let permit = permit(vec![read("forum/thread/42/post")]);
    let note = signer()
        .sign(&permit, &label(ATTENDEES), ["ann", "bob", "ann"], now())
        .unwrap();
    let statement = note.statement();
    assert_eq!(*statement.signer(), note_key(SIGNER).public_key());
    assert_eq!(*statement.service(), forum());
    assert_eq!(*statement.root(), permit.root().key);
    assert_eq!(statement.task(), permit.task().id());
    assert_eq!(*statement.holder(), agent(1).public_key());
    assert_eq!(
        statement.object(),
        Some(&"forum/thread/42/post".parse().unwrap())
    );
    let hour = now().saturating_add(NoteSigner::DEFAULT_LIFETIME);
    assert_eq!((statement.issued(), statement.until()), (now(), hour));
    assert_eq!(
        note.values().collect::<Vec<_>>(),
        ["ann", "bob"],
        "each once"
    );
    assert!(statement.is_signed());
}

#[test]
fn a_note_of_several_actions_is_of_no_object() {
    let actions = vec![read("forum/thread/42/post"), read("forum/thread/42/title")];
    let note = signer()
        .sign(&permit(actions), &label(ATTENDEES), ["ann"], now())
        .unwrap();
    assert_eq!(note.statement().object(), None);
}

#[test]
fn a_service_notes_no_more_than_a_reader_takes() {
    let permit = permit(vec![read("forum/thread/42/post")]);
    let sign = |values: Vec<String>| signer().sign(&permit, &label(ATTENDEES), values, now());
    let numbers = |count: usize| (0..count).map(|number| number.to_string()).collect();
    assert!(sign(numbers(Note::MAX_VALUES)).is_ok());
    assert_eq!(
        sign(numbers(Note::MAX_VALUES + 1)),
        Err(NoteSignError::TooManyValues)
    );
    assert_eq!(sign(Vec::new()), Err(NoteSignError::NoValues));
    let long = |bytes| "a".repeat(bytes);
    assert!(sign(vec![long(4_096)]).is_ok());
    let too_long = NoteSignError::ValueTooLong {
        index: 1,
        bytes: 4_097,
    };
    assert_eq!(sign(vec![long(1), long(4_097)]), Err(too_long));
    let mebibyte = |last: usize| {
        (0..257).map(move |n| format!("{n:03}{}", long(if n < 256 { 4_093 } else { last })))
    };
    assert_eq!(sign(mebibyte(0).collect()), Err(NoteSignError::TooLarge));
    let most = sign(mebibyte(0).take(256).collect()).unwrap();
    assert_eq!(Note::parse(&most.to_text()), Ok(most));
    let bound = label("calendar:attendees@calendar/event/24");
    assert_eq!(
        signer().sign(&permit, &bound, ["ann"], now()),
        Err(NoteSignError::BoundLabel)
    );
}

#[test]
fn a_lifetime_is_within_its_limits() {
    let permit = permit(vec![read("forum/thread/42/post")]);
    for (asked, expected) in [
        (Duration::ZERO, Duration::from_millis(1)),
        (Duration::from_secs(5), Duration::from_secs(5)),
        (Duration::MAX, Note::LONGEST),
    ] {
        let signer = signer().with_lifetime(asked);
        let note = signer
            .sign(&permit, &label(ATTENDEES), ["ann"], now())
            .unwrap();
        let statement = note.statement();
        assert_eq!(
            statement.until().saturating_since(statement.issued()),
            expected
        );
        assert!(Note::parse(&note.to_text()).is_ok());
    }
}

#[test]
fn neither_seed_nor_values_are_shown_by_debug() {
    let note = Draft::new().sign(&["secret-ann"]);
    let opened = note.open(["secret-ann"]).unwrap();
    let presenter = presenter(replies(ATTENDEES), book([note.clone()]));
    let permit = admit(&presenter, "secret-ann").unwrap();
    let shown = [
        format!("{note:?}"),
        format!("{opened:?}"),
        format!("{:?}", permit.verified().notes()),
        format!("{:?}", presenter.notes()),
    ];
    for text in shown {
        assert!(
            !text.contains("secret-ann") && !text.contains("9, 9, 9"),
            "{text}"
        );
    }
}

#[test]
fn a_condition_on_what_is_noted_applies_whatever_was_noted() {
    let to = Matcher::from_label(ATTENDEES).unwrap();
    let outbox = Capability::operation("forum.reply", "forum/outbox").unwrap();
    let once = Condition::Budget(Budget::uses("replies", 1).unwrap());
    let scope = Scope::builder()
        .allow_with(outbox.argument("to", to).unwrap(), once)
        .audience(forum())
        .not_after(at(END));
    let presenter = presenter(scope, book([Draft::new().sign(&["ann", "bob"])]));
    let gate = gate();
    let code = |to: &str| {
        let (call, action) = reply(to);
        let sent = presenter.present(&forum(), &call).unwrap().to_text();
        let admitted = gate.admit(&sent, &call, action);
        code(admitted.and_then(crate::gate::Admission::first))
    };
    assert_eq!(code("eve"), "argument_outside");
    assert_eq!(code("ann"), "admitted");
    assert_eq!(code("bob"), "budget_exceeded");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>) {
        let _ = (Note::read(&bytes), OpenedNote::from_bytes(&bytes));
    }

    #[test]
    fn a_value_never_noted_is_never_admitted(
        noted in prop::collection::vec("[ab]{1,2}", 1..5),
        elsewhere in prop::collection::vec("[ab]{1,2}", 1..5),
        asked in "[ab]{1,2}",
    ) {
        let texts = |values: &[String]| values.iter().cloned().collect::<std::collections::BTreeSet<_>>();
        let sign = |draft: Draft, values: &[String]| {
            let values = texts(values);
            draft.sign(&values.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let other = Draft { label: "drive:owner", ..Draft::new() };
        let notes = [sign(Draft::new(), &noted), sign(other, &elsewhere)];
        let presenter = presenter(replies(ATTENDEES), book(notes));
        let admitted = admit(&presenter, &asked).is_ok();
        prop_assert_eq!(admitted, noted.contains(&asked));
    }
}
