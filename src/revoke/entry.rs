//! One thing that is revoked.

use std::fmt;

use super::Brake;
use crate::action::{Principal, TaskId};
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, HolderPublicKey, IssuerPublicKey, Signature};

/// One thing that is revoked: what sets, lists and the kill switch hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Revocation {
    /// Everything that a root key signed.
    Root(IssuerPublicKey),
    /// Everything that a root key signed before some moment, by its own word.
    IssuedBefore {
        /// The root key.
        root: IssuerPublicKey,
        /// Tokens that say they were issued earlier than this are revoked.
        time: Timestamp,
    },
    /// Everything that a root key signed for a principal.
    Principal {
        /// The root key.
        root: IssuerPublicKey,
        /// For whom.
        principal: Principal,
    },
    /// A task of a root key, however often it was minted.
    Task {
        /// The root key.
        root: IssuerPublicKey,
        /// The task.
        task: TaskId,
    },
    /// A holder with all below it, in every chain.
    Holder(HolderPublicKey),
    /// A block with all below it.
    Block(BlockId),
    /// Approvals by a key.
    Approver(ApproverPublicKey),
    /// What a brake stops, for every token.
    Brake(Brake),
}

/// By what something is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum RevocationKind {
    /// [`Revocation::Root`].
    Root = 1,
    /// [`Revocation::IssuedBefore`].
    IssuedBefore = 2,
    /// [`Revocation::Principal`].
    Principal = 3,
    /// [`Revocation::Task`].
    Task = 4,
    /// [`Revocation::Holder`].
    Holder = 5,
    /// [`Revocation::Block`].
    Block = 6,
    /// [`Revocation::Approver`].
    Approver = 7,
    /// [`Revocation::Brake`].
    Brake = 8,
}

impl RevocationKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Root,
        Self::IssuedBefore,
        Self::Principal,
        Self::Task,
        Self::Holder,
        Self::Block,
        Self::Approver,
        Self::Brake,
    ];
}

impl Revocation {
    /// By what it revokes.
    pub fn kind(&self) -> RevocationKind {
        match self {
            Self::Root(_) => RevocationKind::Root,
            Self::IssuedBefore { .. } => RevocationKind::IssuedBefore,
            Self::Principal { .. } => RevocationKind::Principal,
            Self::Task { .. } => RevocationKind::Task,
            Self::Holder(_) => RevocationKind::Holder,
            Self::Block(_) => RevocationKind::Block,
            Self::Approver(_) => RevocationKind::Approver,
            Self::Brake(_) => RevocationKind::Brake,
        }
    }
}

/// The revocation id of a block: the first half of its signature.
///
/// That half, `R`, is enough. It is another one for every block, as it depends on the message and
/// on the signer's secret. A signer that goes out of its way to use one `R` for two blocks gives
/// away its key, and gains that revoking one revokes the other; nobody else can sign with that `R`,
/// and no other signature with it holds for the block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId([u8; 32]);

impl BlockId {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<&Signature> for BlockId {
    fn from(signature: &Signature) -> Self {
        let mut id = [0; 32];
        id.iter_mut()
            .zip(signature.as_bytes())
            .for_each(|(to, from)| *to = *from);
        Self(id)
    }
}

/// 64 lower-case hex digits.
impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", base16ct::HexDisplay(&self.0))
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlockId({self})")
    }
}
