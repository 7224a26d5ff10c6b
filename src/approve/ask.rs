//! A request that the token's holder has signed.

use std::fmt;

use super::request::{SIGNED, begin, decode};
use super::{ApprovalRequest, RequestError};
use crate::clock::Timestamp;
use crate::keys::{HolderPublicKey, Signature};
use crate::present::Holder;
use crate::signed::{Purpose, SignedMessage};
use crate::token::{Limits, TextKind, text};

/// A request that the token's holder has signed: what is sent to approvers.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedRequest {
    request: ApprovalRequest,
    signature: Signature,
}

/// Why a holder does not ask for this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The request is for another token than the holder's.
    #[error("the request is for another token")]
    ForeignToken,
    /// The request has ended.
    #[error("the request ended at {until}, and it is {now}")]
    Expired {
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
}

impl AskError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ForeignToken => "request_foreign",
            Self::Expired { .. } => "request_expired",
        }
    }
}

impl Holder {
    /// Signs a service's request, for the approvers to see that it is the holder who asks.
    ///
    /// # Errors
    ///
    /// [`AskError`] if it is for another token, or has ended.
    pub fn ask(
        &self,
        request: &ApprovalRequest,
        now: Timestamp,
    ) -> Result<SignedRequest, AskError> {
        if request.token() != self.token() {
            return Err(AskError::ForeignToken);
        }
        let until = request.until();
        if now >= until {
            return Err(AskError::Expired { until, now });
        }
        Ok(SignedRequest {
            request: request.clone(),
            signature: self.key().sign_message(message(request).as_bytes()),
        })
    }
}

impl SignedRequest {
    /// Reads the text form, `bwr1_…`, and verifies nothing of it.
    ///
    /// # Errors
    ///
    /// [`RequestError`] if it is damaged, or not signed.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, RequestError> {
        let bytes = decode(text, limits)?;
        let (kind, mut reader) = begin(&bytes)?;
        if kind != SIGNED {
            return Err(RequestError::Unsigned);
        }
        let request = ApprovalRequest::read(&mut reader, limits)?;
        let signature = Signature::from_bytes(reader.array()?);
        reader.finish()?;
        Ok(Self { request, signature })
    }

    /// The text form, `bwr1_…`.
    pub fn to_text(&self) -> String {
        let mut bytes = vec![SIGNED];
        self.request.write(&mut bytes);
        bytes.extend_from_slice(self.signature.as_bytes());
        text::encode(TextKind::ApprovalRequest, &bytes)
    }

    /// What is asked for.
    pub fn request(&self) -> &ApprovalRequest {
        &self.request
    }

    /// Whether this holder signed it.
    pub(super) fn is_signed_by(&self, holder: &HolderPublicKey) -> bool {
        let message = message(&self.request);
        holder.verify(message.as_bytes(), &self.signature).is_ok()
    }

    pub(super) fn into_request(self) -> ApprovalRequest {
        self.request
    }
}

fn message(request: &ApprovalRequest) -> SignedMessage {
    let message = SignedMessage::new(Purpose::ApprovalRequest)
        .field(request.id().as_bytes())
        .field(&request.issued().unix_millis().to_be_bytes())
        .field(&request.until().unix_millis().to_be_bytes())
        .field(request.service().as_str().as_bytes())
        .field(request.token().as_bytes());
    // Each has its length before it, so that no two lists of actions have the same bytes.
    request
        .actions()
        .iter()
        .fold(message, |message, action| message.field(&action.to_bytes()))
}

/// Leaves the signature and the token out.
impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedRequest").field(&self.request).finish()
    }
}
