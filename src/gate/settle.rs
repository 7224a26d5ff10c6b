//! From the dues of a decision to a settlement.

use std::time::Duration;

use super::{ApprovedBy, Gate, Mapped, RefusalKind};
use crate::action::ActionDigest;
use crate::clock::Timestamp;
use crate::decide::DecisionId;
use crate::ledger::{
    ApprovalClaim, Attempt, BudgetOwner, BudgetShape, EntryKey, LedgerError, ProofClaim,
    Settlement, Spend, Spends, Taint,
};
use crate::scope::{ApprovalRule, Budget, DueKind, Dues, Layers, Origin, Scope, When};
use crate::verify::Verified;

/// What is known of taint when a call is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assumed {
    /// The task is taken for clean; the ledger will object if it is not.
    Clean,
    /// The task is tainted.
    Tainted,
    /// No scope asks.
    Whatever,
}

impl Assumed {
    /// What to begin with.
    pub(super) fn first<L>(gate: &Gate<L>, verified: &Verified, mapped: &Mapped) -> Self {
        let layers = Layers {
            ceiling: verified.ceiling(),
            blocks: verified.scopes(),
            house: gate.house.as_ref(),
            // Brakes deny, and ask for nothing.
            brakes: None,
        };
        let asks = |scope: &Scope| scope.require().iter().any(|it| it.when() == When::Tainted);
        if !layers.iter().any(|(_, scope)| asks(scope)) {
            Self::Whatever
        } else if mapped.reads_untrusted() || !gate.vouches_for(verified) {
            // What one action of the call reads, another may send; and what was read elsewhere, any.
            Self::Tainted
        } else {
            Self::Clean
        }
    }

    pub(super) fn tainted(self) -> bool {
        self != Self::Clean
    }
}

/// What a decision says that an allow owes.
pub(super) struct Owed<'a> {
    pub(super) dues: &'a Dues<'a>,
    /// Of each action, if approvals came along.
    pub(super) digests: &'a [ActionDigest],
    pub(super) assumed: Assumed,
}

/// All that an allow must settle.
pub(super) fn settlement(
    verified: &Verified,
    owed: Owed<'_>,
    mapped: &Mapped,
    decision: DecisionId,
    attempt_memory: Duration,
) -> Result<(Settlement, Vec<ApprovedBy>), RefusalKind> {
    let service = verified.service();
    let (root, task) = (verified.root().key, verified.task().id());
    let signatures = verified.block_signatures();
    let token = signatures.last().ok_or(RefusalKind::CannotSettle)?;
    let mut spends = Spends::none();
    let mut approvals = Used::default();
    for due in owed.dues.iter() {
        match due.kind {
            DueKind::Spend(budget, amount) => {
                spends.push(spend(verified, due.origin, budget, amount)?)?;
            }
            DueKind::Approval(rule) => {
                let digest = owed.digests.get(due.action);
                let digest = digest.ok_or(RefusalKind::CannotSettle)?;
                approvals.add(verified, due.action, digest, rule)?;
            }
        }
    }
    let now = verified.now();
    let attempt_ends = now.saturating_add(attempt_memory);
    let settlement = Settlement {
        task: EntryKey::task(&root, task),
        service: EntryKey::service(service),
        decision,
        proof: ProofClaim {
            key: EntryKey::proof(service, token, verified.nonce()),
            issued: verified.proof_issued(),
            until: verified.claim_until(),
        },
        attempt: Attempt {
            key: EntryKey::attempt(service, token, verified.attempt()),
            content: content(verified, &approvals.claims, &spends),
            until: ends(verified, signatures.len())
                .map_or(attempt_ends, |end| end.min(attempt_ends)),
        },
        approvals: approvals.claims,
        spends,
        taint: Taint {
            key: EntryKey::taint(&root, task),
            assumes_clean: owed.assumed == Assumed::Clean,
            marks: mapped.reads_untrusted(),
        },
        token_issued: verified.token_issued(),
        now,
        skew: verified.skew(),
    };
    Ok((settlement, approvals.by))
}

