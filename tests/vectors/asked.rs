//! What requests, answers and presentations with approvals share: a token that wants an approval, and who asks whom.

use bailiwick::action::{Action, Tree};
use bailiwick::keys::dangerous::approver_key_from_seed;
use bailiwick::scope::{ApprovalRule, Condition, Pattern, Requirement, Scope};
use bailiwick::token::Token;
use sha2::{Digest as _, Sha256};

use crate::forge::{self, SignedBlock};
use crate::forge_approval::{Approval, Declined, Request};
use crate::{actions, json, world};

pub const NOW: u64 = world::NOW * 1000;
pub const ID: [u8; 16] = [0xcc; 16];

pub fn approver_seed(number: u8) -> [u8; 32] {
    [0x40 + number; 32]
}

/// Approver 1 or 2, for sending.
pub fn requirement() -> Requirement {
    let rule = ApprovalRule::any_of([world::approver(1), world::approver(2)]).unwrap();
    let sends = Pattern::any().operation("mail.send").unwrap();
    Requirement::new(sends, Condition::Approval(rule))
}

/// A token that wants an approval.
pub fn token() -> Token {
    world::mint(world::base().require(requirement()))
}

/// The same in the hands of the next.
pub fn narrowed() -> Token {
    world::delegate(&token(), Scope::builder().max_depth(2).build().unwrap())
}

/// A token that wants none.
pub fn free() -> Token {
    world::mint(world::base())
}

pub fn chain(token: &Token) -> Vec<SignedBlock> {
    let blocks: Vec<Vec<u8>> = token.block_bytes().map(<[u8]>::to_vec).collect();
    forge::chain(&blocks)
}

pub fn last_signature(token: &Token) -> [u8; 64] {
    chain(token).pop().unwrap().signature
}

/// `mail.send` with this text.
pub fn say(text: &str) -> Action {
    world::send().with_arguments(Tree::from_pairs([("text", text)]).unwrap())
}

/// From its JSON alone.
pub fn bytes(action: &Action) -> Vec<u8> {
    actions::bytes(&json::action_to(action))
}

pub fn digest(action: &Action) -> [u8; 32] {
    Sha256::digest(bytes(action)).into()
}

/// Asks for one action.
pub fn request() -> Request {
    request_for(&token(), &[say("It depends.")])
}

pub fn request_for(token: &Token, actions: &[Action]) -> Request {
    Request {
        id: ID,
        made: NOW - 1_000,
        ends: NOW + 600_000,
        service: world::SERVICE.into(),
        token: token.as_bytes().to_vec(),
        actions: actions.iter().map(bytes).collect(),
    }
}

/// Approver 1 approves what [`request`] asks for.
pub fn approval() -> Approval {
    approval_of(&token(), 1, &[say("It depends.")])
}

pub fn approval_of(token: &Token, approver: u8, actions: &[Action]) -> Approval {
    Approval {
        approver: forge::public(approver_seed(approver)),
        token: last_signature(token),
        made: NOW - 500,
        ends: NOW + 300_000,
        nonce: [0xdd; 16],
        digests: actions.iter().map(digest).collect(),
    }
}

/// Approver 1 declines it.
pub fn declined() -> Declined {
    Declined {
        approver: forge::public(approver_seed(1)),
        token: last_signature(&token()),
        request: ID,
        made: NOW - 500,
    }
}

/// A key of 32 bytes that have a second spelling: y = p + 3.
pub fn not_canonical() -> [u8; 32] {
    let mut key = [0xff; 32];
    (key[0], key[31]) = (0xf0, 0x7f);
    key
}

/// Bytes that are no point of the curve.
pub fn not_on_the_curve() -> [u8; 32] {
    let mut key = [0; 32];
    key[0] = 2;
    key
}

/// What is wrong with a text form, whatever it holds.
pub fn bad_texts(good: &str, other: &str) -> Vec<(&'static str, &'static str, String)> {
    let half = good.len() / 2;
    let at = |at: usize| {
        let other = if good.as_bytes()[at] == b'A' {
            "B"
        } else {
            "A"
        };
        format!("{}{other}{}", &good[..at], &good[at + 1..])
    };
    vec![
        ("text-truncated", "cut in half", good[..half].to_owned()),
        (
            "text-truncated-by-one",
            "without its last character",
            good[..good.len() - 1].to_owned(),
        ),
        (
            "text-prefix-alone",
            "a prefix without anything",
            good[..5].to_owned(),
        ),
        (
            "text-trailing",
            "something after its end",
            format!("{good}AAAA"),
        ),
        ("text-padded", "base64 padding", format!("{good}=")),
        ("text-damaged", "one character changed", at(half)),
        (
            "text-damaged-checksum",
            "its last character changed",
            at(good.len() - 1),
        ),
        (
            "text-wrong-kind",
            "a text of another kind",
            other.to_owned(),
        ),
        (
            "text-relabelled",
            "its prefix that of a text of another kind",
            format!("{}{}", &other[..5], &good[5..]),
        ),
        (
            "text-another-version",
            "a version that does not exist",
            format!("{}2_{}", &good[..3], &good[5..]),
        ),
        (
            "text-empty-payload",
            "no bytes at all",
            forge::text(&good[..5], b""),
        ),
    ]
}

/// The public half, as our type has it.
pub fn approver_of(seed: [u8; 32]) -> bailiwick::keys::ApproverPublicKey {
    approver_key_from_seed(&seed).public_key()
}
