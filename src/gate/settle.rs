//! From the dues of a decision to a settlement.

use std::time::Duration;

use super::{Mapped, RefusalKind};
use crate::clock::Timestamp;
use crate::decide::DecisionId;
use crate::ledger::{
    Attempt, BudgetOwner, BudgetShape, EntryKey, ProofClaim, Settlement, Spend, Spends, Taint,
};
use crate::scope::{Budget, DueKind, Dues, Layers, Origin, Scope, When};
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
    pub(super) fn first(verified: &Verified, house: Option<&Scope>, mapped: &Mapped) -> Self {
        let layers = Layers {
            ceiling: verified.ceiling(),
            blocks: verified.scopes(),
            house,
        };
        let asks = |scope: &Scope| scope.require().iter().any(|it| it.when() == When::Tainted);
        if !layers.iter().any(|(_, scope)| asks(scope)) {
            Self::Whatever
        } else if mapped.reads_untrusted() {
            // What one action of the call reads, another may send.
            Self::Tainted
        } else {
            Self::Clean
        }
    }

    pub(super) fn tainted(self) -> bool {
        self != Self::Clean
    }
}

/// All that an allow must settle.
pub(super) fn settlement(
    verified: &Verified,
    dues: &Dues<'_>,
    mapped: &Mapped,
    assumed: Assumed,
    decision: DecisionId,
    attempt_memory: Duration,
) -> Result<Settlement, RefusalKind> {
    let service = verified.service();
    let (root, task) = (verified.root().key, verified.task().id());
    let signatures = verified.block_signatures();
    let token = signatures.last().ok_or(RefusalKind::CannotSettle)?;
    let mut spends = Spends::none();
    for due in dues.iter() {
        match due.kind {
            DueKind::Spend(budget, amount) => {
                spends.push(spend(verified, due.origin, budget, amount)?)?;
            }
            _ => return Err(RefusalKind::CannotSettle),
        }
    }
    let now = verified.now();
    let attempt_ends = now.saturating_add(attempt_memory);
    Ok(Settlement {
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
            content: content(verified, &spends),
            until: ends(verified, signatures.len())
                .map_or(attempt_ends, |end| end.min(attempt_ends)),
        },
        approvals: Vec::new(),
        spends,
        taint: Taint {
            key: EntryKey::taint(&root, task),
            assumes_clean: assumed == Assumed::Clean,
            marks: mapped.reads_untrusted(),
        },
        token_issued: verified.token_issued(),
        now,
        skew: verified.skew(),
    })
}

/// What a retry must have in common with the first try.
fn content(verified: &Verified, spends: &Spends) -> EntryKey {
    let charged: Vec<_> = spends
        .iter()
        .flat_map(|spend| [spend.key.as_bytes().as_slice(), &spend.amount.to_be_bytes()].concat())
        .collect();
    EntryKey::of(b"content", &[verified.call().as_bytes(), &charged])
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
        Origin::Ceiling | Origin::House => Ok((BudgetOwner::Layer(origin, task()), None)),
    }
}

/// When the first so many blocks have ended.
fn ends(verified: &Verified, blocks: usize) -> Option<Timestamp> {
    let scopes = verified.scopes().iter().take(blocks);
    scopes.filter_map(|scope| scope.window().not_after()).min()
}
