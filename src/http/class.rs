//! What is wrong, as coarsely as a status says it.

use http::StatusCode;

/// Whose turn it is: what every caller is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The agent must prove more, or anew.
    Unauthenticated,
    /// The grantor must grant more.
    Denied,
    /// The request is none that could be decided.
    Malformed,
    /// It was done, or begun otherwise, before.
    Conflict,
    /// The body is too large.
    TooLarge,
    /// The service cannot say now.
    Unavailable,
    /// The service is wired wrongly.
    Misconfigured,
}

impl Class {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Denied => StatusCode::FORBIDDEN,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Misconfigured => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code where details are withheld.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Denied => "denied",
            Self::Malformed => "malformed",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::Unavailable => "unavailable",
            Self::Misconfigured => "misconfigured",
        }
    }
}
