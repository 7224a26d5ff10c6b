//! Why a list or a delta is refused.

use super::WireError;
use crate::clock::Timestamp;
use crate::keys::RevocationPublicKey;

/// Why a list or a delta is refused. What was known before still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// It is larger than the limit.
    #[error("the revocation list has {found} bytes, the limit is {limit}")]
    TooLarge {
        /// The bytes it has, or one more than the limit.
        found: usize,
        /// The most bytes.
        limit: usize,
    },
    /// It is no list: truncated, changed, or something else.
    #[error("the revocation list is malformed: {0}")]
    Malformed(#[from] WireError),
    /// The key that signed it may not revoke anything here.
    #[error("the revocation list is signed by {signer}, which no root on the key ring is bound to")]
    UnknownSigner {
        /// The key that it names.
        signer: RevocationPublicKey,
    },
    /// Its signature does not hold.
    #[error("the signature of the revocation list does not hold")]
    Signature,
    /// It is older than what is known already.
    #[error("revocation list {found} is older than {held}, which is known already")]
    RolledBack {
        /// The number of the list that is known.
        held: u64,
        /// The number that it has.
        found: u64,
    },
    /// Its signer has signed two different lists with one number.
    #[error("there are two different revocation lists with the number {number}")]
    Forked {
        /// The number.
        number: u64,
    },
    /// A delta goes on from another list than the one that is known: some were missed. A list helps.
    #[error("the delta makes revocation list {found} of the one before, and {} is known",
        held.map_or_else(|| "none".to_owned(), |held| held.to_string()))]
    Gap {
        /// The number of the list that is known, if one is.
        held: Option<u64>,
        /// The number that the delta leads to.
        found: u64,
    },
    /// It was issued in the future.
    #[error("the revocation list was issued at {issued}, and it is {now}")]
    FromFuture {
        /// When it says it was issued.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// It should have been replaced by now.
    #[error("the revocation list was to be replaced by {next_update}, and it is {now}")]
    Expired {
        /// When the next one was due.
        next_update: Timestamp,
        /// The time here.
        now: Timestamp,
    },
}

impl ListError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "list_too_large",
            Self::Malformed(_) => "list_malformed",
            Self::UnknownSigner { .. } => "list_signer_unknown",
            Self::Signature => "list_signature_invalid",
            Self::RolledBack { .. } => "list_rolled_back",
            Self::Forked { .. } => "list_forked",
            Self::Gap { .. } => "list_gap",
            Self::FromFuture { .. } => "list_from_future",
            Self::Expired { .. } => "list_expired",
        }
    }
}
