//! A call that scopes permit, and that is not paid for yet.

use super::permit::{Paid, PaidBy};
use super::settle::{Assumed, settlement};
use super::{Admission, Gate, Mapped, Permit, Refusal, RefusalKind, Repeat};
use crate::action::Effect;
use crate::decide::{Decision, DecisionId, Facts, decide};
use crate::ledger::{LedgerError, Refund, Settled, Settlement};
use crate::verify::Verified;

/// A call that scopes permit once this is settled.
pub(super) struct Judged {
    id: DecisionId,
    verified: Verified,
    mapped: Mapped,
    pub(super) settlement: Settlement,
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
        let assumed = Assumed::first(&verified, gate.house.as_ref(), &mapped);
        Self::assuming(assumed, gate, id, verified, mapped)
    }

    /// Decides again, as the ledger says that the task is tainted.
    pub(super) fn as_tainted<L>(self, gate: &Gate<L>) -> Result<Self, Refusal> {
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
        let settlement = judge(assumed, gate, id, &verified, &mapped)
            .map_err(|kind| Refusal::new(Some(id), kind).under(verified.root()))?;
        Ok(Self {
            id,
            verified,
            mapped,
            settlement,
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
        let reads = |action: &crate::action::Action| action.effect() == Effect::Read;
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
    pub(super) fn conclude(
        self,
        settled: Result<Settled, LedgerError>,
    ) -> Result<Admission, Refusal> {
        let settled = settled
            .map_err(|error| Refusal::new(Some(self.id), error).under(self.verified.root()))?;
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
            actions: self.mapped.actions,
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
) -> Result<Settlement, RefusalKind> {
    let facts = Facts::of(verified).tainted(assumed.tainted());
    let (house, actions) = (gate.house.as_ref(), mapped.actions());
    let decision = decide(verified, house, actions, &facts);
    #[cfg(feature = "oracle")]
    if let Some(cross_check) = &gate.cross_check {
        cross_check.consider(verified, house, actions, &facts, &decision);
    }
    match decision {
        Decision::Deny(denial) => Err(denial.into()),
        Decision::Allow(dues) => {
            settlement(verified, &dues, mapped, assumed, id, gate.attempt_memory)
        }
    }
}
