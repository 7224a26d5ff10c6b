//! The line, in order.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::judged::Judged;
use super::{Mapped, Refusal, RefusalKind, Unmapped};
use crate::action::{Call, Service};
use crate::clock::{Clock, SystemClock};
use crate::decide::DecisionId;
use crate::ledger::{ForgetfulLedger, Ledger as _, LedgerError, Refund, Refunded, Settled};
use crate::present::{Presentation, PresentationError};
use crate::revoke::{Posted, Revocations, Sources, StopError, StopTickets, Tripwire};
use crate::scope::Scope;
use crate::token::Limits;
use crate::verify::{Verified, Verifier, VerifyError};

/// The one call of a service: verifies, decides, settles, and only then gives a [`Permit`](super::Permit).
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
/// let gate = Gate::new(verifier, ForgetfulLedger::started_at(start)).with_clock(clock.clone());
///
/// let call = Call::tool("read_thread".parse()?, Tree::from_pairs([("id", 42i64)])?);
/// let read = |thread: &str| -> Result<Action, Box<dyn std::error::Error>> {
///     Ok(Action::new(service.clone(), "forum.read".parse()?, Effect::Read, thread.parse()?))
/// };
/// let sent = holder.present(&service, &call, clock.now())?.to_text();
/// let permit = gate.admit(&sent, &call, read("forum/thread/42")?)?.first()?;
/// assert_eq!(permit.agent().as_str(), "helper");
///
/// let again = gate.admit(&sent, &call, read("forum/thread/42")?);
/// assert_eq!(again.unwrap_err().code(), "proof_replayed");
/// # Ok(())
/// # }
/// ```
pub struct Gate<L> {
    pub(super) verifier: Verifier,
    pub(super) ledger: L,
    local: Option<ForgetfulLedger>,
    /// Whose gates settle in the same ledger.
    sharing: BTreeSet<Service>,
    clock: Arc<dyn Clock + Send + Sync>,
    pub(super) revocations: Sources,
    stops: Arc<StopTickets>,
    tripwire: Option<Arc<Tripwire>>,
    pub(super) house: Option<Scope>,
    pub(super) attempt_memory: Duration,
    pub(super) request_lifetime: Duration,
    #[cfg(feature = "oracle")]
    pub(super) cross_check: Option<super::cross_check::CrossCheck>,
}

impl<L> Gate<L> {
    /// How long an attempt is remembered unless
    /// [`with_attempt_memory`](Self::with_attempt_memory) says otherwise.
    pub const DEFAULT_ATTEMPT_MEMORY: Duration = Duration::from_secs(600);

    /// How long a request for approvals can be answered unless
    /// [`with_request_lifetime`](Self::with_request_lifetime) says otherwise.
    pub const DEFAULT_REQUEST_LIFETIME: Duration = Duration::from_secs(3600);

    /// A gate without house rules, on the system's clock, that is told of revocations by
    /// [stop tickets](Self::stop) alone.
    ///
    /// All gates of one service share one ledger, and have the same proof window and skew; two
    /// ledgers would each admit a proof once.
    pub fn new(verifier: Verifier, ledger: L) -> Self {
        let stops = Arc::new(StopTickets::new(verifier.ring().clone()));
        let sharing = BTreeSet::from([verifier.service().clone()]);
        Self {
            verifier,
            ledger,
            local: None,
            sharing,
            clock: Arc::new(SystemClock),
            revocations: Sources::new().with(stops.clone()),
            stops,
            tripwire: None,
            house: None,
            attempt_memory: Self::DEFAULT_ATTEMPT_MEMORY,
            request_lifetime: Self::DEFAULT_REQUEST_LIFETIME,
            #[cfg(feature = "oracle")]
            cross_check: None,
        }
    }

    /// Reads the time from this clock.
    pub fn with_clock(mut self, clock: Arc<dyn Clock + Send + Sync>) -> Self {
        self.clock = clock;
        self
    }

