//! Revocations in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::wire::{Event, WireError, read_entries};
use super::{BlockId, Brake, Brakes, ChainFacts, Revocation, RevocationKind, Revocations, Revoked};
use crate::action::{Principal, Service, TaskId};
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, HolderPublicKey, IssuerPublicKey, Signature};
use crate::scope::Scope;

/// A set of revocations in memory: a million take less than 100 MB, and looking a chain up takes as
/// long in a million as in one.
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
    roots: HashSet<Key>,
    tasks: HashSet<Key>,
    principals: HashSet<Key>,
    holders: HashSet<Key>,
    blocks: HashSet<Key>,
    approvers: HashSet<Key>,
    /// Of each root the latest moment.
    issued_before: HashMap<IssuerPublicKey, Timestamp>,
    brakes: Brakes,
}

/// Every key takes 32 bytes in place, whatever it is of, so that a million lie in one table.
type Key = [u8; 32];

impl RevocationSet {
    /// Revokes a root key.
    pub fn root(&mut self, root: IssuerPublicKey) -> &mut Self {
        self.insert(Revocation::Root(root))
    }

    /// Revokes what a root key says that it issued before this time.
    pub fn issued_before(&mut self, root: IssuerPublicKey, time: Timestamp) -> &mut Self {
        self.insert(Revocation::IssuedBefore { root, time })
    }

    /// Revokes what a root key issued for a principal.
    pub fn principal(&mut self, root: IssuerPublicKey, principal: Principal) -> &mut Self {
        self.insert(Revocation::Principal { root, principal })
    }

    /// Revokes a task of a root.
    pub fn task(&mut self, root: IssuerPublicKey, task: TaskId) -> &mut Self {
        self.insert(Revocation::Task { root, task })
    }

    /// Revokes a holder, and all below it, in every chain.
    pub fn holder(&mut self, holder: HolderPublicKey) -> &mut Self {
        self.insert(Revocation::Holder(holder))
    }

    /// Revokes a block by its signature, and all below it.
    pub fn block(&mut self, signature: &Signature) -> &mut Self {
        self.insert(Revocation::Block(signature.into()))
    }

    /// Revokes approvals by this key.
    pub fn approver(&mut self, approver: ApproverPublicKey) -> &mut Self {
        self.insert(Revocation::Approver(approver))
    }

    /// Stops what a brake matches, for every token.
    pub fn brake(&mut self, brake: Brake) -> &mut Self {
        self.insert(Revocation::Brake(brake))
    }

    /// Revokes one thing.
    pub fn insert(&mut self, revocation: Revocation) -> &mut Self {
        match revocation {
            Revocation::IssuedBefore { root, time } => {
                let latest = self.issued_before.entry(root).or_insert(time);
                *latest = time.max(*latest);
            }
            Revocation::Brake(brake) => self.set_brakes(Some(brake), |_| true),
            other => {
                if let Some((keys, key)) = self.keys_mut(&other) {
                    keys.insert(key);
                }
            }
        }
        self
    }

    /// Revokes one thing no more. Whether it was revoked.
    pub fn remove(&mut self, revocation: &Revocation) -> bool {
        match revocation {
            Revocation::IssuedBefore { root, time } => {
                let is_it = self.issued_before.get(root) == Some(time);
                is_it && self.issued_before.remove(root).is_some()
            }
            Revocation::Brake(brake) => {
                let before = self.brakes.iter().len();
                self.set_brakes(None, |other| other != brake);
                self.brakes.iter().len() < before
            }
            other => self
                .keys_mut(other)
                .is_some_and(|(keys, key)| keys.remove(&key)),
        }
    }

    /// Makes room for so many more of a kind at once: a table that grows needs both its old and its
    /// new place while it does.
    pub fn reserve(&mut self, kind: RevocationKind, more: usize) {
        match kind {
            RevocationKind::IssuedBefore => self.issued_before.reserve(more),
            RevocationKind::Brake => {}
            RevocationKind::Root => self.roots.reserve(more),
            RevocationKind::Principal => self.principals.reserve(more),
            RevocationKind::Task => self.tasks.reserve(more),
            RevocationKind::Holder => self.holders.reserve(more),
            RevocationKind::Block => self.blocks.reserve(more),
            RevocationKind::Approver => self.approvers.reserve(more),
        }
    }

    /// How many things are revoked.
    pub fn len(&self) -> usize {
        let keys = [
            &self.roots,
            &self.tasks,
            &self.principals,
            &self.holders,
            &self.blocks,
            &self.approvers,
        ];
        let keys: usize = keys.into_iter().map(HashSet::len).sum();
        keys + self.issued_before.len() + self.brakes.iter().len()
    }

