//! Sixty-four bytes that claim to be a signature.

use std::fmt;

/// An Ed25519 signature: `R` and `s`, 64 bytes (RFC 8032). Only verifying tells whether it is one.
///
/// ```
/// use bailiwick::keys::{IssuerKey, Signature, Signer};
///
/// let signature = IssuerKey::generate()?.sign(b"a block").unwrap();
/// assert_eq!(Signature::try_from(&signature.as_bytes()[..]).unwrap(), signature);
/// assert!(Signature::try_from(&signature.as_bytes()[..63]).is_err());
/// # Ok::<(), bailiwick::keys::KeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Takes the bytes as they are.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Signature {
    type Error = std::array::TryFromSliceError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        bytes.try_into().map(Self)
    }
}

/// 128 lower-case hex digits.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", base16ct::HexDisplay(&self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

/// A signature that strict verification refused. It says no more, as nothing more is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not valid")]
pub(crate) struct BadSignature;
