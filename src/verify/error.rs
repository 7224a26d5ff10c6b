//! Why a presentation proves nothing.

use std::time::Duration;

use super::{ApprovalError, NoteError};
use crate::clock::Timestamp;
use crate::keys::KeyRingError;
use crate::present::PresentationError;
use crate::revoke::Revoked;
use crate::token::TokenError;

/// Why a presentation proves nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The presentation is damaged.
    #[error(transparent)]
    Presentation(#[from] PresentationError),
    /// The token in it is damaged, forged, or not of format 1.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The root key is not trusted now.
    #[error(transparent)]
    Root(#[from] KeyRingError),
    /// The proof is not by the key that the token's last block names, for this service and call.
    #[error("the proof is not by the token's holder, for this service and this call")]
    ProofInvalid,
    /// The proof was made too long ago, or in the future.
    #[error(
        "the proof was made at {issued}, and it is {now}: {} ms {}",
        issued.unix_millis().abs_diff(now.unix_millis()),
        if issued > now { "in the future" } else { "ago" }
    )]
    ProofSkewed {
        /// When it was made, by its maker's clock.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The token says that it was issued in the future.
    #[error("the token was issued at {issued}, and it is {now}")]
    IssuedInFuture {
        /// When it says it was issued.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The token lives longer than the key ring admits for its root.
    #[error("the token lives for {lifetime_s} s, and its root key may issue for {limit_s} s")]
    LivesTooLong {
        /// From issue to end, in seconds.
        lifetime_s: u64,
        /// The longest, in seconds.
        limit_s: u64,
    },
    /// A block holds not yet.
    #[error("block {block} holds from {not_before}, and it is {now}")]
    NotYetValid {
        /// The block.
        block: usize,
        /// From when on.
        not_before: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// A block holds no more.
    #[error("block {block} ended at {not_after}, and it is {now}")]
    Expired {
        /// The block.
        block: usize,
        /// From when on no more.
        not_after: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// A block is for other services.
    #[error("block {block} is not for this service")]
    AudienceMismatch {
        /// The block.
        block: usize,
    },
    /// There are more blocks than one of them admits.
    #[error("block {block} admits {limit} blocks after the first, and there are {depth}")]
    DepthExceeded {
        /// The block that limits.
        block: usize,
        /// Its limit.
        limit: u32,
        /// The blocks after the first.
        depth: u32,
    },
    /// Something of the chain is revoked, or nobody can say that it is not.
    #[error("{0}")]
    Revoked(Revoked),
    /// What is revoked is known too badly for any decision, as the source's policy says.
    #[error("{}", stale(*number, *age))]
    RevocationsStale {
        /// The number of the list that the source goes by, if it ever had one.
        number: Option<u64>,
        /// How long ago it was issued.
        age: Option<Duration>,
    },
    /// An approval that came along does not count.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// A note that came along does not count.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl VerifyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Presentation(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Root(KeyRingError::Unknown { .. }) => "root_unknown",
            Self::Root(KeyRingError::NotYetValid { .. }) => "root_not_yet_valid",
            Self::Root(KeyRingError::Retired { .. }) => "root_retired",
            Self::ProofInvalid => "proof_invalid",
            Self::ProofSkewed { .. } => "proof_skewed",
            Self::IssuedInFuture { .. } => "issued_in_future",
            Self::LivesTooLong { .. } => "lifetime_exceeded",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::Expired { .. } => "expired",
            Self::AudienceMismatch { .. } => "audience_mismatch",
            Self::DepthExceeded { .. } => "depth_exceeded",
            Self::Revoked(Revoked::Unknown) => "revocation_unknown",
            Self::Revoked(_) => "revoked",
            Self::RevocationsStale { .. } => "revocations_stale",
            Self::Approval(error) => error.code(),
            Self::Note(error) => error.code(),
        }
    }
}

fn stale(number: Option<u64>, age: Option<Duration>) -> String {
    match (number, age) {
        (Some(number), Some(age)) => {
            let seconds = age.as_secs();
            format!(
                "revocation list {number}, issued {seconds} s ago, may not be the newest any more"
            )
        }
        _ => "there is no revocation list to decide by".to_owned(),
    }
}
