//! A call that scopes permit, and that is not paid for yet.

use super::permit::{Paid, PaidBy};
use super::settle::{Assumed, Owed, settlement};
use super::{Admission, ApprovedBy, Gate, Mapped, Permit, Refusal, RefusalKind, Repeat};
use crate::action::{Action, ActionDigest, Effect};
use crate::decide::{Decision, DecisionId, Facts, decide};
use crate::ledger::{LedgerError, Refund, Settled, Settlement};
use crate::revoke::{Freshness, Revocations as _, Standing};
use crate::verify::{Verified, VerifiedApproval, VerifyError};

/// A call that scopes permit once this is settled.
pub(super) struct Judged {
    id: DecisionId,
    verified: Verified,
    mapped: Mapped,
    pub(super) settlement: Settlement,
    approved_by: Vec<ApprovedBy>,
    by: PaidBy,
}

impl Judged {
    /// Decides.
    pub(super) fn new<L>(
        gate: &Gate<L>,
        id: DecisionId,
        verified: Verified,
        mapped: Mapped,
    ) -> Result<Self, Refusal> {
        let assumed = Assumed::first(gate, &verified, &mapped);
        Self::assuming(assumed, gate, id, verified, mapped)
    }

    /// Decides again, as the ledger says that the task is tainted.
    pub(super) fn into_tainted<L>(self, gate: &Gate<L>) -> Result<Self, Refusal> {
        let Self {
            id,
            verified,
            mapped,
            ..
        } = self;
        Self::assuming(Assumed::Tainted, gate, id, verified, mapped)
    }

    fn assuming<L>(
        assumed: Assumed,
        gate: &Gate<L>,
        id: DecisionId,
        verified: Verified,
        mapped: Mapped,
    ) -> Result<Self, Refusal> {
        let (settlement, approved_by) =
            judge(assumed, gate, id, &verified, &mapped).map_err(|kind| {
                let refusal = gate.refused(id, &verified, kind);
                refusal.with_request(gate.request_lifetime, &verified, &mapped)
            })?;
        Ok(Self {
            id,
            verified,
            mapped,
            settlement,
            approved_by,
            by: PaidBy::Shared,
        })
    }

    /// Whether it reads, and owes nothing but that its proof is used once.
    pub(super) fn only_reads(&self) -> bool {
        let Settlement {
            approvals,
            spends,
            taint,
            ..
        } = &self.settlement;
        let reads = |action: &Action| action.effect() == Effect::Read;
        let owes_nothing = approvals.is_empty() && spends.is_empty();
        owes_nothing
            && !taint.assumes_clean
            && !taint.marks
            && self.mapped.actions().iter().all(reads)
    }

    /// Notes that it was settled in the gate's own ledger.
    pub(super) fn paid_locally(&mut self, settled: Settled) -> Settled {
        self.by = PaidBy::Local;
        settled
    }

    /// A permit, if it is paid for.
    pub(super) fn conclude<L>(
        self,
        gate: &Gate<L>,
        settled: Result<Settled, LedgerError>,
    ) -> Result<Admission, Refusal> {
        let settled =
            settled.map_err(|error| gate.refused(self.id, &self.verified, error.into()))?;
        let permit = |receipt| Permit {
            paid: Paid {
                refund: Refund {
                    task: self.settlement.task,
                    attempt: self.settlement.attempt,
                    receipt,
                    spends: self.settlement.spends,
                    now: self.settlement.now,
                },
                by: self.by,
            },
            verified: self.verified,
            actions: self.mapped.into_actions(),
            approved_by: self.approved_by,
        };
        Ok(match settled {
            Settled::First(receipt) => Admission::First(permit(receipt)),
            Settled::Again(receipt) => Admission::Again(Repeat {
                permit: permit(receipt),
            }),
        })
    }
}

fn judge<L>(
    assumed: Assumed,
    gate: &Gate<L>,
    id: DecisionId,
    verified: &Verified,
    mapped: &Mapped,
) -> Result<(Settlement, Vec<ApprovedBy>), RefusalKind> {
    let (house, actions) = (gate.house.as_ref(), mapped.actions());
    // Most calls come without approvals, and hash nothing for them.
    let digests: Vec<_> = match verified.approvals() {
        [] => Vec::new(),
        _ => actions.iter().map(Action::digest).collect(),
    };
    let approvers = digests.iter().map(|digest| verified.approvers_of(digest));
    let approvers: Vec<_> = approvers.collect();
    let approvers: Vec<_> = approvers.iter().map(Vec::as_slice).collect();
    let root = verified.root().key;
    let brakes = gate
        .revocations
        .brakes(&root, verified.service(), verified.now());
    let seen = verified.seen(house, brakes.as_deref());
    let mut facts = Facts::of(verified)
        .approved_by(&approvers)
        .seen(&seen)
        .tainted(assumed.tainted());
    if let Some(brakes) = &brakes {
        facts = facts.brakes(brakes);
    }
    let decision = decide(verified, house, actions, &facts);
    #[cfg(feature = "oracle")]
    if let Some(cross_check) = &gate.cross_check {
        cross_check.consider(verified, house, brakes.as_ref(), actions, &facts, &decision);
    }
    match decision {
        Decision::Deny(denial) if denial.lacks_only_approvals() => {
            every_approval_fits(verified, &digests)?;
            Err(denial.into())
        }
        Decision::Deny(denial) => Err(denial.into()),
        Decision::Allow(dues) => {
            every_approval_fits(verified, &digests)?;
            fresh_enough(verified, actions)?;
            let owed = Owed {
                dues: &dues,
                digests: &digests,
                assumed,
            };
            settlement(verified, owed, mapped, id, gate.attempt_memory)
        }
    }
}

/// An approval that came along and is of no action of the call is an error, never none.
fn every_approval_fits(verified: &Verified, digests: &[ActionDigest]) -> Result<(), RefusalKind> {
    let fits = |approval: &VerifiedApproval| {
        digests
            .iter()
            .any(|digest| approval.index_of(digest).is_some())
    };
    match verified.approvals().iter().find(|approval| !fits(approval)) {
        None => Ok(()),
        Some(approval) => Err(RefusalKind::ApprovalMismatch {
            approver: *approval.approver(),
        }),
    }
}

/// A source of revocations that is behind may admit reads alone.
pub(super) fn fresh_enough(verified: &Verified, actions: &[Action]) -> Result<(), RefusalKind> {
    let Freshness {
        number,
        age,
        standing,
    } = verified.freshness();
    let reads = || actions.iter().all(|action| action.effect() == Effect::Read);
    match standing {
        Standing::Fresh => Ok(()),
        Standing::ReadsOnly if reads() => Ok(()),
        _ => Err(VerifyError::RevocationsStale { number, age }.into()),
    }
}
