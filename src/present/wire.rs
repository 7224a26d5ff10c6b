//! Why bytes are not a presentation.

use crate::approve::ApprovalWireError;
use crate::note::NotesError;
use crate::wire::WrongLength;

/// Why bytes are not a presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The bytes end before what they announce.
    #[error("the presentation ends too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("the presentation has {0} bytes too many")]
    TooLong(usize),
    /// A proof of a kind that this version does not know.
    #[error("the proof is of an unknown kind")]
    UnknownProofKind,
    /// A proof made after the year 9999.
    #[error("the time of the proof is out of range")]
    ProofTime,
    /// More approvals than a presentation may carry.
    #[error(
        "the presentation carries {found} approvals, more than {}",
        super::Presentation::MAX_APPROVALS
    )]
    TooManyApprovals {
        /// How many it says it has.
        found: usize,
    },
    /// An approval is damaged.
    #[error("approval {index}: {source}")]
    Approval {
        /// Which one, from 0.
        index: usize,
        /// What is wrong with it.
        source: ApprovalWireError,
    },
    /// A token where all but the token was expected.
    #[error("the presentation has a token of its own, and stands beside one")]
    SecondToken,
    /// There are too many notes, or one is damaged.
    #[error(transparent)]
    Notes(#[from] NotesError),
}

impl WireError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyApprovals { .. } | Self::Approval { .. } => "approval_malformed",
            Self::Notes(error) => error.code(),
            _ => "presentation_malformed",
        }
    }
}

impl From<WrongLength> for WireError {
    fn from(error: WrongLength) -> Self {
        match error {
            WrongLength::TooShort => Self::TooShort,
            WrongLength::TooLong(rest) => Self::TooLong(rest),
        }
    }
}
