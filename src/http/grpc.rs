//! Refusals as gRPC says them: in a status of its own, under an HTTP status that says nothing.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Version};

use super::answer::Answering;
use super::class::Class;
use super::rejection::Rejection;

const STATUS: HeaderName = HeaderName::from_static("grpc-status");
const MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
const CODE: HeaderName = HeaderName::from_static("bailiwick-code");
const DECISION: HeaderName = HeaderName::from_static("bailiwick-decision");
const REQUEST: HeaderName = HeaderName::from_static("bailiwick-approval-request");

/// Metadata is often limited to 8 KiB together.
const MOST_OF_A_REQUEST: usize = 4096;

/// Whether a request is one of gRPC. Elsewhere a status of 200 would be read as success.
pub(super) fn is_grpc<B>(request: &Request<B>) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE);
    let rest = content_type.and_then(|it| it.as_bytes().strip_prefix(b"application/grpc"));
    request.version() == Version::HTTP_2
        && request.method() == Method::POST
        && matches!(rest, Some([] | [b'+' | b';' | b' ', ..]))
}

/// Trailers only: the status stands in the headers, and there is no message.
pub(super) fn refusal(answering: &Answering<'_>, rejection: &Rejection) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert(STATUS, status(rejection.class()));
    let code = answering.code(rejection);
    headers.insert(CODE, HeaderValue::from_static(code));
    let message = answering.detail(rejection);
    put(
        headers,
        MESSAGE,
        &percent(message.as_deref().unwrap_or(code)),
    );
    if let Some(refusal) = rejection.refusal() {
        if let Some(id) = refusal.decision_id() {
            put(headers, DECISION, &id.to_string());
        }
        let request = refusal.approval_request().map(|request| request.to_text());
        let short = request.filter(|text| text.len() <= MOST_OF_A_REQUEST);
        if let Some(request) = short.filter(|_| message.is_some()) {
            put(headers, REQUEST, &request);
        }
    }
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

fn status(class: Class) -> HeaderValue {
    HeaderValue::from_static(match class {
        Class::Malformed => "3",
        Class::Conflict => "6",
        Class::Denied => "7",
        Class::TooLarge => "8",
        Class::Misconfigured => "13",
        Class::Unavailable => "14",
        Class::Unauthenticated => "16",
    })
}

/// Printing ASCII without `%` as it is, every other byte as `%XX`.
fn percent(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    for byte in message.bytes() {
        match byte {
            b' '..=b'~' if byte != b'%' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_one_of_grpc_by_version_method_and_content_type() {
        let is = |version, method, content_type: &str| {
            let request = Request::builder().version(version).method(method);
            let request = request.header(CONTENT_TYPE, content_type).body(());
            is_grpc(&request.unwrap())
        };
        let (two, post) = (Version::HTTP_2, Method::POST);
        for yes in [
            "application/grpc",
            "application/grpc+proto",
            "application/grpc;a=b",
        ] {
            assert!(is(two, post.clone(), yes), "{yes}");
            assert!(!is(Version::HTTP_11, post.clone(), yes), "{yes}");
            assert!(!is(two, Method::GET, yes), "{yes}");
        }
        for no in [
            "application/json",
            "application/grpc-web",
            "application/grpcx",
        ] {
            assert!(!is(two, post.clone(), no), "{no}");
        }
        assert!(!is_grpc(&Request::new(())));
    }

    #[test]
    fn a_message_is_percent_encoded() {
        assert_eq!(percent("a b~"), "a b~");
        assert_eq!(percent("50%\nü"), "50%25%0A%C3%BC");
    }
}
