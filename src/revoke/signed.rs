//! Revocations by signed lists.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use super::brake::both;
use super::list::{Digest, Document, Head, decode_entries};
use super::{ChainFacts, Freshness, ListError, RevocationSet, Revocations, Revoked, Standing};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, IssuerPublicKey, KeyRing, RevocationPublicKey};
use crate::scope::Scope;

/// What is decided while the list is older than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhenStale {
    /// Nothing: everything is denied.
    Deny,
    /// Reads alone, for so much longer; then nothing.
    AllowReadsFor(Duration),
}

/// What [`SignedRevocations::apply`] made of a list or a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Who signed it.
    pub signer: RevocationPublicKey,
    /// The number of the list that is known now.
    pub number: u64,
    /// What it changed.
    pub change: Change,
}

/// What a list or a delta changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// A list replaced whatever was known of its signer.
    Replaced,
    /// A delta added so many entries.
    Added(usize),
    /// The same entries under the same number, issued later: they are good for longer.
    Renewed,
    /// Nothing: it was known already.
    Nothing,
}

/// Revocations by signed lists: of each signer on the key ring the latest, kept up to date by lists
/// and deltas that come in any way whatever.
///
/// An entry counts only for tokens of the roots that its signer is bound to
/// ([`Root::with_revocation_key`](crate::keys::Root::with_revocation_key)). Before the first list of
/// every key that is bound to a root, all tokens of the root are denied.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::{HolderKey, IssuerKey, KeyRing, RevocationKey, Root, RootKeyId};
/// use bailiwick::revoke::{KillSwitch, Revocation, SignedRevocations, WhenStale};
///
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let hour = Duration::from_secs(3600);
/// let key = RevocationKey::generate()?;
/// let root = Root::new(RootKeyId::new(1), IssuerKey::generate()?.public_key(), now..now + hour)
///     .with_revocation_key(key.public_key());
///
/// let mut switch = KillSwitch::new(key, hour);
/// let known = SignedRevocations::new(&KeyRing::new([root])?, hour, WhenStale::Deny);
/// known.apply(switch.list(now).as_bytes(), now)?;
///
/// let stolen = HolderKey::generate()?.public_key();
/// let delta = switch.revoke(Revocation::Holder(stolen), now);
/// assert_eq!(known.apply(delta.as_bytes(), now)?.number, 2);
///
/// // Whoever carries lists cannot bring back an old one, or make one up.
/// let old = KillSwitch::new(RevocationKey::generate()?, hour).list(now);
/// assert_eq!(known.apply(old.as_bytes(), now).unwrap_err().code(), "list_signer_unknown");
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// A root that no revocation key is bound to is none of this source's business: by it, nothing of
/// that root is revoked, ever.
///
/// What number was seen is in memory: after a restart an older list is taken that is not past its
/// time yet. Publish lists that end soon.
#[derive(Debug)]
pub struct SignedRevocations {
    /// Of each root that anybody may revoke for, who may.
    signers: HashMap<IssuerPublicKey, Vec<RevocationPublicKey>>,
    bound: HashSet<RevocationPublicKey>,
    max_age: Duration,
    when_stale: WhenStale,
    max_bytes: usize,
    skew: Duration,
    /// One change at a time, so that it is checked against what it changes.
    applying: Mutex<()>,
    lists: RwLock<HashMap<RevocationPublicKey, List>>,
}

#[derive(Debug)]
struct List {
    number: u64,
    issued: Timestamp,
    next_update: Timestamp,
    /// Of all entries.
    digest: Digest,
    set: RevocationSet,
}

impl SignedRevocations {
    /// The most bytes of a list unless [`with_max_bytes`](Self::with_max_bytes) says otherwise.
    pub const DEFAULT_MAX_BYTES: usize = 64 * 1024 * 1024;
    /// How far a signer's clock may be ahead unless [`with_skew`](Self::with_skew) says otherwise.
    pub const DEFAULT_SKEW: Duration = Duration::from_secs(5);

