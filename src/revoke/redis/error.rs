//! Why something did not get through Redis.

use crate::keys::{IssuerPublicKey, RevocationPublicKey};
use crate::ledger::Failure;
use crate::revoke::{ListError, StopError};

/// Why a revocation did not get through Redis. What was known before still is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// No server answers as it should.
    #[error("no server: {}", .0.escape_debug())]
    Unavailable(String),
    /// A list or a delta is refused.
    #[error(transparent)]
    List(#[from] ListError),
    /// A stop ticket is refused.
    #[error(transparent)]
    Ticket(#[from] StopError),
    /// The server has no list of somebody who may revoke: none was published, or it lost it.
    #[error("the server has no revocation list of {signer}")]
    Missing {
        /// Who may revoke.
        signer: RevocationPublicKey,
    },
    /// The server has something else where the number of a list is to be.
    #[error("the server has no number of the revocation list of {signer}")]
    ListHead {
        /// Who may revoke.
        signer: RevocationPublicKey,
    },
    /// The server has something else where the number of stop tickets is to be.
    #[error("the server has no number of the stop tickets of {root}")]
    TicketHead {
        /// The root key that signs them.
        root: IssuerPublicKey,
    },
    /// The server holds as many deltas after a list, or as many tickets, as it may. A list makes
    /// room for deltas.
    #[error("the server holds {limit} of them already")]
    Full {
        /// The most.
        limit: usize,
    },
}

impl RelayError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "relay_unavailable",
            Self::List(error) => error.code(),
            Self::Ticket(error) => error.code(),
            Self::Missing { .. } => "list_missing",
            Self::ListHead { .. } | Self::TicketHead { .. } => "relay_malformed",
            Self::Full { .. } => "relay_full",
        }
    }
}

impl From<Failure> for RelayError {
    fn from(failure: Failure) -> Self {
        Self::Unavailable(failure.into_text())
    }
}
