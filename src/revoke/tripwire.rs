//! An agent that is denied too often is stopped.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use super::{ChainFacts, Revocations, Revoked};
use crate::clock::Timestamp;
use crate::keys::HolderPublicKey;
use crate::present::Nonce;

/// Revokes a holder, and all below it, once so many of its calls were denied within a while.
///
/// Only denials **after a valid proof** count, each proof once: garbage that a stranger sends in
/// somebody's name, and what a stranger sends again, count nothing. What is above the holder in its
/// chain goes on.
///
/// ```
/// use std::time::Duration;
///
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::HolderKey;
/// use bailiwick::present::Nonce;
/// use bailiwick::revoke::Tripwire;
///
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let rogue = HolderKey::generate()?.public_key();
/// let tripwire = Tripwire::new(3, Duration::from_secs(60));
///
/// let nonces = [Nonce::random()?, Nonce::random()?, Nonce::random()?];
/// assert!(!tripwire.denied(&rogue, &nonces[0], now));
/// assert!(!tripwire.denied(&rogue, &nonces[1], now));
/// assert!(!tripwire.denied(&rogue, &nonces[1], now)); // the same proof
/// assert!(tripwire.denied(&rogue, &nonces[2], now));
/// assert!(tripwire.is_tripped(&rogue));
///
/// assert!(tripwire.release(&rogue)); // somebody looked into it
/// assert!(!tripwire.is_tripped(&rogue));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// It is a net for what goes astray, not a budget: an agent that hands on to keys of its own has
/// each of them counted by itself. It is in memory, so that a restart forgets it.
#[derive(Debug)]
pub struct Tripwire {
    denials: usize,
    within: Duration,
    memory: Duration,
    holders: usize,
    counts: Mutex<HashMap<HolderPublicKey, Denials>>,
    tripped: RwLock<HashSet<HolderPublicKey>>,
}

/// The denials of one holder, the oldest first.
type Denials = VecDeque<(Timestamp, Nonce)>;

impl Tripwire {
    /// How long a proof is remembered unless [`with_proof_window`](Self::with_proof_window) says
    /// otherwise.
    pub const DEFAULT_PROOF_WINDOW: Duration = Duration::from_secs(120);
    /// How many holders are counted unless [`with_holders`](Self::with_holders) says otherwise.
    pub const DEFAULT_HOLDERS: usize = 10_000;

    /// Trips at so many denials (at least one) within a while.
    pub fn new(denials: u32, within: Duration) -> Self {
        Self {
            denials: usize::try_from(denials).unwrap_or(usize::MAX).max(1),
            within,
            memory: Self::DEFAULT_PROOF_WINDOW.max(within),
            holders: Self::DEFAULT_HOLDERS,
            counts: Mutex::default(),
            tripped: RwLock::default(),
        }
    }

    /// Remembers proofs for so long, and for as long as denials count: no shorter than verifiers
    /// accept a proof, their skew included, or who saw one can have it counted again.
    pub fn with_proof_window(mut self, window: Duration) -> Self {
        self.memory = window.max(self.within);
        self
    }

    /// Counts so many holders at a time at the most; the one that was denied last the longest ago
    /// is forgotten for another. What has tripped is never forgotten.
    pub fn with_holders(mut self, holders: usize) -> Self {
        self.holders = holders.max(1);
        self
    }

    /// A call by this holder was denied after its proof was verified. Whether that trips the wire,
    /// now.
    pub fn denied(&self, holder: &HolderPublicKey, nonce: &Nonce, now: Timestamp) -> bool {
        if self.is_tripped(holder) {
            return false;
        }
        let mut counts = self.counts();
        self.make_room(&mut counts, holder);
        let denials = counts.entry(*holder).or_default();
        let forgotten = now.saturating_sub(self.memory);
        denials.retain(|(time, _)| *time >= forgotten);
        if denials.iter().any(|(_, seen)| seen == nonce) {
            return false;
        }
        denials.push_back((now, *nonce));
        let since = now.saturating_sub(self.within);
        let count = denials.iter().filter(|(time, _)| *time >= since).count();
        if count < self.denials {
            // Older ones can only be told again, not trip: a few times as many as trip are enough.
            while denials.len() > self.denials.saturating_mul(8).max(64) {
                denials.pop_front();
            }
            return false;
        }
        counts.remove(holder);
        let mut tripped = self.tripped.write().unwrap_or_else(PoisonError::into_inner);
        tripped.insert(*holder)
    }

    /// Whether this very holder is revoked.
    pub fn is_tripped(&self, holder: &HolderPublicKey) -> bool {
        let tripped = self.tripped.read().unwrap_or_else(PoisonError::into_inner);
        tripped.contains(holder)
    }

    /// Lets a holder go on. Whether it had been stopped.
    pub fn release(&self, holder: &HolderPublicKey) -> bool {
        let mut tripped = self.tripped.write().unwrap_or_else(PoisonError::into_inner);
        tripped.remove(holder)
    }

    fn make_room(&self, counts: &mut HashMap<HolderPublicKey, Denials>, for_: &HolderPublicKey) {
        if counts.len() < self.holders || counts.contains_key(for_) {
            return;
        }
        let last = |denials: &Denials| denials.back().map(|(time, _)| *time);
        let oldest = counts.iter().min_by_key(|(_, denials)| last(denials));
        if let Some(oldest) = oldest.map(|(holder, _)| *holder) {
            counts.remove(&oldest);
        }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<HolderPublicKey, Denials>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Revocations for Tripwire {
    fn revoked(&self, chain: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
        let tripped = self.tripped.read().unwrap_or_else(PoisonError::into_inner);
        if tripped.is_empty() {
            return None;
        }
        let hop = chain
            .holders
            .iter()
            .position(|holder| tripped.contains(holder));
        hop.map(Revoked::Holder)
    }
}

#[cfg(test)]
mod tests;
