//! Stop tickets: text that is posted to a service.

use bailiwick::clock::Timestamp;
use bailiwick::keys::{IssuerPublicKey, KeyRing, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::revoke::{Posted, StopTicket, StopTickets};

use crate::asked::{self, NOW, not_canonical, not_on_the_curve};
use crate::file::Vector;
use crate::forge_revocation::{List, Ticket};
use crate::layout::Layout;
use crate::{forge, roots, world};

pub const KIND: &str = "stop";

const MALFORMED: &str = "stop_malformed";

pub fn all() -> Vec<Vector> {
    [good(), texts(), wires(), roots(), signatures(), states()]
        .into_iter()
        .flatten()
        .collect()
}

fn vector(name: &str, comment: &str, ticket: &Layout) -> Vector {
    of_text(name, comment, &text(ticket))
}

fn of_text(name: &str, comment: &str, text: &str) -> Vector {
    of_root(
        name,
        comment,
        text,
        roots::line(7, world::issuer().public_key()),
    )
}

fn of_root(name: &str, comment: &str, text: &str, root: String) -> Vector {
    Vector::new(format!("{KIND}/{name}"), "stopped", comment)
        .with("now", world::seconds(world::NOW))
        .with("root", root)
        .with_body(text)
}

fn text(ticket: &Layout) -> String {
    forge::text("bws1_", &ticket.bytes())
}

/// The ticket that comes with [`asked::free`].
pub fn ticket() -> Ticket {
    Ticket {
        id: 7,
        root: forge::public(world::ISSUER_SEED),
        task: b"t-17".to_vec(),
        issued: NOW - 60_000,
        ends: NOW + 900_000,
    }
}

fn signed(ticket: &Ticket) -> Layout {
    ticket.signed(world::ISSUER_SEED)
}

fn changed(change: fn(&mut Ticket)) -> Layout {
    let mut ticket = ticket();
    change(&mut ticket);
    signed(&ticket)
}

fn good() -> Vec<Vector> {
    vec![
        vector("good", "the ticket of a task", &signed(&ticket())),
        vector("again", "the task was stopped before", &signed(&ticket()))
            .with("before", text(&changed(|one| one.issued += 1)))
            .with("known", "yes"),
        vector(
            "longest-task",
            "a task id of 256 bytes",
            &changed(|one| one.task = vec![b't'; 256]),
        ),
    ]
}

fn texts() -> Vec<Vector> {
    let good = text(&signed(&ticket()));
    asked::bad_texts(&good, &asked::token().to_text())
        .iter()
        .map(|(name, comment, text)| of_text(name, comment, text).refused(MALFORMED))
        .collect()
}

fn wires() -> Vec<Vector> {
    let good = || signed(&ticket());
    let bad = |name, comment, ticket: Layout| vector(name, comment, &ticket).refused(MALFORMED);
    let bytes = good().bytes();
    let cut = |name, comment, length: usize| {
        of_text(name, comment, &forge::text("bws1_", &bytes[..length])).refused(MALFORMED)
    };
    vec![
        cut("wire-cut-in-key", "cut in the root key", 20),
        cut("wire-cut-by-one", "a byte less", bytes.len() - 1),
        cut(
            "wire-cut-signature",
            "without its signature",
            bytes.len() - 64,
        ),
        bad(
            "wire-trailing",
            "a byte after its signature",
            good().put("", [0]),
        ),
        bad(
            "wire-task-too-long",
            "a task id longer than the whole",
            good().with("length", [0xff, 0xff]),
        ),
        bad(
            "wire-too-long",
            "more bytes than a ticket can have",
            good().put("", [0; 512]),
        ),
        bad(
            "root-small-order",
            "a root key of small order",
            changed(|one| one.root = [0; 32]),
        ),
        bad(
            "root-not-canonical",
            "a root key that has another spelling",
            changed(|one| one.root = not_canonical()),
        ),
        bad(
            "task-empty",
            "a task without an id",
            changed(|one| one.task.clear()),
        ),
        bad(
            "task-line-end",
            "a task id with a line end",
            changed(|one| one.task = b"t\n17".to_vec()),
        ),
        bad(
            "task-not-utf-8",
            "a task id that is not UTF-8",
            changed(|one| one.task = vec![0xff]),
        ),
        bad(
            "task-257",
            "a task id of 257 bytes",
            changed(|one| one.task = vec![b't'; 257]),
        ),
        bad(
            "issued-after-9999",
            "issued after the year 9999",
            changed(|one| one.issued = u64::MAX),
        ),
        bad(
            "ends-after-9999",
            "ends after the year 9999",
            changed(|one| one.ends = u64::MAX),
        ),
    ]
}

fn roots() -> Vec<Vector> {
    let good = text(&signed(&ticket()));
    let key = world::issuer().public_key();
    let other = IssuerPublicKey::from_bytes(forge::public([9; 32])).unwrap();
    let unknown =
        |name, comment, root| of_root(name, comment, &good, root).refused("stop_root_unknown");
    let foreign = Ticket {
        root: forge::public([9; 32]),
        ..ticket()
    };
    let nowhere = changed(|one| one.root = not_on_the_curve());
    vec![
        unknown(
            "root-unknown",
            "the service has the root under another id",
            roots::line(8, key),
        ),
        unknown(
            "root-another",
            "the service has another key under that id",
            roots::line(7, other),
        ),
        vector(
            "root-foreign",
            "a ticket of another root, signed by it",
            &foreign.signed([9; 32]),
        )
        .refused("stop_root_unknown"),
        vector(
            "root-not-on-the-curve",
            "a root key that is no point",
            &nowhere,
        )
        .refused("stop_root_unknown"),
        of_root(
            "root-retired",
            "its root may issue no more: it still stops",
            &good,
            roots::line_within(7, key, (1, world::NOW), None),
        ),
    ]
}

fn signatures() -> Vec<Vector> {
    let ticket = ticket();
    let invalid = |name, comment, ticket: &Layout| {
        vector(name, comment, ticket).refused("stop_signature_invalid")
    };
    let over = |message: &[u8]| ticket.with_signature(forge::sign(world::ISSUER_SEED, message));
    let chain = asked::chain(&asked::free());
    let good = || signed(&ticket);
    vec![
        invalid(
            "signature-zero",
            "a signature of zeros",
            &ticket.with_signature([0; 64]),
        ),
        invalid(
            "signature-by-another",
            "signed by another key",
            &ticket.signed([9; 32]),
        ),
        invalid(
            "signature-by-the-holder",
            "signed by the holder of the task",
            &ticket.signed(world::holder_seed(0)),
        ),
        invalid(
            "signature-of-the-block",
            "the root key's signature over the token's first block",
            &ticket.with_signature(chain[0].signature),
        ),
        invalid(
            "signature-of-a-list",
            "signed under the purpose of revocation lists",
            &over(&ticket.message(List::PURPOSE)),
        ),
        invalid(
            "signature-of-an-approval",
            "signed under the purpose of approvals",
            &over(&ticket.message(3)),
        ),
        invalid(
            "signed-another-task",
            "its task changed after it was signed",
            &good().with("task id", b"t-18"),
        ),
        invalid(
            "signed-another-end",
            "its end changed after it was signed",
            &good().with("ends", (NOW + 900_001).to_be_bytes()),
        ),
        invalid(
            "signed-another-issue",
            "its issue changed after it was signed",
            &good().with("issued", (NOW - 60_001).to_be_bytes()),
        ),
    ]
}

fn states() -> Vec<Vector> {
    let other = text(&changed(|one| one.task = b"t-18".to_vec()));
    vec![
        vector(
            "last-moment",
            "a millisecond before the end of the token",
            &changed(|one| one.ends = NOW + 1),
        ),
        vector(
            "expired",
            "the end of the token",
            &changed(|one| one.ends = NOW),
        )
        .refused("stop_expired"),
        vector(
            "full",
            "as many tasks are stopped as are remembered",
            &signed(&ticket()),
        )
        .with("capacity", 1)
        .with("before", other)
        .refused("stops_full"),
    ]
}

pub fn check(vector: &Vector) {
    let now: Timestamp = vector.get("now").parse().unwrap();
    let ring = KeyRing::new([roots::read(vector.get("root"))]).unwrap();
    let stops = StopTickets::new(ring);
    let stops = match vector.find("capacity") {
        Some(tasks) => stops.with_capacity(tasks.parse().unwrap()),
        None => stops,
    };
    for text in vector.all("before") {
        stops.post(text, now).unwrap();
    }
    let posted = stops.post(vector.body(), now);
    let code = posted.as_ref().err().map(|error| error.code());
    assert_eq!(code, vector.find("code"), "{}: {posted:?}", vector.name);
    assert_eq!(vector.get("expect") == "stopped", code.is_none());
    if let Ok(posted) = posted {
        let known = matches!(posted, Posted::Already(_));
        assert_eq!(known, vector.find("known").is_some(), "{}", vector.name);
        assert_eq!(
            StopTicket::parse(vector.body()).unwrap().to_text(),
            vector.body()
        );
    }
}

/// Minting gives the same bytes.
#[test]
fn a_minted_ticket_is_that_of_the_vectors() {
    let issuer = Issuer::new(world::issuer(), RootKeyId::new(7));
    let minted = issuer.mint(
        &world::task(),
        world::base().build().unwrap(),
        &world::holder(0).public_key(),
        world::seconds(world::NOW - 60),
    );
    let minted = minted.unwrap().stop.to_text();
    assert_eq!(minted, text(&signed(&ticket())));
}
