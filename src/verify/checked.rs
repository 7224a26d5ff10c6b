//! A token whose signatures hold.

use crate::keys::{HolderPublicKey, IssuerPublicKey, RootKeyId, Signature};
use crate::token::{Contents, Token, TokenError};

/// A token whose every signature was verified under a root key, and every block read.
///
/// Whether it may be used now, here, and by whom, is not known: that depends on the time.
#[derive(Debug)]
pub(crate) struct CheckedToken {
    /// The hint by which the root was found.
    pub(crate) root_key_id: RootKeyId,
    pub(crate) root: IssuerPublicKey,
    pub(crate) holders: Vec<HolderPublicKey>,
    pub(crate) signatures: Vec<Signature>,
    token: Token,
}

impl CheckedToken {
    pub(crate) fn check(token: Token, root: &IssuerPublicKey) -> Result<Self, TokenError> {
        token.verify_chain(root)?;
        Ok(Self {
            root_key_id: token.root_key_id(),
            root: *root,
            holders: token.holders().collect(),
            signatures: token.signatures().collect(),
            token,
        })
    }

    /// What the blocks say.
    pub(crate) fn contents(&self) -> &Contents {
        self.token.unverified()
    }

    /// The token as it travels.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.token.as_bytes()
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    /// The key that the last block names, and that block's signature.
    pub(crate) fn last(&self) -> Option<(&HolderPublicKey, &Signature)> {
        self.holders.last().zip(self.signatures.last())
    }
}
