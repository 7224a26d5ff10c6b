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
use crate::catalog::Notary;
use crate::gate::{Gate, Repeat};

/// Lets through what a [`Gate`] permits, and answers everything else itself.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::{sync::Arc, time::Duration};
/// # use bailiwick::{action::*, clock::*, gate::*, keys::*, ledger::*, mint::*, present::*, scope::*, verify::*};
/// # use tower::ServiceExt as _;
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
/// # let verifier = Verifier::new("forum.example".parse()?, KeyRing::new([root])?);
/// # let gate = Gate::new(verifier, Immediate(ForgetfulLedger::started_at(start))).with_clock(clock.clone());
/// use axum::{Router, routing::get};
/// use bailiwick::http::{GateLayer, HttpSigner, Permitted, Received};
///
/// // What a request does, in the service's own words.
/// let layer = GateLayer::new(gate, |request: Received<'_>| -> Result<Action, Unmapped> {
///     let thread = match (request.method(), request.path().strip_prefix("/threads/")) {
///         ("GET", Some(thread)) => Resource::from_segments(["forum", "thread", thread]),
///         _ => return Err(Unmapped::because("no such route")),
///     };
///     let thread = thread.map_err(Unmapped::because)?;
///     let read = "forum.read".parse().map_err(Unmapped::because)?;
///     Ok(Action::new(request.service().clone(), read, Effect::Read, thread))
/// });
/// // What acts takes the permit, and executes what that says.
/// let read = async |Permitted(permit): Permitted| format!("{}", permit.label());
/// let forum = Router::new().route("/threads/{thread}", get(read)).layer(layer);
///
/// let signer = HttpSigner::new(holder)
///     .with_service("https://forum.example".parse()?, "forum.example".parse()?)
///     .with_clock(clock);
/// for (thread, status) in [(42, 200), (43, 403)] {
///     let target = format!("https://forum.example/threads/{thread}");
///     let mut request = http::Request::get(target).body(String::new())?;
///     signer.sign(&mut request)?;
///     assert_eq!(forum.clone().oneshot(request).await?.status(), status);
/// }
/// # Ok(())
/// # }
/// ```
///
/// The layer is for axum's `Router::layer` and tonic's `Server::layer` alike, and for any other
/// service of requests. A ledger that does not wait goes into [`Immediate`](crate::ledger::Immediate).
///
/// # Security
///
/// Put it outside of everything that routes, decompresses or rewrites a request: the proof covers what
/// the agent sent. Headers are not covered, so nothing behind it may let a header change what a request
/// does; those that frameworks know for it are refused. Streams of a client are read to their end first.
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
    pub(super) notary: Option<Notary>,
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
            notary: None,
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

    /// Signs what this notary's catalog notes of answers, and sends each note in a header of its own, [`NOTE`](super::NOTE).
    ///
    /// An answer is read for that if something is to be noted of it: a successful `application/json`, not compressed, up to
    /// 4 MiB. Every other one passes on as it comes, as does one that turns out to be longer, or fails. The notes of one
    /// answer have 12 KiB together; what would be more is left out. Of what `HEAD` asks, and of gRPC, nothing is noted.
    ///
    /// # Security
    ///
    /// Put what compresses answers outside of this layer. Notes that come from behind it are removed, whether there is a
    /// notary or not.
    pub fn with_notary(self, notary: Notary) -> Self {
        self.with(|options| options.notary = Some(notary))
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
