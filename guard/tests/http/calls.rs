//! What arrives at the API, and what comes back.

use crate::world::{Api, Guard, SECRET, World, request};

const DONE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone";

const BODY: &str = "{ \"text\" :\t\"\u{fc}ber\\u0041\" }";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_authorised_arrives_byte_for_byte_with_the_credential_and_nothing_else() {
    let (world, api) = (World::new(), Api::answering(DONE).await);
    let guard = world.guard(&api.origin).await;
    let extra = "Cookie: a=b\r\nX-Forwarded-For: 10.0.0.1\r\nForwarded: for=x\r\nX-Evil: 1\r\nAccept: text/plain\r\n\
                 Accept-Encoding: gzip\r\nUser-Agent: agent\r\nVia: x\r\n";
    // Spellings that libraries for URLs like to change.
    for (method, target, body) in [
        ("GET", "/notes/todo", ""),
        ("GET", "/notes/it's(a)!*~$&+,;=:@", ""),
        ("GET", "/notes/%7Ba%7D%22%3C%20%5E%7C", ""),
        ("GET", "/notes/%C3%BC%E2%82%AC?why=it's+%22so%22", ""),
        ("GET", "/notes/a?why=", ""),
        ("PUT", "/notes/todo", BODY),
    ] {
        let answer = guard
            .send(&world.request(method, target, extra, body))
            .await;
        assert!(
            answer.status() == 200 && answer.0.ends_with("\r\n\r\ndone"),
            "{target}: {}",
            answer.0
        );
        assert!(answer.0.to_lowercase().contains("cache-control: no-store"));
        assert!(!answer.0.contains(SECRET));
        let [arrived] = &api.arrived()[..] else {
            panic!("{target}")
        };
        let (head, rest) = arrived.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        assert_eq!(
            lines.next(),
            Some(format!("{method} {target} HTTP/1.1").as_str())
        );
        assert_eq!(rest, body);
        let host = api.origin.strip_prefix("http://").unwrap();
        let mut expected = vec![
            "accept: text/plain".to_owned(),
            format!("authorization: {SECRET}"),
            format!("host: {host}"),
            format!("user-agent: bailiwick-guard/{}", env!("CARGO_PKG_VERSION")),
        ];
        if !body.is_empty() {
            expected.push(format!("content-length: {}", body.len()));
            expected.push("content-type: application/json".to_owned());
        }
        expected.sort();
        let mut headers: Vec<_> = lines.map(str::to_owned).collect();
        headers.sort();
        assert_eq!(headers, expected, "{target}");
    }
    let said = guard.end().await;
    assert_eq!(said.matches(r#""decision":"allow""#).count(), 6, "{said}");
    for hidden in ["todo", "bwt1_", "bwp1_", "s3cret"] {
        assert!(!said.contains(hidden), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_does_not_arrive() {
    let (world, api) = (World::new(), Api::answering(DONE).await);
    let guard = world.guard(&api.origin).await;
    for (method, target, body, expected) in [
        ("DELETE", "/notes", "", "403 operation_not_granted"),
        ("GET", "/admin", "", "403 call_unmapped"),
        ("POST", "/notes/todo", "", "403 call_unmapped"),
        ("HEAD", "/notes/todo", "", "403"),
        ("GET", "/notes/todo/", "", "403 call_unmapped"),
        ("GET", "/notes/../admin", "", "403 segment_not_canonical"),
        ("GET", "/notes/%2e%2e", "", "403 segment_not_canonical"),
        (
            "GET",
            "/notes/%2E%2E/admin",
            "",
            "403 segment_not_canonical",
        ),
        ("GET", "/notes/a%2Fb", "", "403 segment_not_canonical"),
        ("GET", "//notes/todo", "", "403 segment_not_canonical"),
        ("GET", "/notes/%74odo", "", "403 segment_not_canonical"),
        ("GET", "/notes/todo?admin=1", "", "403 argument_unknown"),
        (
            "GET",
            "/notes/todo?why=a&why=b",
            "",
            "403 argument_repeated",
        ),
        ("GET", "/notes/todo", "{}", "403 body_malformed"),
        (
            "PUT",
            "/notes/todo",
            "{\"text\":\"a\",\"text\":\"b\"}",
            "403 body_malformed",
        ),
        (
            "PUT",
            "/notes/todo",
            "{\"text\":\"a\",\"force\":true}",
            "403 argument_unknown",
        ),
    ] {
        let answer = guard.send(&world.request(method, target, "", body)).await;
        assert_eq!(
            answer.verdict(),
            expected,
            "{method} {target}: {}",
            answer.0
        );
    }
    // Signed is one thing, and sent another.
    let read = world.signed("GET", "/notes/todo", "");
    for (line, expected) in [
        ("GET /notes/diary", "401 proof_invalid"),
        ("PUT /notes/todo", "401 proof_invalid"),
        ("GET /notes/todo?why=", "401 proof_invalid"),
        (
            "GET http://elsewhere.example/notes/diary",
            "401 proof_invalid",
        ),
    ] {
        let answer = guard.send(&request(line, &read, "")).await;
        assert_eq!(answer.verdict(), expected, "{line}");
    }
    let bare = guard.send(&request("GET /notes/todo", "", "")).await;
    assert_eq!(bare.verdict(), "401 presentation_missing");
    let method = format!("{read}X-HTTP-Method-Override: DELETE\r\n");
    let overridden = guard.send(&request("GET /notes/todo", &method, "")).await;
    assert_eq!(overridden.verdict(), "400 method_override");
    assert!(api.arrived().is_empty());
    // And once is enough.
    assert_eq!(
        guard
            .send(&request("GET /notes/todo", &read, ""))
            .await
            .status(),
        200
    );
    assert_eq!(
        guard
            .send(&request("GET /notes/todo", &read, ""))
            .await
            .verdict(),
        "401 proof_replayed"
    );
    assert_eq!(api.arrived().len(), 1);
    let said = guard.end().await;
    assert_eq!(said.matches(r#""decision":"deny""#).count(), 23, "{said}");
    assert!(
        said.contains(r#""code":"operation_not_granted""#) && said.contains("decision_id"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absolute_target_goes_to_the_api_and_nowhere_else() {
    let (world, api) = (World::new(), Api::answering(DONE).await);
    let guard = world.guard(&api.origin).await;
    let signed = world.signed("GET", "/notes/todo", "");
    let elsewhere = request("GET http://elsewhere.example/notes/todo", &signed, "");
    assert_eq!(guard.send(&elsewhere).await.status(), 200);
    assert!(
        api.arrived()
            .concat()
            .starts_with("GET /notes/todo HTTP/1.1\r\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_loses_cookies_and_headers_of_its_connection_and_no_redirect_is_followed() {
    let api = Api::answering(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nX-Hop: 1\r\n\
         Keep-Alive: timeout=5\r\nAlt-Svc: h2=\":1\"\r\nProxy-Authenticate: Basic\r\nETag: \"7\"\r\nCache-Control: public\r\n\
         Content-Length: 4\r\nConnection: close, X-Hop\r\n\r\nmove",
    )
    .await;
    let world = World::new();
    let guard = world.guard(&api.origin).await;
    let answer = guard
        .send(&world.request("GET", "/notes/todo", "", ""))
        .await;
    assert_eq!(answer.status(), 302);
    let head = answer.0.to_lowercase();
    assert!(
        head.ends_with("move") && head.contains("etag: \"7\"") && head.contains("location: "),
        "{head}"
    );
    for dropped in [
        "set-cookie",
        "x-hop",
        "keep-alive",
        "alt-svc",
        "proxy-auth",
        "public",
    ] {
        assert!(!head.contains(dropped), "{dropped}: {head}");
    }
    assert_eq!(api.arrived().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_cannot_be_reached_costs_nothing_and_one_that_is_silent_ends_in_time() {
    let world = World::new();
    let put = || world.request("PUT", "/notes/todo", "", BODY);
    let guard = world.guard("http://127.0.0.1:1").await;
    for _ in 0..3 {
        let answer = guard.send(&put()).await;
        assert_eq!(answer.verdict(), "502 upstream_unreachable");
        assert!(answer.0.contains("application/problem+json"));
    }
    guard.end().await;
    after_the_last_proof().await;

    // Says nothing: whether it was done nobody knows, so it stays spent, over a restart too.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let mut command = world.command(&origin);
    command.args(["--body-limit", "100"]);
    let guard = Guard::start(command).await;
    assert_eq!(guard.send(&put()).await.verdict(), "504 upstream_late");
    let large = format!("{{\"text\":\"{}\"}}", "x".repeat(100));
    let large = guard
        .send(&world.request("PUT", "/notes/todo", "", &large))
        .await;
    assert_eq!(large.verdict(), "413 body_too_large");
    guard.end().await;
    after_the_last_proof().await;

    let api = Api::answering(DONE).await;
    let guard = Guard::start(world.command(&api.origin)).await;
    assert_eq!(guard.send(&put()).await.status(), 200);
    assert_eq!(guard.send(&put()).await.verdict(), "403 budget_exceeded");
    guard.end().await;
}

/// A ledger whose process was killed takes no proof of the second after.
async fn after_the_last_proof() {
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
}
