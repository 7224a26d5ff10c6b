//! Who counts as an approver.

use crate::action::ApproverName;
use crate::clock::Timestamp;
use crate::keys::ApproverPublicKey;

/// What a verifier asks about an approver whose signature holds: a [`Directory`](super::Directory),
/// or something that swaps one for the next.
pub trait Approvers: Send + Sync {
    /// What is known of the approver at this time.
    fn standing(&self, approver: &ApproverPublicKey, now: Timestamp) -> ApproverStanding;
}

/// What is known of an approver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApproverStanding {
    /// Its approvals count.
    Active(ApproverName),
    /// Its approvals count no more.
    Revoked,
    /// Nobody has heard of it.
    Unknown,
    /// Nobody can say: what is known is too old. The end of its time, if that is known.
    Stale(Option<Timestamp>),
}
