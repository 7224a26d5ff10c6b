//! The service that stands before another.

use std::error::Error;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, Either, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::answer::{Answering, never_store};
use super::credentials::Credentials;
use super::layer::Options;
use super::rejection::Rejection;
use super::{MapRequest, PermitSlot, Received, Retried, grpc, target};
use crate::gate::{Admission, Gate, Permit};
use crate::ledger::AsyncLedger;

/// The body of an answer: the service's own, or the layer's.
pub type GateBody<B> = Either<B, Full<Bytes>>;

/// What [`GateLayer`](super::GateLayer) makes of a service.
pub struct GateService<S, L, M> {
    pub(super) inner: S,
    pub(super) gate: Arc<Gate<L>>,
    pub(super) map: Arc<M>,
    pub(super) options: Arc<Options>,
}

type BoxError = Box<dyn Error + Send + Sync>;
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<S, L, M, B, R> Service<Request<B>> for GateService<S, L, M>
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    L: AsyncLedger + 'static,
    M: MapRequest + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<GateBody<R>>;
    type Error = S::Error;
    type Future = BoxFuture<Result<Self::Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let this = self.clone();
        // The one that was polled ready, and not its copy.
        let mut inner = mem::replace(&mut self.inner, this.inner);
        let door = Door {
            gate: this.gate,
            map: this.map,
            options: this.options,
        };
        Box::pin(async move {
            let grpc = grpc::is_grpc(&request);
            match door.pass(request).await {
                Ok(Passed::On(request)) => {
                    let mut response = inner.call(request).await?;
                    never_store(response.headers_mut());
                    Ok(response.map(Either::Left))
                }
                Ok(Passed::Answered(mut response)) => {
                    never_store(response.headers_mut());
                    Ok(response.map(|body| Either::Right(Full::new(body))))
                }
                Err(rejection) => {
                    let answering = Answering {
                        service: door.gate.verifier().service(),
                        details: door.options.details,
                        grpc,
                    };
                    Ok(answering.with(&rejection).map(Either::Right))
                }
            }
        })
    }
}

struct Door<L, M> {
    gate: Arc<Gate<L>>,
    map: Arc<M>,
    options: Arc<Options>,
}

/// What becomes of a request that is not refused.
enum Passed {
    /// It goes on, with a permit.
    On(Request<Full<Bytes>>),
    /// It is a retry, and was answered before.
    Answered(Response<Bytes>),
}

impl<L: AsyncLedger, M: MapRequest> Door<L, M> {
    async fn pass<B>(&self, request: Request<B>) -> Result<Passed, Rejection>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let (mut parts, body) = request.into_parts();
        target::refuse_overrides(&parts.headers)?;
        let credentials = Credentials::take(&mut parts.headers)?;
        let texts = credentials.texts()?;
        let body = self.whole(body).await?;
        let call = target::call(&parts, self.options.target.as_ref(), &body)?;
        let map = |verified| {
            let (parts, body, call) = (&parts, &body, &call);
            async move {
                let received = Received {
                    call,
                    body,
                    parts,
                    verified: &verified,
                };
                self.map.map(received).await
            }
        };
        let admission = self.gate.admit_apart(texts, &call, map).await?;
        match admission {
            Admission::First(permit) => Ok(on(parts, body, permit)),
            Admission::Again(repeat) => {
                let refusal = repeat.refusal();
                let retried = match &self.options.retries {
                    Some(retries) => retries.answer(repeat).await,
                    None => Retried::Refuse,
                };
                match retried {
                    Retried::Answer(response) => Ok(Passed::Answered(response)),
                    Retried::Act(permit) => Ok(on(parts, body, *permit)),
                    Retried::Refuse => Err(refusal.into()),
                }
            }
        }
    }

    /// Trailers are dropped: no proof covers them.
    async fn whole<B>(&self, body: B) -> Result<Bytes, Rejection>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let limit = self.options.body_limit;
        match Limited::new(body, limit).collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Rejection::TooLarge { limit }),
            Err(_) => Err(Rejection::Body),
        }
    }
}

fn on(mut parts: Parts, body: Bytes, permit: Permit) -> Passed {
    // In the place of any that came in.
    parts.extensions.insert(PermitSlot::new(permit));
    Passed::On(Request::from_parts(parts, Full::new(body)))
}

impl<S: Clone, L, M> Clone for GateService<S, L, M> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            gate: Arc::clone(&self.gate),
            map: Arc::clone(&self.map),
            options: Arc::clone(&self.options),
        }
    }
}

impl<S: fmt::Debug, L, M> fmt::Debug for GateService<S, L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateService")
            .field("inner", &self.inner)
            .field("gate", &self.gate)
            .finish_non_exhaustive()
    }
}
