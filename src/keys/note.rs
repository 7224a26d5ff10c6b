//! The key by which a service says what it gave to a task.

key_role! {
    /// A note key: a service signs with it which values it gave to a task, and nothing else.
    ///
    /// There is no way to sign bytes of one's choice with it. The secret is wiped when dropped,
    /// cannot be cloned or serialized, and `Debug` shows the public half alone.
    ///
    /// ```
    /// use bailiwick::keys::{KeyError, NoteKey};
    ///
    /// let key = NoteKey::generate()?;
    /// let pem = key.to_pkcs8_pem()?;
    /// assert_eq!(NoteKey::from_pkcs8_pem(&pem)?.public_key(), key.public_key());
    /// assert_eq!(NoteKey::from_pkcs8_pem("").unwrap_err(), KeyError::NotPem);
    /// # Ok::<(), KeyError>(())
    /// ```
    secret NoteKey;

    /// The public half of a [`NoteKey`], as a verifier names who may note values under a label.
    ///
    /// ```
    /// use bailiwick::keys::{NotePublicKey, PublicKeyError};
    ///
    /// let text = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    /// assert_eq!(text.parse::<NotePublicKey>()?.to_string(), text);
    ///
    /// assert_eq!(text[8..].parse::<NotePublicKey>(), Err(PublicKeyError::NotKeyText));
    /// # Ok::<(), PublicKeyError>(())
    /// ```
    public NotePublicKey;
}
