//! Presentations that carry notes.

use bailiwick::action::{Action, Tree};
use bailiwick::scope::{Capability, Matcher, Scope};
use bailiwick::token::Token;

use super::{Presented, call, millis};
use crate::forge_note::{Note, SEED};
use crate::layout::Layout;
use crate::{asked, forge, world};

const MALFORMED: &str = "note_malformed";
const LARGE: &str = "note_too_large";
const MANY: &str = "notes_too_many";
const INVALID: &str = "note_signature_invalid";
const OPENING: &str = "note_opening_invalid";
const FOREIGN: &str = "note_foreign";
const OUTSIDE: &str = "argument_outside";
const ATTENDEES: &str = "calendar:attendees";

pub(super) fn all() -> Vec<Presented> {
    let sets = [good(), outside(), refused(), forged(), wires(), limits()];
    sets.into_iter().flatten().collect()
}

/// Mail may go to whom the label names.
fn token(label: &str) -> Token {
    let to = Matcher::from_label(label).unwrap();
    let send = Capability::operation("mail.send", "outbox").unwrap();
    let scope = Scope::builder()
        .allow(send.argument("to", to).unwrap())
        .audience(world::SERVICE.parse().unwrap())
        .not_after(world::seconds(world::NOW + 900));
    world::mint(scope)
}

fn narrowed() -> Token {
    world::delegate(&token(ATTENDEES), Scope::builder().build().unwrap())
}

fn send() -> Action {
    world::send().with_arguments(Tree::from_pairs([("to", "ann")]).unwrap())
}

fn of_token(name: &str, comment: &str, token: &Token, notes: &[Vec<u8>], made: u64) -> Presented {
    let last = token.block_count() - 1;
    let (nonce, attempt) = ([0xaa; 16], [0xbb; 16]);
    let digest = *call().digest().as_bytes();
    let signature = asked::last_signature(token);
    let message = forge::proof_message(world::SERVICE, signature, digest, made, nonce, attempt);
    let proof = forge::proof(
        made,
        nonce,
        attempt,
        forge::sign(world::holder_seed(last), &message),
    );
    let payload = forge::carrying(token.as_bytes(), &proof, &[], notes);
    let presented = Presented::text(
        name,
        &format!("a note: {comment}"),
        forge::text("bwp1_", &payload),
    );
    Presented {
        note_signers: vec![format!("{ATTENDEES} {}", signer(SEED))],
        ..presented.actions(vec![send()])
    }
}

fn signer(seed: [u8; 32]) -> bailiwick::keys::NotePublicKey {
    bailiwick::keys::dangerous::note_key_from_seed(&seed).public_key()
}

fn of(name: &str, comment: &str, notes: &[Vec<u8>]) -> Presented {
    of_token(name, comment, &token(ATTENDEES), notes, world::NOW * 1000)
}

fn one(name: &str, comment: &str, note: &Layout) -> Presented {
    of(name, comment, &[note.bytes()])
}

fn three() -> Note {
    Note::of(&["ann", "bob", "cid"])
}

fn changed(change: impl FnOnce(&mut Note)) -> Note {
    let mut note = three();
    change(&mut note);
    note
}

/// It shows `ann`.
fn ann(change: impl FnOnce(&mut Note)) -> Layout {
    changed(change).shown(&[0])
}

fn at(presented: Presented, after: i64) -> Presented {
    presented.at(millis(after))
}

