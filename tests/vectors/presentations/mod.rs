//! Presentations: text that a service receives, to a permit or the code of a refusal.

mod blocks;
mod chains;
mod forms;
mod times;

use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::{Action, Call, Tree};
use bailiwick::clock::{FixedClock, Timestamp};
use bailiwick::gate::Gate;
use bailiwick::keys::{IssuerPublicKey, KeyRing, Root, RootKeyId};
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::present::dangerous::present_with;
use bailiwick::present::{AttemptId, Nonce};
use bailiwick::revoke::RevocationSet;
use bailiwick::token::Token;
use bailiwick::verify::Verifier;

use crate::file::Vector;
use crate::{hex, json, world};

pub const KIND: &str = "presentation";

pub fn all() -> Vec<Vector> {
    let sets = [forms::all(), blocks::all(), chains::all(), times::all()];
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
        let root = |root: &RootLine| {
            let (from, until) = root.window;
            let longest = root
                .longest
                .map_or("-".to_owned(), |longest| longest.to_string());
            format!(
                "{} {} {} {} {longest}",
                root.id,
                root.key,
                world::seconds(from),
                world::seconds(until)
            )
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

/// Runs a vector as a service does.
pub fn check(vector: &Vector) {
    let roots = vector.all("root").map(|line| {
        let words: Vec<_> = line.split(' ').collect();
        let id = RootKeyId::new(words[0].parse().unwrap());
        let window = words[2].parse().unwrap()..words[3].parse().unwrap();
        let root = Root::new(id, words[1].parse().unwrap(), window);
        match words[4].parse() {
            Ok(longest) => root.with_longest_lifetime(Duration::from_secs(longest)),
            Err(_) => root,
        }
    });
    let ring = KeyRing::new(roots).unwrap();
    let mut revoked = RevocationSet::default();
    for line in vector.all("revoked") {
        let words: Vec<_> = line.split(' ').collect();
        match words[0] {
            "root" => revoked.root(words[1].parse().unwrap()),
            "task" => revoked.task(words[1].parse().unwrap(), words[2].parse().unwrap()),
            "holder" => revoked.holder(words[1].parse().unwrap()),
            "block" => revoked.block(&bailiwick::keys::Signature::from_bytes(hex::array(
                words[1],
            ))),
            other => panic!("revoked {other}"),
        };
    }
    let clock = FixedClock::new(vector.get("now").parse().unwrap());
    let ledger = ForgetfulLedger::started_at(vector.get("ledger-since").parse().unwrap());
    let gate = Gate::new(
        Verifier::new(vector.get("service").parse().unwrap(), ring),
        Arc::new(ledger),
    )
    .with_clock(Arc::new(clock))
    .with_revocations(Arc::new(revoked));
    let call = json::call_from(vector.get("call"));
    let actions = || vector.all("action").map(json::action_from).collect::<Vec<_>>();
    if vector.find("presented-before") == Some("yes") {
        let _first = gate.admit(vector.body(), &call, actions()).unwrap();
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
