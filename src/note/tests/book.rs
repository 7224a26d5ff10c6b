//! What an agent keeps, and what of it a call shows.

use super::*;

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
    let book = NoteBook::new().with_signers(signers);
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
