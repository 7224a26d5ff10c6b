//! Keys from known bytes, for test vectors. Never for anything that is trusted.
//!
//! # Security
//! A key is as secret as its seed, and a seed in a source file is public. Real keys come from
//! `generate` or from PEM.

use super::{ApproverKey, DirectoryKey, HolderKey, IssuerKey, NoteKey, RevocationKey};

/// The issuer key of a fixed 32-byte seed (the private key of RFC 8032), for vectors and tests.
///
/// ```
/// use bailiwick::keys::dangerous::issuer_key_from_seed;
///
/// let key = issuer_key_from_seed(&[1; 32]);
/// assert_eq!(key.public_key(), issuer_key_from_seed(&[1; 32]).public_key());
/// assert_ne!(key.public_key(), issuer_key_from_seed(&[2; 32]).public_key());
/// ```
#[must_use]
pub fn issuer_key_from_seed(seed: &[u8; 32]) -> IssuerKey {
    IssuerKey::from_seed(seed)
}

/// The holder key of a fixed 32-byte seed, for vectors and tests. See [`issuer_key_from_seed`].
#[must_use]
pub fn holder_key_from_seed(seed: &[u8; 32]) -> HolderKey {
    HolderKey::from_seed(seed)
}

/// The approver key of a fixed 32-byte seed, for vectors and tests. See [`issuer_key_from_seed`].
#[must_use]
pub fn approver_key_from_seed(seed: &[u8; 32]) -> ApproverKey {
    ApproverKey::from_seed(seed)
}

/// The directory key of a fixed 32-byte seed, for vectors and tests. See [`issuer_key_from_seed`].
#[must_use]
pub fn directory_key_from_seed(seed: &[u8; 32]) -> DirectoryKey {
    DirectoryKey::from_seed(seed)
}

/// The revocation key of a fixed 32-byte seed, for vectors and tests. See [`issuer_key_from_seed`].
#[must_use]
pub fn revocation_key_from_seed(seed: &[u8; 32]) -> RevocationKey {
    RevocationKey::from_seed(seed)
}

/// The note key of a fixed 32-byte seed, for vectors and tests. See [`issuer_key_from_seed`].
#[must_use]
pub fn note_key_from_seed(seed: &[u8; 32]) -> NoteKey {
    NoteKey::from_seed(seed)
}
