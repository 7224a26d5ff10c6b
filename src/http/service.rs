//! The service that stands before another.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, Either, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::answer::{Answering, never_store};
use super::buffered::BoxError;
use super::credentials::Credentials;
use super::layer::Options;
use super::rejection::Rejection;
use super::{AnswerBody, MapRequest, NOTE, PermitSlot, Received, Retried, grpc, noted, target};
use crate::catalog::Noting;
use crate::gate::{Admission, Gate, Permit};
use crate::ledger::AsyncLedger;

/// What [`GateLayer`](super::GateLayer) makes of a service.
pub struct GateService<S, L, M> {
    pub(super) inner: S,
    pub(super) gate: Arc<Gate<L>>,
    pub(super) map: Arc<M>,
    pub(super) options: Arc<Options>,
}

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<S, L, M, B, R> Service<Request<B>> for GateService<S, L, M>
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    L: AsyncLedger + 'static,
    M: MapRequest + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<AnswerBody<R>>;
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
                Ok(Passed::On(request, noting)) => {
                    let response = inner.call(request).await?;
                    let mut response = noted::note(response, noting.as_deref()).await;
                    never_store(response.headers_mut());
                    Ok(response)
                }
                Ok(Passed::Answered(mut response)) => {
                    response.headers_mut().remove(NOTE);
                    never_store(response.headers_mut());
                    Ok(response.map(|body| Either::Right(body.into())))
                }
                Err(rejection) => {
                    let answering = Answering {
                        service: door.gate.verifier().service(),
                        details: door.options.details,
                        grpc,
                    };
                    let response = answering.with(&rejection);
                    Ok(response.map(|body| Either::Right(body.into())))
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
    /// It goes on, with a permit; this is to be noted of the answer.
    On(Request<Full<Bytes>>, Option<Box<Noting>>),
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
            Admission::First(permit) => Ok(self.on(parts, body, permit)),
            Admission::Again(repeat) => {
                let refusal = repeat.refusal();
                let retried = match &self.options.retries {
                    Some(retries) => retries.answer(repeat).await,
                    None => Retried::Refuse,
                };
                match retried {
                    Retried::Answer(response) => Ok(Passed::Answered(response)),
                    Retried::Act(permit) => Ok(self.on(parts, body, *permit)),
                    Retried::Refuse => Err(refusal.into()),
                }
            }
        }
    }

    fn on(&self, mut parts: Parts, body: Bytes, permit: Permit) -> Passed {
        // To `HEAD` a body is described, and not given.
        let notary = self.options.notary.as_ref();
        let notary = notary.filter(|_| parts.method != Method::HEAD);
        let noting = notary.and_then(|notary| notary.expect(&permit));
        // In the place of any that came in.
        parts.extensions.insert(PermitSlot::new(permit));
        let request = Request::from_parts(parts, Full::new(body));
        Passed::On(request, noting.map(Box::new))
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