    /// Refuses what this source says is revoked, and what any other says that was given before.
    pub fn with_revocations(mut self, source: Arc<dyn Revocations>) -> Self {
        self.revocations = self.revocations.with(source);
        self
    }

    /// Isolates an agent that is denied too often: it, and all below it, never what is above.
    ///
    /// Counted is what was denied by scopes, budgets and used or foreign approvals, and what the
    /// service does not know, after the proof; not what lacks approvals or meets a brake, nor what
    /// the ledger or a look-up cannot say. Each proof counts once. One that was admitted, and is sent again by whoever saw it when the service says
    /// by now that the same call does something else, counts too.
    ///
    /// ```
    /// # use std::{sync::Arc, time::Duration};
    /// # use bailiwick::{gate::Gate, ledger::ForgetfulLedger, revoke::Tripwire};
    /// # fn with_a_wire(gate: Gate<ForgetfulLedger>) -> Gate<ForgetfulLedger> {
    /// gate.with_tripwire(Arc::new(Tripwire::new(20, Duration::from_secs(60))))
    /// # }
    /// ```
    pub fn with_tripwire(mut self, tripwire: Arc<Tripwire>) -> Self {
        self.revocations = self.revocations.with(tripwire.clone());
        self.tripwire = Some(tripwire);
        self
    }

    /// Shares the tasks that [stop tickets](Self::stop) stopped with other gates.
    pub fn with_stop_tickets(mut self, stops: Arc<StopTickets>) -> Self {
        self.revocations = self.revocations.with(stops.clone());
        self.stops = stops;
        self
    }

    /// Stops a task by its stop ticket, `bws1_…`, from whomever it comes: its issuer signed it, and
    /// it can do nothing else.
    ///
    /// # Errors
    ///
    /// [`StopError`] if it is damaged, forged or over.
    pub fn stop(&self, ticket: &str) -> Result<Posted, StopError> {
        self.stops.post(ticket, self.clock.now())
    }

    /// Narrows every token by the service's own rules, as if each had one more block.
    pub fn with_house_rules(mut self, house: Scope) -> Self {
        self.house = Some(house);
        self
    }

    /// Remembers for so long that an attempt was settled; a retry after that is charged again.
    pub fn with_attempt_memory(mut self, memory: Duration) -> Self {
        self.attempt_memory = memory;
        self
    }

    /// Lets people answer a request for approvals for so long, and no longer than its token lasts.
    pub fn with_request_lifetime(mut self, lifetime: Duration) -> Self {
        self.request_lifetime = lifetime;
        self
    }

    /// Settles in this ledger, instead of the one that all gates share, what only reads and owes
    /// nothing: no budget, no approval, and no word on taint.
    ///
    /// Such reads cost no round trip, and go on while the shared ledger is down.
    ///
    /// # Security
    ///
    /// This gives up that a proof is presented once: a read can be repeated once at each gate of the
    /// service, within the proof's window, by whoever sees the presentation; and if the service ever
    /// says that the same call is something else than a read, that once more. Leave it where the
    /// answer to a read is worth a replay, or where what a call does depends on more than the call.
    pub fn with_local_reads(mut self, ledger: ForgetfulLedger) -> Self {
        self.local = Some(ledger);
        self
    }

    /// Says that the gates of these services settle in the same ledger, so that what a task reads there is known here.
    ///
    /// A task that its issuer lets reach any other service counts as tainted here: it may have read anything there, and nobody
    /// would tell. So does one that may reach every service.
    ///
    /// ```
    /// # use bailiwick::{gate::Gate, ledger::ForgetfulLedger};
    /// # fn mail(gate: Gate<ForgetfulLedger>) -> Result<Gate<ForgetfulLedger>, Box<dyn std::error::Error>> {
    /// // Mail may be sent without a person as long as nothing untrusted was read, in the drive or here.
    /// Ok(gate.sharing_ledger_with(["drive.example".parse()?]))
    /// # }
    /// ```
    ///
    /// # Security
    ///
    /// Only services whose every gate has this very ledger, and whose catalogs mark what is untrusted. See
    /// decision 0029.
    pub fn sharing_ledger_with(mut self, services: impl IntoIterator<Item = Service>) -> Self {
        self.sharing.extend(services);
        self
    }

