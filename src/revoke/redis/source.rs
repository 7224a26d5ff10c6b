//! The source itself.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use super::RelayError;
use super::contact::Contacts;
use super::link::Link;
use super::look::Seen;
use crate::action::Service;
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, IssuerPublicKey};
use crate::ledger::RedisConfig;
use crate::revoke::{
    ChainFacts, Freshness, Revocations, Revoked, SignedRevocations, Standing, StopTickets,
};
use crate::scope::Scope;

/// Signed lists and stop tickets, shared through Redis by verifiers on many machines.
///
/// Somebody [publishes](Self::publish) a list or a delta, or [posts](Self::post) a ticket, and every
/// verifier that [watches](Self::watch) knows it after its next look, by default within a fifth of a
/// second. A verifier that has lost contact denies: what is older than `max_silence` counts as
/// stale, whatever the list says of itself, and so does everything before the first contact. No
/// contact is a server that has less of a signer than is known here, as it has forgotten something;
/// publish the list to it again.
///
/// [`Gate::stop`](crate::gate::Gate::stop) stops a task at one gate alone: a service that takes
/// tickets for a fleet posts them here.
///
/// What is known stays known, whatever becomes of the server. What is malformed or forged there is
/// skipped and [reported](Self::last_error).
///
/// ```no_run
/// # async fn run(ring: bailiwick::keys::KeyRing, verifier: bailiwick::verify::Verifier,
/// #     ledger: bailiwick::ledger::RedisLedger, ticket: &str) -> Result<(), Box<dyn std::error::Error>> {
/// use std::{sync::Arc, time::Duration};
///
/// use bailiwick::clock::{Clock, SystemClock};
/// use bailiwick::gate::Gate;
/// use bailiwick::ledger::RedisConfig;
/// use bailiwick::revoke::{RedisRevocations, SignedRevocations, StopTickets, WhenStale};
///
/// let config = RedisConfig::new(["redis://10.0.0.5:6379"])?;
/// let lists = SignedRevocations::new(&ring, Duration::from_secs(3600), WhenStale::Deny);
/// let stops = Arc::new(StopTickets::new(ring));
/// let max_silence = Duration::from_secs(5);
/// let shared = Arc::new(RedisRevocations::new(config, lists, stops.clone(), max_silence));
///
/// let every = RedisRevocations::DEFAULT_PERIOD;
/// let _watch = shared.watch(every, Arc::new(SystemClock), |error| eprintln!("{error}"));
/// let gate = Gate::new(verifier, ledger).with_stop_tickets(stops).with_revocations(shared.clone());
///
/// // Every verifier of the fleet stops the task, and nobody stops one by a damaged ticket.
/// shared.post(ticket, SystemClock.now()).await?;
/// let cut = shared.post(&ticket[..60], SystemClock.now()).await;
/// assert_eq!(cut.unwrap_err().code(), "stop_malformed");
/// # drop(gate);
/// # Ok(())
/// # }
/// ```
///
/// # Runtime
///
/// It runs within a [tokio](https://docs.rs/tokio) runtime with I/O and time enabled, the one that
/// it is first used in.
///
/// # Security
///
/// Whoever can write to the server can withhold what is new, for as long as the lists that are
/// known are good, and forge nothing: what comes from there is signed, or says only where to look.
/// So keep a list's time short, and publish it again well before it is over; a delta of nothing, by
/// [`KillSwitch::revoke_all`](crate::revoke::KillSwitch::revoke_all), renews it in a few bytes. The
/// server can lose what it answered to when it fails over: publish again after that. Of two servers
/// that both say they are the master, each verifier hears the one that it finds.
pub struct RedisRevocations {
    pub(super) link: Link,
    pub(super) lists: Arc<SignedRevocations>,
    pub(super) stops: Arc<StopTickets>,
    max_silence: Duration,
    pub(super) contacts: RwLock<Contacts>,
    /// One look at a time.
    pub(super) seen: tokio::sync::Mutex<Seen>,
    pub(super) error: Mutex<Option<RelayError>>,
}

impl RedisRevocations {
    /// How long to wait between two looks, where nothing else is called for.
    pub const DEFAULT_PERIOD: Duration = Duration::from_millis(200);
    /// The most stop tickets of one root key on the server.
    pub const MAX_TICKETS: usize = StopTickets::DEFAULT_CAPACITY;

    /// Looks nowhere yet, and denies: see [`watch`](Self::watch).
    ///
    /// `lists` and `stops` are by the key ring of the verifier. The gate may have the same `stops`,
    /// by [`Gate::with_stop_tickets`](crate::gate::Gate::with_stop_tickets).
    pub fn new(
        config: RedisConfig,
        lists: SignedRevocations,
        stops: Arc<StopTickets>,
        max_silence: Duration,
    ) -> Self {
        Self {
            link: Link::new(config),
            lists: Arc::new(lists),
            stops,
            max_silence,
            contacts: RwLock::default(),
            seen: tokio::sync::Mutex::default(),
            error: Mutex::default(),
        }
    }

    /// What was wrong when somebody last looked, or the last ticket that was refused, if there was
    /// one.
    pub fn last_error(&self) -> Option<RelayError> {
        self.error().clone()
    }

    /// The lists that are known, which others may change too.
    pub fn lists(&self) -> &SignedRevocations {
        &self.lists
    }

    /// The tasks that are stopped.
    pub fn stops(&self) -> &Arc<StopTickets> {
        &self.stops
    }

    pub(super) fn error(&self) -> MutexGuard<'_, Option<RelayError>> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn contacts(&self) -> RwLockReadGuard<'_, Contacts> {
        self.contacts.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether everybody who may revoke for this root was heard of lately.
    fn is_in_contact(&self, root: &IssuerPublicKey, now: Timestamp) -> bool {
        let contacts = self.contacts();
        let takes_tickets = self.stops.roots().any(|known| known == *root);
        let tickets = takes_tickets.then(|| contacts.tickets.get(root));
        let signers = self.lists.signers(root).iter();
        signers
            .map(|signer| contacts.lists.get(signer))
            .chain(tickets)
            .all(|contact| contact.is_some_and(|it| it.is_younger_than(self.max_silence, now)))
    }
}

impl Revocations for RedisRevocations {
    fn revoked(&self, chain: &ChainFacts<'_>, now: Timestamp) -> Option<Revoked> {
        let stopped = self.stops.revoked(chain, now);
        stopped.or_else(|| self.lists.revoked(chain, now))
    }

    fn approver_revoked(
        &self,
        root: &IssuerPublicKey,
        approver: &ApproverPublicKey,
        now: Timestamp,
    ) -> bool {
        self.lists.approver_revoked(root, approver, now)
    }

    fn brakes(
        &self,
        root: &IssuerPublicKey,
        service: &Service,
        now: Timestamp,
    ) -> Option<Arc<Scope>> {
        self.lists.brakes(root, service, now)
    }

    fn freshness(&self, root: &IssuerPublicKey, now: Timestamp) -> Freshness {
        let mut freshness = self.lists.freshness(root, now);
        if !self.is_in_contact(root, now) {
            freshness.standing = Standing::Stale;
        }
        freshness
    }
}

impl fmt::Debug for RedisRevocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisRevocations")
            .field("config", self.link.config())
            .field("max_silence", &self.max_silence)
            .finish_non_exhaustive()
    }
}
