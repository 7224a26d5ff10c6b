//! The key of whoever may revoke.

key_role! {
    /// A revocation key: it signs lists of what is revoked, and nothing else.
    ///
    /// It can stop tokens and never make one, so that it may lie where it is at hand in an
    /// emergency. The secret is wiped when dropped, cannot be cloned or serialized, and `Debug`
    /// shows the public half alone.
    ///
    /// ```
    /// use bailiwick::keys::{KeyError, RevocationKey};
    ///
    /// let key = RevocationKey::generate()?;
    /// let pem = key.to_pkcs8_pem()?;
    /// assert_eq!(RevocationKey::from_pkcs8_pem(&pem)?.public_key(), key.public_key());
    ///
    /// let not_pem = RevocationKey::from_pkcs8_pem("hunter2").unwrap_err();
    /// assert_eq!(not_pem, KeyError::NotPem);
    /// # Ok::<(), KeyError>(())
    /// ```
    secret RevocationKey;

    /// The public half of a [`RevocationKey`], as a [`Root`](crate::keys::Root) names who may
    /// revoke its tokens.
    ///
    /// ```
    /// use bailiwick::keys::{PublicKeyError, RevocationPublicKey};
    ///
    /// let text = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    /// assert_eq!(text.parse::<RevocationPublicKey>()?.to_string(), text);
    ///
    /// assert_eq!(text[8..].parse::<RevocationPublicKey>(), Err(PublicKeyError::NotKeyText));
    /// # Ok::<(), PublicKeyError>(())
    /// ```
    public RevocationPublicKey;
}
