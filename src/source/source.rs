//! One task's token, always fresh.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::Issuance;
use crate::action::TaskId;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::keys::{HolderKey, KeyError, RootKeyId};
use crate::present::{Holder, NotTheHolder, Presenter};
use crate::token::Token;

/// The token of one task, renewed before it ends.
///
/// The key is made here, and stays. What is renewed is for the same task and the same key, or it is refused: budgets and attempts
/// go on where they were. All [presenters](Self::presenter) of a source present the newest token.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # use std::time::Duration;
/// # use bailiwick::{action::*, clock::*, keys::*, mint::*, scope::*};
/// # let issuer = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1));
/// # let issuer = &issuer;
/// # let asked = &std::sync::atomic::AtomicUsize::new(0);
/// use bailiwick::source::TokenSource;
///
/// let ask = |agent: HolderPublicKey| async move {
///     // A request to an issuer, which knows who asks, and what for.
///     # asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
///     # let now = SystemClock.now();
///     # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
///     #     .audience("forum.example".parse()?).not_after(now + Duration::from_secs(900)).build()?;
///     # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
///     # let token = issuer.mint(&task, scope, &agent, now)?.token;
///     Ok::<_, Box<dyn std::error::Error + Send + Sync>>(token)
/// };
/// let source = TokenSource::start(ask).await?;
/// let presenter = source.presenter(); // into an adapter: a signer of requests, a client, a guard
///
/// let holder = source.fresh().await?; // before a call: it asks again only if the end is near
/// assert_eq!(presenter.holder().token(), holder.token());
/// # assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok(())
/// # }
/// ```
pub struct TokenSource<I> {
    issuance: I,
    key: Arc<HolderKey>,
    presenter: Presenter,
    margin: Duration,
    /// Whose turn it is to ask, and when asking has failed last.
    failed: Mutex<Option<Timestamp>>,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError<E> {
    /// The issuer gave none.
    #[error("the issuer gave no token: {0}")]
    Issuance(E),
    /// There was no key to be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token names another key.
    #[error(transparent)]
    NotTheHolder(#[from] NotTheHolder),
    /// The token is for another task, or from another root.
    #[error("the token is for task {found}, and this is task {expected}, of the same root")]
    OtherTask {
        /// The task of the source.
        expected: TaskId,
        /// The task that the token is for.
        found: TaskId,
    },
    /// The token has ended, or is about to.
    #[error("the token ends at {until}, and it is {now}")]
    Ended {
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
}

impl<I: Issuance> TokenSource<I> {
    /// How long before its end a token is renewed, if it lives long enough: see [`with_margin`](Self::with_margin).
    pub const MARGIN: Duration = Duration::from_secs(60);
    /// How long after a failure it is not tried again, while the token still holds.
    pub const PAUSE: Duration = Duration::from_secs(1);

    /// Makes a key, and asks for the first token.
    ///
    /// # Errors
    ///
    /// [`SourceError`].
    pub async fn start(issuance: I) -> Result<Self, SourceError<I::Error>> {
        Self::start_at(issuance, Arc::new(SystemClock)).await
    }

    /// As [`start`](Self::start), with this clock.
    ///
    /// # Errors
    ///
    /// [`SourceError`].
    pub async fn start_at(
        issuance: I,
        clock: Arc<dyn Clock + Send + Sync>,
    ) -> Result<Self, SourceError<I::Error>> {
        let key = Arc::new(HolderKey::generate()?);
        let token = issuance.issue(key.public_key()).await;
        let token = token.map_err(SourceError::Issuance)?;
        let holder = held(token, &key, clock.now())?;
        Ok(Self {
            issuance,
            key,
            presenter: Presenter::from(holder).with_clock(clock),
            margin: Self::MARGIN,
            failed: Mutex::default(),
        })
    }

    /// Renews so long before the end of a token, and never before three quarters of its life are over.
    pub fn with_margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// What adapters present: the newest token that this source has.
    pub fn presenter(&self) -> Presenter {
        self.presenter.clone()
    }

    /// The token, renewed if its end is near. Call it before a call, or now and then.
    ///
    /// One renewal runs at a time. While the token holds, nobody waits for another one's renewal, and a failed one is tried again
    /// after a [pause](Self::PAUSE).
    ///
    /// # Errors
    ///
    /// [`SourceError`] if the token has ended and there is no other.
    pub async fn fresh(&self) -> Result<Arc<Holder>, SourceError<I::Error>> {
        let held = self.presenter.holder();
        if !self.is_due(&held) {
            return Ok(held);
        }
        let mut failed = match self.failed.try_lock() {
            Ok(turn) => turn,
            Err(_) if self.holds(&held) => return Ok(held),
            Err(_) => self.failed.lock().await,
        };
        let held = self.presenter.holder();
        if !self.is_due(&held) {
            return Ok(held);
        }
        let now = self.presenter.now();
        if self.holds(&held) && failed.is_some_and(|at| now.saturating_since(at) < Self::PAUSE) {
            return Ok(held);
        }
        match self.renew(&held).await {
            Ok(renewed) => {
                *failed = None;
                Ok(renewed)
            }
            Err(error) => {
                *failed = Some(self.presenter.now());
                self.holds(&held).then_some(held).ok_or(error)
            }
        }
    }

    async fn renew(&self, old: &Holder) -> Result<Arc<Holder>, SourceError<I::Error>> {
        let token = self.issuance.issue(self.key.public_key()).await;
        let token = token.map_err(SourceError::Issuance)?;
        let (expected, found) = (task(old.token()), task(&token));
        if expected != found {
            let (expected, found) = (expected.1.clone(), found.1.clone());
            return Err(SourceError::OtherTask { expected, found });
        }
        let holder = Arc::new(held(token, &self.key, self.presenter.now())?);
        self.presenter.replace(holder.clone());
        Ok(holder)
    }

    fn holds(&self, holder: &Holder) -> bool {
        self.presenter.now() < end(holder.token())
    }

    fn is_due(&self, holder: &Holder) -> bool {
        let token = holder.token();
        let life = end(token).saturating_since(token.unverified().info().issued());
        let left = end(token).saturating_since(self.presenter.now());
        left <= self.margin.min(life / 4)
    }
}

fn held<E>(token: Token, key: &Arc<HolderKey>, now: Timestamp) -> Result<Holder, SourceError<E>> {
    let until = end(&token);
    if now >= until {
        return Err(SourceError::Ended { until, now });
    }
    Ok(Holder::new(token, key.clone())?)
}

fn end(token: &Token) -> Timestamp {
    token.unverified().not_after()
}

fn task(token: &Token) -> (RootKeyId, &TaskId) {
    (token.root_key_id(), token.unverified().info().task().id())
}

impl<I> fmt::Debug for TokenSource<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource")
            .field("presenter", &self.presenter)
            .field("margin", &self.margin)
            .finish_non_exhaustive()
    }
}
