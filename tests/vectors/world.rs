//! The keys and the first block that most vectors share.

use bailiwick::action::Task;
use bailiwick::action::{Action, Effect};
use bailiwick::clock::Timestamp;
use bailiwick::keys::dangerous::{
    approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed,
};
use bailiwick::keys::{ApproverPublicKey, HolderKey, IssuerKey, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::scope::{Capability, Scope, ScopeBuilder};
use bailiwick::token::Token;

pub const NOW: u64 = 1_800_000_000;
pub const SERVICE: &str = "mail.example";

pub fn seconds(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

pub const ISSUER_SEED: [u8; 32] = [0x01; 32];

pub fn issuer() -> IssuerKey {
    issuer_key_from_seed(&ISSUER_SEED)
}

/// The key that the block with this index names.
pub fn holder(block: usize) -> HolderKey {
    holder_key_from_seed(&holder_seed(block))
}

pub fn holder_seed(block: usize) -> [u8; 32] {
    [0x10 + u8::try_from(block).unwrap(); 32]
}

pub fn approver(number: u8) -> ApproverPublicKey {
    approver_key_from_seed(&[0x40 + number; 32]).public_key()
}

pub fn root_key_id() -> RootKeyId {
    RootKeyId::new(7)
}

pub fn task() -> Task {
    Task::new(
        "t-17",
        "answer the mail of today",
        "ada@example.com",
        "mail-helper",
    )
    .unwrap()
}

/// The least that a first block says here.
pub fn base() -> ScopeBuilder {
    Scope::builder()
        .allow(Capability::operation("mail.*", "**").unwrap())
        .audience(SERVICE.parse().unwrap())
        .not_after(seconds(NOW + 900))
}

pub fn mint(scope: ScopeBuilder) -> Token {
    let issuer = Issuer::new(issuer(), root_key_id());
    let holder = holder(0).public_key();
    issuer
        .mint(&task(), scope.build().unwrap(), &holder, seconds(NOW - 60))
        .unwrap()
        .token
}

/// The token with one more block.
pub fn delegate(token: &Token, scope: Scope) -> Token {
    let blocks = token.block_count();
    let holder = Holder::new(token.clone(), self::holder(blocks - 1)).unwrap();
    let next = self::holder(blocks).public_key();
    holder
        .delegate(&next, "summarizer".parse().unwrap(), scope)
        .unwrap()
}

/// The token in the hands of its last holder.
pub fn hold(token: &Token) -> Holder {
    Holder::new(token.clone(), holder(token.block_count() - 1)).unwrap()
}

/// `mail.send` on `outbox`, as most vectors ask for it.
pub fn send() -> Action {
    act("mail.send", Effect::Send, "outbox")
}

pub fn act(operation: &str, effect: Effect, resource: &str) -> Action {
    Action::new(
        SERVICE.parse().unwrap(),
        operation.parse().unwrap(),
        effect,
        resource.parse().unwrap(),
    )
}
