//! Addresses of the web.

use super::host::is_host;
use crate::action::{Object, Value};
use crate::catalog::wire::decoded;

/// An address as `scheme`, `host`, `port`, `path` and, if there is one, `query` (RFC 3986, `http` and `https`, in the one form
/// that all readers agree on: no user, no fragment, nothing that normalizing would change).
pub(super) fn read(text: &str) -> Option<Object> {
    const LONGEST: usize = 8192;
    if text.len() > LONGEST {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let default_port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let (target, query) = match rest.split_once('?') {
        Some((target, query)) => (target, Some(query)),
        None => (rest, None),
    };
    let (authority, path) = match target.split_once('/') {
        Some((authority, path)) => (authority, path),
        None => (target, ""),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, read_port(port, default_port)?),
        _ => (authority, default_port),
    };
    if !is_host(host) || !query.is_none_or(is_query) {
        return None;
    }
    let mut members = vec![
        ("scheme", Value::from(scheme)),
        ("host", Value::from(host)),
        ("port", Value::from(port)),
        ("path", Value::from(read_path(path)?)),
    ];
    members.extend(query.map(|query| ("query", Value::from(query))));
    Object::from_pairs(members).ok()
}

/// A port is not written where it is the scheme's own.
fn read_port(text: &str, default: i64) -> Option<i64> {
    let port: u16 = text.parse().ok()?;
    let canonical = port.to_string() == text && port != 0 && i64::from(port) != default;
    canonical.then(|| i64::from(port))
}

/// The segments, decoded. The last may be empty: `/a/` is another path than `/a`. Without any, it is `/`.
fn read_path(path: &str) -> Option<Vec<Value>> {
    if path.is_empty() {
        return Some(Vec::new());
    }
    let segments: Vec<&str> = path.split('/').collect();
    let last = segments.len().checked_sub(1)?;
    let read = |(index, segment): (usize, &&str)| match *segment {
        "" if index == last => Some(Value::from("")),
        segment => decoded(segment).ok().map(Value::from),
    };
    segments.iter().enumerate().map(read).collect()
}

/// As it is on the wire: it means what the server says.
fn is_query(query: &str) -> bool {
    query
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"#\"<>\\^`{|}".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        read(text).map_or_else(|| "none".to_owned(), |object| Value::from(object).preview())
    }

    #[test]
    fn an_address_is_its_parts() {
        assert_eq!(
            shown("https://a.example/b/%C3%A9%20/?c=d"),
            r#"{"host": "a.example", "path": ["b", "é ", ""], "port": 443, "query": "c=d", "sc…"#
        );
        assert_eq!(
            shown("http://[::1]:8080"),
            r#"{"host": "[::1]", "path": [], "port": 8080, "scheme": "http"}"#
        );
        assert_eq!(
            shown("http://[::1]"),
            r#"{"host": "[::1]", "path": [], "port": 80, "scheme": "http"}"#
        );
        assert_eq!(read("http://a.example"), read("http://a.example/"));
        assert_ne!(read("http://a.example/b"), read("http://a.example/b/"));
        assert_ne!(read("http://a.example/b"), read("http://a.example/b?"));
    }

    #[test]
    fn what_two_readers_could_take_differently_is_refused() {
        for text in [
            "",
            "a.example",
            "//a.example",
            "ftp://a.example",
            "HTTP://a.example",
            "http:/a.example",
            "http:a.example",
            "http://",
            "http://ada@a.example",
            "http://a.example@evil.example",
            "http://a.example:80/",
            "http://a.example:080",
            "http://a.example:",
            "http://a.example:0",
            "http://a.example:65536",
            "http://A.example",
            "http://a.example.",
            "http://2130706433",
            "http://0x7f.1",
            "http://a.example/../b",
            "http://a.example/./b",
            "http://a.example//b",
            "http://a.example/%2e%2e/b",
            "http://a.example/%61",
            "http://a.example/%2f",
            "http://a.example/%2F",
            "http://a.example/%c3%a9",
            "http://a.example/a b",
            "http://a.example/é",
            "http://a.example/#b",
            "http://a.example#b",
            "http://a.example?b#c",
            "http://a.example\\b",
            "http://a.example/b\\c",
            "http://a.example/\t",
            " http://a.example",
            "http://a.example/%00",
            "http://[::1",
            "http://::1/",
            "http://[::1]x",
            "http://[::1]:",
            "http://a.example;b",
        ] {
            assert_eq!(shown(text), "none", "{text}");
        }
        let long = format!("http://a.example{}", "/a".repeat(4100));
        assert_eq!(shown(&long), "none");
    }
}
