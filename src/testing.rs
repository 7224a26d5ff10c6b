//! One issuer, three agents and a forum, for the tests of the rooms above the token.

use std::time::Duration;

use crate::action::{Action, ActionDigest, Call, Effect, Service, Task, Tree};
use crate::approve::Approval;
use crate::clock::Timestamp;
use crate::keys::dangerous::{approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed};
use crate::keys::{ApproverKey, HolderKey, IssuerKey, KeyRing, Root, RootKeyId};
use crate::mint::Issuer;
use crate::present::{Holder, Nonce};
use crate::revoke::RevocationSet;
use crate::scope::{Capability, Scope, ScopeBuilder};
use crate::token::Token;
use crate::verify::{Verified, Verifier, VerifyError};

/// When tokens are issued.
pub(crate) const START: u64 = 1_800_000_000;
/// When they end.
pub(crate) const END: u64 = START + 900;

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

/// The time of the tests, unless they say otherwise.
pub(crate) fn now() -> Timestamp {
    at(START + 60)
}

pub(crate) fn forum() -> Service {
    "forum.example".parse().unwrap()
}

pub(crate) fn issuer() -> IssuerKey {
    issuer_key_from_seed(&[100; 32])
}

pub(crate) fn agent(number: u8) -> HolderKey {
    holder_key_from_seed(&[number; 32])
}

pub(crate) fn root() -> Root {
    let key = issuer().public_key();
    Root::new(RootKeyId::new(1), key, at(START - 1_000)..at(START + 1_000))
}

pub(crate) fn task() -> Task {
    Task::new("t-1", "answer thread 42", "ada@example.com", "helper").unwrap()
}

/// Everything in thread 42.
pub(crate) fn scope() -> ScopeBuilder {
    Scope::builder()
        .allow(Capability::operation("forum.*", "forum/thread/42/**").unwrap())
        .audience(forum())
        .not_after(at(END))
}

pub(crate) fn mint(scope: ScopeBuilder) -> Token {
    let (scope, holder) = (scope.build().unwrap(), agent(1).public_key());
    let issuer = Issuer::new(issuer(), RootKeyId::new(1));
    issuer
        .mint(&task(), scope, &holder, at(START))
        .unwrap()
        .token
}

/// The first agent with a token of this scope.
pub(crate) fn holder(scope: ScopeBuilder) -> Holder {
    Holder::new(mint(scope), agent(1)).unwrap()
}

/// The next agent, with what the one before hands on.
pub(crate) fn hand_on(from: &Holder, to: u8, scope: ScopeBuilder) -> Holder {
    let name = "scout".parse().unwrap();
    let token = from.delegate(&agent(to).public_key(), name, scope.build().unwrap());
    Holder::new(token.unwrap(), agent(to)).unwrap()
}

pub(crate) fn verifier() -> Verifier {
    verifier_of(root())
}

pub(crate) fn verifier_of(root: Root) -> Verifier {
    Verifier::new(forum(), KeyRing::new([root]).unwrap())
        .with_proof_window(Duration::from_secs(60))
        .with_skew(Duration::from_secs(5))
}

pub(crate) fn call() -> Call {
    let arguments = Tree::from_pairs([("id", 42_i64)]).unwrap();
    Call::tool("read_thread".parse().unwrap(), arguments)
}

pub(crate) fn present(holder: &Holder, now: Timestamp) -> String {
    holder.present(&forum(), &call(), now).unwrap().to_text()
}

pub(crate) fn verify(holder: &Holder, now: Timestamp) -> Result<Verified, VerifyError> {
    verifier().verify(
        &present(holder, now),
        &call(),
        now,
        &RevocationSet::default(),
    )
}

pub(crate) fn approver_key(number: u8) -> ApproverKey {
    approver_key_from_seed(&[number; 32])
}

/// What this approver signs for the holder's token now, for a minute.
pub(crate) fn approval(approver: u8, holder: &Holder, digests: Vec<ActionDigest>) -> Approval {
    let until = now().saturating_add(Duration::from_secs(60));
    let (token, nonce) = (holder.token().last_signature(), Nonce::random().unwrap());
    Approval::sign(&approver_key(approver), token, digests, now(), until, nonce)
}

/// The service's view of a call that carries these approvals.
pub(crate) fn verify_approved(
    verifier: &Verifier,
    holder: &Holder,
    approvals: impl IntoIterator<Item = Approval>,
    now: Timestamp,
) -> Result<Verified, VerifyError> {
    let presentation = holder.present(&forum(), &call(), now).unwrap();
    let sent = presentation.with_approvals(approvals).unwrap().to_text();
    verifier.verify(&sent, &call(), now, &RevocationSet::default())
}

pub(crate) fn read(resource: &str) -> Action {
    let operation = "forum.read".parse().unwrap();
    Action::new(forum(), operation, Effect::Read, resource.parse().unwrap())
}