fn good() -> Vec<Presented> {
    let last = Note::of(&["bob", "cid", "dan", "eve", "ann"]);
    let of_24 = token("calendar:attendees@calendar/event/24");
    let later = |after: u64| {
        of_token(
            "",
            "",
            &token(ATTENDEES),
            &[ann(|_| {}).bytes()],
            world::NOW * 1000 + after,
        )
        .text
    };
    let last_moment = Presented {
        text: later(599_999),
        ..one("note-last-moment", "in its last millisecond", &ann(|_| {}))
    };
    vec![
        one("note-good", "of the value", &ann(|_| {})),
        one(
            "note-one-value",
            "of one value",
            &Note::of(&["ann"]).shown(&[0]),
        ),
        one(
            "note-last-value",
            "of five values, the last of which has no neighbour",
            &last.shown(&[4]),
        ),
        one(
            "note-all-shown",
            "that shows all of its values",
            &three().shown(&[0, 1, 2]),
        ),
        one(
            "note-no-object",
            "of no object",
            &ann(|note| note.object.clear()),
        ),
        of(
            "note-two",
            "and another of the same field",
            &[ann(|_| {}).bytes(), Note::of(&["dan"]).shown(&[0]).bytes()],
        ),
        of_token(
            "note-object",
            "of the object that is asked for",
            &of_24,
            &[ann(|_| {}).bytes()],
            world::NOW * 1000,
        ),
        of_token(
            "note-handed-down",
            "given to the first holder, shown by the second",
            &narrowed(),
            &[ann(|_| {}).bytes()],
            world::NOW * 1000,
        ),
        one(
            "note-within-skew",
            "made 5 s in the future",
            &ann(|note| note.made += 5_000),
        ),
        at(last_moment, 599_999),
    ]
}

/// What is verified, and does not help.
fn outside() -> Vec<Presented> {
    let of_25 = token("calendar:attendees@calendar/event/25");
    let unasked = ann(|note| note.label = b"drive:owner".to_vec());
    let from = Matcher::from_label(ATTENDEES).unwrap();
    let deny = bailiwick::scope::Pattern::any()
        .argument("cc", from)
        .unwrap();
    let denying = world::delegate(
        &token(ATTENDEES),
        Scope::builder().deny(deny).build().unwrap(),
    );
    vec![
        of("note-none", "none", &[]),
        one(
            "note-another-value",
            "that shows another value",
            &three().shown(&[1]),
        ),
        of_token(
            "note-another-object",
            "of another object than is asked for",
            &of_25,
            &[ann(|_| {}).bytes()],
            world::NOW * 1000,
        ),
        one(
            "note-label-unasked",
            "under a label for which nobody is named",
            &unasked,
        ),
        one(
            "note-label-unasked-forged",
            "under such a label, and forged",
            &unasked.with("signature", [0; 64]),
        ),
        of_token(
            "note-label-in-doubt",
            "under a label that a deny entry reads",
            &denying,
            &[ann(|_| {}).bytes()],
            world::NOW * 1000,
        ),
    ]
    .into_iter()
    .map(|one| one.refused(OUTSIDE))
    .collect()
}

fn refused() -> Vec<Presented> {
    let first = |comment, token: &Token, note: &Layout, name| {
        of_token(name, comment, token, &[note.bytes()], world::NOW * 1000)
    };
    let to_second = ann(|note| note.holder = forge::public(world::holder_seed(1)));
    let stranger = changed(|note| note.signer = forge::public([0x61; 32]));
    let stranger = stranger.shown_with(
        forge::sign([0x61; 32], &stranger.message(Note::PURPOSE)),
        &[0],
    );
    let ended = of_token(
        "",
        "",
        &token(ATTENDEES),
        &[ann(|_| {}).bytes()],
        world::NOW * 1000 + 600_000,
    )
    .text;
    let expired = Presented {
        text: ended,
        ..one("note-expired", "that has just ended", &ann(|_| {}))
    };
    vec![
        one(
            "note-signer-unknown",
            "by a key that is not named for its label",
            &stranger,
        )
        .refused("note_signer_unknown"),
        of(
            "note-signer-unknown-beside",
            "and one by a key that is not named for its label",
            &[ann(|_| {}).bytes(), stranger.bytes()],
        )
        .refused("note_signer_unknown"),
        one(
            "note-another-root",
            "under another root key",
            &ann(|note| note.root = forge::public([0x02; 32])),
        )
        .refused(FOREIGN),
        one(
            "note-another-task",
            "of another task",
            &ann(|note| note.task = b"t-18".to_vec()),
        )
        .refused(FOREIGN),
        first(
            "given to a delegate, shown by who delegated",
            &token(ATTENDEES),
            &to_second,
            "note-up",
        )
        .refused(FOREIGN),
        first(
            "given to the second holder, shown by it",
            &narrowed(),
            &to_second,
            "note-to-the-second",
        ),
        one(
            "note-not-yet-valid",
            "made 5.001 s in the future",
            &ann(|note| note.made += 5_001),
        )
        .refused("note_not_yet_valid"),
        at(expired, 600_000).refused("note_expired"),
    ]
}

