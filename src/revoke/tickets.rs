//! The tasks that tickets stopped.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::{ChainFacts, Revocations, Revoked, Stop, StopError, StopTicket};
use crate::action::TaskId;
use crate::clock::Timestamp;
use crate::keys::{IssuerPublicKey, KeyRing};

/// Takes [stop tickets](StopTicket), from anybody, and stops their tasks.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, scope::*};
/// # let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let root = Root::new(RootKeyId::new(1), issuer.public_key(), now..end);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(end).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let minted = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?;
/// use bailiwick::revoke::{Posted, StopTickets};
/// let stops = StopTickets::new(KeyRing::new([root])?); // and `Gate::with_revocations`
///
/// let text = minted.stop.to_text();
/// assert!(matches!(stops.post(&text, now)?, Posted::Stopped(_)));
/// assert!(matches!(stops.post(&text, now)?, Posted::Already(_)));
///
/// let cut = stops.post(&text[..60], now).unwrap_err();
/// assert_eq!(cut.code(), "stop_malformed");
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// Whoever can post can make this verify a signature, and no more. What is stopped is in memory: a
/// restart forgets it, and a service that runs in several processes must tell each of them.
#[derive(Debug)]
pub struct StopTickets {
    ring: KeyRing,
    capacity: usize,
    stopped: RwLock<HashMap<IssuerPublicKey, HashMap<TaskId, Timestamp>>>,
}

/// What posting a ticket did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Posted {
    /// The task is stopped from now on.
    Stopped(Stop),
    /// The task was stopped before.
    Already(Stop),
}

impl StopTickets {
    /// How many stopped tasks are remembered unless [`with_capacity`](Self::with_capacity) says
    /// otherwise.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Takes tickets by the root keys of this ring.
    pub fn new(ring: KeyRing) -> Self {
        Self {
            ring,
            capacity: Self::DEFAULT_CAPACITY,
            stopped: RwLock::default(),
        }
    }

    /// Remembers so many stopped tasks at the most. When there are as many, tickets for others are
    /// refused: none is forgotten before its token has ended.
    pub fn with_capacity(mut self, tasks: usize) -> Self {
        self.capacity = tasks;
        self
    }

    /// The root keys whose tickets it takes.
    #[cfg(feature = "redis")]
    pub(super) fn roots(&self) -> impl Iterator<Item = IssuerPublicKey> {
        self.ring.roots().map(|root| *root.key())
    }

    /// Stops the task of a ticket, in its text form.
    ///
    /// # Errors
    ///
    /// [`StopError`] if it is damaged, forged, over, or there is no room.
    pub fn post(&self, text: &str, now: Timestamp) -> Result<Posted, StopError> {
        let stop = StopTicket::parse(text)?.verify(&self.ring, now)?;
        let mut stopped = self.stopped.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(ends) = stopped
            .get_mut(&stop.root)
            .and_then(|tasks| tasks.get_mut(&stop.task))
        {
            // The task was minted again, for longer.
            *ends = stop.ends.max(*ends);
            return Ok(Posted::Already(stop));
        }
        let count = |stopped: &HashMap<_, HashMap<_, _>>| -> usize {
            stopped.values().map(HashMap::len).sum()
        };
        // What has ended is kept while there is room: a task may have been minted more than once.
        if count(&stopped) >= self.capacity {
            for tasks in stopped.values_mut() {
                tasks.retain(|_, ends| now < *ends);
            }
        }
        if count(&stopped) >= self.capacity {
            let limit = self.capacity;
            return Err(StopError::Full { limit });
        }
        let tasks = stopped.entry(stop.root).or_default();
        tasks.insert(stop.task.clone(), stop.ends);
        Ok(Posted::Stopped(stop))
    }
}

impl Revocations for StopTickets {
    fn revoked(&self, chain: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
        let stopped = self.stopped.read().unwrap_or_else(PoisonError::into_inner);
        let tasks = stopped.get(chain.root)?;
        tasks.contains_key(chain.task).then_some(Revoked::Task)
    }
}