/// The approvals that a call uses up: all that came along from people whom a requirement names, also
/// those over its threshold, so that none is left over for another time.
#[derive(Default)]
struct Used {
    claims: Vec<ApprovalClaim>,
    by: Vec<ApprovedBy>,
    /// For each claim, the action that it is for.
    actions: Vec<usize>,
}

impl Used {
    fn add(
        &mut self,
        verified: &Verified,
        index: usize,
        digest: &ActionDigest,
        rule: &ApprovalRule,
    ) -> Result<(), RefusalKind> {
        let groups = rule.groups().iter().flat_map(|group| group.approvers());
        for approval in verified.approvals() {
            let approver = *approval.approver();
            let Some(place) = approval.index_of(digest) else {
                continue;
            };
            if !groups.clone().any(|named| *named == approver) {
                continue;
            }
            let place = u32::try_from(place).map_err(|_| RefusalKind::CannotSettle)?;
            let key = EntryKey::approval(verified.service(), &approver, approval.nonce(), place);
            match self.claims.iter().position(|claim| claim.key == key) {
                // Another requirement wants it for the same action.
                Some(at) if self.actions.get(at) == Some(&index) => continue,
                // The call does the same twice, and it was approved once.
                Some(_) => return Err(LedgerError::ApprovalUsed { approver }.into()),
                None => {}
            }
            self.actions.push(index);
            self.claims.push(ApprovalClaim {
                key,
                approver,
                issued: approval.issued(),
                until: approval.until(),
            });
            let by = ApprovedBy {
                key: approver,
                name: approval.name().cloned(),
            };
            if !self.by.contains(&by) {
                self.by.push(by);
            }
        }
        Ok(())
    }
}

/// What a retry must have in common with the first try.
fn content(verified: &Verified, approvals: &[ApprovalClaim], spends: &Spends) -> EntryKey {
    let mut used = Vec::with_capacity(16 * approvals.len());
    for claim in approvals {
        used.extend_from_slice(claim.key.as_bytes());
    }
    let mut spent = Vec::with_capacity(24 * spends.len());
    for spend in spends {
        spent.extend_from_slice(spend.key.as_bytes());
        spent.extend_from_slice(&spend.amount.to_be_bytes());
    }
    EntryKey::of(b"content", &[verified.call().as_bytes(), &used, &spent])
}

fn spend(
    verified: &Verified,
    origin: Origin,
    budget: &Budget,
    amount: i64,
) -> Result<Spend, RefusalKind> {
    let (owner, ends) = owner(verified, origin)?;
    let root = verified.root().key;
    Ok(Spend {
        key: EntryKey::budget(verified.service(), &root, &owner, budget.name()),
        name: budget.name().clone(),
        shape: BudgetShape::new(budget.window(), budget.measure()),
        amount,
        cap: budget.cap(),
        ends,
    })
}

/// A budget of the first block belongs to the task, so that minting again does not reset it; one of
/// a later block to that very block, with which it ends.
fn owner(
    verified: &Verified,
    origin: Origin,
) -> Result<(BudgetOwner, Option<Timestamp>), RefusalKind> {
    let task = || verified.task().id().clone();
    match origin {
        Origin::Block(0) => Ok((BudgetOwner::Task(task()), None)),
        Origin::Block(index) => {
            let index = index as usize;
            let signature = verified.block_signatures().get(index);
            let signature = signature.ok_or(RefusalKind::CannotSettle)?;
            let ends = ends(verified, index.saturating_add(1));
            Ok((BudgetOwner::Block(*signature.as_bytes()), ends))
        }
        Origin::Ceiling | Origin::House | Origin::Brake => {
            Ok((BudgetOwner::Layer(origin, task()), None))
        }
    }
}

/// When the first so many blocks have ended.
fn ends(verified: &Verified, blocks: usize) -> Option<Timestamp> {
    let scopes = verified.scopes().iter().take(blocks);
    scopes.filter_map(|scope| scope.window().not_after()).min()
}
