//! Following a redirect.

use http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION,
    PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{Method, Request, Response, StatusCode, Uri};

use super::Origin;

/// Makes of a request the one to which the answer redirects (RFC 9110, section 15.4), if it does, and
/// says where in full: an absolute target, or a path of the same origin.
pub(super) fn follow<B: Default, R>(request: &mut Request<B>, response: &Response<R>) -> bool {
    let keeps = match response.status() {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        // All clients make a GET of a POST here.
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => request.method() != Method::POST,
        StatusCode::SEE_OTHER => matches!(*request.method(), Method::GET | Method::HEAD),
        _ => return false,
    };
    let Some(target) = target(request.uri(), response.headers()) else {
        return false;
    };
    if Origin::of(&target) != Origin::of(request.uri()) {
        request.headers_mut().remove(COOKIE);
        request.headers_mut().remove(PROXY_AUTHORIZATION);
    }
    if !keeps {
        *request.method_mut() = Method::GET;
        *request.body_mut() = B::default();
        for header in [
            CONTENT_ENCODING,
            CONTENT_LENGTH,
            CONTENT_TYPE,
            TRANSFER_ENCODING,
        ] {
            request.headers_mut().remove(header);
        }
    }
    *request.uri_mut() = target;
    true
}

/// Where it goes; `None` if that is not said, said twice, or relative to a path.
fn target(from: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let mut locations = headers.get_all(LOCATION).iter();
    let location = locations.next()?.to_str().ok()?;
    if locations.next().is_some() || location.starts_with("//") {
        return None;
    }
    let location: Uri = location.parse().ok()?;
    if location.scheme().is_some() {
        return Some(location);
    }
    // What is parsed without a scheme is a path, or the name of a host.
    let mut parts = from.clone().into_parts();
    parts.path_and_query = Some(location.path_and_query()?.clone());
    let is_path = location.path().starts_with('/');
    is_path.then(|| Uri::from_parts(parts).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(method: Method, status: u16, location: &str) -> Option<Request<&'static str>> {
        let mut request = Request::new("body");
        *request.method_mut() = method;
        *request.uri_mut() = "https://forum.example/threads/42?a=b".parse().unwrap();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, "text/plain".parse().unwrap());
        headers.insert(COOKIE, "a=b".parse().unwrap());
        let response = Response::builder().status(status);
        let response = response.header(LOCATION, location).body(()).unwrap();
        follow(&mut request, &response).then_some(request)
    }

    #[test]
    fn a_redirect_goes_to_a_target_or_to_a_path() {
        for (location, target) in [
            ("/threads/43", "https://forum.example/threads/43"),
            ("/?c", "https://forum.example/?c"),
            ("http://mail.example/x", "http://mail.example/x"),
        ] {
            let request = followed(Method::GET, 302, location).unwrap();
            assert_eq!(request.uri(), target);
        }
        for location in [
            "",
            "43",
            "../x",
            "//mail.example/x",
            "mail.example",
            "?c",
            "*",
        ] {
            assert!(followed(Method::GET, 302, location).is_none(), "{location}");
        }
        assert!(followed(Method::GET, 200, "/").is_none());
    }

    #[test]
    fn a_redirect_to_two_places_is_followed_to_none() {
        let mut request = Request::new("");
        *request.uri_mut() = "https://forum.example/".parse().unwrap();
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::FOUND;
        assert!(!follow(&mut request, &response));
        response
            .headers_mut()
            .append(LOCATION, "/a".parse().unwrap());
        assert!(follow(&mut request, &response));
        response
            .headers_mut()
            .append(LOCATION, "/b".parse().unwrap());
        assert!(!follow(&mut request, &response));
    }

    #[test]
    fn a_redirect_keeps_its_method_and_body_or_becomes_a_get() {
        let of = |method, status| {
            let request = followed(method, status, "/x").unwrap();
            let has_type = request.headers().contains_key(CONTENT_TYPE);
            assert_eq!(has_type, !request.body().is_empty());
            (request.method().clone(), *request.body())
        };
        assert_eq!(of(Method::POST, 307), (Method::POST, "body"));
        assert_eq!(of(Method::PUT, 308), (Method::PUT, "body"));
        assert_eq!(of(Method::PUT, 301), (Method::PUT, "body"));
        assert_eq!(of(Method::POST, 302), (Method::GET, ""));
        assert_eq!(of(Method::PUT, 303), (Method::GET, ""));
        assert_eq!(of(Method::HEAD, 303), (Method::HEAD, "body"));
    }

    #[test]
    fn cookies_stay_with_their_origin() {
        let has_cookie = |location| {
            let request = followed(Method::GET, 307, location).unwrap();
            request.headers().contains_key(COOKIE)
        };
        assert!(has_cookie("/x"));
        assert!(!has_cookie("https://mail.example/x"));
        assert!(!has_cookie("http://forum.example/x"));
    }
}
