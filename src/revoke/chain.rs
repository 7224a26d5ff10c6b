//! What a chain can be revoked by, and what of it is.

use std::fmt;

use crate::action::{Principal, TaskId};
use crate::clock::Timestamp;
use crate::keys::{HolderPublicKey, IssuerPublicKey, Signature};

/// What a verified chain can be revoked by, hop by hop.
#[derive(Clone, Copy, Debug)]
pub struct ChainFacts<'a> {
    /// The root key.
    pub root: &'a IssuerPublicKey,
    /// The task; ids of different roots are different tasks.
    pub task: &'a TaskId,
    /// For whom the task is done, by its issuer's word.
    pub principal: &'a Principal,
    /// When the token was issued, by its issuer's word.
    pub issued: Timestamp,
    /// The holder that each block names, the first block's first.
    pub holders: &'a [HolderPublicKey],
    /// The signature of each block: its revocation id.
    pub blocks: &'a [Signature],
}

/// What of a chain is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Revoked {
    /// Everything that the root key signed.
    Root,
    /// Everything that the root key signed before some moment.
    IssuedBefore,
    /// Everything that the root key signed for the principal.
    Principal,
    /// The task, with all that was delegated in it.
    Task,
    /// A holder, with all that it delegated; the block that names it.
    Holder(usize),
    /// A block, with all below it. Its signer can sign it again: to stop an agent, revoke the
    /// holder.
    Block(usize),
    /// Nobody can say: the source cannot be reached, or has never been told.
    Unknown,
}

impl fmt::Display for Revoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("the root key is revoked"),
            Self::IssuedBefore => {
                f.write_str("what the root key issued as early as the token is revoked")
            }
            Self::Principal => f.write_str("what is issued for the principal is revoked"),
            Self::Task => f.write_str("the task is revoked"),
            Self::Holder(block) => write!(f, "the holder that block {block} names is revoked"),
            Self::Block(block) => write!(f, "block {block} is revoked"),
            Self::Unknown => f.write_str("it is not known whether the token is revoked"),
        }
    }
}
