//! Directories of approvers.

use bailiwick::approve::{Directory, DirectoryEntry, EntryState};
use bailiwick::keys::DirectoryPublicKey;
use bailiwick::keys::dangerous::directory_key_from_seed;

use crate::asked::{NOW, approver_of, approver_seed, not_canonical, not_on_the_curve};
use crate::file::Vector;
use crate::forge_approval::Directory as Forged;
use crate::layout::Layout;
use crate::{forge, hex, world};

pub const KIND: &str = "directory";

pub const SEED: [u8; 32] = [0x60; 32];
const MALFORMED: &str = "directory_malformed";
const DAY: u64 = 86_400_000;

pub fn all() -> Vec<Vector> {
    [good(), wires(), entries(), signatures(), states()]
        .into_iter()
        .flatten()
        .collect()
}

fn vector(name: &str, comment: &str, directory: &Layout) -> Vector {
    of_bytes(name, comment, &directory.bytes())
}

fn of_bytes(name: &str, comment: &str, bytes: &[u8]) -> Vector {
    let signer = directory_key_from_seed(&SEED).public_key();
    Vector::new(format!("{KIND}/{name}"), "accepted", comment)
        .with("now", world::seconds(world::NOW))
        .with("signer", signer)
        .with("at-least", 7)
        .with_body(hex::to(bytes))
}

/// Approvers in the order of their keys.
fn approvers(numbers: &[u8]) -> Vec<[u8; 32]> {
    let mut keys: Vec<_> = numbers
        .iter()
        .map(|number| forge::public(approver_seed(*number)))
        .collect();
    keys.sort_unstable();
    keys
}

fn empty() -> Forged {
    Forged::new(SEED, 7, NOW - 1_000, NOW - 1_000 + DAY)
}

/// Two approvers, the second of whom is revoked.
pub fn two() -> Forged {
    let keys = approvers(&[1, 2]);
    empty()
        .entry(keys[0], 1, "Ada Abel")
        .entry(keys[1], 2, "Zoë")
}

fn changed(change: impl FnOnce(&mut Forged)) -> Layout {
    let mut directory = two();
    change(&mut directory);
    directory.signed(SEED)
}

/// With the entries of [`two`], as lines.
fn with_entries(vector: Vector) -> Vector {
    let keys = approvers(&[1, 2]);
    let keys = [keys[0], keys[1]].map(|key| format!("ed25519/{}", hex::to(&key)));
    vector
        .with("entry", format!("active {} Ada Abel", keys[0]))
        .with("entry", format!("revoked {} Zoë", keys[1]))
}

fn good() -> Vec<Vector> {
    vec![
        with_entries(vector("good", "two approvers", &two().signed(SEED))),
        vector("empty", "nobody", &empty().signed(SEED)),
        vector(
            "newer",
            "a higher number than was seen",
            &Forged {
                number: u64::MAX,
                ..empty()
            }
            .signed(SEED),
        ),
    ]
}

fn wires() -> Vec<Vector> {
    let good = two().signed(SEED).bytes();
    let cut =
        |name, comment, length: usize| of_bytes(name, comment, &good[..length]).refused(MALFORMED);
    let of = |name, comment, body: Layout| {
        vector(name, comment, &Forged::signed_body(body, SEED)).refused(MALFORMED)
    };
    let short = of_bytes(
        "cut-by-one",
        "a byte less: the last 64 are no signature",
        &good[..good.len() - 1],
    );
    let long = of_bytes(
        "trailing",
        "a byte after its signature",
        &[&good[..], &[0]].concat(),
    );
    vec![
        cut("nothing", "no bytes at all", 0),
        cut("cut-in-signature", "less than a signature", 63),
        cut("cut-in-head", "cut in its first bytes", 64 + 10),
        cut("cut-in-key", "cut in its key", 64 + 30),
        short.refused("directory_signature_invalid"),
        long.refused("directory_signature_invalid"),
        of(
            "signed-trailing",
            "a byte after its entries, signed",
            two().body().put("", [0]),
        ),
        of(
            "signed-entry-missing",
            "three entries announced, and two there",
            two().body().with("number of entries", [0, 0, 0, 3]),
        ),
        of(
            "signed-too-many-entries",
            "10 001 entries announced",
            two()
                .body()
                .with("number of entries", 10_001_u32.to_be_bytes()),
        ),
        vector(
            "another-format",
            "a format that does not exist",
            &changed(|one| one.head = b"bailiwick-approvers-2\n".to_vec()),
        )
        .refused(MALFORMED),
        vector(
            "signer-small-order",
            "its key one of small order",
            &changed(|one| one.signer = [0; 32]),
        )
        .refused(MALFORMED),
        vector(
            "signer-not-canonical",
            "its key one that has another spelling",
            &changed(|one| one.signer = not_canonical()),
        )
        .refused(MALFORMED),
        vector(
            "issued-after-9999",
            "issued after the year 9999",
            &changed(|one| one.issued = u64::MAX),
        )
        .refused(MALFORMED),
        vector(
            "next-after-9999",
            "the next one due after the year 9999",
            &changed(|one| one.next_update = u64::MAX),
        )
        .refused(MALFORMED),
        vector(
            "lifetime-zero",
            "the next one due when it is issued",
            &changed(|one| one.next_update = one.issued),
        )
        .refused(MALFORMED),
        vector(
            "lifetime-negative",
            "the next one due before it is issued",
            &changed(|one| one.next_update = one.issued - 1),
        )
        .refused(MALFORMED),
    ]
}

