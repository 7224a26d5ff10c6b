//! The ledger itself.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::codec::{self, Answer};
use super::config::RedisConfig;
use super::link::Link;
use super::{RedisError, refund};
use crate::ledger::{AsyncLedger, LedgerError, Refund, Refunded, Settled, Settlement};

/// A ledger in Redis, shared by verifiers on many machines.
///
/// Each settlement is one Lua script, in one round trip: all or nothing, one after the other. The
/// ledger's clock is the server's: budget windows are of its time, and verifiers' clocks need not
/// agree with it.
///
/// What may have been forgotten is denied. A server that is empty, was started again or took
/// another's place begins a new *epoch*: proofs, approvals and budgets of tokens from before it are
/// [`LedgerError::Forgotten`] until they are past, or until somebody says with
/// [`acknowledge_reset`](Self::acknowledge_reset) that it does not matter. **So it is to be said once
/// when a service starts for the first time.** A server that loses nothing when it starts again can
/// be declared with [`RedisConfig::with_durable_server`].
///
/// When the server is down, paused or full, it denies: [`LedgerError::Unavailable`] after the
/// time-outs of the configuration, [`LedgerError::Full`]. After the former, it is not known whether
/// anything was settled; a retry of the same attempt is settled once all the same.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::ledger::{RedisConfig, RedisLedger};
///
/// let config = RedisConfig::new(["redis://10.0.0.5:6379"])?;
/// let ledger = RedisLedger::connect(config).await?;
/// // Only when the service starts for the first time, and nothing can have been spent:
/// ledger.acknowledge_reset().await?;
///
/// let nobody = RedisConfig::new(["redis://127.0.0.1:1"])?;
/// assert_eq!(RedisLedger::connect(nobody).await.unwrap_err().code(), "ledger_unavailable");
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
/// Whoever can write to the server can spend everything: it needs a password, and a network of its
/// own. Redis copies to replicas after it has answered: two masters at the same time, while a
/// network is parted, both settle. [`RedisConfig::with_replicas`] keeps approvals and sums from
/// being settled by one of them alone; against all else, set the server's `min-replicas-to-write`.
/// A master that becomes a replica and a master again must close its clients' connections in
/// between, as Redis Sentinel makes it. A settlement's `now` is to be the time of the call.
pub struct RedisLedger {
    link: Link,
    /// For what replicas must have: it waits for them, and others do not wait for it.
    waiting: Option<Link>,
    config: RedisConfig,
    /// Tells this ledger's calls from those of others.
    name: [u8; 8],
    calls: AtomicU64,
}

impl RedisLedger {
    /// Connects.
    ///
    /// # Errors
    ///
    /// [`RedisError`] if there is no server, or it may not keep a ledger.
    pub async fn connect(config: RedisConfig) -> Result<Self, RedisError> {
        let mut name = [0; 8];
        getrandom::getrandom(&mut name)
            .map_err(|_| RedisError::Unavailable("no randomness".to_owned()))?;
        let link = Link::new(config.clone(), Duration::ZERO);
        link.session().await?;
        let waiting = match config.replicas {
            Some(replicas) => {
                let link = Link::new(config.clone(), replicas.timeout);
                link.session().await?;
                Some(link)
            }
            None => None,
        };
        let calls = AtomicU64::new(0);
        Ok(Self {
            link,
            waiting,
            config,
            name,
            calls,
        })
    }

    /// Takes every budget and every approval for unused, of which it may have been forgotten. Proofs
    /// from before stay refused for as long as they would be accepted.
    ///
    /// For the first start of a service, and for whoever knows what was spent before.
    ///
    /// # Errors
    ///
    /// [`RedisError`] if the server failed; it may be acknowledged in part then, and can be again.
    pub async fn acknowledge_reset(&self) -> Result<(), RedisError> {
        Ok(self.link.session().await?.open_all(true).await?)
    }

    /// Names this call, so that doing it again on another connection does it once.
    fn call(&self) -> [u8; 16] {
        let count = self.calls.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut call = [0; 16];
        call.iter_mut()
            .zip(self.name.iter().chain(&count))
            .for_each(|(to, from)| *to = *from);
        call
    }
}

impl AsyncLedger for RedisLedger {
    async fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        let request = codec::settle(settlement, &self.call());
        let (link, replicas) = match &self.waiting {
            Some(waiting) if cannot_be_taken_back(settlement) => (waiting, self.config.replicas),
            _ => (&self.link, None),
        };
        let answer = link.settle(&request, replicas).await?;
        let answer = Answer::parse(&answer).ok_or_else(codec::not_understood)?;
        answer.settled(settlement)
    }

    async fn refund(&self, refund: &Refund) -> Result<Refunded, LedgerError> {
        let request = refund::request(refund);
        let answer = self.link.refund(&request).await?;
        refund::refunded(refund, &answer)
    }
}

/// Whether it uses up an approval, or spends a sum.
fn cannot_be_taken_back(settlement: &Settlement) -> bool {
    let sums = |shape: crate::ledger::BudgetShape| shape.measure() != 0;
    !settlement.approvals.is_empty() || settlement.spends.iter().any(|it| sums(it.shape))
}

impl fmt::Debug for RedisLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLedger")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