    /// Knows nothing yet, and denies. A list is good until its next update is due, and for
    /// `max_age` after it was issued at the most, whatever it says itself.
    pub fn new(ring: &KeyRing, max_age: Duration, when_stale: WhenStale) -> Self {
        let bound = ring
            .roots()
            .filter(|root| !root.revocation_keys().is_empty());
        let signers: HashMap<_, _> = bound
            .map(|root| (*root.key(), root.revocation_keys().to_vec()))
            .collect();
        Self {
            bound: signers.values().flatten().copied().collect(),
            signers,
            max_age,
            when_stale,
            max_bytes: Self::DEFAULT_MAX_BYTES,
            skew: Self::DEFAULT_SKEW,
            applying: Mutex::new(()),
            lists: RwLock::default(),
        }
    }

    /// Takes lists of so many bytes at the most.
    pub fn with_max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Takes lists that were issued so far in the future at the most.
    pub fn with_skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// The most bytes of a list: whoever fetches one need not fetch more.
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Takes a list or a delta, from wherever it comes.
    ///
    /// # Errors
    ///
    /// [`ListError`]; what was known before still is. After [`ListError::Gap`], apply a list.
    pub fn apply(&self, bytes: &[u8], now: Timestamp) -> Result<Applied, ListError> {
        if bytes.len() > self.max_bytes {
            let (found, limit) = (bytes.len(), self.max_bytes);
            return Err(ListError::TooLarge { found, limit });
        }
        let document = Document::read(bytes)?;
        let head = document.head;
        let signer = head.signer;
        if !self.bound.contains(&signer) {
            return Err(ListError::UnknownSigner { signer });
        }
        let digest = document.verify()?;
        self.check_time(&head, now)?;
        let _one_at_a_time = self.applying.lock().unwrap_or_else(PoisonError::into_inner);
        let change = match head.change {
            None => self.apply_list(&head, digest, document.entries)?,
            Some((before, after)) => self.apply_delta(&head, before, after, document.entries)?,
        };
        Ok(Applied {
            signer,
            number: head.number,
            change,
        })
    }

    fn check_time(&self, head: &Head, now: Timestamp) -> Result<(), ListError> {
        let &Head {
            issued,
            next_update,
            ..
        } = head;
        if issued > now.saturating_add(self.skew) {
            return Err(ListError::FromFuture { issued, now });
        }
        if now >= next_update {
            return Err(ListError::Expired { next_update, now });
        }
        Ok(())
    }

    fn apply_list(&self, head: &Head, digest: Digest, entries: &[u8]) -> Result<Change, ListError> {
        if let Some(change) = self.compare(head, &digest)? {
            return Ok(change);
        }
        // Decided by while it is made: a million entries take a while.
        let set = RevocationSet::from_wire(entries)?;
        let list = List {
            number: head.number,
            issued: head.issued,
            next_update: head.next_update,
            digest,
            set,
        };
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        let before = lists.insert(head.signer, list);
        drop(lists);
        // What was known is given back after the others can go on.
        drop(before);
        Ok(Change::Replaced)
    }

    fn apply_delta(
        &self,
        head: &Head,
        before: Digest,
        after: Digest,
        entries: &[u8],
    ) -> Result<Change, ListError> {
        if let Some(change) = self.compare(head, &after)? {
            return Ok(change);
        }
        let found = head.number;
        let gap = |held| ListError::Gap { held, found };
        // Another delta may be invalid in whole, and then nothing of it counts.
        let entries = decode_entries(entries)?;
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        let list = lists.get_mut(&head.signer).ok_or(gap(None))?;
        let number = list.number;
        if number.checked_add(1) != Some(found) {
            return Err(gap(Some(number)));
        }
        if list.digest != before {
            return Err(ListError::Forked { number });
        }
        let added = entries.len();
        list.set.extend(entries);
        list.number = found;
        list.digest = after;
        list.issued = list.issued.max(head.issued);
        list.next_update = list.next_update.max(head.next_update);
        Ok(Change::Added(added))
    }

