//! One issuer, a few agents, and a forum that asks its gate.

use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::Task;
use bailiwick::action::{Action, Call, Effect, Resource, Service, Tree};
use bailiwick::approve::{Approval, ApprovalRequest, Approver, SignedRequest};
use bailiwick::clock::{FixedClock, Timestamp};
use bailiwick::gate::{Admission, Gate, Mapped, Permit, Refusal, Repeat};
use bailiwick::keys::dangerous::{
    approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed,
};
use bailiwick::keys::{ApproverPublicKey, HolderKey, IssuerKey, KeyRing, Root, RootKeyId};
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::mint::Issuer;
use bailiwick::present::{AttemptId, Holder};
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::{
    ApprovalRule, Budget, Capability, Condition, Pattern, Requirement, Scope, ScopeBuilder,
};
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

// People who approve.

/// Who approves under this seed, and trusts the usual root.
pub fn approver(seed: u8) -> Approver {
    Approver::new(
        approver_key_from_seed(&[seed; 32]),
        KeyRing::new([root()]).unwrap(),
    )
}

pub fn approver_key(seed: u8) -> ApproverPublicKey {
    approver_key_from_seed(&[seed; 32]).public_key()
}

/// Whatever the token allows is done with the approval of so many of these.
pub fn with_approval(threshold: u32, of: &[u8]) -> ScopeBuilder {
    let keys = of.iter().map(|seed| approver_key(*seed));
    let rule = ApprovalRule::at_least(threshold, keys).unwrap();
    scope().require(Requirement::new(Pattern::any(), Condition::Approval(rule)))
}

/// What the holder asks approvers for, as the forum wants it.
pub fn ask_for(holder: &Holder, actions: &[Action]) -> SignedRequest {
    let none = RevocationSet::default();
    let verified = verifier().verify(&present(holder), &call(), now(), &none);
    let lasts = Duration::from_secs(600);
    let request = ApprovalRequest::new(&verified.unwrap(), actions.to_vec(), lasts).unwrap();
    holder.ask(&request, now()).unwrap()
}

/// What somebody approves who reads exactly these actions, for a minute.
pub fn approved(by: u8, holder: &Holder, actions: &[Action]) -> Approval {
    let (approver, asked) = (approver(by), ask_for(holder, actions));
    let read = approver.open(&asked.to_text(), now()).unwrap();
    assert_eq!(read.actions(), actions);
    approver
        .approve(&read, Duration::from_secs(60), now())
        .unwrap()
}

/// What a gate says to [`call`] that does this, with these approvals beside a new proof.
pub fn try_approved(
    gate: &SharedGate,
    holder: &Holder,
    approvals: &[Approval],
    does: impl Into<Mapped>,
) -> &'static str {
    try_approved_at(now(), gate, holder, approvals, does)
}

/// The same, presented at another time.
pub fn try_approved_at(
    time: Timestamp,
    gate: &SharedGate,
    holder: &Holder,
    approvals: &[Approval],
    does: impl Into<Mapped>,
) -> &'static str {
    let sent = holder.present(&forum(), &call(), time).unwrap();
    let sent = sent.with_approvals(approvals.to_vec()).unwrap().to_text();
    outcome(&gate.admit(&sent, &call(), does))
}

// What may happen so often.

/// Whatever the token allows counts to this budget.
pub fn counted(budget: Budget) -> Requirement {
    Requirement::new(Pattern::any(), Condition::Budget(budget))
}

/// What a gate says to [`call`] that does this, with a new proof.
pub fn try_at(gate: &SharedGate, holder: &Holder, does: impl Into<Mapped>) -> &'static str {
    outcome(&gate.admit(&present(holder), &call(), does))
}

/// One try at an attempt, with a new proof.
pub fn attempt(
    gate: &SharedGate,
    holder: &Holder,
    attempt: u8,
    call: &Call,
    does: impl Into<Mapped>,
) -> Result<Admission, Refusal> {
    let id = AttemptId::from_bytes([attempt; 16]);
    let sent = holder.present_attempt(&forum(), call, id, now()).unwrap();
    gate.admit(&sent.to_text(), call, does)
}

pub fn first(admission: Result<Admission, Refusal>) -> Permit {
    match admission {
        Ok(Admission::First(permit)) => permit,
        other => panic!("no first try: {other:?}"),
    }
}

pub fn again(admission: Result<Admission, Refusal>) -> Repeat {
    match admission {
        Ok(Admission::Again(repeat)) => repeat,
        other => panic!("no retry: {other:?}"),
    }
}
