//! What a service wants to see approved.

use std::fmt;
use std::time::Duration;

use super::contents::{check_actions, check_window};
use super::rules::earliest_end;
use super::{Approval, NewRequestError, RequestError, RequestWireError};
use crate::action::{Action, Service};
use crate::clock::Timestamp;
use crate::decide::MAX_ACTIONS;
use crate::present::random_id;
use crate::token::{Limits, TextKind, Token, text};
use crate::verify::{Verified, VerifyError};
use crate::wire::{Reader, put_bytes, put_count};

/// 16 random bytes that name one request, so that it is answered once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId([u8; 16]);

random_id!(RequestId);

/// A request for the approval of exactly these actions, for exactly this token.
///
/// A service makes it; the token's holder signs it ([`Holder::ask`](crate::present::Holder::ask)),
/// so that an approver knows that it is the holder who asks. It holds the actions as the very bytes
/// whose digests an approval covers.
#[derive(Clone, PartialEq, Eq)]
pub struct ApprovalRequest {
    id: RequestId,
    issued: Timestamp,
    until: Timestamp,
    service: Service,
    token: Token,
    actions: Vec<Action>,
}

impl ApprovalRequest {
    /// The most actions that one request asks for: a plan of several calls.
    pub const MAX_ACTIONS: usize = 4 * MAX_ACTIONS;
    /// The most bytes that its actions have together: what a person may be asked to read.
    pub const MAX_ACTION_BYTES: usize = 256 * 1024;

    /// A request for a token that the service has verified, which can be answered for so long, and
    /// no longer than the token lasts.
    ///
    /// # Errors
    ///
    /// [`NewRequestError`] if there is no action, one is of another service or there twice, they are
    /// too many or too large, the time is none or over 30 days, or there is no randomness.
    pub fn new(
        verified: &Verified,
        actions: Vec<Action>,
        valid_for: Duration,
    ) -> Result<Self, NewRequestError> {
        let now = verified.now();
        let until = now.saturating_add(valid_for);
        let request = Self {
            id: RequestId::random()?,
            issued: now,
            until: earliest_end(verified.scopes()).map_or(until, |end| until.min(end)),
            service: verified.service().clone(),
            token: verified.token().clone(),
            actions,
        };
        check_window(request.issued, request.until)?;
        check_actions(&request.service, &request.actions)?;
        Ok(request)
    }

    /// Reads the text form, `bwr1_…`, of a request that is not signed yet.
    ///
    /// # Errors
    ///
    /// [`RequestError`] if it is damaged, or signed.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, RequestError> {
        let bytes = decode(text, limits)?;
        let (kind, mut reader) = begin(&bytes)?;
        if kind == SIGNED {
            return Err(RequestWireError::AlreadySigned.into());
        }
        let request = Self::read(&mut reader, limits)?;
        reader.finish()?;
        Ok(request)
    }

    /// The text form, `bwr1_…`.
    pub fn to_text(&self) -> String {
        let mut bytes = vec![UNSIGNED];
        self.write(&mut bytes);
        text::encode(TextKind::ApprovalRequest, &bytes)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.id.0);
        out.extend_from_slice(&self.issued.unix_millis().to_be_bytes());
        out.extend_from_slice(&self.until.unix_millis().to_be_bytes());
        put_bytes(out, self.service.as_str().as_bytes());
        put_bytes(out, self.token.as_bytes());
        put_count(out, self.actions.len());
        for action in &self.actions {
            put_bytes(out, &action.to_bytes());
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>, limits: &Limits) -> Result<Self, RequestError> {
        let id = RequestId(reader.array()?);
        let issued = reader.time(RequestError::from(RequestWireError::Time))?;
        let until = reader.time(RequestError::from(RequestWireError::Time))?;
        let service =
            std::str::from_utf8(reader.bytes()?).map_err(|_| RequestWireError::NotUtf8)?;
        let service = Service::parse(service).map_err(RequestWireError::from)?;
        let token = Token::from_bytes(reader.bytes()?, limits).map_err(VerifyError::from)?;
        let found = reader.count()?;
        if found > Self::MAX_ACTIONS {
            return Err(super::RequestContentsError::TooManyActions { found }.into());
        }
        let mut actions = Vec::with_capacity(found);
        for index in 0..found {
            let action = Action::from_bytes(reader.bytes()?);
            actions.push(action.map_err(|source| RequestWireError::Action { index, source })?);
        }
        check_window(issued, until)?;
        check_actions(&service, &actions)?;
        Ok(Self {
            id,
            issued,
            until,
            service,
            token,
            actions,
        })
    }

    /// What names it.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// When it was made, by its service's clock.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// From when on it is answered no more: the answer is no.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The service that wants the approval.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The token that the approval will be for.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The actions.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }
}

/// Leaves the token's bytes and the actions out.
impl fmt::Debug for ApprovalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApprovalRequest")
            .field("id", &self.id)
            .field("service", &self.service)
            .field("until", &self.until)
            .field("actions", &self.actions.len())
            .finish_non_exhaustive()
    }
}

pub(super) const UNSIGNED: u8 = 0;
pub(super) const SIGNED: u8 = 1;

/// The payload of a text, which may be as long as a signed request.
pub(super) fn decode(text: &str, limits: &Limits) -> Result<Vec<u8>, RequestError> {
    let fixed = 1 + 16 + 8 + 8 + 4 + Service::MAX_BYTES + 4 + 2 + 64;
    let actions = ApprovalRequest::MAX_ACTIONS * 4 + ApprovalRequest::MAX_ACTION_BYTES;
    let longest = limits.max_bytes().saturating_add(fixed + actions);
    Ok(text::decode(TextKind::ApprovalRequest, text, longest)?)
}

/// The kind of a payload, and what follows it.
pub(super) fn begin(bytes: &[u8]) -> Result<(u8, Reader<'_>), RequestError> {
    let mut reader = Reader::new(bytes);
    match reader.byte()? {
        kind @ (UNSIGNED | SIGNED) => Ok((kind, reader)),
        other => Err(RequestWireError::UnknownKind(other).into()),
    }
}

// An approval of a whole plan has room for all of its digests.
const _: () = assert!(ApprovalRequest::MAX_ACTIONS <= Approval::MAX_DIGESTS);