    /// What it changes if it leads to the list that is known; nothing if to a later one.
    fn compare(&self, head: &Head, digest: &Digest) -> Result<Option<Change>, ListError> {
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        let Some(list) = lists.get_mut(&head.signer) else {
            return Ok(None);
        };
        match head.number.cmp(&list.number) {
            std::cmp::Ordering::Greater => Ok(None),
            std::cmp::Ordering::Less => Err(ListError::RolledBack {
                held: list.number,
                found: head.number,
            }),
            std::cmp::Ordering::Equal if list.digest != *digest => {
                let number = head.number;
                Err(ListError::Forked { number })
            }
            std::cmp::Ordering::Equal if head.issued > list.issued => {
                list.issued = head.issued;
                list.next_update = list.next_update.max(head.next_update);
                Ok(Some(Change::Renewed))
            }
            std::cmp::Ordering::Equal => Ok(Some(Change::Nothing)),
        }
    }

    /// The number of the list that is known of a signer.
    pub fn number(&self, signer: &RevocationPublicKey) -> Option<u64> {
        self.lists().get(signer).map(|list| list.number)
    }

    /// How many entries are known.
    pub fn entries(&self) -> usize {
        self.lists().values().map(|list| list.set.len()).sum()
    }

    fn lists(&self) -> RwLockReadGuard<'_, HashMap<RevocationPublicKey, List>> {
        // Whoever panicked while writing has added entries, or not: both are sets.
        self.lists.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever may revoke for a root of the ring.
    #[cfg(feature = "redis")]
    pub(super) fn bound(&self) -> impl Iterator<Item = RevocationPublicKey> {
        self.bound.iter().copied()
    }

    pub(super) fn signers(&self, root: &IssuerPublicKey) -> &[RevocationPublicKey] {
        self.signers.get(root).map_or(&[], Vec::as_slice)
    }

    fn freshness_of(&self, list: Option<&List>, now: Timestamp) -> Freshness {
        let Some(list) = list else {
            return Freshness::never();
        };
        let good_until = list
            .next_update
            .min(list.issued.saturating_add(self.max_age));
        let reads_until = match self.when_stale {
            WhenStale::Deny => good_until,
            WhenStale::AllowReadsFor(more) => good_until.saturating_add(more),
        };
        let standing = if now < good_until {
            Standing::Fresh
        } else if now < reads_until {
            Standing::ReadsOnly
        } else {
            Standing::Stale
        };
        Freshness {
            number: Some(list.number),
            age: Some(now.saturating_since(list.issued)),
            standing,
        }
    }
}

impl Revocations for SignedRevocations {
    fn revoked(&self, chain: &ChainFacts<'_>, now: Timestamp) -> Option<Revoked> {
        let lists = self.lists();
        let mut unknown = None;
        for signer in self.signers(chain.root) {
            match lists.get(signer) {
                Some(list) => {
                    if let Some(revoked) = list.set.revoked(chain, now) {
                        return Some(revoked);
                    }
                }
                None => unknown = Some(Revoked::Unknown),
            }
        }
        unknown
    }

    fn approver_revoked(
        &self,
        root: &IssuerPublicKey,
        approver: &ApproverPublicKey,
        now: Timestamp,
    ) -> bool {
        let lists = self.lists();
        let known = |signer| lists.get(signer).map(|list| &list.set);
        self.signers(root)
            .iter()
            .any(|signer| known(signer).is_none_or(|set| set.approver_revoked(root, approver, now)))
    }

    fn brakes(
        &self,
        root: &IssuerPublicKey,
        service: &Service,
        now: Timestamp,
    ) -> Option<Arc<Scope>> {
        let lists = self.lists();
        let known = self
            .signers(root)
            .iter()
            .filter_map(|signer| lists.get(signer));
        known.fold(None, |all, list| {
            both(all, list.set.brakes(root, service, now))
        })
    }

    fn freshness(&self, root: &IssuerPublicKey, now: Timestamp) -> Freshness {
        let lists = self.lists();
        let each = self.signers(root).iter();
        let each = each.map(|signer| self.freshness_of(lists.get(signer), now));
        each.reduce(Freshness::worse).unwrap_or(Freshness::live())
    }
}

#[cfg(test)]
mod tests;
