//! Why there is no permit.

use std::fmt;
use std::time::Duration;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::action::{Mapped, Unmapped};
use crate::approve::ApprovalRequest;
use crate::decide::{DecisionId, Denial};
use crate::keys::ApproverPublicKey;
use crate::ledger::LedgerError;
use crate::present::NoRandomness;
use crate::revoke::{Freshness, Revoked};
use crate::scope::{Reason, ReasonCode};
use crate::verify::{NoteError, RootKey, Verified, VerifyError};

/// Why there is no permit. Serializes to its code, its [message](Self::message), the decision's id, the root
/// key, the reasons of scopes, and the request for approvals if these are all that is missing.
#[derive(Debug)]
pub struct Refusal {
    id: Option<DecisionId>,
    root: Option<RootKey>,
    kind: Box<RefusalKind>,
    request: Option<Box<ApprovalRequest>>,
    freshness: Option<Freshness>,
}

/// At which stage a call was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The presentation proves nothing.
    #[error(transparent)]
    Unverified(#[from] VerifyError),
    /// The service cannot say what the call does.
    #[error(transparent)]
    Unmapped(#[from] Unmapped),
    /// The token does not permit the call.
    #[error("{0}")]
    Denied(Denial),
    /// The dues were not settled.
    #[error(transparent)]
    Unsettled(#[from] LedgerError),
    /// An approval came along that is of something else than this call does.
    #[error("the approval by {approver} is of none of the actions of this call")]
    ApprovalMismatch {
        /// Who approved.
        approver: ApproverPublicKey,
    },
    /// The decision owes something that cannot be settled.
    #[error("the decision owes something that cannot be settled")]
    CannotSettle,
    /// It is a retry, and the service does not know retries.
    #[error("the attempt was admitted before")]
    Repeated,
    /// The decision cannot be named.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Refusal {
    pub(super) fn new(id: Option<DecisionId>, kind: impl Into<RefusalKind>) -> Self {
        Self {
            id,
            root: None,
            kind: Box::new(kind.into()),
            request: None,
            freshness: None,
        }
    }

    pub(super) fn under(mut self, root: RootKey) -> Self {
        self.root = Some(root);
        self
    }

    /// Adds what an approver needs, if approvals are all that is missing.
    pub(super) fn with_request(
        mut self,
        lifetime: Duration,
        verified: &Verified,
        mapped: &Mapped,
    ) -> Self {
        let lacks_approvals = match &*self.kind {
            RefusalKind::Denied(denial) => denial.lacks_only_approvals(),
            RefusalKind::ApprovalMismatch { .. } => true,
            _ => false,
        };
        if lacks_approvals {
            let request = ApprovalRequest::new(verified, mapped.actions().to_vec(), lifetime);
            self.request = request.ok().map(Box::new);
        }
        self
    }

    pub(super) fn knowing(mut self, freshness: Freshness) -> Self {
        self.freshness = Some(freshness);
        self
    }

    /// By which list of revocations it was decided, and how old that is; `None` if the token was not
    /// verified.
    pub fn freshness(&self) -> Option<Freshness> {
        self.freshness
    }

    /// What the agent signs and sends to those who may approve, if approvals are all that is
    /// missing.
    pub fn approval_request(&self) -> Option<&ApprovalRequest> {
        self.request.as_deref()
    }

    /// Names the decision; `None` if there was no randomness to name it.
    pub fn decision_id(&self) -> Option<DecisionId> {
        self.id
    }

    /// The root key that the decision rests on; `None` if the token was not verified.
    pub fn root(&self) -> Option<RootKey> {
        self.root
    }

    /// At which stage, and why.
    pub fn kind(&self) -> &RefusalKind {
        &self.kind
    }

    /// One line for whoever asked: as it displays, but for what a store says of itself. That is for
    /// the service's operators.
    pub fn message(&self) -> String {
        match &*self.kind {
            RefusalKind::Unsettled(LedgerError::Unavailable(_)) => {
                "the ledger is unavailable".to_owned()
            }
            kind => kind.to_string(),
        }
    }

    /// What an agent may do instead, in a sentence or two for its model to read.
    ///
    /// It says nothing that the code does not say, and promises nothing: who follows it is decided
    /// about anew.
    pub fn next_step(&self) -> &'static str {
        const LATER: &str = "The service cannot say now. Try again later.";
        if self.request.is_some() {
            return "People must give their approval first. Once they have, make the very same call again.";
        }
        match &*self.kind {
            RefusalKind::Unmapped(error) if error.is_service_fault() => LATER,
            RefusalKind::Unmapped(_) => {
                "Correct the arguments; a tool that is not known stays unknown."
            }
            RefusalKind::Unsettled(
                LedgerError::Unavailable(_) | LedgerError::Full | LedgerError::Forgotten { .. },
            ) => LATER,
            RefusalKind::Unverified(
                VerifyError::Revoked(Revoked::Unknown) | VerifyError::RevocationsStale { .. },
            ) => LATER,
            RefusalKind::NoRandomness(_) => LATER,
            RefusalKind::Unverified(VerifyError::Note(NoteError::Expired { .. })) => {
                "What was noted has ended. Read it again where it came from, then make the call again."
            }
            RefusalKind::Unsettled(_) => "Do not repeat the call as it is.",
            _ => {
                "The task does not permit this. Go on without it, or tell the person whom you work for."
            }
        }
    }

    /// The stable code: `approval_required`, `proof_replayed`, …
    pub fn code(&self) -> &'static str {
        match &*self.kind {
            RefusalKind::Unverified(error) => error.code(),
            RefusalKind::Unmapped(error) => error.code(),
            RefusalKind::Denied(denial) => denial.code(),
            RefusalKind::Unsettled(error) => error.code(),
            RefusalKind::ApprovalMismatch { .. } => "approval_mismatch",
            RefusalKind::CannotSettle => "dues_unsupported",
            RefusalKind::Repeated => "attempt_repeated",
            RefusalKind::NoRandomness(_) => "no_randomness",
        }
    }
}