fn forged() -> Vec<Presented> {
    let signed = |name: &str, comment: &str, seed, message: Vec<u8>| {
        one(
            name,
            comment,
            &three().shown_with(forge::sign(seed, &message), &[0]),
        )
        .refused(INVALID)
    };
    let other = |change: fn(&mut Note)| changed(change).message(Note::PURPOSE);
    let bad =
        |name: &str, comment: &str, layout: Layout| one(name, comment, &layout).refused(OPENING);
    vec![
        signed(
            "note-signed-by-another",
            "signed by another key than it names",
            [0x61; 32],
            three().message(Note::PURPOSE),
        ),
        signed(
            "note-signed-as-a-proof",
            "signed for another purpose",
            SEED,
            three().message(1),
        ),
        signed(
            "note-signed-another-service",
            "signed for another service",
            SEED,
            other(|note| note.service = b"mail.example".to_vec()),
        ),
        signed(
            "note-signed-another-task",
            "signed for another task",
            SEED,
            other(|note| note.task = b"t-18".to_vec()),
        ),
        signed(
            "note-signed-another-holder",
            "signed for another holder",
            SEED,
            other(|note| note.holder = forge::public(world::holder_seed(1))),
        ),
        signed(
            "note-signed-another-root",
            "signed for another root key",
            SEED,
            other(|note| note.root = forge::public([0x02; 32])),
        ),
        signed(
            "note-signed-another-label",
            "signed under another label",
            SEED,
            other(|note| note.label = b"drive:owner".to_vec()),
        ),
        signed(
            "note-signed-another-object",
            "signed for another object",
            SEED,
            other(|note| note.object = b"calendar/event/25".to_vec()),
        ),
        signed(
            "note-signed-another-start",
            "signed with another time",
            SEED,
            other(|note| note.made -= 1),
        ),
        signed(
            "note-signed-another-end",
            "signed with another end",
            SEED,
            other(|note| note.ends -= 1),
        ),
        signed(
            "note-signed-other-values",
            "signed for other values",
            SEED,
            other(|note| note.values[1] = b"eve".to_vec()),
        ),
        one(
            "note-signature-zero",
            "signed by nobody",
            &ann(|_| {}).with("signature", [0; 64]),
        )
        .refused(INVALID),
        bad(
            "note-opens-another-value",
            "that shows a value which is not in it",
            three().shown(&[1]).with("value", b"ann"),
        ),
        bad(
            "note-opens-another-place",
            "that shows a value at another place",
            ann(|_| {}).with("index", [0, 0, 0, 1]),
        ),
        bad(
            "note-opens-another-salt",
            "with another salt",
            ann(|_| {}).with("salt", [0; 16]),
        ),
        bad(
            "note-opens-another-path",
            "with another path",
            ann(|_| {}).with("hash", [0; 32]),
        ),
    ]
}

