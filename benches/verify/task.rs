//! The task that everything is measured with: answer a question in a forum.

use bailiwick::action::{Action, Call, Effect, Service, Task, Tree};
use bailiwick::clock::Timestamp;
use bailiwick::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};
use bailiwick::keys::{HolderKey, IssuerKey, KeyRing, Root, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::scope::{Capability, Scope};
use bailiwick::verify::Verifier;

/// So many chains, and one presentation of each, are used in turn. A processor that verifies one
/// signature again and again learns its branches, and would be too fast by a tenth.
pub(crate) const CHAINS: usize = 32;

/// The capabilities of each block: operation and resource. The action that is measured is an
/// instance of the last one, so that all of them are tried.
pub(crate) const CAPABILITIES: [(&str, &str); 3] = [
    ("forum.read", "forum/thread/42"),
    ("forum.search", "forum/tag/rust"),
    ("forum.draft", "forum/thread/42"),
];
pub(crate) const SERVICE: &str = "forum.example";
/// Purpose, principal and agent.
pub(crate) const TASK: [&str; 3] = ["answer thread 42", "ada@example.com", "helper"];
/// What delegators call the agents that they hand on to.
pub(crate) const DELEGATE: &str = "helper-2";
pub(crate) const NOW: u64 = 1_800_000_000;
const ID: RootKeyId = RootKeyId::new(1);

pub(crate) fn at(seconds_from_now: u64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + seconds_from_now).unwrap()
}

/// The end of the block with this index: each ends before the one that it hangs on.
pub(crate) fn end(block: usize) -> u64 {
    900 - 60 * block as u64
}

pub(crate) fn issuer_key() -> IssuerKey {
    issuer_key_from_seed(&[255; 32])
}

/// The key that the block with this index names, in the chain with this number.
pub(crate) fn holder_key(chain: usize, block: usize) -> HolderKey {
    let mut seed = [chain as u8; 32];
    seed[0] = block as u8;
    holder_key_from_seed(&seed)
}

pub(crate) fn scope(block: usize) -> Scope {
    let scope = CAPABILITIES
        .iter()
        .fold(Scope::builder(), |scope, (operation, resource)| {
            scope.allow(Capability::operation(operation, resource).unwrap())
        });
    let scope = scope.not_after(at(end(block)));
    let scope = if block > 0 {
        scope
    } else {
        scope.audience(service()).max_depth(7)
    };
    scope.build().unwrap()
}

pub(crate) fn issuer() -> Issuer {
    Issuer::new(issuer_key(), ID)
}

pub(crate) fn id(chain: usize) -> String {
    format!("t-{}", chain + 10)
}

pub(crate) fn task(chain: usize) -> Task {
    let [purpose, principal, agent] = TASK;
    Task::new(&id(chain), purpose, principal, agent).unwrap()
}

pub(crate) fn service() -> Service {
    SERVICE.parse().unwrap()
}

/// A token of so many blocks in the hands of its last holder.
pub(crate) fn holder(chain: usize, blocks: usize) -> Holder {
    let first = holder_key(chain, 0);
    let minted = issuer()
        .mint(&task(chain), scope(0), &first.public_key(), at(0))
        .unwrap();
    let mut holder = Holder::new(minted.token, first).unwrap();
    for block in 1..blocks {
        let next = holder_key(chain, block);
        let name = DELEGATE.parse().unwrap();
        let token = holder
            .delegate(&next.public_key(), name, scope(block))
            .unwrap();
        holder = Holder::new(token, next).unwrap();
    }
    holder
}

pub(crate) fn call() -> Call {
    let arguments = [("id", 42_i64)];
    Call::tool(
        "draft_reply".parse().unwrap(),
        Tree::from_pairs(arguments).unwrap(),
    )
}

pub(crate) fn action() -> Action {
    let resource = "forum/thread/42".parse().unwrap();
    Action::new(
        service(),
        "forum.draft".parse().unwrap(),
        Effect::Draft,
        resource,
    )
}

/// A verifier that remembers so many tokens.
pub(crate) fn verifier(cache: usize) -> Verifier {
    let root = Root::new(ID, issuer_key().public_key(), at(0)..at(86_400));
    Verifier::new(service(), KeyRing::new([root]).unwrap()).with_cache(cache)
}
