//! The way to an issuer.

use crate::keys::HolderPublicKey;
use crate::token::Token;

/// The way to an issuer: sends it a public key, with whatever it wants to know of the task and of the principal, and brings the
/// token. A closure that makes a future is one.
pub trait Issuance: Send + Sync {
    /// Why there is no token.
    type Error: Send;

    /// Asks for a token that names this key.
    fn issue(
        &self,
        holder: HolderPublicKey,
    ) -> impl Future<Output = Result<Token, Self::Error>> + Send;
}

impl<F, R, E> Issuance for F
where
    F: Fn(HolderPublicKey) -> R + Send + Sync,
    R: Future<Output = Result<Token, E>> + Send,
    E: Send,
{
    type Error = E;

    fn issue(&self, holder: HolderPublicKey) -> impl Future<Output = Result<Token, E>> + Send {
        self(holder)
    }
}