    /// Whether what this task read is known to the ledger, wherever it read it.
    pub(super) fn vouches_for(&self, verified: &Verified) -> bool {
        let reach = verified.scopes().first().and_then(Scope::audience);
        reach.is_some_and(|services| services.iter().all(|it| self.sharing.contains(it)))
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

    /// The ledger that all gates of the service share.
    pub fn ledger(&self) -> &L {
        &self.ledger
    }

    /// Who sends a call, for an answer that depends on the token and does nothing: which tools it
    /// could use, say. Nothing is decided, and nothing settled.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code, if the presentation proves nothing.
    ///
    /// # Security
    ///
    /// Whoever sees the presentation can ask again with it while its proof is fresh.
    pub fn identify(&self, presentation: &str, call: &Call) -> Result<Verified, Refusal> {
        Ok(self.verify(presentation, call)?.1)
    }

    /// What the service says that the call does.
    pub(super) fn mapped<M: Into<Mapped>>(
        &self,
        id: DecisionId,
        verified: &Verified,
        does: Result<M, Unmapped>,
    ) -> Result<Mapped, Refusal> {
        does.map(Into::into)
            .map_err(|error| self.refused(id, verified, error.into()))
    }

    /// The first half of the line: a proved fact, and the name of the decision to come.
    pub(super) fn verify(
        &self,
        presentation: &str,
        call: &Call,
    ) -> Result<(DecisionId, Verified), Refusal> {
        self.verify_read(call, |limits| Presentation::parse(presentation, limits))
    }

    /// As [`verify`](Self::verify), for a presentation in any form.
    pub(super) fn verify_read(
        &self,
        call: &Call,
        read: impl FnOnce(&Limits) -> Result<Presentation, PresentationError>,
    ) -> Result<(DecisionId, Verified), Refusal> {
        let id = DecisionId::random().map_err(|error| Refusal::new(None, error))?;
        let (verifier, now) = (&self.verifier, self.clock.now());
        let verified = read(verifier.limits())
            .map_err(VerifyError::from)
            .and_then(|it| verifier.verify_presentation(&it, call, now, &self.revocations))
            .map_err(|error| Refusal::new(Some(id), error))?;
        Ok((id, verified))
    }

    /// What holds still after a look-up.
    pub(super) fn verify_again(
        &self,
        id: DecisionId,
        verified: Verified,
    ) -> Result<Verified, Refusal> {
        let (now, root) = (self.clock.now(), verified.root());
        self.verifier
            .verify_again(verified, now, &self.revocations)
            .map_err(|error| Refusal::new(Some(id), error).under(root))
    }

    /// A refusal after a valid proof.
    pub(super) fn refused(
        &self,
        id: DecisionId,
        verified: &Verified,
        kind: RefusalKind,
    ) -> Refusal {
        if let Some((tripwire, holder)) = self.tripwire.as_ref().zip(verified.holders().last())
            && kind.goes_astray()
        {
            tripwire.denied(holder, &verified.nonce(), verified.now());
        }
        let refusal = Refusal::new(Some(id), kind).under(verified.root());
        refusal.knowing(verified.freshness())
    }

    /// Settles without the shared ledger, if that is in order.
    pub(super) fn settle_locally(&self, judged: &Judged) -> Option<Result<Settled, LedgerError>> {
        let local = self.local.as_ref().filter(|_| judged.only_reads())?;
        Some(local.settle(&judged.settlement))
    }

    pub(super) fn refund_locally(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        let local = self.local.as_ref().ok_or(LedgerError::NothingToRefund)?;
        local.refund(refund)
    }

    pub(super) fn refund_now(&self, refund: Refund) -> Refund {
        let now = self.clock.now();
        Refund { now, ..refund }
    }
}

impl<L> fmt::Debug for Gate<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("verifier", &self.verifier)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
