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
use crate::scope::{Capability, Matcher, Scope, ScopeBuilder};
use crate::testing::{
    END, START, agent, at, forum, hand_on, holder, mint, now, present, read, scope, verifier,
};

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
fn what_is_written_is_read_again() {
    let note = Draft::new().sign(&["ann", "", "bob"]);
    let text = note.to_text();
    assert!(text.starts_with("bwn1_"));
    let read = Note::parse(&text).unwrap();
    assert_eq!(read, note);
    assert_eq!(read.to_text(), text);
    let opened = note.open(["", "bob"]).unwrap();
    assert_eq!(OpenedNote::from_bytes(&opened.to_bytes()), Ok(opened));
}

#[test]
fn no_byte_of_a_note_in_full_can_be_changed() {
    let text = Draft::new().sign(&["ann", "bob"]).to_text();
    let bytes = crate::token::text::decode(crate::token::TextKind::Note, &text, 1 << 20).unwrap();
    assert!(Note::read(&bytes).is_ok());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let holds = Note::read(&changed).is_ok_and(|note| note.statement().is_signed());
        assert!(!holds, "byte {at}");
        assert_eq!(
            Note::read(&bytes[..at]),
            Err(NoteWireError::TooShort),
            "{at}"
        );
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(Note::read(&longer), Err(NoteWireError::TooLong(1)));
}

/// Where a statement without its signature ends: count and hash are its last 36 bytes.
fn with_count(note: &OpenedNote, count: u32) -> Result<OpenedNote, NoteWireError> {
    let mut bytes = Vec::new();
    note.statement().write(&mut bytes);
    let at = bytes.len() - 64 - 32 - 4;
    let mut bytes = note.to_bytes();
    bytes[at..at + 4].copy_from_slice(&count.to_be_bytes());
    OpenedNote::from_bytes(&bytes)
}

#[test]
fn a_statement_is_of_one_to_ten_thousand_values() {
    let note = Draft::new().sign(&["ann"]).open(["ann"]).unwrap();
    for count in [0, 10_001, u32::MAX] {
        let found = count as usize;
        assert_eq!(
            with_count(&note, count),
            Err(NoteWireError::Values { found })
        );
    }
    assert_eq!(
        with_count(&note, 2),
        Err(NoteWireError::TooShort),
        "a path of one hash"
    );
}

#[test]
fn a_statement_lasts_and_not_too_long() {
    let lasting = |lasts: Duration| {
        let until = now().saturating_add(lasts);
        let note = Draft {
            until,
            ..Draft::new()
        }
        .sign(&["ann"]);
        OpenedNote::from_bytes(&note.open(["ann"]).unwrap().to_bytes()).map(drop)
    };
    assert_eq!(lasting(Duration::ZERO), Err(NoteWireError::Lifetime));
    assert_eq!(lasting(Note::LONGEST), Ok(()));
    let longer = Note::LONGEST + Duration::from_millis(1);
    assert_eq!(lasting(longer), Err(NoteWireError::Lifetime));
}

#[test]
fn a_statement_with_a_label_of_an_object_is_none() {
    let bound = Draft {
        label: "calendar:attendees@x",
        ..Draft::new()
    };
    let bytes = bound.sign(&["ann"]).open(["ann"]).unwrap().to_bytes();
    assert_eq!(
        OpenedNote::from_bytes(&bytes),
        Err(NoteWireError::Name("label"))
    );
}

#[test]
fn values_are_shown_in_the_order_of_their_places_and_each_once() {
    let note = Draft::new().sign(&["ann", "bob", "cid", "dan"]);
    let opened = note.open(["cid", "ann", "cid"]).unwrap();
    assert_eq!(opened.values().collect::<Vec<_>>(), ["ann", "cid"]);
    for reordered in [vec![1, 0], vec![0, 0]] {
        let openings = reordered
            .iter()
            .map(|at| opened.openings[*at].clone())
            .collect();
        let forged = OpenedNote {
            openings,
            ..opened.clone()
        };
        let read = OpenedNote::from_bytes(&forged.to_bytes());
        assert_eq!(read, Err(NoteWireError::Order));
    }
    let mut beyond = opened.clone();
    beyond.openings[1].index = 4;
    let read = OpenedNote::from_bytes(&beyond.to_bytes());
    assert_eq!(read, Err(NoteWireError::Order));
    beyond.openings.clear();
    let read = OpenedNote::from_bytes(&beyond.to_bytes());
    assert_eq!(read, Err(NoteWireError::Openings { found: 0 }));
    assert_eq!(note.open(["eve"]), None);
}

#[test]
fn equal_values_twice_are_no_note() {
    let twice = Draft::new().sign(&["ann", "ann"]).to_text();
    let error = Note::parse(&twice).unwrap_err();
    assert_eq!(error, NoteTextError::Wire(NoteWireError::DuplicateValue));
}

