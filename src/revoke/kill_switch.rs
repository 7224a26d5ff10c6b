//! The signer's side of lists.

use std::collections::BTreeSet;
use std::time::Duration;

use super::list::{Head, digest, sign};
use super::wire::{entry_bytes, write_entries};
use super::{ListError, Revocation, RevocationKind, RevocationList, SignedDelta, SignedList};
use crate::clock::Timestamp;
use crate::keys::{RevocationKey, RevocationPublicKey};

/// Revokes, in the name of a revocation key: keeps the list and its number, and signs.
///
/// Every change is a delta, for sources that have the list before; every now and then, and for
/// everybody who missed one, publish the list.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::{HolderKey, RevocationKey};
/// use bailiwick::revoke::{KillSwitch, Revocation};
///
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let pem = RevocationKey::generate()?.to_pkcs8_pem()?;
/// let mut switch = KillSwitch::new(RevocationKey::from_pkcs8_pem(&pem)?, Duration::from_secs(3600));
///
/// let delta = switch.revoke(Revocation::Holder(HolderKey::generate()?.public_key()), now);
/// assert_eq!(delta.number(), 2); // the empty list was the first
///
/// // After a restart it goes on where it was, from the list that it published.
/// let list = switch.list(now);
/// let key = RevocationKey::from_pkcs8_pem(&pem)?;
/// let again = KillSwitch::resume(key, list.as_bytes(), Duration::from_secs(3600))?;
/// assert_eq!(again.number(), 2);
///
/// // Another key has another list.
/// let other = KillSwitch::resume(RevocationKey::generate()?, list.as_bytes(), Duration::from_secs(3600));
/// assert_eq!(other.unwrap_err().code(), "list_signer_unknown");
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// One key has one switch: two would sign different lists with one number, which sources refuse
/// ([`ListError::Forked`]). Store the list before you publish what comes of a change.
#[derive(Debug)]
pub struct KillSwitch {
    key: RevocationKey,
    good_for: Duration,
    number: u64,
    issued: Timestamp,
    entries: BTreeSet<(RevocationKind, Vec<u8>)>,
}

impl KillSwitch {
    /// Revokes nothing yet. Each list and delta is good for so long, unless a source is stricter.
    pub fn new(key: RevocationKey, good_for: Duration) -> Self {
        Self {
            key,
            good_for,
            number: 1,
            issued: Timestamp::MIN,
            entries: BTreeSet::new(),
        }
    }

    /// Goes on from the last list that this key signed, though its time may be over.
    ///
    /// # Errors
    ///
    /// [`ListError`] if it is not a list of this key.
    pub fn resume(key: RevocationKey, list: &[u8], good_for: Duration) -> Result<Self, ListError> {
        let list = RevocationList::open(list, &key.public_key())?;
        let entries = list.entries.iter();
        Ok(Self {
            key,
            good_for,
            number: list.number,
            issued: list.issued,
            entries: entries
                .map(|entry| (entry.kind(), entry_bytes(entry)))
                .collect(),
        })
    }

    /// Revokes one thing more. What is revoked already stays so, and the delta says nothing new.
    pub fn revoke(&mut self, revocation: Revocation, now: Timestamp) -> SignedDelta {
        self.revoke_all([revocation], now)
    }

    /// Revokes several things at once.
    pub fn revoke_all(
        &mut self,
        revocations: impl IntoIterator<Item = Revocation>,
        now: Timestamp,
    ) -> SignedDelta {
        let before = digest(&self.bytes());
        let mut added = BTreeSet::new();
        for revocation in revocations {
            let entry = (revocation.kind(), entry_bytes(&revocation));
            if self.entries.insert(entry.clone()) {
                added.insert(entry);
            }
        }
        let change = (before, digest(&self.bytes()));
        let head = self.next_head(Some(change), now);
        SignedDelta {
            number: self.number,
            bytes: sign(&self.key, &head, &bytes(&added)),
        }
    }

    /// Revokes something no more. Only a list can say so; `None` if it was not revoked.
    pub fn release(&mut self, revocation: &Revocation, now: Timestamp) -> Option<SignedList> {
        let entry = (revocation.kind(), entry_bytes(revocation));
        if !self.entries.remove(&entry) {
            return None;
        }
        self.number = self.number.saturating_add(1);
        Some(self.list(now))
    }

    /// The list as it stands, good from now on: publish one well before the last one's time is
    /// over, though nothing has changed.
    pub fn list(&mut self, now: Timestamp) -> SignedList {
        let head = self.head(None, now);
        SignedList {
            number: self.number,
            bytes: sign(&self.key, &head, &self.bytes()),
        }
    }

    /// The number of the list.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many things are revoked.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is revoked.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The key that sources must know.
    pub fn public_key(&self) -> RevocationPublicKey {
        self.key.public_key()
    }

    fn bytes(&self) -> Vec<u8> {
        bytes(&self.entries)
    }

    fn next_head(&mut self, change: Option<([u8; 32], [u8; 32])>, now: Timestamp) -> Head {
        self.number = self.number.saturating_add(1);
        self.head(change, now)
    }

    fn head(&mut self, change: Option<([u8; 32], [u8; 32])>, now: Timestamp) -> Head {
        // A clock that was put back must not make a later list look older.
        self.issued = now.max(self.issued);
        let good_for = self.good_for.max(Duration::from_millis(1));
        Head {
            signer: self.key.public_key(),
            number: self.number,
            issued: self.issued,
            next_update: self.issued.saturating_add(good_for),
            change,
        }
    }
}

fn bytes(entries: &BTreeSet<(RevocationKind, Vec<u8>)>) -> Vec<u8> {
    write_entries(
        entries
            .iter()
            .map(|(kind, bytes)| (*kind, bytes.as_slice())),
    )
}
