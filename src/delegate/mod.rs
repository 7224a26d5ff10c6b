//! A holder's room: narrow, hand on, seal.
//!
//! In come a [`Holder`], a scope, and the public key and name of the next holder; out goes a token
//! with one more block. A block can only narrow: a token permits what every block permits.

use crate::action::AgentName;
use crate::keys::HolderPublicKey;
use crate::present::Holder;
use crate::scope::Scope;
use crate::token::{ChainError, Limits, SealedToken, Token, TokenError};

/// Why a token cannot be handed on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DelegateError {
    /// A block of the token allows no more blocks: no service would accept the result.
    #[error("block {block} admits {limit} blocks after the first, this would be number {depth}")]
    TooDeep {
        /// The block that limits.
        block: usize,
        /// Its limit.
        limit: u32,
        /// The blocks after the first that there would be.
        depth: u32,
    },
    /// The new scope ends after the token does, or not at all: then it ends with the token, and
    /// saying otherwise would mislead its reader.
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
        for (block, own) in token.unverified().scopes().iter().enumerate() {
            if let Some(limit) = own.max_depth().filter(|limit| depth > *limit) {
                return Err(DelegateError::TooDeep { block, limit, depth });
            }
            let ends = (scope.window().not_after(), own.window().not_after());
            if let (Some(asked), Some(granted)) = ends {
                if asked > granted {
                    return Err(DelegateError::OutlivesToken { asked, granted });
                }
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
