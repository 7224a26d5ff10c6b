//! A root key wherever it lives.

use std::error::Error;

use super::{IssuerPublicKey, Signature};

/// Signs first blocks with a root key, in this process or in a key management service.
///
/// [`IssuerKey`](crate::keys::IssuerKey) is one. For a KMS, ask it for a pure Ed25519 signature
/// (RFC 8032, not prehashed) over the message exactly as given. Whoever mints verifies what comes
/// back.
///
/// ```
/// use bailiwick::keys::{IssuerKey, IssuerPublicKey, Signature, Signer, SignerError};
///
/// struct Kms {
///     inside: IssuerKey,
///     reachable: bool,
/// }
///
/// impl Signer for Kms {
///     fn public_key(&self) -> IssuerPublicKey {
///         self.inside.public_key()
///     }
///
///     fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
///         if !self.reachable {
///             return Err(SignerError::unavailable("connection timed out"));
///         }
///         self.inside.sign(message)
///     }
/// }
///
/// let mut kms = Kms { inside: IssuerKey::generate()?, reachable: true };
/// assert!(kms.sign(b"a block").is_ok());
/// kms.reachable = false;
/// assert!(matches!(kms.sign(b"a block"), Err(SignerError::Unavailable { .. })));
/// # Ok::<(), bailiwick::keys::KeyError>(())
/// ```
pub trait Signer {
    /// The public half of the key that signs.
    fn public_key(&self) -> IssuerPublicKey;

    /// Signs the message.
    ///
    /// # Errors
    /// [`SignerError`] when the key cannot be reached or does not agree to sign.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError>;
}

impl<S: Signer + ?Sized> Signer for &S {
    fn public_key(&self) -> IssuerPublicKey {
        S::public_key(self)
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        S::sign(self, message)
    }
}

impl<S: Signer + ?Sized> Signer for std::sync::Arc<S> {
    fn public_key(&self) -> IssuerPublicKey {
        S::public_key(self)
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        S::sign(self, message)
    }
}

/// A [`Signer`] gave no signature.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignerError {
    /// The key could not be reached. Trying again may help.
    #[error("the signer is unavailable")]
    Unavailable {
        /// What the signer said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The key was reached and does not sign this. Trying again does not help.
    #[error("the signer refused")]
    Refused {
        /// What the signer said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl SignerError {
    /// The key could not be reached.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable {
            source: source.into(),
        }
    }

    /// The key was reached and does not sign this.
    pub fn refused(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused {
            source: source.into(),
        }
    }
}
