//! Approvals that came along with a proof.

use std::time::Duration;

use super::CheckedToken;
use crate::action::{ActionDigest, ApproverName};
use crate::approve::{Approval, ApproverStanding, Approvers, is_in_chain};
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, IssuerPublicKey};
use crate::present::Nonce;
use crate::revoke::Revocations;

/// An approval whose signature and times hold, for the token that was presented, by an approver who
/// may approve it.
///
/// Whether a requirement wants this approver is for the decision to say, and that the approval was
/// not used before for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedApproval {
    approver: ApproverPublicKey,
    name: Option<ApproverName>,
    nonce: Nonce,
    issued: Timestamp,
    until: Timestamp,
    digests: Vec<ActionDigest>,
}

impl VerifiedApproval {
    /// The key that approved.
    pub fn approver(&self) -> &ApproverPublicKey {
        &self.approver
    }

    /// Whose key it is, if the verifier knows its approvers.
    pub fn name(&self) -> Option<&ApproverName> {
        self.name.as_ref()
    }

    /// What makes it another approval than all others of that key.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// When it was made, by its maker's clock.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// From when on it counts no more.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The actions that are approved, each of them once.
    pub fn digests(&self) -> &[ActionDigest] {
        &self.digests
    }

    /// What may have changed while a service looked something up.
    pub(super) fn check_again(
        &self,
        root: &IssuerPublicKey,
        now: Timestamp,
        approvers: Option<&dyn Approvers>,
        revocations: &dyn Revocations,
    ) -> Result<(), ApprovalError> {
        let (approver, until) = (self.approver, self.until);
        if now >= until {
            return Err(ApprovalError::Expired {
                approver,
                until,
                now,
            });
        }
        if revocations.approver_revoked(root, &approver, now) {
            return Err(ApprovalError::Revoked { approver });
        }
        name(approvers, approver, now).map(drop)
    }

    /// Where an action stands among those that are approved, if it does. A ledger claims each place
    /// once.
    pub fn index_of(&self, action: &ActionDigest) -> Option<usize> {
        self.digests.iter().position(|digest| digest == action)
    }
}

/// Why an approval that came along does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApprovalError {
    /// It is for another token: of another task, of another holder, or not narrowed as this one.
    #[error("the approval by {approver} is for another token")]
    Foreign {
        /// Who made it, says the approval.
        approver: ApproverPublicKey,
    },
    /// Its signature does not hold.
    #[error("the signature of the approval by {approver} does not hold")]
    Invalid {
        /// Who made it, says the approval.
        approver: ApproverPublicKey,
    },
    /// It was made in the future.
    #[error("the approval by {approver} was made at {issued}, and it is {now}")]
    NotYetValid {
        /// Who made it.
        approver: ApproverPublicKey,
        /// When.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// It has ended.
    #[error("the approval by {approver} ended at {until}, and it is {now}")]
    Expired {
        /// Who made it.
        approver: ApproverPublicKey,
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// Its maker approves what it asks for itself.
    #[error("approver {approver} is the root key or a holder of the token")]
    InChain {
        /// Who made it.
        approver: ApproverPublicKey,
    },
    /// It is there twice.
    #[error("an approval by {approver} is there twice")]
    Duplicate {
        /// Who made it.
        approver: ApproverPublicKey,
    },
    /// Its maker's key is revoked.
    #[error("approver {approver} is revoked")]
    Revoked {
        /// Who made it.
        approver: ApproverPublicKey,
    },
    /// Its maker is not in the directory.
    #[error("approver {approver} is not in the directory")]
    Unknown {
        /// Who made it.
        approver: ApproverPublicKey,
    },
    /// The directory is too old to say anything.
    #[error("the directory of approvers is past its next update, and it is {now}")]
    DirectoryStale {
        /// When the next one was due, if that is known.
        next_update: Option<Timestamp>,
        /// The time here.
        now: Timestamp,
    },
}

impl ApprovalError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => "approval_foreign",
            Self::Invalid { .. } => "approval_invalid",
            Self::NotYetValid { .. } => "approval_not_yet_valid",
            Self::Expired { .. } => "approval_expired",
            Self::InChain { .. } => "approver_in_chain",
            Self::Duplicate { .. } => "approval_duplicate",
            Self::Revoked { .. } => "approval_revoked",
            Self::Unknown { .. } => "approver_unknown",
            Self::DirectoryStale { .. } => "directory_stale",
        }
    }
}

/// What approvals are checked against.
pub(super) struct Checks<'a> {
    pub(super) token: &'a CheckedToken,
    pub(super) skew: Duration,
    pub(super) now: Timestamp,
    pub(super) approvers: Option<&'a dyn Approvers>,
    pub(super) revocations: &'a dyn Revocations,
}

impl Checks<'_> {
    /// All of them, or the first error: none is left out silently.
    pub(super) fn verify(
        &self,
        approvals: &[Approval],
    ) -> Result<Vec<VerifiedApproval>, ApprovalError> {
        let mut verified: Vec<VerifiedApproval> = Vec::with_capacity(approvals.len());
        for approval in approvals {
            let one = self.verify_one(approval)?;
            let same =
                |had: &VerifiedApproval| had.approver == one.approver && had.nonce == one.nonce;
            if verified.iter().any(same) {
                let approver = one.approver;
                return Err(ApprovalError::Duplicate { approver });
            }
            verified.push(one);
        }
        Ok(verified)
    }

    fn verify_one(&self, approval: &Approval) -> Result<VerifiedApproval, ApprovalError> {
        let (approver, now) = (*approval.approver(), self.now);
        let token = self.token.last().map(|(_, signature)| signature);
        if token != Some(approval.token()) {
            return Err(ApprovalError::Foreign { approver });
        }
        if !approval.is_signed() {
            return Err(ApprovalError::Invalid { approver });
        }
        let (issued, until) = (approval.issued(), approval.until());
        if issued > now.saturating_add(self.skew) {
            return Err(ApprovalError::NotYetValid {
                approver,
                issued,
                now,
            });
        }
        if now >= until {
            return Err(ApprovalError::Expired {
                approver,
                until,
                now,
            });
        }
        if is_in_chain(&approver, Some(&self.token.root), &self.token.holders) {
            return Err(ApprovalError::InChain { approver });
        }
        let root = &self.token.root;
        if self.revocations.approver_revoked(root, &approver, now) {
            return Err(ApprovalError::Revoked { approver });
        }
        Ok(VerifiedApproval {
            approver,
            name: name(self.approvers, approver, now)?,
            nonce: approval.nonce(),
            issued,
            until,
            digests: approval.digests().to_vec(),
        })
    }
}

/// Whose key it is, if somebody knows, and whether it counts.
fn name(
    approvers: Option<&dyn Approvers>,
    approver: ApproverPublicKey,
    now: Timestamp,
) -> Result<Option<ApproverName>, ApprovalError> {
    let Some(approvers) = approvers else {
        return Ok(None);
    };
    match approvers.standing(&approver, now) {
        ApproverStanding::Active(name) => Ok(Some(name)),
        ApproverStanding::Revoked => Err(ApprovalError::Revoked { approver }),
        ApproverStanding::Unknown => Err(ApprovalError::Unknown { approver }),
        ApproverStanding::Stale(next_update) => {
            Err(ApprovalError::DirectoryStale { next_update, now })
        }
    }
}

#[cfg(test)]
mod tests;
