//! The layer.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use http::Uri;
use http::request::Parts;
use tower_layer::Layer;

use super::retry::Retries;
use super::target::Target;
use super::{Details, GateService, Retried};
use crate::gate::{Gate, Repeat};

/// Lets through what a [`Gate`] permits, and answers everything else itself.
pub struct GateLayer<L, M> {
    gate: Arc<Gate<L>>,
    map: Arc<M>,
    options: Arc<Options>,
}

/// What can be chosen.
#[derive(Clone)]
pub(super) struct Options {
    pub(super) body_limit: usize,
    pub(super) details: Details,
    pub(super) target: Option<Target>,
    pub(super) retries: Option<Retries>,
}

impl<L, M> GateLayer<L, M> {
    /// As many bytes as a body may have unless [`with_body_limit`](Self::with_body_limit) says
    /// otherwise.
    pub const DEFAULT_BODY_LIMIT: usize = 64 * 1024;

    /// Asks this gate. What a request does says `map`: a closure, or another
    /// [`MapRequest`](super::MapRequest).
    pub fn new(gate: impl Into<Arc<Gate<L>>>, map: M) -> Self {
        let options = Options {
            body_limit: Self::DEFAULT_BODY_LIMIT,
            details: Details::default(),
            target: None,
            retries: None,
        };
        Self {
            gate: gate.into(),
            map: Arc::new(map),
            options: Arc::new(options),
        }
    }

    /// Takes bodies of so many bytes. A body is read whole before anything is decided, as the proof
    /// covers it.
    pub fn with_body_limit(self, bytes: usize) -> Self {
        self.with(|options| options.body_limit = bytes)
    }

    /// Tells callers so much of why they are refused.
    pub fn with_details(self, details: Details) -> Self {
        self.with(|options| options.details = details)
    }

    /// Finds the target that was requested, where something before this layer has changed it.
    ///
    /// A layer inside of axum's `Router::nest` sees a path that is cut, so that no proof holds. Put the
    /// layer outside; or read axum's `OriginalUri`. `None` is answered with 500.
    ///
    /// ```
    /// # use bailiwick::http::GateLayer;
    /// # fn nested<L, M>(layer: GateLayer<L, M>) -> GateLayer<L, M> {
    /// use axum::extract::OriginalUri;
    /// layer.with_target(|parts| parts.extensions.get().map(|OriginalUri(uri)| uri.clone()))
    /// # }
    /// ```
    ///
    /// # Security
    ///
    /// Only from what the server itself noted, never from a header.
    pub fn with_target(self, find: impl Fn(&Parts) -> Option<Uri> + Send + Sync + 'static) -> Self {
        self.with(|options| options.target = Some(Target::new(find)))
    }

    /// Answers retries by this; without it they are refused, `attempt_repeated`, with the id of the
    /// first decision.
    pub fn with_retries<F: Future<Output = Retried> + Send + 'static>(
        self,
        answer: impl Fn(Repeat) -> F + Send + Sync + 'static,
    ) -> Self {
        self.with(|options| options.retries = Some(Retries::new(answer)))
    }

    fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(Arc::make_mut(&mut self.options));
        self
    }
}

impl<S, L, M> Layer<S> for GateLayer<L, M> {
    type Service = GateService<S, L, M>;

    fn layer(&self, inner: S) -> Self::Service {
        GateService {
            inner,
            gate: Arc::clone(&self.gate),
            map: Arc::clone(&self.map),
            options: Arc::clone(&self.options),
        }
    }
}

impl<L, M> Clone for GateLayer<L, M> {
    fn clone(&self) -> Self {
        Self {
            gate: Arc::clone(&self.gate),
            map: Arc::clone(&self.map),
            options: Arc::clone(&self.options),
        }
    }
}

impl<L, M> fmt::Debug for GateLayer<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateLayer")
            .field("gate", &self.gate)
            .finish_non_exhaustive()
    }
}
