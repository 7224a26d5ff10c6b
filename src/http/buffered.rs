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

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    type Piece = Result<Frame<Bytes>, &'static str>;

    /// Pieces, each of which is there at once.
    struct Pieces(VecDeque<Piece>);

    impl Body for Pieces {
        type Data = Bytes;
        type Error = &'static str;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Piece>> {
            Poll::Ready(self.0.pop_front())
        }

        fn is_end_stream(&self) -> bool {
            self.0.is_empty()
        }

        fn size_hint(&self) -> SizeHint {
            let data = self.0.iter().flatten().filter_map(Frame::data_ref);
            SizeHint::with_exact(data.map(|data| data.len() as u64).sum())
        }
    }

    fn data(text: &'static str) -> Piece {
        Ok(Frame::data(text.into()))
    }

    fn trailers() -> Piece {
        let mut map = HeaderMap::new();
        map.insert("checksum", http::HeaderValue::from_static("7"));
        Ok(Frame::trailers(map))
    }

    /// A body of which at most four bytes are to be read.
    async fn read<const N: usize>(pieces: [Piece; N]) -> BufferedBody<Pieces> {
        BufferedBody::read(Pieces(pieces.into()), 4).await
    }

    /// What is said of what is left, before each piece.
    async fn told(mut body: BufferedBody<Pieces>) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let (hint, end) = (body.size_hint(), body.is_end_stream());
            let Some(frame) = body.frame().await else {
                assert!(end && hint.exact() == Some(0));
                return told;
            };
            assert!(!end);
            let size = hint.exact().map_or("?".to_owned(), |size| size.to_string());
            told.push(match frame.map(Frame::into_data) {
                Ok(Ok(data)) => format!("{} of {size}", String::from_utf8_lossy(&data)),
                Ok(Err(_)) => format!("trailers of {size}"),
                Err(error) => format!("{error} of {size}"),
            });
        }
    }

    #[tokio::test]
    async fn a_body_within_the_limit_is_whole_and_has_a_length() {
        let body = read([data("ab"), data(""), data("cd")]).await;
        assert_eq!(body.whole(), Some(b"abcd".as_slice()));
        assert_eq!(told(body).await, ["abcd of 4"]);
        let empty = read([]).await;
        assert_eq!(empty.whole(), Some(b"".as_slice()));
        assert!(told(empty).await.is_empty());
    }

    #[tokio::test]
    async fn trailers_are_handed_on() {
        let body = read([data("ab"), trailers()]).await;
        assert_eq!(body.whole(), Some(b"ab".as_slice()));
        assert_eq!(told(body).await, ["ab of ?", "trailers of ?"]);
    }

    #[tokio::test]
    async fn of_a_longer_body_comes_what_was_read_and_then_the_rest() {
        let body = read([data("abc"), data("de"), data("f"), data("g")]).await;
        assert_eq!(body.whole(), None);
        assert_eq!(told(body).await, ["abcde of 7", "f of 2", "g of 1"]);
    }

    #[tokio::test]
    async fn a_body_that_fails_does_so_after_what_was_read() {
        let body = read([data("ab"), Err("gone"), data("c")]).await;
        assert_eq!(body.whole(), None);
        assert_eq!(told(body).await, ["ab of ?", "gone of ?"]);
    }
}
