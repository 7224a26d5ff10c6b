//! Presentations: text that a service receives, to a permit or the code of a refusal.

mod approved;
mod blocks;
mod chains;
mod forms;
mod noted;
mod times;

use std::sync::Arc;

use bailiwick::action::{Action, Call, Tree};
use bailiwick::approve::Directory;
use bailiwick::clock::{FixedClock, Timestamp};
use bailiwick::gate::Gate;
use bailiwick::keys::{DirectoryPublicKey, IssuerPublicKey, KeyRing, RootKeyId};
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::note::NoteSigners;
use bailiwick::present::dangerous::present_with;
use bailiwick::present::{AttemptId, Nonce};
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::Label;
use bailiwick::token::Token;
use bailiwick::verify::Verifier;

use crate::file::Vector;
use crate::{hex, json, roots, world};

pub const KIND: &str = "presentation";

pub fn all() -> Vec<Vector> {
    let sets = [
        forms::all(),
        blocks::all(),
        chains::all(),
        times::all(),
        approved::all(),
        noted::all(),
    ];
    sets.into_iter()
        .flatten()
        .map(|presented| presented.vector())
        .collect()
}

/// A presentation, and the service that receives it.
#[derive(Clone)]
struct Presented {
    name: String,
    refused: Option<&'static str>,
    comment: String,
    text: String,
    now: Timestamp,
    service: String,
    roots: Vec<RootLine>,
    call: Call,
    body: String,
    actions: Vec<Action>,
    revoked: Vec<String>,
    ledger_since: Timestamp,
    again: bool,
    /// The text of another presentation that came before.
    before: Option<String>,
    directory: Option<DirectoryLine>,
    /// A label and a key each.
    note_signers: Vec<String>,
}

/// The approvers that the service knows: the directory, who signed it, and when it was read.
#[derive(Clone)]
struct DirectoryLine {
    bytes: Vec<u8>,
    signer: DirectoryPublicKey,
    read: Timestamp,
}

#[derive(Clone)]
struct RootLine {
    id: RootKeyId,
    key: IssuerPublicKey,
    window: (u64, u64),
    longest: Option<u64>,
}

impl Presented {
    /// What a good holder presents of this token, and a service that trusts its root.
    fn of(name: &str, comment: &str, token: &Token) -> Self {
        let text = present(token, &call(), millis(0));
        Self::text(name, comment, text)
    }

    fn text(name: &str, comment: &str, text: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            refused: None,
            comment: comment.to_owned(),
            text: text.into(),
            now: world::seconds(world::NOW),
            service: world::SERVICE.to_owned(),
            roots: vec![RootLine {
                id: world::root_key_id(),
                key: world::issuer().public_key(),
                window: (world::NOW - 86_400, world::NOW + 86_400),
                longest: None,
            }],
            call: call(),
            body: String::new(),
            actions: vec![world::send()],
            revoked: Vec::new(),
            ledger_since: world::seconds(world::NOW - 3_600),
            again: false,
            before: None,
            directory: None,
            note_signers: Vec::new(),
        }
    }

    fn refused(self, code: &'static str) -> Self {
        Self {
            refused: Some(code),
            ..self
        }
    }

    fn at(self, now: Timestamp) -> Self {
        Self { now, ..self }
    }

    fn root(mut self, change: impl FnOnce(&mut RootLine)) -> Self {
        change(&mut self.roots[0]);
        self
    }

    fn actions(self, actions: Vec<Action>) -> Self {
        Self { actions, ..self }
    }

    fn call(self, call: Call) -> Self {
        Self { call, ..self }
    }

    fn revoked(mut self, what: impl Into<String>) -> Self {
        self.revoked.push(what.into());
        self
    }

    fn vector(&self) -> Vector {
        let name = format!("{KIND}/{}", self.name);
        let vector = match self.refused {
            None => Vector::new(name, "permit", &self.comment),
            Some(code) => Vector::new(name, "refused", &self.comment).with("code", code),
        };
        let directory = |directory: &DirectoryLine| {
            let DirectoryLine { signer, read, .. } = directory;
            format!("{signer} {read} {}", hex::to(&directory.bytes))
        };
        let root = |root: &RootLine| {
            roots::line_within(root.id.get(), root.key, root.window, root.longest)
        };
        vector
            .with("now", self.now)
            .with("service", &self.service)
            .with_all("root", self.roots.iter().map(root))
            .with("call", json::call_to(&self.call, &self.body))
            .with_all("action", self.actions.iter().map(json::action_to))
            .with_all("revoked", &self.revoked)
            .with("ledger-since", self.ledger_since)
            .with_all("presented-before", self.again.then_some("yes"))
            .with_all("before", &self.before)
            .with_all("directory", self.directory.iter().map(directory))
            .with_all("note-signer", &self.note_signers)
            .with_body(&self.text)
    }
}

