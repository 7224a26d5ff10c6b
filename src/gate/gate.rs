//! The line, in order.

use std::fmt;
use std::sync::Arc;

use super::{DecisionId, Permit, Refusal, RefusalKind};
use crate::action::{Action, Call};
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::decide::{Decision, Facts, decide};
use crate::ledger::{BudgetKey, BudgetOwner, Claim, Ledger, Settlement, Spend};
use crate::revoke::{RevocationSet, Revocations};
use crate::scope::{DueKind, Dues, Origin, Scope};
use crate::verify::{Verified, Verifier};

/// The one call of a service: verifies, decides, settles, and only then gives a [`Permit`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::{sync::Arc, time::Duration};
/// # use bailiwick::{action::*, clock::*, gate::*, keys::*, ledger::*, mint::*, present::*, scope::*, verify::*};
/// # let start = Timestamp::from_unix_seconds(1_800_000_000)?;
/// # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
/// # let clock = Arc::new(FixedClock::new(Timestamp::from_unix_seconds(1_800_000_060)?));
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let root = Root::new(RootKeyId::new(1), issuer.public_key(), start..end);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(end).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), start)?.token;
/// # let holder = Holder::new(token, agent)?;
/// let service: Service = "forum.example".parse()?;
/// let verifier = Verifier::new(service.clone(), KeyRing::new([root])?);
/// let gate = Gate::new(verifier, Arc::new(ForgetfulLedger::started_at(start))).with_clock(clock.clone());
///
/// let call = Call::tool("read_thread".parse()?, Tree::from_pairs([("id", 42i64)])?);
/// let read = |thread: &str| -> Result<Action, Box<dyn std::error::Error>> {
///     Ok(Action::new(service.clone(), "forum.read".parse()?, Effect::Read, thread.parse()?))
/// };
/// let sent = holder.present(&service, &call, clock.now())?.to_text();
/// let permit = gate.admit(&sent, &call, vec![read("forum/thread/42")?])?;
/// assert_eq!(permit.agent().as_str(), "helper");
///
/// let again = gate.admit(&sent, &call, vec![read("forum/thread/42")?]);
/// assert_eq!(again.unwrap_err().code(), "proof_replayed");
/// # Ok(())
/// # }
/// ```
pub struct Gate {
    verifier: Verifier,
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock + Send + Sync>,
    revocations: Arc<dyn Revocations + Send + Sync>,
    house: Option<Scope>,
    #[cfg(feature = "oracle")]
    cross_check: Option<super::cross_check::CrossCheck>,
}

impl Gate {
    /// A gate without house rules, without revocations, on the system's clock.
    ///
    /// All gates of one service share one ledger, and have the same proof window and skew; two
    /// ledgers would each admit a proof once.
    pub fn new(verifier: Verifier, ledger: Arc<dyn Ledger>) -> Self {
        Self {
            verifier,
            ledger,
            clock: Arc::new(SystemClock),
            revocations: Arc::new(RevocationSet::default()),
            house: None,
            #[cfg(feature = "oracle")]
            cross_check: None,
        }
    }

    /// Reads the time from this clock.
    pub fn with_clock(mut self, clock: Arc<dyn Clock + Send + Sync>) -> Self {
        self.clock = clock;
        self
    }

    /// Refuses what this source says is revoked.
    pub fn with_revocations(mut self, source: Arc<dyn Revocations + Send + Sync>) -> Self {
        self.revocations = source;
        self
    }

    /// Narrows every token by the service's own rules, as if each had one more block.
    pub fn with_house_rules(mut self, house: Scope) -> Self {
        self.house = Some(house);
        self
    }

    /// Lets stock biscuit-auth decide one in `one_in_n` decisions again, on another thread, and
    /// hands every difference to `report`. The decision itself never waits for it; when that
    /// thread is behind, decisions are left out.
    #[cfg(feature = "oracle")]
    pub fn cross_check(
        mut self,
        one_in_n: std::num::NonZeroU32,
        report: impl Fn(super::Difference) + Send + 'static,
    ) -> std::io::Result<Self> {
        self.cross_check = Some(super::cross_check::CrossCheck::start(one_in_n, report)?);
        Ok(self)
    }

