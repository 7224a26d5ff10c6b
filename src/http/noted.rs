//! Notes of an answer, on both sides of its way.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::response::Parts;
use http::{Response, StatusCode};
use http_body::Body;
use http_body_util::Either;

use super::buffered::BoxError;
use super::headers::{self, NOTE};
use super::{AnswerBody, BufferedBody, HttpSigner};
use crate::catalog::Noting;

/// As many bytes as an answer may have that is read for its notes.
pub(super) const LIMIT: usize = 4 << 20;

/// The service's side: the answer with its notes, in the place of any that came from behind the gate.
///
/// Where nothing is expected, or nothing could be found, the body is not touched.
pub(super) async fn note<B>(
    response: Response<B>,
    noting: Option<&Noting>,
) -> Response<AnswerBody<B>>
where
    B: Body<Data = Bytes, Error: Into<BoxError>>,
{
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(NOTE);
    let Some(noting) = noting.filter(|_| is_readable(&parts, &body)) else {
        return Response::from_parts(parts, Either::Left(body));
    };
    let body = BufferedBody::read(body, LIMIT).await;
    let answer = body
        .whole()
        .and_then(|body| serde_json::from_slice(body).ok());
    if let Some(answer) = answer {
        headers::put_notes(&mut parts.headers, &noting.sign(&answer));
    }
    Response::from_parts(parts, Either::Right(body))
}

/// The agent's side: the answer without its notes, which are kept.
///
/// Where there are none, the body is not touched.
pub(super) async fn keep<B>(response: Response<B>, signer: &HttpSigner) -> Response<AnswerBody<B>>
where
    B: Body<Data = Bytes, Error: Into<BoxError>>,
{
    let (mut parts, body) = response.into_parts();
    if !parts.headers.contains_key(NOTE) {
        return Response::from_parts(parts, Either::Left(body));
    }
    if !is_readable(&parts, &body) {
        parts.headers.remove(NOTE);
        return Response::from_parts(parts, Either::Left(body));
    }
    let body = BufferedBody::read(body, LIMIT).await;
    // Of what did not come whole nothing is kept.
    signer.keep(&mut parts.headers, body.whole().unwrap_or_default());
    Response::from_parts(parts, Either::Right(body))
}

/// Whether it is JSON, whole and as it is, of a request that succeeded, and not longer than is read.
fn is_readable(parts: &Parts, body: &impl Body) -> bool {
    let status = parts.status;
    let mut types = parts.headers.get_all(CONTENT_TYPE).iter();
    let content_type = types.next().filter(|_| types.next().is_none());
    status.is_success()
        && status != StatusCode::PARTIAL_CONTENT
        && content_type.is_some_and(|it| it.to_str().is_ok_and(is_json))
        && !parts.headers.contains_key(CONTENT_ENCODING)
        && usize::try_from(body.size_hint().lower()).is_ok_and(|bytes| bytes <= LIMIT)
}

/// With whatever parameters: JSON is UTF-8 (RFC 8259).
fn is_json(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default();
    media.trim_end().eq_ignore_ascii_case("application/json")
}
