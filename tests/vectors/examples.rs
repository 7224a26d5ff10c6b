//! One good thing of each format, taken apart: what the pages show, and what is signed.

use ed25519_dalek::{Signature, VerifyingKey};

use crate::asked;
use crate::file::{Vector, read};
use crate::forge_approval::{Approval, Declined, Directory, Request};
use crate::forge_revocation::Ticket;
use crate::layout::Layout;
use crate::{directories, forge, hex, lists, stops, world};

pub struct Example {
    pub name: &'static str,
    /// The vector whose bytes these are.
    vector: &'static str,
    comment: &'static str,
    /// The prefix of its text form, if it has one.
    prefix: Option<&'static str>,
    pub layout: Layout,
    seed: [u8; 32],
    message: Vec<u8>,
}

/// Those of `docs/format.md`.
pub fn of_approvals() -> Vec<Example> {
    let (request, approval, declined) = (asked::request(), asked::approval(), asked::declined());
    let (holder, approver) = (world::holder_seed(0), asked::approver_seed(1));
    let directory = directories::two();
    vec![
        Example {
            name: "request",
            vector: "request/good",
            comment: "a request for an approval, by the holder",
            prefix: Some("bwr1_"),
            layout: request.signed(holder),
            seed: holder,
            message: request.message(Request::PURPOSE),
        },
        Example {
            name: "approval",
            vector: "answer/approval",
            comment: "an approval, by the approver",
            prefix: Some("bwa1_"),
            layout: approval.signed(approver),
            seed: approver,
            message: approval.message(Approval::PURPOSE),
        },
        Example {
            name: "declined",
            vector: "answer/declined",
            comment: "a no, by the approver",
            prefix: Some("bwa1_"),
            layout: declined.signed(approver),
            seed: approver,
            message: declined.message(Declined::PURPOSE),
        },
        Example {
            name: "directory",
            vector: "directory/good",
            comment: "a directory of approvers",
            prefix: None,
            layout: directory.signed(directories::SEED),
            seed: directories::SEED,
            message: Directory::message(&directory.body().bytes()),
        },
    ]
}

/// Those of `docs/format/revocation.md`.
pub fn of_revocation() -> Vec<Example> {
    let (list, delta, ticket) = (lists::every(), lists::delta(), stops::ticket());
    vec![
        Example {
            name: "list",
            vector: "list/list",
            comment: "a revocation list",
            prefix: None,
            layout: list.signed(lists::SEED),
            seed: lists::SEED,
            message: list.message(list.purpose()),
        },
        Example {
            name: "delta",
            vector: "list/delta",
            comment: "a delta",
            prefix: None,
            layout: delta.signed(lists::SEED),
            seed: lists::SEED,
            message: delta.message(delta.purpose()),
        },
        Example {
            name: "stop",
            vector: "stop/good",
            comment: "a stop ticket, by the root key",
            prefix: Some("bws1_"),
            layout: ticket.signed(world::ISSUER_SEED),
            seed: world::ISSUER_SEED,
            message: ticket.message(Ticket::PURPOSE),
        },
    ]
}

impl Example {
    /// What is signed, as a vector.
    fn signed(&self) -> Vector {
        Vector::new(format!("signed/{}", self.name), "signed", self.comment)
            .with("seed", hex::to(&self.seed))
            .with("message", hex::to(&self.message))
            .with("document", hex::to(&self.layout.bytes()))
            .with_body(hex::to(&forge::sign(self.seed, &self.message)))
    }

    /// The bytes are those of the vector.
    fn check(&self) {
        let (kind, _) = self.vector.split_once('/').unwrap();
        let vectors = read(kind);
        let vector = vectors.iter().find(|one| one.name == self.vector);
        let bytes = self.layout.bytes();
        let body = match self.prefix {
            Some(prefix) => forge::text(prefix, &bytes),
            None => hex::to(&bytes),
        };
        assert_eq!(vector.unwrap().body(), body, "{}", self.vector);
    }
}

pub fn signed() -> Vec<Vector> {
    let examples = of_approvals().into_iter().chain(of_revocation());
    examples.map(|example| example.signed()).collect()
}

/// Ed25519, strictly, over the message of the page, and the signature stands in the document.
pub fn check_signed(vector: &Vector) {
    let (seed, message) = (
        hex::array(vector.get("seed")),
        hex::from(vector.get("message")),
    );
    let signature: [u8; 64] = hex::array(vector.body());
    let key = VerifyingKey::from_bytes(&forge::public(seed)).unwrap();
    let held = key.verify_strict(&message, &Signature::from_bytes(&signature));
    assert!(held.is_ok(), "{}", vector.name);
    assert!(
        vector.get("document").contains(vector.body()),
        "{}",
        vector.name
    );
    let mut changed = message;
    *changed.last_mut().unwrap() ^= 1;
    let held = key.verify_strict(&changed, &Signature::from_bytes(&signature));
    assert!(held.is_err(), "{}", vector.name);
}

#[test]
fn the_examples_of_the_pages_are_vectors() {
    of_approvals().iter().for_each(Example::check);
    of_revocation().iter().for_each(Example::check);
}
