//! What is answered to a request that was admitted before.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;

use crate::gate::{Permit, Repeat};

/// What a service makes of a retry: a request of an attempt that was admitted before.
#[derive(Debug)]
#[non_exhaustive]
pub enum Retried {
    /// This was answered then.
    Answer(Response<Bytes>),
    /// The action did certainly not happen: act now. The permit comes from
    /// [`Repeat::act_after_all`].
    Act(Box<Permit>),
    /// Nobody knows what was answered: refuse, `attempt_repeated`.
    Refuse,
}

type Answer = Pin<Box<dyn Future<Output = Retried> + Send>>;

/// Knows what was answered.
#[derive(Clone)]
pub(super) struct Retries(Arc<dyn Fn(Repeat) -> Answer + Send + Sync>);

impl Retries {
    pub(super) fn new<F: Future<Output = Retried> + Send + 'static>(
        answer: impl Fn(Repeat) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |repeat| Box::pin(answer(repeat))))
    }

    pub(super) async fn answer(&self, repeat: Repeat) -> Retried {
        (self.0)(repeat).await
    }
}
