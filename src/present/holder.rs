//! A token in the hands of its holder.

use std::fmt;
use std::sync::Arc;

use super::{AttemptId, NoRandomness, Nonce, Presentation, Proof, proof::Bound};
use crate::action::{Call, Service};
use crate::clock::Timestamp;
use crate::keys::{HolderKey, HolderPublicKey};
use crate::token::Token;

/// A token with the key that its last block names: what an agent runtime holds, and attaches to
/// every call.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, present::*, scope::*};
/// # let (now, agent) = (Timestamp::from_unix_seconds(1_800_000_000)?, HolderKey::generate()?);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let token = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
/// assert!(Holder::new(token.clone(), HolderKey::generate()?).is_err()); // not the key that it names
/// let holder = Holder::new(token, agent)?;
/// let call = Call::tool("read_thread".parse()?, Tree::from_pairs([("id", 42i64)])?);
/// let presentation = holder.present(&"forum.example".parse()?, &call, now)?;
/// assert!(presentation.to_text().starts_with("bwp1_"));
/// # Ok(())
/// # }
/// ```
pub struct Holder {
    token: Token,
    key: Arc<HolderKey>,
}

/// The key is not the one that the token's last block names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token names holder {named}, and the key is {given}")]
pub struct NotTheHolder {
    /// The key that the token names.
    pub named: HolderPublicKey,
    /// The key that was given.
    pub given: HolderPublicKey,
}

impl Holder {
    /// Puts a token and its key together. Tokens that name the same key can share it.
    ///
    /// # Errors
    ///
    /// [`NotTheHolder`] if the token names another key.
    pub fn new(token: Token, key: impl Into<Arc<HolderKey>>) -> Result<Self, NotTheHolder> {
        let key = key.into();
        let (named, given) = (token.holder(), key.public_key());
        if named != given {
            return Err(NotTheHolder { named, given });
        }
        Ok(Self { token, key })
    }

    /// Proves possession for one call to one service: a fresh proof, and a fresh attempt.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn present(
        &self,
        service: &Service,
        call: &Call,
        now: Timestamp,
    ) -> Result<Presentation, NoRandomness> {
        self.present_attempt(service, call, AttemptId::random()?, now)
    }

    /// As [`present`](Self::present), for another try at the same attempt.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn present_attempt(
        &self,
        service: &Service,
        call: &Call,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<Presentation, NoRandomness> {
        let digest = call.digest();
        let bound = Bound {
            service,
            token: &self.token.last_signature(),
            call: &digest,
        };
        let proof = Proof::sign(&self.key, bound, now, Nonce::random()?, attempt);
        Ok(Presentation::new(&self.token, proof))
    }

    /// The token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The public half of the key.
    pub fn public_key(&self) -> HolderPublicKey {
        self.key.public_key()
    }

    /// Whether nobody else has the key.
    pub(crate) fn owns_key(&mut self) -> bool {
        Arc::get_mut(&mut self.key).is_some()
    }

    /// Goes on with a token that was handed on to this key. The old key is wiped, if it was owned.
    pub(crate) fn replace(&mut self, token: Token, key: HolderKey) {
        (self.token, self.key) = (token, Arc::new(key));
    }

    pub(crate) fn key(&self) -> &HolderKey {
        &self.key
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holder")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{agent, call, forum, mint, now, scope};

    #[test]
    fn a_token_and_the_key_of_another_holder_do_not_go_together() {
        let error = Holder::new(mint(scope()), agent(2)).unwrap_err();
        assert_eq!(error.named, agent(1).public_key());
        assert_eq!(error.given, agent(2).public_key());
    }

    #[test]
    fn two_presentations_of_one_call_differ_in_nonce_and_attempt() {
        let holder = Holder::new(mint(scope()), agent(1)).unwrap();
        let present = || holder.present(&forum(), &call(), now()).unwrap();
        let (one, two) = (present(), present());
        assert_ne!(one.proof().nonce(), two.proof().nonce());
        assert_ne!(one.proof().attempt(), two.proof().attempt());
    }

    #[test]
    fn another_try_has_the_same_attempt_and_another_nonce() {
        let holder = Holder::new(mint(scope()), agent(1)).unwrap();
        let attempt = AttemptId::random().unwrap();
        let present = || {
            holder
                .present_attempt(&forum(), &call(), attempt, now())
                .unwrap()
        };
        let (one, two) = (present(), present());
        assert_eq!(one.proof().attempt(), attempt);
        assert_eq!(two.proof().attempt(), attempt);
        assert_ne!(one.proof().nonce(), two.proof().nonce());
    }
}
