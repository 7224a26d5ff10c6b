//! Which root keys a service trusts, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Root, RootKeyId};
use crate::clock::Timestamp;

/// The root keys that a service trusts, several at once while one replaces another.
///
/// ```
/// use std::time::Duration;
///
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::{IssuerKey, KeyRing, KeyRingError, Root, RootKeyId};
///
/// let [old, new] = [RootKeyId::new(1), RootKeyId::new(2)];
/// let day = |day: u64| Timestamp::from_unix_seconds(day * 86_400);
/// let ring = KeyRing::new([
///     Root::new(old, IssuerKey::generate()?.public_key(), day(0)?..day(30)?),
///     Root::new(new, IssuerKey::generate()?.public_key(), day(25)?..day(60)?)
///         .with_longest_lifetime(Duration::from_secs(3600)),
/// ])?;
///
/// let now = day(40)?;
/// assert_eq!(ring.root(new, now)?.id(), new);
/// assert_eq!(
///     ring.root(old, now),
///     Err(KeyRingError::Retired { id: old, until: day(30)?, now }),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyRing {
    roots: BTreeMap<RootKeyId, Root>,
}

impl KeyRing {
    /// Puts root keys on a ring. A ring without any trusts nobody.
    ///
    /// # Errors
    /// [`KeyRingBuildError`] if two roots share an id or a key, or one could never be used.
    pub fn new(roots: impl IntoIterator<Item = Root>) -> Result<Self, KeyRingBuildError> {
        let mut ring = BTreeMap::new();
        let mut keys = BTreeSet::new();
        for root in roots {
            let id = root.id();
            if root.window().is_empty() {
                return Err(KeyRingBuildError::EmptyWindow { id });
            }
            if root
                .longest_lifetime()
                .is_some_and(|longest| longest.is_zero())
            {
                return Err(KeyRingBuildError::ZeroLifetime { id });
            }
            // Under two ids a key would have two ceilings, and the unsigned id of a token would
            // choose.
            if !keys.insert(*root.key()) {
                return Err(KeyRingBuildError::DuplicateKey { id });
            }
            if ring.insert(id, root).is_some() {
                return Err(KeyRingBuildError::DuplicateId { id });
            }
        }
        Ok(Self { roots: ring })
    }

    /// The root of this id, whether or not it is trusted now.
    #[must_use]
    pub fn get(&self, id: RootKeyId) -> Option<&Root> {
        self.roots.get(&id)
    }

    /// The root of this id, if it is trusted now. The time at which a token says it was issued has
    /// no say.
    ///
    /// # Errors
    /// [`KeyRingError`] if there is none, or its window has not begun or has ended.
    pub fn root(&self, id: RootKeyId, now: Timestamp) -> Result<&Root, KeyRingError> {
        let root = self.get(id).ok_or(KeyRingError::Unknown { id })?;
        let &Range { start, end } = root.window();
        if now < start {
            return Err(KeyRingError::NotYetValid {
                id,
                from: start,
                now,
            });
        }
        if now >= end {
            return Err(KeyRingError::Retired {
                id,
                until: end,
                now,
            });
        }
        Ok(root)
    }

    /// Every root, in the order of their ids.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = &Root> {
        self.roots.values()
    }
}

/// Root keys do not make a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingBuildError {
    /// Two roots have the same id.
    #[error("two roots have the id {id}")]
    DuplicateId {
        /// The id.
        id: RootKeyId,
    },
    /// Two roots have the same key.
    #[error("root {id} has the key of another root")]
    DuplicateKey {
        /// The second root with the key.
        id: RootKeyId,
    },
    /// A window ends before it begins, or as it begins.
    #[error("the validity window of root {id} is empty")]
    EmptyWindow {
        /// The root.
        id: RootKeyId,
    },
    /// A root would accept no token at all.
    #[error("the longest lifetime of root {id} is zero")]
    ZeroLifetime {
        /// The root.
        id: RootKeyId,
    },
}

