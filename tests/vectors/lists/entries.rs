//! Entries of lists: one spelling, or refused.

use bailiwick::keys::IssuerPublicKey;
use bailiwick::keys::dangerous::revocation_key_from_seed;
use bailiwick::revoke::{BlockId, Brake, Revocation, RevocationList};

use super::{MALFORMED, SEED, before, list, signed, vector};
use crate::asked::{NOW, approver_seed, last_signature, not_canonical, token};
use crate::file::Vector;
use crate::forge_revocation::{List, section, short};
use crate::layout::Layout;
use crate::{forge, hex, world};

fn root() -> Vec<u8> {
    forge::public(world::ISSUER_SEED).to_vec()
}

fn holder() -> Vec<u8> {
    forge::public(world::holder_seed(0)).to_vec()
}

fn of_root(more: &[u8]) -> Vec<u8> {
    [&root()[..], more].concat()
}

/// What a brake stops: sending, as a stock builder writes the block.
fn pattern() -> Vec<u8> {
    pattern_of("delegate(\"brake\");\ncheck if effect($effect), !($effect === \"send\");")
}

fn pattern_of(text: &str) -> Vec<u8> {
    forge::blocks(&[text]).remove(0)
}

fn brake(service: &str, pattern: &[u8]) -> Vec<u8> {
    [short(service.as_bytes()), short(pattern)].concat()
}

/// One entry of each kind.
pub(super) fn every() -> Layout {
    let block = last_signature(&token())[..32].to_vec();
    let approver = forge::public(approver_seed(1)).to_vec();
    section(1, &[root()])
        .and(section(2, &[of_root(&NOW.to_be_bytes())]))
        .and(section(3, &[of_root(&short(b"ada@example.com"))]))
        .and(section(4, &[of_root(&short(b"t-17"))]))
        .and(section(5, &[holder()]))
        .and(section(6, &[block]))
        .and(section(7, &[approver]))
        .and(section(8, &[brake("", &pattern())]))
}

/// Several of a kind. A length comes before its text, so a shorter text first.
pub(super) fn several() -> Layout {
    let mut holders: Vec<_> = (0..3)
        .map(|n| forge::public(world::holder_seed(n)).to_vec())
        .collect();
    holders.sort();
    let tasks = [&b"u"[..], b"t1", b"t2"].map(|task| of_root(&short(task)));
    let brakes = [brake("", &pattern()), brake("mail.example", &pattern())];
    section(4, &tasks)
        .and(section(5, &holders))
        .and(section(8, &brakes))
}

pub(super) fn one() -> Layout {
    section(5, &[holder()])
}

/// What the delta adds to [`one`].
pub(super) fn more() -> Layout {
    section(4, &[of_root(&short(b"t-17"))])
}

pub(super) fn one_more() -> Layout {
    more().and(one())
}