#[test]
fn a_value_of_ten_thousand_costs_a_presentation_a_few_hundred_bytes() {
    let values: Vec<String> = (0..10_000)
        .map(|n| format!("person-{n}@example.com"))
        .collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let note = Draft::new().sign(&values);
    let bytes = |count: usize| {
        note.open(values[500..500 + count].iter().copied())
            .unwrap()
            .to_bytes()
            .len()
    };
    assert!(bytes(1) < 900, "{}", bytes(1));
    let each = (bytes(11) - bytes(1)) / 10;
    assert!(each < 520, "{each}");
}

#[test]
fn a_presentation_carries_so_many_notes_values_and_bytes() {
    let one = |n: u32| {
        Draft::new()
            .sign(&[&n.to_string()])
            .open([n.to_string().as_str()])
            .unwrap()
    };
    let presentation = || {
        holder(scope())
            .present(&forum(), &reply("ann").0, now())
            .unwrap()
    };
    let carry = |notes: Vec<OpenedNote>| presentation().with_notes(notes).map(drop);
    assert_eq!(carry((0..16).map(one).collect()), Ok(()));
    assert_eq!(
        carry((0..17).map(one).collect()),
        Err(NotesError::TooMany { found: 17 })
    );

    let numbers: Vec<String> = (0..300).map(|n| n.to_string()).collect();
    let many = Draft::new().sign(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
    let show = |from: usize, to: usize| {
        many.open(numbers[from..to].iter().map(String::as_str))
            .unwrap()
    };
    assert_eq!(carry(vec![show(0, 100)]), Ok(()));
    let few = Draft::new().sign(&["a", "b", "c"]);
    let mut openings = Vec::new();
    for _ in 0..86 {
        openings.extend(few.open(["a", "b", "c"]).unwrap().openings);
    }
    let mut forged = few.open(["a"]).unwrap();
    forged.openings = openings;
    assert_eq!(carry(vec![forged]), Err(NotesError::TooManyOpenings));

    let long: Vec<String> = (0..20)
        .map(|n| format!("{n:02}{}", "a".repeat(4_000)))
        .collect();
    let long: Vec<&str> = long.iter().map(String::as_str).collect();
    let large = Draft::new().sign(&long).open(long.iter().copied()).unwrap();
    assert_eq!(carry(vec![large.clone()]), Err(NotesError::TooLarge));
    let fits = presentation().with_fitting_notes(vec![large, one(1)]);
    assert_eq!(fits.notes().len(), 1);
}

#[test]
fn a_reader_has_the_limits_of_a_writer() {
    let presentation = holder(scope())
        .present(&forum(), &reply("ann").0, now())
        .unwrap();
    let note = Draft::new().sign(&["ann"]).open(["ann"]).unwrap();
    let bytes = presentation.to_bytes();
    let with = |notes: &[Vec<u8>]| {
        let mut bytes = bytes[..bytes.len() - 2].to_vec();
        crate::wire::put_count(&mut bytes, notes.len());
        notes
            .iter()
            .for_each(|note| crate::wire::put_bytes(&mut bytes, note));
        crate::present::Presentation::from_bytes(&bytes, &crate::token::Limits::default())
    };
    assert!(with(&vec![note.to_bytes(); 16]).is_ok());
    let error = with(&vec![note.to_bytes(); 17]).unwrap_err();
    assert_eq!(error, WireError::Notes(NotesError::TooMany { found: 17 }));
    let cut = note.to_bytes()[1..].to_vec();
    let error = with(&[note.to_bytes(), cut]).unwrap_err();
    assert!(matches!(
        error,
        WireError::Notes(NotesError::Note { index: 1, .. })
    ));
    assert!(changed(&note, |bytes| bytes.push(0)).is_none());
}

#[test]
fn a_book_opens_what_a_call_uses_and_the_token_asks_for() {
    let unasked = Draft {
        label: "drive:owner",
        ..Draft::new()
    };
    let book = book([Draft::new().sign(&["ann", "bob"]), unasked.sign(&["ann"])]);
    let token = mint(replies(ATTENDEES));
    let to = Value::List(vec![Value::from("bob"), Value::from("eve"), Value::from(1)]);
    let nested = Tree::from_pairs([(
        "mail",
        Value::Object(Tree::from_pairs([("to", to)]).unwrap().into_root()),
    )]);
    let call = Call::tool("reply".parse().unwrap(), nested.unwrap());
    let opened = book.open_for(&token, &call, [], now());
    let [one] = opened.as_slice() else {
        panic!("one note")
    };
    assert_eq!(one.values().collect::<Vec<_>>(), ["bob"]);
    assert!(
        book.open_for(&mint(scope()), &call, [], now()).is_empty(),
        "nothing is asked for"
    );
}

#[test]
fn a_book_opens_what_a_request_names_in_its_path_query_or_body() {
    let book = book([Draft::new().sign(&["ann@example.com", "bob smith", "eve"])]);
    let token = mint(replies(ATTENDEES));
    let call = Call::http(
        "POST",
        "/mail/ann@example.com/",
        Some("cc=bob+smith"),
        b"eve",
    )
    .unwrap();
    let opened = book.open_for(&token, &call, [], now());
    let values: Vec<_> = opened.iter().flat_map(OpenedNote::values).collect();
    assert_eq!(values, ["ann@example.com", "bob smith"]);
    let with_body = book.open_for(&token, &call, ["eve"], now());
    let values: Vec<_> = with_body.iter().flat_map(OpenedNote::values).collect();
    assert_eq!(values, ["ann@example.com", "bob smith", "eve"]);
}

#[cfg(feature = "http")]
#[test]
fn the_texts_of_a_body_are_those_of_a_json_object() {
    let texts = texts::of_json(br#"{"to": ["ann", {"cc": "bob"}], "n": 1}"#);
    assert_eq!(texts, ["ann", "bob"]);
    assert!(texts::of_json(b"ann").is_empty() && texts::of_json(b"").is_empty());
}

#[test]
fn a_book_opens_the_newest_note_of_a_label_alone() {
    let until = |seconds| Draft {
        until: now().saturating_add(Duration::from_secs(seconds)),
        ..Draft::new()
    };
    let book = book([until(10).sign(&["ann"]), until(20).sign(&["ann"])]);
    let opened = book.open_for(&mint(replies(ATTENDEES)), &reply("ann").0, [], now());
    let [one] = opened.as_slice() else {
        panic!("one note")
    };
    assert_eq!(one.statement().until(), until(20).until);
}

#[test]
fn a_book_opens_nothing_of_another_task_or_holder_or_time() {
    let others = [
        Draft {
            task: "t-2".parse().unwrap(),
            ..Draft::new()
        },
        Draft {
            holder: agent(2).public_key(),
            ..Draft::new()
        },
    ];
    let call = reply("ann").0;
    let token = mint(replies(ATTENDEES));
    let foreign = book(others.map(|draft| draft.sign(&["ann"])));
    assert!(foreign.open_for(&token, &call, [], now()).is_empty());
    let own = book([Draft::new().sign(&["ann"])]);
    let open = |now| own.open_for(&token, &call, [], now).len();
    assert_eq!((open(now()), open(Draft::new().until)), (1, 0));
    // A delegate opens what its delegator was given.
    let delegate = hand_on(&holder(replies(ATTENDEES)), 2, Scope::builder());
    assert_eq!(own.open_for(delegate.token(), &call, [], now()).len(), 1);
}

#[test]
fn a_book_is_bounded_and_forgets_what_has_ended() {
    let until = |seconds| Draft {
        until: now().saturating_add(Duration::from_secs(seconds)),
        ..Draft::new()
    };
    let (one, two, three) = (
        until(10).sign(&["a"]),
        until(20).sign(&["b"]),
        until(30).sign(&["c"]),
    );
    let book = NoteBook::with_capacity(2);
    for note in [&one, &two, &two, &three] {
        book.add(note.clone(), now()).unwrap();
    }
    assert_eq!(book.to_notes(), [two.clone(), three.clone()]);
    let later: Timestamp = two.statement().until();
    assert_eq!(book.add(two, later).unwrap_err().code(), "note_expired");
    book.add(three.clone(), later).unwrap();
    assert_eq!(book.to_notes(), [three]);
}

#[test]
fn a_book_keeps_nothing_forged() {
    let text = Draft::new().sign(&["ann"]).to_text();
    let mut bytes =
        crate::token::text::decode(crate::token::TextKind::Note, &text, 1 << 20).unwrap();
    // Within the name of the service.
    bytes[40] = b'x';
    let forged = Note::read(&bytes).unwrap();
    assert_eq!(
        NoteBook::new().add(forged, now()),
        Err(NoteBookError::Invalid)
    );
    let signers = NoteSigners::new().with(label(ATTENDEES), note_key(SIGNER).public_key());
    let book = NoteBook::new().from_signers(signers);
    let stranger = Draft {
        signer: 61,
        ..Draft::new()
    };
    let unknown = Draft {
        label: "drive:owner",
        ..Draft::new()
    };
    for draft in [stranger, unknown] {
        let refused = book.add(draft.sign(&["ann"]), now());
        assert_eq!(refused, Err(NoteBookError::SignerUnknown));
    }
    assert_eq!(book.add(Draft::new().sign(&["ann"]), now()), Ok(()));
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
