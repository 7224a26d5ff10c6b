//! The key of somebody who approves.

key_role! {
    /// An approver's key: it signs approvals of exact actions, and nothing else.
    ///
    /// There is no way to sign bytes of one's choice with it. The secret is wiped when dropped,
    /// cannot be cloned or serialized, and `Debug` shows the public half alone.
    ///
    /// ```
    /// use bailiwick::keys::{ApproverKey, KeyError};
    ///
    /// let key = ApproverKey::generate()?;
    /// let pem = key.to_pkcs8_pem()?;
    /// assert_eq!(ApproverKey::from_pkcs8_pem(&pem)?.public_key(), key.public_key());
    ///
    /// let encrypted = pem.replace("PRIVATE", "ENCRYPTED PRIVATE");
    /// assert_eq!(ApproverKey::from_pkcs8_pem(&encrypted).unwrap_err(), KeyError::EncryptedPem);
    /// # Ok::<(), KeyError>(())
    /// ```
    secret ApproverKey;

    /// The public half of an [`ApproverKey`], as a requirement names who may approve.
    ///
    /// ```
    /// use bailiwick::keys::{ApproverPublicKey, PublicKeyError};
    ///
    /// let text = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    /// assert_eq!(text.parse::<ApproverPublicKey>()?.to_string(), text);
    ///
    /// assert_eq!(text[8..].parse::<ApproverPublicKey>(), Err(PublicKeyError::NotKeyText));
    /// # Ok::<(), PublicKeyError>(())
    /// ```
    public ApproverPublicKey;
}