fn wires() -> Vec<Presented> {
    let good = || ann(|_| {});
    let bad =
        |name: &str, comment: &str, layout: Layout| one(name, comment, &layout).refused(MALFORMED);
    let cut = |name: &str, comment: &str, bytes: usize| {
        of(name, comment, &[good().bytes()[..bytes].to_vec()]).refused(MALFORMED)
    };
    let whole = good().bytes().len();
    let days = |days: u64| days * 86_400_000;
    vec![
        cut("note-empty", "of no bytes", 0),
        cut("note-cut-by-one", "without its last byte", whole - 1),
        cut("note-cut-in-statement", "cut in its statement", 100),
        of(
            "note-trailing",
            "with a byte more",
            &[[good().bytes(), vec![0]].concat()],
        )
        .refused(MALFORMED),
        of(
            "note-second-malformed",
            "and one without its last byte",
            &[good().bytes(), good().bytes()[..whole - 1].to_vec()],
        )
        .refused(MALFORMED),
        bad(
            "note-key-small-order",
            "by a key of small order",
            good().with("signer's key", [0; 32]),
        ),
        bad(
            "note-root-not-canonical",
            "under a root key of another spelling",
            good().with("root key", [0xff; 32]),
        ),
        bad(
            "note-holder-not-canonical",
            "for a holder of another spelling",
            good().with("holder's key", [0xff; 32]),
        ),
        bad(
            "note-service-not-utf-8",
            "by a service whose name is no text",
            good().with("service", [0xff; 16]),
        ),
        bad(
            "note-task-empty",
            "of a task without a name",
            ann(|note| note.task.clear()),
        ),
        bad(
            "note-label-upper-case",
            "under a label that is none",
            ann(|note| note.label = b"Calendar".to_vec()),
        ),
        bad(
            "note-label-of-an-object",
            "under a label that names an object",
            ann(|note| note.label = b"calendar:attendees@calendar/event/24".to_vec()),
        ),
        bad(
            "note-object-not-canonical",
            "of an object that is no resource",
            ann(|note| note.object = b"calendar/../24".to_vec()),
        ),
        bad(
            "note-lifetime-zero",
            "that ends when it is made",
            ann(|note| note.ends = note.made),
        ),
        bad(
            "note-lifetime-negative",
            "that ends before it is made",
            ann(|note| note.ends = note.made - 1),
        ),
        bad(
            "note-lifetime-too-long",
            "that lasts for over 30 days",
            ann(|note| note.ends = note.made + days(30) + 1),
        ),
        one(
            "note-lifetime-longest",
            "that lasts for 30 days",
            &ann(|note| note.ends = note.made + days(30)),
        ),
        bad(
            "note-made-after-9999",
            "made after the year 9999",
            good().with("made", [0xff; 8]),
        ),
        bad(
            "note-ends-after-9999",
            "that ends after the year 9999",
            good().with("ends", [0xff; 8]),
        ),
        bad(
            "note-order",
            "that shows values out of order",
            three().shown(&[1, 0]),
        ),
        bad(
            "note-place-twice",
            "that shows a place twice",
            three().shown(&[0, 0]),
        ),
        bad(
            "note-place-beyond",
            "that shows a place which it does not have",
            good().with("index", [0, 0, 0, 3]),
        ),
        bad(
            "note-path-short",
            "with a path of one hash too few",
            good().with("hash", []),
        ),
    ]
}

fn limits() -> Vec<Presented> {
    let good = || ann(|_| {});
    let large =
        |name: &str, comment: &str, layout: Layout| one(name, comment, &layout).refused(LARGE);
    let numbers: Vec<String> = (0..257).map(|number| number.to_string()).collect();
    let few = Note::of(&numbers[..17].iter().map(String::as_str).collect::<Vec<_>>());
    let many = Note::of(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
    let long = "a".repeat(4_096);
    let longer = "a".repeat(4_097);
    let texts: Vec<String> = (0..17)
        .map(|number| format!("{number:02}{}", &long[2..]))
        .collect();
    let heavy = Note::of(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    vec![
        of("note-16", "16 of them", &vec![good().bytes(); 16]),
        of("note-17", "17 of them", &vec![good().bytes(); 17]).refused(MANY),
        large(
            "note-no-values",
            "of no value",
            good().with("number of values", [0; 4]),
        ),
        large(
            "note-too-many-values",
            "of 10 001 values",
            good().with("number of values", 10_001_u32.to_be_bytes()),
        ),
        large(
            "note-nothing-shown",
            "that shows nothing",
            good().with("number of values shown", [0; 2]),
        ),
        large(
            "note-257-shown",
            "that shows 257 values",
            many.shown(&(0..257).collect::<Vec<_>>()),
        ),
        of(
            "note-272-shown",
            "of which 16 show 17 values each",
            &vec![few.shown(&(0..17).collect::<Vec<_>>()).bytes(); 16],
        )
        .refused(MANY),
        large(
            "note-value-too-long",
            "that shows a value of 4 097 bytes",
            Note::of(&[&longer]).shown(&[0]),
        ),
        one(
            "note-value-not-used",
            "that shows a value of 4 096 bytes",
            &Note::of(&[&long]).shown(&[0]),
        )
        .refused(OUTSIDE),
        large(
            "note-too-many-bytes",
            "of over 65 536 bytes",
            heavy.shown(&(0..17).collect::<Vec<_>>()),
        ),
    ]
}
