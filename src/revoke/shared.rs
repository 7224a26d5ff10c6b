//! A set that changes while gates use it, and several sources as one.

use std::sync::{Arc, PoisonError, RwLock};

use super::brake::both;
use super::source::answered_by;
use super::{ChainFacts, Freshness, RevocationSet, Revocations, Revoked};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, IssuerPublicKey};
use crate::scope::Scope;

/// A [`RevocationSet`] that can be changed while gates use it.
///
/// ```
/// use bailiwick::keys::HolderKey;
/// use bailiwick::revoke::SharedRevocations;
///
/// let shared = SharedRevocations::default();
/// let stolen = HolderKey::generate()?.public_key();
/// shared.change(|set| _ = set.holder(stolen)); // and the next decision knows
/// assert_eq!(shared.snapshot().len(), 1);
/// # Ok::<(), bailiwick::keys::KeyError>(())
/// ```
#[derive(Debug, Default)]
pub struct SharedRevocations(RwLock<Arc<RevocationSet>>);

impl SharedRevocations {
    /// Begins with this set.
    pub fn new(set: RevocationSet) -> Self {
        Self(RwLock::new(Arc::new(set)))
    }

    /// Changes the set. It is copied only while somebody holds a snapshot.
    pub fn change<T>(&self, change: impl FnOnce(&mut RevocationSet) -> T) -> T {
        let mut set = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut set))
    }

    /// Puts another set in its place.
    pub fn replace(&self, set: RevocationSet) {
        let set = Arc::new(set);
        let mut place = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *place, set);
        drop(place);
        drop(before);
    }

    /// The set as it is now.
    pub fn snapshot(&self) -> Arc<RevocationSet> {
        // Whatever panicked while changing it left a set.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Revocations for SharedRevocations {
    answered_by!(self => self.snapshot());
}

/// Several sources as one: what any of them revokes is revoked, and the least certain of them says
/// what may be decided.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use bailiwick::revoke::{SharedRevocations, Sources, Tripwire};
///
/// let by_hand = Arc::new(SharedRevocations::default());
/// let tripwire = Arc::new(Tripwire::new(20, Duration::from_secs(60)));
/// let sources = Sources::new().with(by_hand.clone()).with(tripwire.clone());
/// # let _ = sources;
/// ```
#[derive(Clone, Default)]
pub struct Sources(Vec<Arc<dyn Revocations>>);

impl Sources {
    /// None yet: nothing is revoked.
    pub fn new() -> Self {
        Self::default()
    }

    /// One source more.
    #[must_use]
    pub fn with(mut self, source: Arc<dyn Revocations>) -> Self {
        self.0.push(source);
        self
    }
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sources").field(&self.0.len()).finish()
    }
}

impl Revocations for Sources {
    fn revoked(&self, chain: &ChainFacts<'_>, now: Timestamp) -> Option<Revoked> {
        let mut unknown = None;
        for source in &self.0 {
            match source.revoked(chain, now) {
                None => {}
                Some(Revoked::Unknown) => unknown = Some(Revoked::Unknown),
                known => return known,
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
        let mut sources = self.0.iter();
        sources.any(|source| source.approver_revoked(root, approver, now))
    }

    fn brakes(
        &self,
        root: &IssuerPublicKey,
        service: &Service,
        now: Timestamp,
    ) -> Option<Arc<Scope>> {
        let brakes = self
            .0
            .iter()
            .map(|source| source.brakes(root, service, now));
        brakes.fold(None, both)
    }

    fn freshness(&self, root: &IssuerPublicKey, now: Timestamp) -> Freshness {
        let each = self.0.iter().map(|source| source.freshness(root, now));
        each.reduce(Freshness::worse).unwrap_or(Freshness::live())
    }
}
