//! Bytes, their limits, and what they cannot say.

use super::*;

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
