//! A token that nobody presents.

use super::verifier::check_revocation;
use super::{CheckedToken, VerifyError, check_lifetime, check_scopes};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::keys::{HolderPublicKey, KeyRing, Root, Signature};
use crate::revoke::{Freshness, Revocations};
use crate::scope::Scope;
use crate::token::{Contents, Token};

/// A token at rest whose signatures hold under a root that is trusted now: for tools that show what a token says, and for a
/// reviewer who asks what it would allow.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, scope::*, verify::*};
/// # let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let root = Root::new(RootKeyId::new(1), issuer.public_key(), now..end);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(end).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
/// let seen = TokenAtRest::check(token.clone(), &KeyRing::new([root])?, now)?;
/// assert_eq!(seen.contents().info().task().id().as_str(), "t-1");
/// assert!(seen.check_use(&"forum.example".parse()?, now).is_ok());
///
/// let refused = TokenAtRest::check(token, &KeyRing::new([])?, now);
/// assert_eq!(refused.unwrap_err().code(), "root_unknown");
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// A token is public: having one proves nothing. What a service lets through it decides by a
/// [`Verified`](super::Verified), which takes the holder's proof; no gate takes this.
#[derive(Debug)]
pub struct TokenAtRest {
    token: CheckedToken,
    root: Root,
}

impl TokenAtRest {
    /// Verifies every signature of a token.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] if its root is not trusted now, or a signature does not hold.
    pub fn check(token: Token, ring: &KeyRing, now: Timestamp) -> Result<Self, VerifyError> {
        let root = ring.root(token.root_key_id(), now)?;
        Ok(Self {
            token: CheckedToken::check(token, root.key())?,
            root: root.clone(),
        })
    }

    /// Whether its holder could use it at this service and time.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], the first of what a verifier would find: life, then time, audience and depth of each block.
    pub fn check_use(&self, service: &Service, now: Timestamp) -> Result<(), VerifyError> {
        check_lifetime(&self.token, &self.root, super::Verifier::DEFAULT_SKEW, now)?;
        check_scopes(&self.token, service, now)
    }

    /// Whether it is revoked, and how up to date the source is that says so.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] if it is, or nobody can say.
    pub fn check_revocation(
        &self,
        revocations: &dyn Revocations,
        now: Timestamp,
    ) -> Result<Freshness, VerifyError> {
        check_revocation(&self.token, now, revocations)
    }

    /// The root whose key signed the first block.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// What the blocks say, by the word of those who signed them.
    pub fn contents(&self) -> &Contents {
        self.token.contents()
    }

    /// The ceiling that the key ring sets for the root.
    pub fn ceiling(&self) -> Option<&Scope> {
        self.root.ceiling()
    }

    /// The key that each block names, the first block's first.
    pub fn holders(&self) -> &[HolderPublicKey] {
        &self.token.holders
    }

    /// The signature of each block: its revocation id.
    pub fn block_signatures(&self) -> &[Signature] {
        &self.token.signatures
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revoke::RevocationSet;
    use crate::testing::{END, at, holder, now, root, scope};

    fn check(ring: &KeyRing, at: Timestamp) -> Result<TokenAtRest, VerifyError> {
        TokenAtRest::check(holder(scope()).token().clone(), ring, at)
    }

    fn code<T: std::fmt::Debug>(result: Result<T, VerifyError>) -> &'static str {
        result.unwrap_err().code()
    }

    #[test]
    fn a_token_of_an_unknown_root_is_refused() {
        assert_eq!(code(check(&KeyRing::default(), now())), "root_unknown");
    }

    #[test]
    fn a_token_that_another_key_signed_is_refused() {
        let other = crate::keys::dangerous::issuer_key_from_seed(&[99; 32]).public_key();
        let other = Root::new(root().id(), other, root().window().clone());
        let ring = KeyRing::new([other]).unwrap();
        assert_eq!(code(check(&ring, now())), "chain_invalid");
    }

    #[test]
    fn a_token_is_good_for_its_time_and_its_services() {
        let token = check(&KeyRing::new([root()]).unwrap(), now()).unwrap();
        let forum: Service = "forum.example".parse().unwrap();
        assert!(token.check_use(&forum, now()).is_ok());
        assert_eq!(code(token.check_use(&forum, at(END))), "expired");
        let mail = "mail.example".parse().unwrap();
        assert_eq!(code(token.check_use(&mail, now())), "audience_mismatch");
    }

    #[test]
    fn a_token_that_lives_longer_than_its_root_admits_is_of_no_use() {
        let root = root().with_longest_lifetime(std::time::Duration::from_secs(1));
        let token = check(&KeyRing::new([root]).unwrap(), now()).unwrap();
        let forum = "forum.example".parse().unwrap();
        assert_eq!(code(token.check_use(&forum, now())), "lifetime_exceeded");
    }

    #[test]
    fn a_revoked_token_says_so() {
        let token = check(&KeyRing::new([root()]).unwrap(), now()).unwrap();
        let mut set = RevocationSet::default();
        assert!(token.check_revocation(&set, now()).is_ok());
        set.holder(token.holders()[0]);
        assert!(token.check_revocation(&set, now()).is_err());
    }
}