fn entries() -> Vec<Vector> {
    let keys = approvers(&[1, 2]);
    let of = |name, comment, entries: &[([u8; 32], u8, &[u8])]| {
        let directory = changed(|one| {
            let entries = entries.iter();
            one.entries = entries
                .map(|(key, state, name)| (*key, *state, name.to_vec()))
                .collect();
        });
        vector(name, comment, &directory).refused(MALFORMED)
    };
    let ada: &[u8] = b"Ada";
    vec![
        of(
            "entries-unsorted",
            "keys out of order",
            &[(keys[1], 1, ada), (keys[0], 1, ada)],
        ),
        of(
            "entry-twice",
            "an entry twice",
            &[(keys[0], 1, ada), (keys[0], 1, ada)],
        ),
        of(
            "entry-active-and-revoked",
            "a key both active and revoked",
            &[(keys[0], 1, ada), (keys[0], 2, ada)],
        ),
        of(
            "entry-state-0",
            "a state that does not exist",
            &[(keys[0], 0, ada)],
        ),
        of(
            "entry-state-3",
            "a state that does not exist",
            &[(keys[0], 3, ada)],
        ),
        of(
            "entry-key-small-order",
            "a key of small order",
            &[([0; 32], 1, ada)],
        ),
        of(
            "entry-key-not-canonical",
            "a key that has another spelling",
            &[(not_canonical(), 1, ada)],
        ),
        of(
            "entry-key-not-on-the-curve",
            "a key that is no point",
            &[(not_on_the_curve(), 1, ada)],
        ),
        of("entry-name-empty", "an empty name", &[(keys[0], 1, b"")]),
        of(
            "entry-name-line-end",
            "a name with a line end",
            &[(keys[0], 1, b"A\nB")],
        ),
        of(
            "entry-name-not-utf-8",
            "a name that is not UTF-8",
            &[(keys[0], 1, &[0xff])],
        ),
    ]
}

fn signatures() -> Vec<Vector> {
    let body = || two().body();
    let with = |name, comment, signature: [u8; 64]| {
        vector(name, comment, &body().put("signature", signature))
            .refused("directory_signature_invalid")
    };
    let for_purpose =
        |purpose| forge::sign(SEED, &forge::signed_message(purpose, &[&body().bytes()]));
    let other = Forged::new([0x61; 32], 7, NOW - 1_000, NOW + DAY);
    vec![
        vector(
            "another-signer",
            "signed by another key, which it names",
            &other.signed([0x61; 32]),
        )
        .refused("directory_wrong_signer"),
        with(
            "signature-by-another",
            "signed by another key",
            forge::sign([0x61; 32], &Forged::message(&body().bytes())),
        ),
        with(
            "signature-of-a-list",
            "signed under the purpose of revocation lists",
            for_purpose(5),
        ),
        with(
            "signature-without-domain",
            "the bytes signed as they are",
            forge::sign(SEED, &body().bytes()),
        ),
        vector(
            "signed-another-state",
            "a state changed after it was signed",
            &two().signed(SEED).with("state", [2]),
        )
        .refused("directory_signature_invalid"),
        vector(
            "signed-another-number",
            "its number changed after it was signed",
            &two().signed(SEED).with("number", 8_u64.to_be_bytes()),
        )
        .refused("directory_signature_invalid"),
    ]
}

fn states() -> Vec<Vector> {
    let at = |name, comment, issued, next_update| {
        vector(
            name,
            comment,
            &changed(|one| (one.issued, one.next_update) = (issued, next_update)),
        )
    };
    vec![
        vector(
            "rolled-back",
            "a lower number than was seen",
            &changed(|one| one.number = 6),
        )
        .refused("directory_rolled_back"),
        with_entries(at(
            "within-skew",
            "issued 5 s in the future",
            NOW + 5_000,
            NOW + DAY,
        )),
        at(
            "from-the-future",
            "issued 5.001 s in the future",
            NOW + 5_001,
            NOW + DAY,
        )
        .refused("directory_from_the_future"),
        with_entries(at(
            "last-moment",
            "a millisecond before the next one is due",
            NOW - DAY,
            NOW + 1,
        )),
        at("stale", "the next one is due", NOW - DAY, NOW).refused("directory_stale"),
    ]
}

pub fn check(vector: &Vector) {
    let bytes = hex::from(vector.body());
    let signer: DirectoryPublicKey = vector.get("signer").parse().unwrap();
    let at_least = vector.get("at-least").parse().unwrap();
    let now = vector.get("now").parse().unwrap();
    let read = Directory::verify(&bytes, &signer, now, at_least);
    let code = read.as_ref().err().map(|error| error.code());
    assert_eq!(code, vector.find("code"), "{}: {read:?}", vector.name);
    assert_eq!(vector.get("expect") == "accepted", code.is_none());
    let Ok(directory) = read else { return };
    let state = |entry: &DirectoryEntry| match entry.state {
        EntryState::Active => "active",
        EntryState::Revoked => "revoked",
    };
    let shown = directory
        .entries()
        .map(|entry| format!("{} {} {}", state(&entry), entry.approver, entry.name));
    let lines: Vec<_> = vector.all("entry").collect();
    assert_eq!(shown.collect::<Vec<_>>(), lines, "{}", vector.name);
    let key = directory_key_from_seed(&SEED);
    let (issued, next) = (directory.issued(), directory.next_update());
    let again = Directory::sign(&key, directory.number(), issued, next, directory.entries());
    assert_eq!(again.unwrap().as_bytes(), bytes, "{}", vector.name);
}

/// Whose state is which in [`two`].
pub fn active_and_revoked() -> [u8; 2] {
    let first = approvers(&[1, 2])[0];
    match *approver_of(approver_seed(1)).as_bytes() == first {
        true => [1, 2],
        false => [2, 1],
    }
}
