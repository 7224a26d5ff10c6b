//! Revocations in memory.

use std::collections::HashSet;

use super::{ChainFacts, Revocations, Revoked};
use crate::action::TaskId;
use crate::clock::Timestamp;
use crate::keys::{HolderPublicKey, IssuerPublicKey, Signature};

/// A set of revocations in memory.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::{HolderKey, IssuerKey};
/// use bailiwick::revoke::{ChainFacts, Revocations, RevocationSet, Revoked};
/// let (root, task) = (IssuerKey::generate()?.public_key(), "t-1".parse()?);
/// let (one, two) = (HolderKey::generate()?.public_key(), HolderKey::generate()?.public_key());
/// let mut set = RevocationSet::default();
/// set.holder(one);
/// let (principal, issued) = ("ada@example.com".parse()?, Timestamp::from_unix_seconds(1_800_000_000)?);
/// let revoked = |holders: &[_]| {
///     let chain = ChainFacts {
///         root: &root, task: &task, principal: &principal, issued, holders, blocks: &[],
///     };
///     set.revoked(&chain, issued)
/// };
/// assert_eq!(revoked(&[one, two]), Some(Revoked::Holder(0))); // and all below it
/// assert_eq!(revoked(&[two]), None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct RevocationSet {
    roots: HashSet<IssuerPublicKey>,
    tasks: HashSet<(IssuerPublicKey, TaskId)>,
    holders: HashSet<HolderPublicKey>,
    blocks: HashSet<[u8; 64]>,
}

impl RevocationSet {
    /// Revokes a root key.
    pub fn root(&mut self, root: IssuerPublicKey) -> &mut Self {
        self.roots.insert(root);
        self
    }

    /// Revokes a task of a root.
    pub fn task(&mut self, root: IssuerPublicKey, task: TaskId) -> &mut Self {
        self.tasks.insert((root, task));
        self
    }

    /// Revokes a holder, and all below it, in every chain.
    pub fn holder(&mut self, holder: HolderPublicKey) -> &mut Self {
        self.holders.insert(holder);
        self
    }

    /// Revokes a block by its signature, and all below it.
    pub fn block(&mut self, signature: &Signature) -> &mut Self {
        self.blocks.insert(*signature.as_bytes());
        self
    }
}

impl Revocations for RevocationSet {
    fn revoked(&self, chain: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
        if self.roots.contains(chain.root) {
            return Some(Revoked::Root);
        }
        if !self.tasks.is_empty() && self.tasks.contains(&(*chain.root, chain.task.clone())) {
            return Some(Revoked::Task);
        }
        let holder = |key| self.holders.contains(key);
        if let Some(hop) = chain.holders.iter().position(holder) {
            return Some(Revoked::Holder(hop));
        }
        let block = |signature: &Signature| self.blocks.contains(signature.as_bytes());
        chain.blocks.iter().position(block).map(Revoked::Block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};

    fn revoked(revoke: impl FnOnce(&mut RevocationSet)) -> Option<Revoked> {
        let mut set = RevocationSet::default();
        revoke(&mut set);
        set.revoked(
            &ChainFacts {
                root: &root(1),
                task: &task("t-1"),
                principal: &"ada@example.com".parse().unwrap(),
                issued: crate::testing::now(),
                holders: &[holder(1), holder(2)],
                blocks: &[block(1), block(2)],
            },
            crate::testing::now(),
        )
    }

    fn root(seed: u8) -> IssuerPublicKey {
        issuer_key_from_seed(&[seed; 32]).public_key()
    }

    fn holder(seed: u8) -> HolderPublicKey {
        holder_key_from_seed(&[seed; 32]).public_key()
    }

    fn task(id: &str) -> TaskId {
        id.parse().unwrap()
    }

    fn block(byte: u8) -> Signature {
        Signature::from_bytes([byte; 64])
    }

    #[test]
    fn every_hop_of_a_chain_can_be_revoked() {
        let is = |hop| Some(hop);
        assert_eq!(revoked(|_| {}), None);
        assert_eq!(revoked(|set| _ = set.root(root(1))), is(Revoked::Root));
        assert_eq!(
            revoked(|set| _ = set.task(root(1), task("t-1"))),
            is(Revoked::Task)
        );
        assert_eq!(
            revoked(|set| _ = set.holder(holder(1))),
            is(Revoked::Holder(0))
        );
        assert_eq!(
            revoked(|set| _ = set.holder(holder(2))),
            is(Revoked::Holder(1))
        );
        assert_eq!(
            revoked(|set| _ = set.block(&block(1))),
            is(Revoked::Block(0))
        );
        assert_eq!(
            revoked(|set| _ = set.block(&block(2))),
            is(Revoked::Block(1))
        );
    }

    #[test]
    fn what_is_not_in_the_chain_revokes_nothing_of_it() {
        assert_eq!(revoked(|set| _ = set.root(root(2))), None);
        assert_eq!(revoked(|set| _ = set.task(root(1), task("t-2"))), None);
        assert_eq!(revoked(|set| _ = set.holder(holder(3))), None);
        assert_eq!(revoked(|set| _ = set.block(&block(3))), None);
    }

    #[test]
    fn a_task_of_one_root_is_not_the_task_of_another() {
        assert_eq!(revoked(|set| _ = set.task(root(2), task("t-1"))), None);
    }
}