    /// The verifier.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Admits a call that does these actions, or says why not.
    ///
    /// `call` is built from the request as it was received, `actions` from what the service is
    /// about to execute.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code.
    ///
    /// # Security
    ///
    /// Execute the [`Permit::actions`], and build them from what would be executed: what is
    /// authorized and what is done must come from one value.
    pub fn admit(
        &self,
        presentation: &str,
        call: &Call,
        actions: Vec<Action>,
    ) -> Result<Permit, Refusal> {
        self.admit_with(presentation, call, |_| actions)
    }

    /// As [`admit`](Self::admit), for a service that looks up attributes only for tokens that are
    /// verified, or for whom they are.
    ///
    /// The decision is of the time before the look-up: bound how long that may take.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code.
    pub fn admit_with(
        &self,
        presentation: &str,
        call: &Call,
        actions: impl FnOnce(&Verified) -> Vec<Action>,
    ) -> Result<Permit, Refusal> {
        let id = DecisionId::random().map_err(|error| Refusal::new(None, error))?;
        let refuse = |kind| Refusal::new(Some(id), kind);
        let now = self.clock.now();
        let verified = self
            .verifier
            .verify(presentation, call, now, &*self.revocations)
            .map_err(|error| refuse(error.into()))?;
        let actions = actions(&verified);
        self.decide_and_settle(&verified, &actions)
            .map_err(|kind| refuse(kind).under(verified.root()))?;
        Ok(Permit {
            id,
            verified,
            actions,
        })
    }

    fn decide_and_settle(
        &self,
        verified: &Verified,
        actions: &[Action],
    ) -> Result<(), RefusalKind> {
        // Until a ledger remembers taint, every task counts as tainted.
        let facts = Facts::of(verified).tainted(true);
        let decision = decide(verified, self.house.as_ref(), actions, &facts);
        #[cfg(feature = "oracle")]
        if let Some(cross_check) = &self.cross_check {
            cross_check.consider(verified, self.house.as_ref(), actions, &decision);
        }
        match decision {
            Decision::Deny(denial) => Err(denial.into()),
            Decision::Allow(dues) => Ok(self.ledger.settle(&settlement(verified, &dues)?)?),
        }
    }
}

fn settlement(verified: &Verified, dues: &Dues<'_>) -> Result<Settlement, RefusalKind> {
    let token = verified
        .block_signatures()
        .last()
        .ok_or(RefusalKind::CannotSettle)?;
    let spend = |due: crate::scope::Due<'_>| match due.kind {
        DueKind::Spend(budget, amount) => Ok(Spend {
            budget: BudgetKey {
                service: verified.service().clone(),
                root: verified.root().key,
                owner: owner(verified, due.origin)?,
                name: budget.name().to_string(),
            },
            amount,
            cap: budget.cap(),
            window: budget.window(),
            ends: ends(verified, due.origin),
        }),
        _ => Err(RefusalKind::CannotSettle),
    };
    Ok(Settlement {
        claim: Claim {
            service: verified.service().clone(),
            token: *token,
            nonce: verified.nonce(),
            until: verified.claim_until(),
        },
        proof_issued: verified.proof_issued(),
        skew: verified.skew(),
        spends: dues.iter().map(spend).collect::<Result<_, _>>()?,
        now: verified.now(),
    })
}

/// A budget of the first block belongs to the task, so that minting again does not reset it; one of
/// a later block to that very block.
fn owner(verified: &Verified, origin: Origin) -> Result<BudgetOwner, RefusalKind> {
    let task = || verified.task().id().clone();
    match origin {
        Origin::Block(0) => Ok(BudgetOwner::Task(task())),
        Origin::Block(index) => {
            let signature = verified.block_signatures().get(index as usize);
            let signature = signature.ok_or(RefusalKind::CannotSettle)?;
            Ok(BudgetOwner::Block(*signature.as_bytes()))
        }
        Origin::Ceiling | Origin::House | Origin::Brake => Ok(BudgetOwner::Layer(origin, task())),
    }
}

/// A budget of a later block ends with it. One of a task, or of a layer, would begin anew if it were
/// forgotten and the task minted again.
fn ends(verified: &Verified, origin: Origin) -> Option<Timestamp> {
    let Origin::Block(index @ 1..) = origin else {
        return None;
    };
    let above = verified.scopes().iter().take(index as usize + 1);
    above.filter_map(|scope| scope.window().not_after()).min()
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("verifier", &self.verifier)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