    /// Whether nothing is revoked.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// From the entries of a list, each table at once as large as it must be.
    pub(super) fn from_wire(bytes: &[u8]) -> Result<Self, WireError> {
        let (mut set, mut brakes) = (Self::default(), Vec::new());
        read_entries(bytes, |event| match event {
            Event::Section(kind, count) => set.reserve(kind, count),
            Event::Entry(Revocation::Brake(brake)) => brakes.push(brake),
            Event::Entry(entry) => _ = set.insert(entry),
        })?;
        set.brakes = Brakes::new(brakes);
        Ok(set)
    }

    fn set_brakes(&mut self, more: Option<Brake>, keep: impl Fn(&Brake) -> bool) {
        let kept = self.brakes.iter().filter(|brake| keep(brake)).cloned();
        self.brakes = Brakes::new(kept.chain(more).collect::<Vec<_>>());
    }

    fn keys_mut(&mut self, of: &Revocation) -> Option<(&mut HashSet<Key>, Key)> {
        Some(match of {
            Revocation::Root(root) => (&mut self.roots, *root.as_bytes()),
            Revocation::Principal { root, principal } => {
                (&mut self.principals, named(root, principal.as_str()))
            }
            Revocation::Task { root, task } => (&mut self.tasks, named(root, task.as_str())),
            Revocation::Holder(holder) => (&mut self.holders, *holder.as_bytes()),
            Revocation::Block(block) => (&mut self.blocks, *block.as_bytes()),
            Revocation::Approver(approver) => (&mut self.approvers, *approver.as_bytes()),
            Revocation::IssuedBefore { .. } | Revocation::Brake(_) => return None,
        })
    }
}

/// Of a root and a name under it. The root's length is fixed, so nothing moves across the border.
fn named(root: &IssuerPublicKey, name: &str) -> Key {
    let length = u64::try_from(name.len()).unwrap_or(u64::MAX);
    Sha256::new()
        .chain_update(root.as_bytes())
        .chain_update(length.to_be_bytes())
        .chain_update(name)
        .finalize()
        .into()
}

impl Extend<Revocation> for RevocationSet {
    fn extend<I: IntoIterator<Item = Revocation>>(&mut self, more: I) {
        let mut brakes = Vec::new();
        for revocation in more {
            match revocation {
                Revocation::Brake(brake) => brakes.push(brake),
                other => _ = self.insert(other),
            }
        }
        if !brakes.is_empty() {
            brakes.extend(self.brakes.iter().cloned());
            self.brakes = Brakes::new(brakes);
        }
    }
}

impl FromIterator<Revocation> for RevocationSet {
    fn from_iter<I: IntoIterator<Item = Revocation>>(all: I) -> Self {
        let mut set = Self::default();
        set.extend(all);
        set
    }
}

impl Revocations for RevocationSet {
    /// An empty table is not even asked: most of them mostly are.
    fn revoked(&self, chain: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
        let is_in = |keys: &HashSet<Key>, key: &Key| !keys.is_empty() && keys.contains(key);
        if is_in(&self.roots, chain.root.as_bytes()) {
            return Some(Revoked::Root);
        }
        let limit = match self.issued_before.is_empty() {
            true => None,
            false => self.issued_before.get(chain.root),
        };
        if limit.is_some_and(|limit| chain.issued < *limit) {
            return Some(Revoked::IssuedBefore);
        }
        let is_named = |keys: &HashSet<Key>, name: &str| {
            !keys.is_empty() && keys.contains(&named(chain.root, name))
        };
        if is_named(&self.principals, chain.principal.as_str()) {
            return Some(Revoked::Principal);
        }
        if is_named(&self.tasks, chain.task.as_str()) {
            return Some(Revoked::Task);
        }
        if !self.holders.is_empty() {
            let revoked = |holder: &HolderPublicKey| self.holders.contains(holder.as_bytes());
            if let Some(hop) = chain.holders.iter().position(revoked) {
                return Some(Revoked::Holder(hop));
            }
        }
        if self.blocks.is_empty() {
            return None;
        }
        let revoked = |block: &Signature| self.blocks.contains(BlockId::from(block).as_bytes());
        chain.blocks.iter().position(revoked).map(Revoked::Block)
    }

    fn approver_revoked(
        &self,
        _: &IssuerPublicKey,
        approver: &ApproverPublicKey,
        _: Timestamp,
    ) -> bool {
        self.approvers.contains(approver.as_bytes())
    }

    fn brakes(&self, _: &IssuerPublicKey, service: &Service, _: Timestamp) -> Option<Arc<Scope>> {
        self.brakes.scope(service).cloned()
    }
}

#[cfg(test)]
mod tests;
