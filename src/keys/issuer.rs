//! The key that signs first blocks.

use super::{Signature, Signer, SignerError};

key_role! {
    /// A root key: it mints tokens by signing their first block.
    ///
    /// A root key can also stay in a key management service, behind a [`Signer`]. The secret is
    /// wiped when dropped, cannot be cloned or serialized, and `Debug` shows the public half alone.
    ///
    /// ```
    /// use bailiwick::keys::{IssuerKey, KeyError};
    ///
    /// let key = IssuerKey::generate()?;
    /// let pem = key.to_pkcs8_pem()?; // to a file that only the issuer reads
    /// assert_eq!(IssuerKey::from_pkcs8_pem(&pem)?.public_key(), key.public_key());
    ///
    /// let cut = &pem[..pem.len() - 40];
    /// assert_eq!(IssuerKey::from_pkcs8_pem(cut).unwrap_err(), KeyError::NotPem);
    /// # Ok::<(), KeyError>(())
    /// ```
    secret IssuerKey;

    /// The public half of an [`IssuerKey`], as a [`KeyRing`](crate::keys::KeyRing) lists it.
    ///
    /// ```
    /// use bailiwick::keys::{IssuerPublicKey, PublicKeyError};
    ///
    /// let text = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    /// let key: IssuerPublicKey = text.parse()?;
    /// assert_eq!(key.to_string(), text);
    ///
    /// // Anybody can sign for a point of small order, so it is no key.
    /// assert_eq!(IssuerPublicKey::from_bytes([0; 32]), Err(PublicKeyError::SmallOrder));
    /// # Ok::<(), PublicKeyError>(())
    /// ```
    public IssuerPublicKey;
}

impl Signer for IssuerKey {
    fn public_key(&self) -> IssuerPublicKey {
        Self::public_key(self)
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        Ok(self.sign_message(message))
    }
}
