//! HTTP requests.

use super::*;

const JSON: Option<&str> = Some("application/json");

fn asked(
    method: &str,
    target: &str,
    content_type: Option<&str>,
    body: &str,
) -> Result<Vec<String>, &'static str> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let call = Call::http(method, path, query, body.as_bytes()).unwrap();
    let body = Body {
        content_type,
        bytes: body.as_bytes(),
    };
    let mapped = mail().map(&call, Some(body), &NoAttributes);
    mapped.map(|it| shown(&it)).map_err(|error| error.code())
}

fn post(target: &str) -> Result<Vec<String>, &'static str> {
    asked("POST", target, None, "")
}

#[test]
fn a_request_becomes_its_action() {
    assert_eq!(
        post("/mail/a%20b/7/archive"),
        Ok(vec!["mail.archive mail/a b/7".to_owned()])
    );
    assert_eq!(
        post("/mail/inbox/7/archive?why=all+done"),
        Ok(vec![
            r#"mail.archive mail/inbox/7 {"note": "all done"}"#.to_owned()
        ])
    );
    assert_eq!(
        asked(
            "POST",
            "/outbox/",
            JSON,
            r#"{"to": ["a@b.example"], "body": "hi"}"#
        ),
        Ok(vec![
            r#"mail.send outbox {"text": "hi", "to": [{"address": "a@b.example", "domain": "b.example"}]}"#
                .to_owned()
        ])
    );
}

#[test]
fn a_route_is_its_method_and_its_exact_path() {
    for (method, path) in [
        ("GET", "/mail/inbox/7/archive"),
        ("HEAD", "/mail/inbox/7/archive"),
        ("post", "/mail/inbox/7/archive"),
        ("POST", "/mail/inbox/7/archive/"),
        ("POST", "/mail/inbox/7/Archive"),
        ("POST", "/mail/inbox/7"),
        ("POST", "/mail/inbox/7/archive/x"),
        ("POST", "/outbox"),
        ("POST", "/"),
        ("POST", "*"),
    ] {
        assert_eq!(
            asked(method, path, None, ""),
            Err("call_unmapped"),
            "{method} {path}"
        );
    }
}

#[test]
fn a_segment_that_is_not_canonical_is_refused_on_every_route() {
    for path in [
        "/mail//7/archive",
        "/mail/./7/archive",
        "/mail/../7/archive",
        "/mail/%2e%2e/7/archive",
        "/mail/%2E/7/archive",
        "/mail/a%2Fb/7/archive",
        "/mail/a%2fb/7/archive",
        "/mail/%61/7/archive",
        "/mail/%c3%a9/7/archive",
        "/mail/a%00/7/archive",
        "/mail/e%CC%81/7/archive",
        "/mail/a\\b/7/archive",
        "/mail/a%5Cb/7/archive",
        "/mail/%25/7/archive",
        "/m%61il/a/7/archive",
        "//mail/a/7/archive",
        "/mail/a/7/archive//",
        "/mail/a/7/%61rchive",
        "/x/..",
        "/mail/a/7/../archive",
        "/mail/%/7/archive",
    ] {
        assert_eq!(post(path), Err("segment_not_canonical"), "{path}");
    }
    assert_eq!(post("/mail/a/07/archive"), Err("argument_mistyped"));
    assert_eq!(post("/mail/a/+7/archive"), Err("argument_mistyped"));
}

#[test]
fn a_query_has_known_fields_once() {
    for (query, code) in [
        ("why=a&why=b", "argument_repeated"),
        ("why=a&why=a", "argument_repeated"),
        ("note=a", "argument_unknown"),
        ("why=a&x=", "argument_unknown"),
        ("id=7", "argument_unknown"),
        ("", "query_malformed"),
        ("why", "query_malformed"),
        ("why=a&", "query_malformed"),
        ("why=%FF", "query_malformed"),
        ("%77hy=a", "query_malformed"),
    ] {
        assert_eq!(
            post(&format!("/mail/a/7/archive?{query}")),
            Err(code),
            "{query}"
        );
    }
}

#[test]
fn a_body_is_a_json_object_where_one_is_taken_and_empty_elsewhere() {
    let send = |content_type, body| asked("POST", "/outbox/", content_type, body);
    let fine = r#"{"to": [], "body": ""}"#;
    for content_type in [
        "application/json",
        "Application/JSON; charset=UTF-8",
        "application/json;charset=utf-8",
    ] {
        assert!(send(Some(content_type), fine).is_ok(), "{content_type}");
    }
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/jsonx"),
        Some("application/json; charset=utf-16"),
        Some(""),
    ] {
        assert_eq!(
            send(content_type, fine),
            Err("body_malformed"),
            "{content_type:?}"
        );
    }
    for body in [
        "",
        "[]",
        "{",
        r#"{"to": [], "body": "", "body": ""}"#,
        r#"{"to": [], "body": "", "b\u006fdy": ""}"#,
    ] {
        assert_eq!(send(JSON, body), Err("body_malformed"), "{body}");
    }
    assert_eq!(
        send(JSON, r#"{"to": [], "body": "", "x": 1}"#),
        Err("argument_unknown")
    );
    assert_eq!(
        send(JSON, r#"{"to": [], "text": ""}"#),
        Err("argument_missing")
    );
    assert_eq!(
        asked("POST", "/mail/a/7/archive", JSON, "{}"),
        Err("body_malformed")
    );
}

#[test]
fn a_body_that_the_call_is_not_about_is_refused() {
    let call = Call::http("POST", "/mail/a/7/archive", None, b"x").unwrap();
    let mapped = mail().map(&call, None, &NoAttributes);
    assert_eq!(mapped.unwrap_err().code(), "body_mismatch");
}

const FILES: &str = r#"
service = "files.example"
[operation."file.from"]
effect = "delete"
resource = "files/{source**}"
arguments = { source = "path" }
http = { method = "POST", path = "/move/{source**}" }
[operation."file.to"]
effect = "write"
resource = "files/{to}"
arguments = { to = "text", over = { type = "boolean", default = false }, any = "text" }
http = { method = "POST", path = "/move/{any**}", query = { to = "to", over = "over" } }
"#;

#[test]
fn several_operations_of_a_route_each_take_what_is_theirs() {
    let files = parsed(FILES).unwrap();
    let mapped = |query: &str| {
        let call = Call::http("POST", "/move/a/b%20c", Some(query), b"").unwrap();
        let mapped = files.map(&call, None, &NoAttributes);
        mapped.map(|it| shown(&it)).map_err(|error| error.code())
    };
    assert_eq!(
        mapped("to=x&over=true"),
        Ok(vec![
            "file.from files/a/b c".to_owned(),
            r#"file.to files/x {"any": "a/b c", "over": true}"#.to_owned()
        ])
    );
    assert_eq!(mapped("to=x&over=1"), Err("argument_mistyped"));
    assert_eq!(mapped("to=x&by=y"), Err("argument_unknown"));
    assert_eq!(mapped("over=true"), Err("argument_missing"));
}
