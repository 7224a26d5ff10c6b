//! The one secret core behind the three kinds of secret keys.

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use super::{KeyError, Signature};

/// An Ed25519 secret. Dalek wipes it when it is dropped.
pub(super) struct Secret(SigningKey);

impl Secret {
    pub(super) fn generate() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        getrandom::getrandom(seed.as_mut_slice()).map_err(|_| KeyError::Randomness)?;
        Ok(Self::from_seed(&seed))
    }

    pub(super) fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    pub(super) fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        // Named by itself, because "not PEM" would send people looking in the wrong place.
        if pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(KeyError::EncryptedPem);
        }
        if !pem.starts_with("-----BEGIN PRIVATE KEY-----") {
            return Err(KeyError::NotPem);
        }
        let pair = KeypairBytes::from_pkcs8_pem(pem).map_err(|_| KeyError::NotEd25519)?;
        let secret = Self::from_seed(&pair.secret_key);
        match &pair.public_key {
            Some(stated) if stated.to_bytes() != secret.public_bytes() => {
                Err(KeyError::PublicKeyMismatch)
            }
            _ => Ok(secret),
        }
    }

    pub(super) fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        KeypairBytes::from(&self.0)
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| KeyError::Encoding)
    }

    pub(super) fn public_bytes(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.0.sign(message).to_bytes())
    }
}
