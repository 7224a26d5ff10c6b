//! Why the layer answers itself.

use http::header::HeaderName;

use super::class::Class;
use crate::action::CallError;
use crate::gate::{Refusal, RefusalKind};
use crate::ledger::LedgerError;
use crate::revoke::Revoked;
use crate::verify::VerifyError;

/// Why the layer answers itself.
#[derive(Debug, thiserror::Error)]
pub(super) enum Rejection {
    #[error("there is no `{header}` with a presentation")]
    Missing { header: HeaderName },
    #[error("there is more than one `{header}`")]
    Repeated { header: HeaderName },
    #[error("the header `{header}` would change what the request does")]
    Override { header: HeaderName },
    #[error(transparent)]
    Target(#[from] CallError),
    #[error("the service does not know the target that was requested")]
    NoTarget,
    #[error("the body has more than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body ended too early")]
    Body,
    #[error("{}", .0.message())]
    Refused(Box<Refusal>),
}

impl Rejection {
    pub(super) fn class(&self) -> Class {
        match self {
            Self::Missing { .. } | Self::Repeated { .. } => Class::Unauthenticated,
            Self::Override { .. } | Self::Target(_) | Self::Body => Class::Malformed,
            Self::NoTarget => Class::Misconfigured,
            Self::TooLarge { .. } => Class::TooLarge,
            Self::Refused(refusal) => class(refusal.kind()),
        }
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "presentation_missing",
            Self::Repeated { .. } => "presentation_repeated",
            Self::Override { .. } => "method_override",
            Self::Target(_) => "target_malformed",
            Self::NoTarget => "target_unknown",
            Self::TooLarge { .. } => "body_too_large",
            Self::Body => "body_unreadable",
            Self::Refused(refusal) => refusal.code(),
        }
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

fn class(kind: &RefusalKind) -> Class {
    use RefusalKind::{NoRandomness, Repeated, Unsettled, Unverified};
    match kind {
        Unverified(VerifyError::Revoked(Revoked::Unknown)) => Class::Unavailable,
        Unverified(VerifyError::RevocationsStale { .. }) => Class::Unavailable,
        Unverified(VerifyError::Approval(_) | VerifyError::Note(_)) => Class::Denied,
        Unverified(_) | Unsettled(LedgerError::Replayed) => Class::Unauthenticated,
        Unsettled(LedgerError::AttemptChanged) | Repeated => Class::Conflict,
        Unsettled(
            LedgerError::Unavailable(_) | LedgerError::Full | LedgerError::Forgotten { .. },
        ) => Class::Unavailable,
        NoRandomness(_) => Class::Unavailable,
        RefusalKind::CannotSettle => Class::Misconfigured,
        _ => Class::Denied,
    }
}
