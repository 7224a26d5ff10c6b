//! A request that may be shown.

use std::fmt;

use super::rules::earliest_end;
use super::show::Page;
use super::{ApprovalRequest, RequestError, RequestId};
use crate::action::{Action, AgentName, Service, Task};
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, HolderPublicKey, Signature};
use crate::verify::CheckedToken;

/// A request whose token, signature and times hold, for the approver that opened it.
///
/// `Display` and [`lines`](Self::lines) show all of it, one thing a line. The text comes from the
/// very actions whose digests an approval covers; nothing is shortened, and every character that
/// shows nothing or moves others is written as `\n` or `\u{202e}`. Two requests for different actions
/// never look the same.
pub struct VerifiedRequest {
    request: ApprovalRequest,
    token: CheckedToken,
    approver: ApproverPublicKey,
    lines: Vec<String>,
}

impl VerifiedRequest {
    pub(super) fn new(
        request: ApprovalRequest,
        token: CheckedToken,
        approver: ApproverPublicKey,
    ) -> Result<Self, RequestError> {
        let mut verified = Self {
            request,
            token,
            approver,
            lines: Vec::new(),
        };
        verified.lines = Page::show(&verified)?;
        Ok(verified)
    }

    /// What an approver is to read, one thing a line.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// What names the request.
    pub fn id(&self) -> RequestId {
        self.request.id()
    }

    /// The service that wants the approval.
    pub fn service(&self) -> &Service {
        self.request.service()
    }

    /// The actions that are to be approved.
    pub fn actions(&self) -> &[Action] {
        self.request.actions()
    }

    /// The task, by its issuer's word.
    pub fn task(&self) -> &Task {
        self.token.contents().info().task()
    }

    /// The agents that the token was delegated to after the first, each by the word of its delegator.
    pub fn delegates(&self) -> &[AgentName] {
        self.token.contents().delegates()
    }

    /// The key that asks: the one that the token's last block names.
    pub fn holder(&self) -> HolderPublicKey {
        self.request.token().holder()
    }

    /// From when on the request is answered no more.
    pub fn until(&self) -> Timestamp {
        self.request.until()
    }

    /// From when on the token counts no more, and with it every approval.
    pub fn token_until(&self) -> Timestamp {
        // Every first block ends; the decoder sees to it.
        earliest_end(self.token.contents().scopes()).unwrap_or(Timestamp::MIN)
    }

    /// The approver that opened it.
    pub fn approver(&self) -> &ApproverPublicKey {
        &self.approver
    }

    pub(super) fn token_signature(&self) -> Signature {
        self.request.token().last_signature()
    }
}

impl fmt::Display for VerifiedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Leaves what is asked for out.
impl fmt::Debug for VerifiedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedRequest")
            .field("request", &self.request)
            .field("approver", &self.approver)
            .finish_non_exhaustive()
    }
}