/// The root key that a token names is not trusted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// No root has this id.
    #[error("root key {id} is unknown")]
    Unknown {
        /// The id.
        id: RootKeyId,
    },
    /// The root's window has not begun.
    #[error("root key {id} is valid from {from}, it is {now}")]
    NotYetValid {
        /// The id.
        id: RootKeyId,
        /// The first moment of its window.
        from: Timestamp,
        /// The time of the decision.
        now: Timestamp,
    },
    /// The root's window has ended.
    #[error("root key {id} was retired at {until}, it is {now}")]
    Retired {
        /// The id.
        id: RootKeyId,
        /// The end of its window.
        until: Timestamp,
        /// The time of the decision.
        now: Timestamp,
    },
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::keys::dangerous::issuer_key_from_seed;

    const ID: RootKeyId = RootKeyId::new(7);

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).unwrap()
    }

    fn root(id: u32, seed: u8) -> Root {
        let key = issuer_key_from_seed(&[seed; 32]).public_key();
        Root::new(RootKeyId::new(id), key, at(100)..at(200))
    }

    #[test]
    fn a_root_is_trusted_from_the_start_of_its_window_to_before_its_end() {
        let ring = KeyRing::new([root(7, 1)]).unwrap();
        let (from, until) = (at(100), at(200));
        let before = Timestamp::from_unix_millis(99_999).unwrap();
        let last = Timestamp::from_unix_millis(199_999).unwrap();
        assert_eq!(
            ring.root(ID, before),
            Err(KeyRingError::NotYetValid {
                id: ID,
                from,
                now: before
            })
        );
        assert!(ring.root(ID, from).is_ok());
        assert!(ring.root(ID, last).is_ok());
        assert_eq!(
            ring.root(ID, until),
            Err(KeyRingError::Retired {
                id: ID,
                until,
                now: until
            })
        );
    }

    #[test]
    fn an_id_that_is_not_on_the_ring_is_unknown() {
        let ring = KeyRing::new([root(7, 1)]).unwrap();
        let id = RootKeyId::new(8);
        assert_eq!(ring.root(id, at(150)), Err(KeyRingError::Unknown { id }));
        assert_eq!(
            KeyRing::default().root(ID, at(150)),
            Err(KeyRingError::Unknown { id: ID })
        );
    }

    #[test]
    fn several_roots_are_trusted_at_once() {
        let ring = KeyRing::new([root(8, 2), root(7, 1)]).unwrap();
        assert_eq!(ring.root(ID, at(150)), Ok(&root(7, 1)));
        assert_eq!(ring.root(RootKeyId::new(8), at(150)), Ok(&root(8, 2)));
        assert_eq!(
            ring.roots().map(|root| root.id().get()).collect::<Vec<_>>(),
            [7, 8]
        );
    }

    #[test]
    fn two_roots_of_one_id_are_refused() {
        assert_eq!(
            KeyRing::new([root(7, 1), root(7, 2)]),
            Err(KeyRingBuildError::DuplicateId { id: ID })
        );
    }

    #[test]
    fn one_key_under_two_ids_is_refused() {
        assert_eq!(
            KeyRing::new([root(8, 1), root(7, 1)]),
            Err(KeyRingBuildError::DuplicateKey { id: ID })
        );
    }

    #[test]
    fn a_root_that_could_never_be_used_is_refused() {
        let empty = Root::new(ID, *root(7, 1).key(), at(200)..at(200));
        assert_eq!(
            KeyRing::new([empty]),
            Err(KeyRingBuildError::EmptyWindow { id: ID })
        );
        let zero = root(7, 1).with_longest_lifetime(Duration::ZERO);
        assert_eq!(
            KeyRing::new([zero]),
            Err(KeyRingBuildError::ZeroLifetime { id: ID })
        );
    }
}
