//! What an approver answers.

use super::{Approval, ApprovalWireError, Declined};
use crate::keys::ApproverPublicKey;
use crate::token::{TextError, TextKind, text};

/// An approver's answer to a request: yes, or no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Approved(Approval),
    /// No.
    Declined(Declined),
}

/// Why a text is not an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerTextError {
    /// The text form is damaged.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The bytes in it are.
    #[error(transparent)]
    Wire(#[from] ApprovalWireError),
}

impl AnswerTextError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        "approval_malformed"
    }
}

impl Answer {
    /// Reads the text form, `bwa1_…`, which is that of the approval or of the decline.
    ///
    /// # Errors
    ///
    /// [`AnswerTextError`] says whether the text is truncated, damaged, or something else.
    pub fn parse(text: &str) -> Result<Self, AnswerTextError> {
        let bytes = text::decode(TextKind::Approval, text, Approval::MAX_BYTES)?;
        Ok(match bytes.first() {
            Some(&Declined::KIND) => Self::Declined(Declined::from_bytes(&bytes)?),
            _ => Self::Approved(Approval::from_bytes(&bytes)?),
        })
    }

    /// The text form, `bwa1_…`.
    pub fn to_text(&self) -> String {
        match self {
            Self::Approved(approval) => approval.to_text(),
            Self::Declined(declined) => declined.to_text(),
        }
    }

    /// The approval, if it is one.
    pub fn approval(&self) -> Option<&Approval> {
        match self {
            Self::Approved(approval) => Some(approval),
            Self::Declined(_) => None,
        }
    }

    /// The key that made it, if its signature holds.
    pub fn approver(&self) -> &ApproverPublicKey {
        match self {
            Self::Approved(approval) => approval.approver(),
            Self::Declined(declined) => declined.approver(),
        }
    }
}

impl From<Approval> for Answer {
    fn from(approval: Approval) -> Self {
        Self::Approved(approval)
    }
}

impl From<Declined> for Answer {
    fn from(declined: Declined) -> Self {
        Self::Declined(declined)
    }
}
