//! The key of whoever says who the approvers are.

key_role! {
    /// A directory's key: it signs the list of approvers, with their names and which are revoked, and
    /// nothing else.
    ///
    /// There is no way to sign bytes of one's choice with it. The secret is wiped when dropped,
    /// cannot be cloned or serialized, and `Debug` shows the public half alone.
    ///
    /// ```
    /// use bailiwick::keys::{DirectoryKey, KeyError};
    ///
    /// let key = DirectoryKey::generate()?;
    /// let pem = key.to_pkcs8_pem()?;
    /// assert_eq!(DirectoryKey::from_pkcs8_pem(&pem)?.public_key(), key.public_key());
    /// assert_eq!(DirectoryKey::from_pkcs8_pem("").unwrap_err(), KeyError::NotPem);
    /// # Ok::<(), KeyError>(())
    /// ```
    secret DirectoryKey;

    /// The public half of a [`DirectoryKey`], as a service that trusts a directory holds it.
    ///
    /// ```
    /// use bailiwick::keys::{DirectoryPublicKey, PublicKeyError};
    ///
    /// let text = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    /// assert_eq!(text.parse::<DirectoryPublicKey>()?.to_string(), text);
    ///
    /// assert_eq!(text[8..].parse::<DirectoryPublicKey>(), Err(PublicKeyError::NotKeyText));
    /// # Ok::<(), PublicKeyError>(())
    /// ```
    public DirectoryPublicKey;
}
