//! Revocation: what no signature can take back.
//!
//! A decision is given a view of what is revoked now; it looks up every hop of a chain in it. This
//! room holds the view in memory; signed lists and their distribution build on it.

use std::collections::HashSet;

use crate::action::TaskId;
use crate::keys::{HolderPublicKey, IssuerPublicKey, Signature};

/// What a verified chain can be revoked by, hop by hop.
#[derive(Clone, Copy, Debug)]
pub struct ChainFacts<'a> {
    /// The root key.
    pub root: &'a IssuerPublicKey,
    /// The task; ids of different roots are different tasks.
    pub task: &'a TaskId,
    /// The holder that each block names, the first block's first.
    pub holders: &'a [HolderPublicKey],
    /// The signature of each block: its revocation id.
    pub blocks: &'a [Signature],
}

/// What is revoked now.
pub trait Revocations {
    /// What of the chain is revoked, if anything is. A source that is not sure must say so by an
    /// answer, never by `None`.
    fn revoked(&self, chain: &ChainFacts<'_>) -> Option<Revoked>;
}

/// What of a chain is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Revoked {
    /// Everything that the root key signed.
    Root,
    /// The task, with all that was delegated in it.
    Task,
    /// A holder, with all that it delegated; the block that names it.
    Holder(usize),
    /// A block, with all below it. Its signer can sign it again: to stop an agent, revoke the
    /// holder.
    Block(usize),
}

impl std::fmt::Display for Revoked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Root => f.write_str("the root key"),
            Self::Task => f.write_str("the task"),
            Self::Holder(block) => write!(f, "the holder that block {block} names"),
            Self::Block(block) => write!(f, "block {block}"),
        }
    }
}

/// A set of revocations in memory.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::keys::{HolderKey, IssuerKey};
/// use bailiwick::revoke::{ChainFacts, Revocations, RevocationSet, Revoked};
/// let (root, task) = (IssuerKey::generate()?.public_key(), "t-1".parse()?);
/// let (one, two) = (HolderKey::generate()?.public_key(), HolderKey::generate()?.public_key());
/// let mut set = RevocationSet::default();
/// set.holder(one);
/// let chain = |holders| ChainFacts { root: &root, task: &task, holders, blocks: &[] };
/// assert_eq!(set.revoked(&chain(&[one, two])), Some(Revoked::Holder(0))); // and all below it
/// assert_eq!(set.revoked(&chain(&[two])), None);
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
    fn revoked(&self, chain: &ChainFacts<'_>) -> Option<Revoked> {
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
