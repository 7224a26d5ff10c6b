//! A session at any time, if there is a server.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::RedisError;
use super::config::{RedisConfig, Replicas};
use super::error::Failure;
use super::request::Request;
use super::session::Session;

/// The longest that nobody tries to connect after connecting failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Connects, and again when the connection is gone; one at a time, and not all the time.
pub(super) struct Link {
    config: RedisConfig,
    /// How much longer answers may take.
    wait: Duration,
    current: Mutex<Option<Arc<Session>>>,
    connecting: tokio::sync::Mutex<Tries>,
}

#[derive(Default)]
struct Tries {
    failed: u32,
    last: Option<(Instant, RedisError)>,
}

impl Link {
    pub(super) fn new(config: RedisConfig, wait: Duration) -> Self {
        Self {
            config,
            wait,
            current: Mutex::new(None),
            connecting: tokio::sync::Mutex::default(),
        }
    }

    /// The session that there is, or a new one.
    pub(super) async fn session(&self) -> Result<Arc<Session>, RedisError> {
        if let Some(session) = self.current() {
            return Ok(session);
        }
        let mut tries = self.connecting.lock().await;
        // Another has connected meanwhile, or has just found out that it is in vain.
        if let Some(session) = self.current() {
            return Ok(session);
        }
        if let Some((at, error)) = &tries.last
            && at.elapsed() < pause(tries.failed)
        {
            return Err(error.clone());
        }
        match Session::start(&self.config, self.wait).await {
            Ok(session) => {
                *tries = Tries::default();
                let session = Arc::new(session);
                *self.lock() = Some(session.clone());
                Ok(session)
            }
            Err(error) => {
                tries.failed = tries.failed.saturating_add(1);
                tries.last = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// Settles. If the connection is gone, then once more on another, as the script knows its call
    /// again.
    pub(super) async fn settle(
        &self,
        request: &Request,
        replicas: Option<Replicas>,
    ) -> Result<Vec<u8>, Failure> {
        let session = self.session().await.map_err(Failure::Down)?;
        let first = self.mind(&session, session.settle(request, replicas).await);
        if !matches!(first, Err(Failure::Gone(_))) {
            return first;
        }
        let session = self.session().await.map_err(Failure::Down)?;
        self.mind(&session, session.settle(request, replicas).await)
    }

    /// Gives back. Not again: it would not be known whether it was given back before.
    pub(super) async fn refund(&self, request: &Request) -> Result<Vec<u8>, Failure> {
        let session = self.session().await.map_err(Failure::Down)?;
        self.mind(&session, session.run(request, &[]).await)
    }

    /// After a failure of the connection, the next one gets another.
    fn mind<T>(&self, session: &Arc<Session>, done: Result<T, Failure>) -> Result<T, Failure> {
        if let Err(Failure::Gone(_) | Failure::Late) = done {
            self.forget(session);
        }
        done
    }

    fn forget(&self, session: &Arc<Session>) {
        let mut current = self.lock();
        if current.as_ref().is_some_and(|it| Arc::ptr_eq(it, session)) {
            *current = None;
        }
    }

    fn current(&self) -> Option<Arc<Session>> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Session>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pause(failed: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(failed.saturating_sub(1).min(16));
    FIRST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE)
}
