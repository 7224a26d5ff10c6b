//! A body that is read before it is handed on.

use std::error::Error;
use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, Either};

/// The body of an answer that goes through a layer: as it came, or read before.
pub type AnswerBody<B> = Either<B, BufferedBody<B>>;

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// A body of which a part, or all, was read. What was read comes first, then what is left: nothing is lost.
pub struct BufferedBody<B> {
    read: Bytes,
    rest: Rest<B>,
}

/// What comes after what was read.
enum Rest<B> {
    Nothing,
    Trailers(HeaderMap),
    More(Pin<Box<B>>),
    Failed(BoxError),
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>>> BufferedBody<B> {
    /// Reads until there is no more, or more than so many bytes are there.
    pub(super) async fn read(body: B, limit: usize) -> Self {
        let (mut body, mut read) = (Box::pin(body), BytesMut::new());
        let rest = loop {
            let frame = match body.frame().await {
                None => break Rest::Nothing,
                Some(Err(error)) => break Rest::Failed(error.into()),
                Some(Ok(frame)) => frame,
            };
            match frame.into_data() {
                Ok(data) => read.extend_from_slice(&data),
                // Nothing comes after trailers.
                Err(frame) => match frame.into_trailers() {
                    Ok(trailers) => break Rest::Trailers(trailers),
                    Err(_) => continue,
                },
            }
            if read.len() > limit {
                break Rest::More(body);
            }
        };
        let read = read.freeze();
        Self { read, rest }
    }

    /// All of it, if it came to its end.
    pub(super) fn whole(&self) -> Option<&[u8]> {
        match self.rest {
            Rest::Nothing | Rest::Trailers(_) => Some(&self.read),
            Rest::More(_) | Rest::Failed(_) => None,
        }
    }
}

impl<B> From<Bytes> for BufferedBody<B> {
    fn from(read: Bytes) -> Self {
        let rest = Rest::Nothing;
        Self { read, rest }
    }
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>>> Body for BufferedBody<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if !self.read.is_empty() {
            let read = mem::take(&mut self.read);
            return Poll::Ready(Some(Ok(Frame::data(read))));
        }
        if let Rest::More(body) = &mut self.rest {
            return body.as_mut().poll_frame(cx).map_err(Into::into);
        }
        Poll::Ready(match mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Trailers(trailers) => Some(Ok(Frame::trailers(trailers))),
            Rest::Failed(error) => Some(Err(error)),
            Rest::Nothing | Rest::More(_) => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty()
            && match &self.rest {
                Rest::Nothing => true,
                Rest::More(body) => body.is_end_stream(),
                Rest::Trailers(_) | Rest::Failed(_) => false,
            }
    }

    fn size_hint(&self) -> SizeHint {
        let left = match &self.rest {
            Rest::Nothing => SizeHint::with_exact(0),
            Rest::More(body) => body.size_hint(),
            // Of a body whose size is known, a server drops the trailers.
            Rest::Trailers(_) | Rest::Failed(_) => SizeHint::new(),
        };
        let read = u64::try_from(self.read.len()).unwrap_or(u64::MAX);
        let mut hint = SizeHint::new();
        hint.set_lower(left.lower().saturating_add(read));
        if let Some(upper) = left.upper().and_then(|upper| upper.checked_add(read)) {
            hint.set_upper(upper);
        }
        hint
    }
}

/// Leaves the content out.
impl<B> fmt::Debug for BufferedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BufferedBody")
            .field("read", &self.read.len())
            .finish_non_exhaustive()
    }
}
