//! One issuer, a few agents, and a forum that asks its gate.

use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::Task;
use bailiwick::action::{Action, Call, Effect, Resource, Service, Tree};
use bailiwick::clock::{FixedClock, Timestamp};
use bailiwick::gate::{Gate, Refusal};
use bailiwick::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};
use bailiwick::keys::{HolderKey, IssuerKey, KeyRing, Root, RootKeyId};
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::{Capability, Scope, ScopeBuilder};
use bailiwick::token::Token;
use bailiwick::verify::Verifier;

/// When tokens are issued.
pub const START: u64 = 1_800_000_000;
/// When they end.
pub const END: u64 = START + 900;
/// The seed of the root key. Agents have small ones.
pub const ROOT: u8 = 100;

pub fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

/// So many milliseconds after a time, or before it.
pub fn later(time: Timestamp, millis: i64) -> Timestamp {
    let moved = time.unix_millis().checked_add_signed(millis).unwrap();
    Timestamp::from_unix_millis(moved).unwrap()
}

/// The time, unless a test says otherwise.
pub fn now() -> Timestamp {
    at(START + 60)
}

pub fn forum() -> Service {
    "forum.example".parse().unwrap()
}

pub fn mail() -> Service {
    "mail.example".parse().unwrap()
}

pub fn issuer_key() -> IssuerKey {
    issuer_key_from_seed(&[ROOT; 32])
}

pub fn agent(seed: u8) -> HolderKey {
    holder_key_from_seed(&[seed; 32])
}

pub fn root() -> Root {
    root_of(1, ROOT)
}

pub fn root_of(id: u32, seed: u8) -> Root {
    let key = issuer_key_from_seed(&[seed; 32]).public_key();
    Root::new(
        RootKeyId::new(id),
        key,
        at(START - 1_000)..at(START + 10_000),
    )
}

/// May read and draft below thread 42.
pub fn scope() -> ScopeBuilder {
    bounded().allow(Capability::operation("forum.*", "forum/thread/42/**").unwrap())
}

/// What a first block needs beside `allow`.
pub fn bounded() -> ScopeBuilder {
    Scope::builder().audience(forum()).not_after(at(END))
}

pub fn mint(scope: ScopeBuilder) -> Token {
    mint_task("t-1", scope)
}

pub fn mint_task(task: &str, scope: ScopeBuilder) -> Token {
    mint_for(&agent(1), task, scope)
}

pub fn mint_for(agent: &HolderKey, task: &str, scope: ScopeBuilder) -> Token {
    let issuer = Issuer::new(issuer_key(), RootKeyId::new(1));
    let task = Task::new(task, "answer thread 42", "ada@example.com", "helper").unwrap();
    let scope = scope.build().unwrap();
    issuer
        .mint(&task, scope, &agent.public_key(), at(START))
        .unwrap()
        .token
}

/// The first agent, with a token of this scope.
pub fn holder(scope: ScopeBuilder) -> Holder {
    Holder::new(mint(scope), agent(1)).unwrap()
}

/// The agent to whom another hands on.
pub fn hand_on(from: &Holder, to: u8, scope: ScopeBuilder) -> Holder {
    let (name, scope) = ("scout".parse().unwrap(), scope.build().unwrap());
    let token = from.delegate(&agent(to).public_key(), name, scope).unwrap();
    Holder::new(token, agent(to)).unwrap()
}

pub fn verifier() -> Verifier {
    verifier_of([root()])
}

pub fn verifier_of(roots: impl IntoIterator<Item = Root>) -> Verifier {
    Verifier::new(forum(), KeyRing::new(roots).unwrap())
        .with_proof_window(Duration::from_secs(60))
        .with_skew(Duration::from_secs(5))
}

pub fn ledger() -> Arc<ForgetfulLedger> {
    Arc::new(ForgetfulLedger::started_at(at(START - 10)))
}

/// A gate with a ledger that several can share.
pub type SharedGate = Gate<Arc<ForgetfulLedger>>;

pub fn gate() -> SharedGate {
    gate_of(verifier())
}

pub fn gate_of(verifier: Verifier) -> SharedGate {
    gate_at(verifier, now())
}

pub fn gate_at(verifier: Verifier, now: Timestamp) -> SharedGate {
    Gate::new(verifier, ledger()).with_clock(Arc::new(FixedClock::new(now)))
}

pub fn gate_without(revoke: impl FnOnce(&mut RevocationSet)) -> SharedGate {
    let mut set = RevocationSet::default();
    revoke(&mut set);
    gate().with_revocations(Arc::new(set))
}

pub fn tree(json: &str) -> Tree {
    Tree::from_json_slice(json.as_bytes()).unwrap()
}

pub fn call() -> Call {
    Call::tool("read_thread".parse().unwrap(), tree(r#"{"id": 42}"#))
}

pub fn action(operation: &str, effect: Effect, resource: &str) -> Action {
    let resource = resource.parse().unwrap();
    Action::new(forum(), operation.parse().unwrap(), effect, resource)
}

pub fn read(resource: &str) -> Action {
    action("forum.read", Effect::Read, resource)
}

/// What most tests want to do, and most tokens allow.
pub fn post() -> Vec<Action> {
    vec![read("forum/thread/42/post")]
}

pub fn resource<'a>(segments: impl IntoIterator<Item = &'a str>) -> Resource {
    Resource::from_segments(segments).unwrap()
}

pub fn present(holder: &Holder) -> String {
    present_at(holder, now())
}

pub fn present_at(holder: &Holder, made: Timestamp) -> String {
    holder.present(&forum(), &call(), made).unwrap().to_text()
}

/// `allowed`, or the code of the refusal.
pub fn outcome<T>(result: &Result<T, Refusal>) -> &'static str {
    match result {
        Ok(_) => "allowed",
        Err(refusal) => refusal.code(),
    }
}

/// What a gate of its own says to this presentation of [`call`] that does [`post`].
pub fn ask(presentation: &str) -> &'static str {
    outcome(&gate().admit(presentation, &call(), post()))
}

/// What becomes of these actions under a scope, through real bytes.
pub fn try_actions(scope: ScopeBuilder, actions: Vec<Action>) -> &'static str {
    let sent = present(&holder(scope));
    outcome(&gate().admit(&sent, &call(), actions))
}
