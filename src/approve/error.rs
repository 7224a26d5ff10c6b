//! Why a request is not shown to anybody.

use super::RequestContentsError;
use crate::action::{ActionBytesError, Service, ServiceError};
use crate::clock::Timestamp;
use crate::keys::ApproverPublicKey;
use crate::token::TextError;
use crate::verify::VerifyError;
use crate::wire::WrongLength;

/// Why a request is not shown to anybody.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The text form is damaged.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The bytes in it are.
    #[error(transparent)]
    Wire(#[from] RequestWireError),
    /// It asks for what cannot be asked in one request.
    #[error(transparent)]
    Contents(#[from] RequestContentsError),
    /// The holder has not signed it.
    #[error("the request is not signed by the token's holder")]
    Unsigned,
    /// The token in it is damaged or forged, its root key is not trusted now, or no service would
    /// accept it now.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// The request is not signed by the key that the token's last block names.
    #[error("the signature of the request is not by the token's holder")]
    SignatureInvalid,
    /// The request was made in the future.
    #[error("the request was made at {issued}, and it is {now}")]
    NotYetValid {
        /// When it was made.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The request has ended.
    #[error("the request ended at {until}, and it is {now}")]
    Expired {
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The token is not for the service that the request names.
    #[error("the token's block {block} is not for service `{service}`")]
    ServiceMismatch {
        /// The block.
        block: usize,
        /// The service.
        service: Service,
    },
    /// The approver would approve what it asks for itself.
    #[error("approver {0} is the root key or a holder of the token")]
    ApproverInChain(ApproverPublicKey),
    /// No requirement that is known asks this approver for any of these actions.
    #[error("approver {0} is not asked for any of these actions")]
    NotAsked(ApproverPublicKey),
    /// This approver has answered the request already.
    #[error("the request was answered already")]
    Replayed,
    /// It is more than a person can be asked to read, and nothing is left out.
    #[error("the request is longer than {limit} characters when it is shown in full")]
    TooLong {
        /// The most characters.
        limit: usize,
    },
}

impl RequestError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Wire(_) => "request_malformed",
            Self::Contents(error) => error.code(),
            Self::Unsigned => "request_unsigned",
            Self::Token(error) => error.code(),
            Self::SignatureInvalid => "request_signature_invalid",
            Self::NotYetValid { .. } => "request_not_yet_valid",
            Self::Expired { .. } => "request_expired",
            Self::ServiceMismatch { .. } => "service_mismatch",
            Self::ApproverInChain(_) => "approver_in_chain",
            Self::NotAsked(_) => "approver_not_asked",
            Self::Replayed => "request_replayed",
            Self::TooLong { .. } => "request_too_long",
        }
    }
}

/// Why bytes are no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestWireError {
    /// The bytes end before what they announce.
    #[error("the request ends too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("the request has {0} bytes too many")]
    TooLong(usize),
    /// It is of a kind that this version does not know.
    #[error("the request is of unknown kind {0}")]
    UnknownKind(u8),
    /// It is signed, where one is expected that is yet to be signed.
    #[error("the request is signed already")]
    AlreadySigned,
    /// A time is after the year 9999.
    #[error("a time of the request is out of range")]
    Time,
    /// The service's name is not UTF-8.
    #[error("the service of the request is not UTF-8")]
    NotUtf8,
    /// The service's name is none.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The bytes of an action are none.
    #[error("action {index}: {source}")]
    Action {
        /// Its index.
        index: usize,
        /// What is wrong with it.
        source: ActionBytesError,
    },
}

impl From<WrongLength> for RequestWireError {
    fn from(error: WrongLength) -> Self {
        match error {
            WrongLength::TooShort => Self::TooShort,
            WrongLength::TooLong(rest) => Self::TooLong(rest),
        }
    }
}

impl From<WrongLength> for RequestError {
    fn from(error: WrongLength) -> Self {
        Self::Wire(error.into())
    }
}
