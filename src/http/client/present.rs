//! The layer before a client.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Either;
use tower_layer::Layer;
use tower_service::Service;

use super::{HttpSigner, redirect};
use crate::http::buffered::BoxError;
use crate::http::{AnswerBody, noted};

/// Signs every request that is sent, each time that it is: a retry by a layer before this one has a
/// fresh proof of the same attempt, and so has a redirect that is followed here.
///
/// Requests have a body of bytes, such as `Bytes`: the proof covers it. A presenter with a
/// [`NoteBook`](crate::note::NoteBook) keeps the notes of answers; such an answer is read first. Any client will do:
///
/// ```
/// use std::sync::Arc;
///
/// use bailiwick::http::{AnswerBody, HttpSigner, PresentLayer};
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use tower::{Layer, Service, service_fn};
///
/// fn client(
///     signer: HttpSigner,
/// ) -> Result<
///     impl Service<Request<Bytes>, Response = Response<AnswerBody<reqwest::Body>>>,
///     Box<dyn std::error::Error>,
/// > {
///     // Redirects are ours: each has a proof of its own.
///     let reqwest = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
///     let send = service_fn(move |request: Request<Bytes>| {
///         let reqwest = reqwest.clone();
///         async move { Ok::<_, reqwest::Error>(reqwest.execute(request.try_into()?).await?.into()) }
///     });
///     Ok(PresentLayer::new(Arc::new(signer)).with_redirects(3).layer(send))
/// }
/// # let _ = client;
/// ```
///
/// # Security
///
/// A token goes to origins that the signer knows, and to no other, also where a service redirects to
/// one. A client that follows redirects on its own takes the headers along: tell it not to.
#[derive(Clone, Debug)]
pub struct PresentLayer {
    signer: Arc<HttpSigner>,
    redirects: usize,
}

/// What [`PresentLayer`] makes of a client.
#[derive(Clone, Debug)]
pub struct PresentService<S> {
    inner: S,
    layer: PresentLayer,
}

impl PresentLayer {
    /// Signs by this signer, and follows no redirect.
    pub fn new(signer: impl Into<Arc<HttpSigner>>) -> Self {
        Self {
            signer: signer.into(),
            redirects: 0,
        }
    }

    /// Follows so many redirects. After the last one, the redirect is the answer.
    pub fn with_redirects(mut self, most: usize) -> Self {
        self.redirects = most;
        self
    }
}

impl<S> Layer<S> for PresentLayer {
    type Service = PresentService<S>;

    fn layer(&self, inner: S) -> PresentService<S> {
        PresentService {
            inner,
            layer: self.clone(),
        }
    }
}

impl<S, B, R> Service<Request<B>> for PresentService<S>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>> + Clone + Send + 'static,
    S::Future: Send,
    B: AsRef<[u8]> + Clone + Default + Send + Sync + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<AnswerBody<R>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let copy = self.inner.clone();
        // The one that was polled ready, and not its copy.
        let mut inner = mem::replace(&mut self.inner, copy);
        let PresentLayer { signer, redirects } = self.layer.clone();
        Box::pin(async move {
            let mut left = redirects;
            loop {
                signer.sign(&mut request)?;
                let response = inner.call(request.clone()).await.map_err(Into::into)?;
                if left == 0 || !redirect::follow(&mut request, &response) {
                    return Ok(match signer.keeps_from(request.uri()) {
                        true => noted::keep(response, &signer).await,
                        false => response.map(Either::Left),
                    });
                }
                left -= 1;
                std::future::poll_fn(|cx| inner.poll_ready(cx))
                    .await
                    .map_err(Into::into)?;
            }
        })
    }
}
