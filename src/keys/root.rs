//! A root key that a service trusts, and for what.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::{IssuerPublicKey, RevocationPublicKey};
use crate::clock::Timestamp;
use crate::scope::Scope;

/// The number by which a token says which root key signed it.
///
/// It is not signed: a hint where to look, and nothing else.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct RootKeyId(u32);

impl RootKeyId {
    /// Names a root key.
    #[must_use]
    pub const fn new(id: u32) -> Self {
        Self(id)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for RootKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A root key that a service trusts: which, when, for how much, and for tokens of how long a life.
///
/// ```
/// use std::time::Duration;
///
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::{IssuerPublicKey, Root, RootKeyId};
/// use bailiwick::scope::{Capability, Scope};
///
/// // What this issuer may grant at most, whatever its tokens say.
/// let forum_only = Scope::builder().allow(Capability::operation("forum.*", "forum/**")?).build()?;
///
/// let key: IssuerPublicKey =
///     "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".parse()?;
/// let from = Timestamp::from_unix_seconds(1_790_000_000)?;
/// let until = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let root = Root::new(RootKeyId::new(1), key, from..until)
///     .with_longest_lifetime(Duration::from_secs(24 * 3600))
///     .with_ceiling(forum_only.clone());
/// assert_eq!(root.ceiling(), Some(&forum_only));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    id: RootKeyId,
    key: IssuerPublicKey,
    window: Range<Timestamp>,
    longest_lifetime: Option<Duration>,
    ceiling: Option<Arc<Scope>>,
    revocation_keys: Vec<RevocationPublicKey>,
}

impl Root {
    /// Trusts a root key from the first moment of the window on, and no more from its end on.
    ///
    /// Tokens that it signed stop with it, whenever they were signed: a stolen key can date them as
    /// it likes.
    #[must_use]
    pub fn new(id: RootKeyId, key: IssuerPublicKey, window: Range<Timestamp>) -> Self {
        Self {
            id,
            key,
            window,
            longest_lifetime: None,
            ceiling: None,
            revocation_keys: Vec::new(),
        }
    }

    /// Refuses tokens of this root that live longer than this, from when they say they were issued
    /// to the end of their first block.
    #[must_use]
    pub fn with_longest_lifetime(mut self, lifetime: Duration) -> Self {
        self.longest_lifetime = Some(lifetime);
        self
    }

    /// Lets tokens of this root do at most this much: a scope that applies to every one of them, as
    /// if it were one more block.
    #[must_use]
    pub fn with_ceiling(mut self, ceiling: Scope) -> Self {
        self.ceiling = Some(Arc::new(ceiling));
        self
    }

    /// Lets the holder of this revocation key revoke what rests on this root. Several keys may,
    /// each with a list of its own.
    #[must_use]
    pub fn with_revocation_key(mut self, key: RevocationPublicKey) -> Self {
        if !self.revocation_keys.contains(&key) {
            self.revocation_keys.push(key);
        }
        self
    }

    /// The number that tokens name.
    #[must_use]
    pub fn id(&self) -> RootKeyId {
        self.id
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &IssuerPublicKey {
        &self.key
    }

    /// When the key is trusted, the end excluded.
    #[must_use]
    pub fn window(&self) -> &Range<Timestamp> {
        &self.window
    }

    /// How long a token of this root may live, if there is a limit.
    #[must_use]
    pub fn longest_lifetime(&self) -> Option<Duration> {
        self.longest_lifetime
    }

    /// What tokens of this root can do at most, if there is a limit.
    #[must_use]
    pub fn ceiling(&self) -> Option<&Scope> {
        self.ceiling.as_deref()
    }

    /// Who may revoke what rests on this root.
    #[must_use]
    pub fn revocation_keys(&self) -> &[RevocationPublicKey] {
        &self.revocation_keys
    }

    /// Shared with every decision that rests on this root.
    pub(crate) fn shared_ceiling(&self) -> Option<Arc<Scope>> {
        self.ceiling.clone()
    }
}