fn call() -> Call {
    Call::tool(
        "send".parse().unwrap(),
        Tree::from_pairs([("to", "ann")]).unwrap(),
    )
}

/// So many milliseconds after [`world::NOW`].
fn millis(after: i64) -> Timestamp {
    Timestamp::from_unix_millis((world::NOW * 1000).checked_add_signed(after).unwrap()).unwrap()
}

fn present(token: &Token, call: &Call, made: Timestamp) -> String {
    let holder = world::hold(token);
    let (nonce, attempt) = (
        Nonce::from_bytes([0xaa; 16]),
        AttemptId::from_bytes([0xbb; 16]),
    );
    present_with(
        &holder,
        &world::SERVICE.parse().unwrap(),
        call,
        made,
        nonce,
        attempt,
    )
    .to_text()
}

fn directory(line: &str) -> Directory {
    let words: Vec<_> = line.split(' ').collect();
    let (signer, read) = (words[0].parse().unwrap(), words[1].parse().unwrap());
    Directory::verify(&hex::from(words[2]), &signer, read, 0).unwrap()
}

fn note_signers(vector: &Vector) -> NoteSigners {
    vector
        .all("note-signer")
        .fold(NoteSigners::new(), |signers, line| {
            let (label, key) = line.split_once(' ').unwrap();
            signers.with(Label::new(label).unwrap(), key.parse().unwrap())
        })
}

/// Runs a vector as a service does.
pub fn check(vector: &Vector) {
    let roots = vector.all("root").map(roots::read);
    let ring = KeyRing::new(roots).unwrap();
    let mut revoked = RevocationSet::default();
    for line in vector.all("revoked") {
        let words: Vec<_> = line.split(' ').collect();
        match words[0] {
            "root" => revoked.root(words[1].parse().unwrap()),
            "task" => revoked.task(words[1].parse().unwrap(), words[2].parse().unwrap()),
            "holder" => revoked.holder(words[1].parse().unwrap()),
            "approver" => revoked.approver(words[1].parse().unwrap()),
            "block" => revoked.block(&bailiwick::keys::Signature::from_bytes(hex::array(
                words[1],
            ))),
            other => panic!("revoked {other}"),
        };
    }
    let clock = FixedClock::new(vector.get("now").parse().unwrap());
    let ledger = ForgetfulLedger::started_at(vector.get("ledger-since").parse().unwrap());
    let verifier = Verifier::new(vector.get("service").parse().unwrap(), ring);
    let verifier = match vector.find("directory") {
        Some(line) => verifier.with_approvers(Arc::new(directory(line))),
        None => verifier,
    };
    let verifier = verifier.with_note_signers(note_signers(vector));
    let gate = Gate::new(verifier, Arc::new(ledger))
        .with_clock(Arc::new(clock))
        .with_revocations(Arc::new(revoked));
    let call = json::call_from(vector.get("call"));
    let actions = || {
        vector
            .all("action")
            .map(json::action_from)
            .collect::<Vec<_>>()
    };
    if vector.find("presented-before") == Some("yes") {
        let _first = gate.admit(vector.body(), &call, actions()).unwrap();
    }
    if let Some(text) = vector.find("before") {
        let _first = gate.admit(text, &call, actions()).unwrap();
    }
    let code = gate
        .admit(vector.body(), &call, actions())
        .err()
        .map(|refusal| {
            let message = refusal.to_string();
            assert!(
                !message.contains('\n') && !message.is_empty(),
                "{}: {message:?}",
                vector.name
            );
            refusal.code()
        });
    assert_eq!(code, vector.find("code"), "{}", vector.name);
    assert_eq!(vector.get("expect") == "permit", code.is_none());
}
