//! Revocation lists and deltas.

mod entries;

use std::time::Duration;

use bailiwick::clock::Timestamp;
use bailiwick::keys::dangerous::revocation_key_from_seed;
use bailiwick::keys::{KeyRing, RevocationPublicKey};
use bailiwick::revoke::{Change, KillSwitch, RevocationList, SignedRevocations, WhenStale};

use crate::asked::{NOW, not_canonical};
use crate::file::Vector;
use crate::forge_revocation::{List, Ticket};
use crate::layout::Layout;
use crate::{forge, hex, roots, world};

pub const KIND: &str = "list";

pub const SEED: [u8; 32] = [0x70; 32];
const MALFORMED: &str = "list_malformed";
const ISSUED: u64 = NOW - 1_000;

pub fn all() -> Vec<Vector> {
    [
        good(),
        heads(),
        entries::all(),
        signatures(),
        times(),
        numbers(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn vector(name: &str, comment: &str, list: &Layout) -> Vector {
    of_bytes(name, comment, &list.bytes())
}

fn of_bytes(name: &str, comment: &str, bytes: &[u8]) -> Vector {
    Vector::new(format!("{KIND}/{name}"), "applied", comment)
        .with("now", world::seconds(world::NOW))
        .with("root", roots::line(7, world::issuer().public_key()))
        .with("bound", revocation_key_from_seed(&SEED).public_key())
        .with_body(hex::to(bytes))
}

/// List 3, with these entries.
fn list(entries: &Layout) -> List {
    List::new(SEED, 3, ISSUED, entries.clone())
}

/// Delta 4, which adds `more` to the list.
pub fn delta() -> List {
    let (before, after) = (entries::one(), entries::one_more());
    List {
        number: 4,
        ..list(&entries::more()).changing(&before, &after)
    }
}

fn signed(list: &List) -> Layout {
    list.signed(SEED)
}

fn before(vector: Vector, list: &List) -> Vector {
    vector.with("before", hex::to(&signed(list).bytes()))
}

fn good() -> Vec<Vector> {
    let every = list(&entries::every());
    let vector_of = |name: &str, comment: &str, list: &List, lines: Vec<String>| {
        vector(name, comment, &signed(list))
            .with("change", "replaced")
            .with_all("entry", lines)
    };
    let first = List {
        number: 1,
        ..list(&Layout::new())
    };
    vec![
        vector_of(
            "list",
            "one entry of each kind",
            &every,
            entries::lines(&every.entries.bytes()),
        ),
        vector_of("list-empty", "nothing is revoked", &first, Vec::new()),
        vector_of(
            "list-several",
            "several entries of a kind, in the order of their bytes",
            &list(&entries::several()),
            entries::lines(&entries::several().bytes()),
        ),
        before(
            vector("delta", "one entry more", &signed(&delta())),
            &list(&entries::one()),
        )
        .with("change", "added 1")
        .with_all("entry", entries::lines(&entries::more().bytes())),
    ]
}

fn heads() -> Vec<Vector> {
    let good = || signed(&list(&entries::one()));
    let bad = |name, comment, list: Layout| vector(name, comment, &list).refused(MALFORMED);
    let cut = |name, comment, length: usize| {
        of_bytes(name, comment, &good().bytes()[..length]).refused(MALFORMED)
    };
    let of = |name, comment, change: fn(&mut List)| {
        let mut list = list(&entries::one());
        change(&mut list);
        bad(name, comment, signed(&list))
    };
    vec![
        cut("nothing", "no bytes at all", 0),
        cut("cut-in-key", "cut in its key", 20),
        cut("cut-in-signature", "cut in its signature", 2 + 32 + 24 + 63),
        bad(
            "format-2",
            "a format that does not exist",
            good().with("format", [2]),
        ),
        bad(
            "purpose-7",
            "a purpose that is none of a list",
            good().with("purpose", [7]),
        ),
        bad(
            "signer-small-order",
            "its key one of small order",
            good().with("signer's key", [0; 32]),
        ),
        bad(
            "signer-not-canonical",
            "its key one that has another spelling",
            good().with("signer's key", not_canonical()),
        ),
        of("issued-after-9999", "issued after the year 9999", |list| {
            list.issued = u64::MAX
        }),
        of(
            "next-after-9999",
            "the next one due after the year 9999",
            |list| list.next_update = u64::MAX,
        ),
        of(
            "lifetime-zero",
            "the next one due when it is issued",
            |list| list.next_update = list.issued,
        ),
        of(
            "lifetime-negative",
            "the next one due before it is issued",
            |list| list.next_update = list.issued - 1,
        ),
        vector("limit", "as long as the limit", &good())
            .with("limit", good().bytes().len())
            .with("change", "replaced")
            .with_all("entry", entries::lines(&entries::one().bytes())),
        vector("too-large", "a byte longer than the limit", &good())
            .with("limit", good().bytes().len() - 1)
            .refused("list_too_large"),
    ]
}

fn signatures() -> Vec<Vector> {
    let one = list(&entries::one());
    let invalid = |name, comment, list: &Layout| {
        vector(name, comment, list).refused("list_signature_invalid")
    };
    let for_purpose =
        |list: &List, purpose| list.with_signature(forge::sign(SEED, &list.message(purpose)));
    let good = || signed(&one);
    let bytes = good().bytes();
    let as_delta = signed(&delta()).with("purpose", [List::PURPOSE]);
    let other = List {
        signer: forge::public([0x71; 32]),
        ..one.clone()
    };
    vec![
        vector(
            "signer-unknown",
            "signed by a key that no root is bound to",
            &other.signed([0x71; 32]),
        )
        .refused("list_signer_unknown"),
        invalid(
            "signature-by-another",
            "signed by another key",
            &one.signed([0x71; 32]),
        ),
        invalid(
            "signature-zero",
            "a signature of zeros",
            &one.with_signature([0; 64]),
        ),
        invalid(
            "signature-of-a-delta",
            "a list signed under the purpose of deltas",
            &for_purpose(&one, List::DELTA),
        ),
        invalid(
            "signature-of-a-stop-ticket",
            "signed under the purpose of stop tickets",
            &for_purpose(&one, Ticket::PURPOSE),
        ),
        before(
            invalid(
                "delta-signed-as-a-list",
                "a delta signed under the purpose of lists",
                &for_purpose(&delta(), List::PURPOSE),
            ),
            &one,
        ),
        before(
            invalid(
                "delta-as-a-list",
                "a delta under the purpose of a list",
                &as_delta,
            ),
            &one,
        ),
        of_bytes(
            "trailing",
            "a byte after its entries",
            &[&bytes[..], &[0]].concat(),
        )
        .refused("list_signature_invalid"),
        of_bytes("cut-by-one", "a byte less", &bytes[..bytes.len() - 1])
            .refused("list_signature_invalid"),
        of_bytes(
            "cut-entries",
            "without its entries",
            &bytes[..2 + 32 + 24 + 64],
        )
        .refused("list_signature_invalid"),
        invalid(
            "signed-another-number",
            "its number changed after it was signed",
            &good().with("number", 4_u64.to_be_bytes()),
        ),
        invalid(
            "signed-another-time",
            "its next due changed after it was signed",
            &good().with("next due", (NOW + 9_000_000).to_be_bytes()),
        ),
        before(
            invalid(
                "delta-signed-another-after",
                "the digest after a delta changed after it was signed",
                &signed(&delta()).with("SHA-256 of all entries after", [7; 32]),
            ),
            &one,
        ),
    ]
}

fn times() -> Vec<Vector> {
    let at = |name, comment, issued, next_update| {
        let list = List {
            issued,
            next_update,
            ..list(&Layout::new())
        };
        vector(name, comment, &signed(&list))
    };
    vec![
        at(
            "within-skew",
            "issued 5 s in the future",
            NOW + 5_000,
            NOW + 6_000,
        )
        .with("change", "replaced"),
        at(
            "from-future",
            "issued 5.001 s in the future",
            NOW + 5_001,
            NOW + 6_000,
        )
        .refused("list_from_future"),
        at(
            "last-moment",
            "a millisecond before the next one is due",
            NOW - 9_000,
            NOW + 1,
        )
        .with("change", "replaced"),
        at("expired", "the next one is due", NOW - 9_000, NOW).refused("list_expired"),
    ]
}

fn numbers() -> Vec<Vector> {
    let one = list(&entries::one());
    let numbered = |number, list: &List| List {
        number,
        ..list.clone()
    };
    let after = |name, comment, list: &List| before(vector(name, comment, &signed(list)), &one);
    let foreign = list(&entries::more()).changing(&entries::several(), &entries::one_more());
    let renewed = List {
        issued: NOW,
        next_update: NOW + 3_600_000,
        ..one.clone()
    };
    let lines = || entries::lines(&entries::one().bytes());
    vec![
        after(
            "rolled-back",
            "a lower number than the list that is known",
            &numbered(2, &one),
        )
        .refused("list_rolled_back"),
        after(
            "rolled-back-delta",
            "a delta to an older list",
            &numbered(2, &delta()),
        )
        .refused("list_rolled_back"),
        after(
            "forked",
            "the same number with other entries",
            &list(&entries::several()),
        )
        .refused("list_forked"),
        after(
            "forked-delta",
            "a delta to the same number with other entries",
            &numbered(3, &delta()),
        )
        .refused("list_forked"),
        after(
            "forked-before",
            "a delta that goes on from other entries",
            &numbered(4, &foreign),
        )
        .refused("list_forked"),
        after(
            "gap",
            "a delta that goes on from a later list",
            &numbered(5, &delta()),
        )
        .refused("list_gap"),
        vector(
            "gap-from-nothing",
            "a delta before any list",
            &signed(&delta()),
        )
        .refused("list_gap"),
        after("again", "the list that is known", &one)
            .with("change", "nothing")
            .with_all("entry", lines()),
        after(
            "renewed",
            "the same number and entries, issued later",
            &renewed,
        )
        .with("change", "renewed")
        .with_all("entry", lines()),
        after(
            "skipped",
            "a list with a number far higher",
            &numbered(9, &one),
        )
        .with("change", "replaced")
        .with_all("entry", lines()),
        before(
            after("delta-again", "a delta that is known", &delta()),
            &delta(),
        )
        .with("change", "nothing")
        .with_all("entry", entries::lines(&entries::more().bytes())),
    ]
}

pub fn check(vector: &Vector) {
    let bytes = hex::from(vector.body());
    let bound: RevocationPublicKey = vector.get("bound").parse().unwrap();
    let root = roots::read(vector.get("root")).with_revocation_key(bound);
    let now: Timestamp = vector.get("now").parse().unwrap();
    let known = SignedRevocations::new(
        &KeyRing::new([root]).unwrap(),
        Duration::MAX,
        WhenStale::Deny,
    );
    let known = match vector.find("limit") {
        Some(limit) => known.with_max_bytes(limit.parse().unwrap()),
        None => known,
    };
    for list in vector.all("before") {
        known.apply(&hex::from(list), now).unwrap();
    }
    let entries_before = known.entries();
    let applied = known.apply(&bytes, now);
    let code = applied.as_ref().err().map(|error| error.code());
    assert_eq!(code, vector.find("code"), "{}: {applied:?}", vector.name);
    assert_eq!(vector.get("expect") == "applied", code.is_none());
    let Ok(applied) = applied else {
        assert_eq!(known.entries(), entries_before, "{}", vector.name);
        return;
    };
    let change = match applied.change {
        Change::Replaced => "replaced".to_owned(),
        Change::Added(more) => format!("added {more}"),
        Change::Renewed => "renewed".to_owned(),
        Change::Nothing => "nothing".to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(change, vector.get("change"), "{}", vector.name);
    check_written(vector, &bytes);
}

/// Our signer writes the same bytes of the same entries.
fn check_written(vector: &Vector, bytes: &[u8]) {
    let key = || revocation_key_from_seed(&SEED);
    let number = |at: usize| u64::from_be_bytes(bytes[at..at + 8].try_into().unwrap());
    let (issued, next_update) = (number(2 + 32 + 8), number(2 + 32 + 16));
    let good_for = Duration::from_millis(next_update - issued);
    let now = Timestamp::from_unix_millis(issued).unwrap();
    let entries: Vec<_> = vector.all("entry").map(entries::read).collect();
    if bytes[1] == List::DELTA {
        let list = hex::from(vector.all("before").next().unwrap());
        let mut switch = KillSwitch::resume(key(), &list, good_for).unwrap();
        assert_eq!(
            switch.revoke_all(entries, now).as_bytes(),
            bytes,
            "{}",
            vector.name
        );
        return;
    }
    let read = RevocationList::open(bytes, &key().public_key()).unwrap();
    assert_eq!(read.entries, entries, "{}", vector.name);
    let mut switch = KillSwitch::new(key(), good_for);
    for _ in 2..read.number {
        switch.revoke_all([], now);
    }
    if read.number > 1 {
        switch.revoke_all(entries, now);
    }
    assert_eq!(switch.list(now).as_bytes(), bytes, "{}", vector.name);
}