impl RefusalKind {
    /// Whether an agent that keeps to its task would not have come here. What is missing, braked or
    /// down is nobody's fault, and a proof that is presented again may come from whoever saw it.
    pub(super) fn goes_astray(&self) -> bool {
        match self {
            Self::Denied(denial) => {
                let blameless = |reason: &Reason| {
                    matches!(
                        reason.code,
                        ReasonCode::ApprovalRequired | ReasonCode::BrakeApplied
                    )
                };
                let reasons = denial.reasons();
                reasons.is_empty() || !reasons.iter().all(blameless)
            }
            Self::Unmapped(error) => !error.is_service_fault(),
            Self::ApprovalMismatch { .. } => true,
            Self::Unsettled(error) => matches!(
                error,
                LedgerError::AttemptChanged
                    | LedgerError::ApprovalUsed { .. }
                    | LedgerError::BudgetExceeded { .. }
            ),
            _ => false,
        }
    }
}

impl From<Denial> for RefusalKind {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reasons = match &*self.kind {
            RefusalKind::Denied(denial) => denial.reasons(),
            _ => &[],
        };
        let mut out = serializer.serialize_struct("Refusal", 7)?;
        out.serialize_field("code", self.code())?;
        out.serialize_field("message", &self.message())?;
        out.serialize_field("decision_id", &self.id)?;
        out.serialize_field("root", &self.root)?;
        out.serialize_field("reasons", reasons)?;
        match &self.freshness {
            Some(freshness) => out.serialize_field("revocations", freshness)?,
            None => out.skip_field("revocations")?,
        }
        match &self.request {
            Some(request) => out.serialize_field("approval_request", &request.to_text())?,
            None => out.skip_field("approval_request")?,
        }
        out.end()
    }
}
