//! A holder's room: narrow, hand on, give up, seal.
//!
//! In come a [`Holder`], a scope, and the public key and name of the next holder; out goes a token
//! with one more block. A block can only narrow: a token permits what every block permits.

mod give_up;

pub use give_up::DropError;

use crate::action::AgentName;
use crate::keys::HolderPublicKey;
use crate::present::Holder;
use crate::scope::Scope;
use crate::token::{ChainError, Limits, SealedToken, Token, TokenError};

/// Why a token cannot be handed on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DelegateError {
    /// A block of the token, or the new one, allows no more blocks: no service would accept the
    /// result.
    #[error("block {block} admits {limit} blocks after the first, this would be number {depth}")]
    TooDeep {
        /// The block that limits; the new one has number `depth`.
        block: usize,
        /// Its limit.
        limit: u32,
        /// The blocks after the first that there would be.
        depth: u32,
    },
    /// The new scope ends after the token does. The token would end when it does anyway, and saying
    /// otherwise would mislead its reader. (A scope without an end says nothing of it.)
    #[error("the new block ends at {asked}, the token already at {granted}")]
    OutlivesToken {
        /// The end that was asked for.
        asked: crate::clock::Timestamp,
        /// The end that the token has.
        granted: crate::clock::Timestamp,
    },
    /// The token would pass a limit of the format.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl DelegateError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooDeep { .. } => "depth_exceeded",
            Self::OutlivesToken { .. } => "outlives_token",
            Self::Token(error) => error.code(),
        }
    }
}

impl Holder {
    /// Hands a narrower token on to another holder, of whom the public half of its key is enough.
    ///
    /// `name` is how this holder calls the next one; who reads it knows that it is said by the
    /// delegator, not by the issuer.
    ///
    /// # Errors
    ///
    /// [`DelegateError`].
    ///
    /// # Security
    ///
    /// The scope says what the next holder may do *of what this one may*. Leaving something out
    /// narrows nothing.
    pub fn delegate(
        &self,
        to: &HolderPublicKey,
        name: AgentName,
        scope: Scope,
    ) -> Result<Token, DelegateError> {
        let token = self.token();
        let depth = u32::try_from(token.block_count()).unwrap_or(u32::MAX);
        let scopes = token.unverified().scopes();
        for (block, own) in scopes.iter().chain([&scope]).enumerate() {
            if let Some(limit) = own.max_depth().filter(|limit| depth > *limit) {
                return Err(DelegateError::TooDeep {
                    block,
                    limit,
                    depth,
                });
            }
            let ends = (scope.window().not_after(), own.window().not_after());
            if let (Some(asked), Some(granted)) = ends
                && asked > granted
            {
                return Err(DelegateError::OutlivesToken { asked, granted });
            }
        }
        Ok(token.append(self.key(), to, name, scope, &Limits::default())?)
    }

    /// The sealed form, for services that verify with a stock Biscuit library.
    ///
    /// # Errors
    ///
    /// [`ChainError`], which cannot happen for a holder of its own token.
    ///
    /// # Security
    ///
    /// Nobody can narrow a sealed token further, and **whoever has it can use it**: the seal is
    /// the only proof of possession that a stock library checks, and it is not bound to a call. A
    /// bailiwick verifier refuses sealed tokens. Send it over a confidential channel, for a short
    /// life, to services that keep what they accepted.
    pub fn seal(&self) -> Result<SealedToken, ChainError> {
        self.token().seal(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{END, agent, at, holder, scope};

    fn delegate(from: &Holder, scope: crate::scope::ScopeBuilder) -> Result<Token, DelegateError> {
        let name = "scout".parse().unwrap();
        from.delegate(&agent(2).public_key(), name, scope.build().unwrap())
    }

    #[test]
    fn a_holder_hands_a_narrower_token_on() {
        let token = delegate(&holder(scope()), Scope::builder()).unwrap();
        assert_eq!(token.holder(), agent(2).public_key());
        assert_eq!(token.unverified().delegates(), ["scout".parse().unwrap()]);
        assert_eq!(token.unverified().scopes().len(), 2);
    }

    #[test]
    fn nothing_is_delegated_below_the_depth_that_a_block_admits() {
        let error = delegate(&holder(scope().max_depth(0)), Scope::builder()).unwrap_err();
        assert_eq!(error.code(), "depth_exceeded");
        assert!(matches!(
            error,
            DelegateError::TooDeep {
                block: 0,
                limit: 0,
                depth: 1
            }
        ));
    }

    #[test]
    fn a_block_that_forbids_itself_is_not_delegated() {
        let error = delegate(&holder(scope()), Scope::builder().max_depth(0)).unwrap_err();
        assert!(matches!(
            error,
            DelegateError::TooDeep {
                block: 1,
                limit: 0,
                depth: 1
            }
        ));
        assert!(delegate(&holder(scope()), Scope::builder().max_depth(1)).is_ok());
    }

    #[test]
    fn a_block_that_ends_after_the_token_is_not_delegated() {
        let until = |end| Scope::builder().not_after(at(end));
        let error = delegate(&holder(scope()), until(END + 1)).unwrap_err();
        assert_eq!(error.code(), "outlives_token");
        assert!(delegate(&holder(scope()), until(END)).is_ok());
    }

    #[test]
    fn a_token_over_a_limit_is_not_delegated() {
        let deny = |index: usize| {
            crate::scope::Pattern::any()
                .resource(&format!("{index:0>400}"))
                .unwrap()
        };
        let long = (0..60)
            .map(deny)
            .fold(Scope::builder(), crate::scope::ScopeBuilder::deny);
        assert_eq!(
            delegate(&holder(scope()), long).unwrap_err().code(),
            "chain_invalid"
        );
    }
}
