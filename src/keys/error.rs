//! What can be wrong with a key.

/// A secret key could not be made, read or written.
///
/// No variant carries the text that was read: it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Randomness,
    /// The text is not one PEM document with the label `PRIVATE KEY`.
    #[error("expected one PKCS#8 PEM text that begins `-----BEGIN PRIVATE KEY-----`")]
    NotPem,
    /// The PEM document is encrypted; decrypt it first.
    #[error("the PEM text is an encrypted private key, which is not supported: decrypt it first")]
    EncryptedPem,
    /// The document is a private key, of another kind than Ed25519 or badly encoded.
    #[error("the PEM text does not hold an Ed25519 private key")]
    NotEd25519,
    /// The document names a public key that does not belong to its secret.
    #[error("the public key in the PEM text does not belong to its private key")]
    PublicKeyMismatch,
    /// The key could not be encoded.
    #[error("the private key could not be written as PKCS#8")]
    Encoding,
}

/// A public key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// The text is not `ed25519/` and 64 lower-case hex digits. It is not repeated here: people
    /// paste secrets by mistake.
    #[error("expected a public key as `ed25519/` and 64 lower-case hex digits")]
    NotKeyText,
    /// The same point has a shorter encoding. One key, one spelling.
    #[error("the public key is not in its canonical encoding")]
    NonCanonical,
    /// The point has small order: signatures under it prove nothing.
    #[error("the public key has small order, so anybody could sign for it")]
    SmallOrder,
    /// The bytes are no point of the curve.
    #[error("the public key is not a point of the curve")]
    NotOnCurve,
}
