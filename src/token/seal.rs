//! The form of a token that stock Biscuit libraries verify.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;

use super::container::Writer;
use super::{Chain, ChainError, payload};
use crate::keys::HolderKey;

/// A token that its last holder has closed with a signature of its own: a stock Biscuit, for stock
/// verifiers.
///
/// Nobody can add a block to it.
///
/// # Security
/// Whoever has a sealed token can use it, at every service that takes sealed tokens, until it ends.
/// Ours do not take it. `Debug` leaves the bytes out.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedToken(Vec<u8>);

impl SealedToken {
    /// The bytes of a Biscuit.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text that stock libraries read: URL-safe base64, padded.
    #[must_use]
    pub fn to_base64(&self) -> String {
        URL_SAFE.encode(&self.0)
    }
}

impl fmt::Debug for SealedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedToken({} bytes)", self.0.len())
    }
}

impl Chain {
    /// Seals the token with the key of its last holder.
    pub(crate) fn seal(&self, holder: &HolderKey) -> Result<SealedToken, ChainError> {
        self.check_holder(holder)?;
        let signature = holder.sign_message(&payload::of_seal(&self.last()));
        Ok(SealedToken(Writer::after(self).sealed(&signature)))
    }
}
