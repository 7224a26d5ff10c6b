//! The key of an agent.

key_role! {
    /// An agent's own key: it proves possession of a token, and signs the block that hands a
    /// narrower one on.
    ///
    /// An agent makes its key itself and hands over the public half, so that nobody else can act in
    /// its name. There is no way to sign bytes of one's choice with it. The secret is wiped when
    /// dropped, cannot be cloned or serialized, and `Debug` shows the public half alone.
    ///
    /// ```
    /// use bailiwick::keys::{HolderKey, KeyError};
    ///
    /// let key = HolderKey::generate()?;
    /// assert_eq!(format!("{key:?}"), format!("HolderKey({})", key.public_key()));
    ///
    /// let not_pem = HolderKey::from_pkcs8_pem("hunter2").unwrap_err();
    /// assert_eq!(not_pem, KeyError::NotPem);
    /// # Ok::<(), KeyError>(())
    /// ```
    ///
    /// ```compile_fail,E0624
    /// # let key = bailiwick::keys::HolderKey::generate().unwrap();
    /// key.sign_message(b"anything"); // not for users
    /// ```
    secret HolderKey;

    /// The public half of a [`HolderKey`], as a block names the next holder.
    ///
    /// ```
    /// use bailiwick::keys::{HolderPublicKey, PublicKeyError};
    ///
    /// let text = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    /// assert_eq!(text.parse::<HolderPublicKey>()?.to_string(), text);
    ///
    /// let shouted = text.to_uppercase().parse::<HolderPublicKey>();
    /// assert_eq!(shouted, Err(PublicKeyError::NotKeyText)); // one key, one spelling
    /// # Ok::<(), PublicKeyError>(())
    /// ```
    public HolderPublicKey;
}
