//! What can be asked in one request.

use std::time::Duration;

use crate::action::{Action, Service};
use crate::clock::Timestamp;
use crate::present::NoRandomness;

use super::{Approval, ApprovalRequest};

/// Why this cannot be asked in one request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestContentsError {
    /// There is no action.
    #[error("the request has no action")]
    NoActions,
    /// There are more than [`ApprovalRequest::MAX_ACTIONS`].
    #[error(
        "the request has {found} actions, more than {}",
        ApprovalRequest::MAX_ACTIONS
    )]
    TooManyActions {
        /// How many there are.
        found: usize,
    },
    /// An action is one of another service than the request.
    #[error("action {action} is one of service `{service}`, and the request is of another")]
    ForeignAction {
        /// Its index.
        action: usize,
        /// Its service.
        service: Service,
    },
    /// An action stands twice. What is approved once is done once.
    #[error("action {action} stands there twice")]
    Duplicate {
        /// The index of the second.
        action: usize,
    },
    /// The actions are longer than [`ApprovalRequest::MAX_ACTION_BYTES`] together.
    #[error(
        "the actions have {bytes} bytes, more than {}",
        ApprovalRequest::MAX_ACTION_BYTES
    )]
    TooLarge {
        /// How many bytes they have.
        bytes: usize,
    },
    /// The request ends before it begins, or lasts longer than [`Approval::LONGEST`].
    #[error("the request lasts for less than a millisecond, or for more than 30 days")]
    Lifetime,
}

impl RequestContentsError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoActions => "no_actions",
            Self::TooManyActions { .. } => "too_many_actions",
            Self::ForeignAction { .. } => "service_mismatch",
            Self::TooLarge { .. } => "request_too_long",
            Self::Duplicate { .. } | Self::Lifetime => "request_malformed",
        }
    }
}

/// Why there is no new request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NewRequestError {
    /// This cannot be asked in one request.
    #[error(transparent)]
    Contents(#[from] RequestContentsError),
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

pub(super) fn check_actions(
    service: &Service,
    actions: &[Action],
) -> Result<(), RequestContentsError> {
    match actions.len() {
        0 => return Err(RequestContentsError::NoActions),
        found if found > ApprovalRequest::MAX_ACTIONS => {
            return Err(RequestContentsError::TooManyActions { found });
        }
        _ => {}
    }
    let mut bytes = 0_usize;
    let mut digests = Vec::with_capacity(actions.len());
    for (index, action) in actions.iter().enumerate() {
        if action.service() != service {
            return Err(RequestContentsError::ForeignAction {
                action: index,
                service: action.service().clone(),
            });
        }
        let digest = action.digest();
        if digests.contains(&digest) {
            return Err(RequestContentsError::Duplicate { action: index });
        }
        digests.push(digest);
        bytes = bytes.saturating_add(action.to_bytes().len());
    }
    if bytes > ApprovalRequest::MAX_ACTION_BYTES {
        return Err(RequestContentsError::TooLarge { bytes });
    }
    Ok(())
}

pub(super) fn check_window(
    issued: Timestamp,
    until: Timestamp,
) -> Result<(), RequestContentsError> {
    let lasts: Duration = until.saturating_since(issued);
    if lasts.is_zero() || lasts > Approval::LONGEST {
        return Err(RequestContentsError::Lifetime);
    }
    Ok(())
}