pub(super) fn all() -> Vec<Vector> {
    let of = |name: &str, comment: &str, entries: Layout| {
        vector(name, comment, &signed(&list(&entries))).refused(MALFORMED)
    };
    let key = |number| forge::public(world::holder_seed(number)).to_vec();
    let mut two = [key(0), key(1)];
    two.sort();
    let [low, high] = two;
    let whole = pattern();
    let bad_delta = List {
        number: 4,
        ..list(&section(9, &[holder()])).changing(&one(), &one_more())
    };
    let brakes = |name, comment, entry| of(name, comment, section(8, &[entry]));
    vec![
        of(
            "entries-unsorted",
            "entries out of order",
            section(5, &[high.clone(), low.clone()]),
        ),
        of(
            "entry-twice",
            "an entry twice",
            section(5, &[low.clone(), low.clone()]),
        ),
        of(
            "sections-unsorted",
            "sections out of order",
            section(5, &[holder()]).and(section(1, &[root()])),
        ),
        of(
            "section-twice",
            "a kind in two sections",
            section(5, &[low.clone()]).and(section(5, &[high])),
        ),
        of("section-empty", "a section of no entry", section(5, &[])),
        of(
            "kind-0",
            "a kind that does not exist",
            section(0, &[holder()]),
        ),
        of(
            "kind-9",
            "a kind that does not exist",
            section(9, &[holder()]),
        ),
        of(
            "entries-trailing",
            "a byte after the last entry",
            one().put("", [0]),
        ),
        of(
            "entries-missing",
            "two entries announced, and one there",
            one().with("number of entries", [0, 0, 0, 2]),
        ),
        of(
            "entries-far-too-many",
            "4 294 967 295 entries announced",
            one().with("number of entries", [0xff; 4]),
        ),
        of(
            "entry-cut",
            "an entry of 31 bytes",
            one().with("entry", [1; 31]),
        ),
        of(
            "entry-root-small-order",
            "a root key of small order",
            section(1, &[vec![0; 32]]),
        ),
        of(
            "entry-holder-not-canonical",
            "a holder's key that has another spelling",
            section(5, &[not_canonical().to_vec()]),
        ),
        of(
            "entry-approver-small-order",
            "an approver's key of small order",
            section(7, &[vec![0; 32]]),
        ),
        of(
            "entry-time-after-9999",
            "a time after the year 9999",
            section(2, &[of_root(&[0xff; 8])]),
        ),
        of(
            "entry-principal-empty",
            "a principal without a name",
            section(3, &[of_root(&short(b""))]),
        ),
        of(
            "entry-task-line-end",
            "a task id with a line end",
            section(4, &[of_root(&short(b"t\n17"))]),
        ),
        of(
            "entry-task-not-utf-8",
            "a task id that is not UTF-8",
            section(4, &[of_root(&short(&[0xff]))]),
        ),
        brakes(
            "brake-service",
            "a brake at a service that is none",
            brake("mail example", &whole),
        ),
        brakes(
            "brake-of-nothing",
            "a brake without a pattern",
            brake("", b""),
        ),
        brakes(
            "brake-cut",
            "a pattern with a byte less",
            brake("", &whole[..whole.len() - 1]),
        ),
        brakes(
            "brake-trailing",
            "a pattern with a byte more",
            brake("", &[&whole[..], &[0]].concat()),
        ),
        brakes(
            "brake-another-name",
            "a block of another delegate",
            brake(
                "",
                &pattern_of(
                    "delegate(\"break\");\ncheck if effect($effect), !($effect === \"send\");",
                ),
            ),
        ),
        brakes(
            "brake-two",
            "a block of two deny entries",
            brake(
                "",
                &pattern_of(
                    "delegate(\"brake\");\ncheck if effect($effect), !($effect === \"send\");\ncheck if effect($effect), !($effect === \"pay\");",
                ),
            ),
        ),
        brakes(
            "brake-allow",
            "a block that allows",
            brake(
                "",
                &pattern_of(
                    "delegate(\"brake\");\ncheck if operation(\"mail.send\"), resource([\"outbox\"]);",
                ),
            ),
        ),
        before(
            vector(
                "delta-malformed",
                "a delta with an entry of a kind that does not exist",
                &signed(&bad_delta),
            )
            .refused(MALFORMED),
            &list(&one()),
        ),
    ]
}

/// The entries of these bytes, a line each.
pub(super) fn lines(entries: &[u8]) -> Vec<String> {
    let list = List::new(SEED, 3, NOW, Layout::new().put("", entries)).signed(SEED);
    let signer = revocation_key_from_seed(&SEED).public_key();
    let list = RevocationList::open(&list.bytes(), &signer).unwrap();
    list.entries.iter().map(line).collect()
}

fn line(entry: &Revocation) -> String {
    match entry {
        Revocation::Root(root) => format!("root {root}"),
        Revocation::IssuedBefore { root, time } => format!("issued-before {root} {time}"),
        Revocation::Principal { root, principal } => format!("principal {root} {principal}"),
        Revocation::Task { root, task } => format!("task {root} {task}"),
        Revocation::Holder(holder) => format!("holder {holder}"),
        Revocation::Block(block) => format!("block {block}"),
        Revocation::Approver(approver) => format!("approver {approver}"),
        Revocation::Brake(one) => {
            let service = one.service().map_or("-", |service| service.as_str());
            format!("brake {service} effect {}", one.pattern().effect().unwrap())
        }
        other => panic!("{other:?}"),
    }
}

pub(super) fn read(line: &str) -> Revocation {
    let words: Vec<_> = line.splitn(3, ' ').collect();
    let root = || words[1].parse::<IssuerPublicKey>().unwrap();
    match words[0] {
        "root" => Revocation::Root(root()),
        "issued-before" => Revocation::IssuedBefore {
            root: root(),
            time: words[2].parse().unwrap(),
        },
        "principal" => Revocation::Principal {
            root: root(),
            principal: words[2].parse().unwrap(),
        },
        "task" => Revocation::Task {
            root: root(),
            task: words[2].parse().unwrap(),
        },
        "holder" => Revocation::Holder(words[1].parse().unwrap()),
        "block" => Revocation::Block(BlockId::from_bytes(hex::array(words[1]))),
        "approver" => Revocation::Approver(words[1].parse().unwrap()),
        "brake" => {
            let effect = words[2].strip_prefix("effect ").unwrap().parse().unwrap();
            let brake = Brake::new(bailiwick::scope::Pattern::any().with_effect(effect)).unwrap();
            Revocation::Brake(match words[1] {
                "-" => brake,
                service => brake.at(service.parse().unwrap()),
            })
        }
        other => panic!("{other}"),
    }
}
