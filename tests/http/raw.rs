//! What no decent client sends.

use crate::world::{Server, gate, holder, layer, lines, presentation, raw, request, scope};

/// The headers of a presentation for this.
fn signed(method: &str, target: &str, body: &'static str) -> String {
    lines(&presentation(
        &holder(scope()),
        &request(method, target, body),
    ))
}

const BODY: &str = r#"{"text":"no"}"#;

#[tokio::test]
async fn the_host_says_nothing_about_the_audience() {
    let server = Server::behind(layer(gate())).await;
    for line in [
        "GET /threads/42 HTTP/1.1\nHost: evil.example",
        "GET http://evil.example/threads/42 HTTP/1.1\nHost: evil.example",
    ] {
        let head = format!(
            "{line}\n{}Connection: close\n\n",
            signed("GET", "/threads/42", "")
        );
        assert_eq!(raw(&server, &head, b"").await.status, 200, "{line}");
    }
    assert_eq!(server.ran.times(), 2);
}

#[tokio::test]
async fn a_target_that_is_no_path_is_never_permitted() {
    let server = Server::behind(layer(gate())).await;
    for (line, signed_as) in [
        ("OPTIONS * HTTP/1.1", ("OPTIONS", "*")),
        (
            "GET /threads/42/../43 HTTP/1.1",
            ("GET", "/threads/42/../43"),
        ),
        ("GET /threads/42/../43 HTTP/1.1", ("GET", "/threads/43")),
        ("GET /threads/42/../43 HTTP/1.1", ("GET", "/threads/42")),
        ("GET /./threads/42 HTTP/1.1", ("GET", "/threads/42")),
        ("CONNECT forum.example:80 HTTP/1.1", ("CONNECT", "/")),
    ] {
        let headers = signed(signed_as.0, signed_as.1, "");
        let head = format!("{line}\nHost: a\n{headers}Connection: close\n\n");
        let status = raw(&server, &head, b"").await.status;
        assert!((400..500).contains(&status), "{line}: {status}");
    }
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn a_body_in_chunks_is_the_same_body() {
    let server = Server::behind(layer(gate())).await;
    let post = |body: &'static str| {
        let headers = signed("POST", "/threads/42/posts", body);
        format!("POST /threads/42/posts HTTP/1.1\nHost: a\n{headers}Connection: close\n")
    };
    let chunked = format!("{}Transfer-Encoding: chunked\n\n", post(BODY));
    let chunks = b"5\r\n{\"tex\r\n8\r\nt\":\"no\"}\r\n0\r\n\r\n";
    let answer = raw(&server, &chunked, chunks).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains(BODY), "{}", answer.text());
    assert_eq!(server.ran.times(), 1);
    // Another body in chunks is another body.
    let chunked = format!("{}Transfer-Encoding: chunked\n\n", post("{}"));
    assert_eq!(raw(&server, &chunked, chunks).await.status, 401);

    // Nobody says before how much it will be.
    let mut endless = Vec::new();
    for _ in 0..17 {
        endless.extend_from_slice(b"1000\r\n");
        endless.extend_from_slice(&[b' '; 0x1000]);
        endless.extend_from_slice(b"\r\n");
    }
    endless.extend_from_slice(b"0\r\n\r\n");
    let chunked = format!("{}Transfer-Encoding: chunked\n\n", post(BODY));
    assert_eq!(raw(&server, &chunked, &endless).await.status, 413);
    assert_eq!(server.ran.times(), 1);
}

#[tokio::test]
async fn a_body_that_ends_too_early_is_never_permitted() {
    let server = Server::behind(layer(gate())).await;
    let headers = signed("POST", "/threads/42/posts", BODY);
    let head = format!(
        "POST /threads/42/posts HTTP/1.1\nHost: a\n{headers}Content-Length: 20\nConnection: close\n\n"
    );
    let status = raw(&server, &head, BODY.as_bytes()).await.status;
    assert!(matches!(status, 0 | 400), "{status}");
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn what_two_readers_would_frame_differently_is_never_permitted() {
    let server = Server::behind(layer(gate())).await;
    for framing in [
        "Content-Length: 13\nContent-Length: 12",
        "Content-Length: 13, 12",
        "Content-Length: +13",
    ] {
        let headers = signed("POST", "/threads/42/posts", BODY);
        let line = "POST /threads/42/posts HTTP/1.1\nHost: a";
        let head = format!("{line}\n{headers}{framing}\nConnection: close\n\n");
        let status = raw(&server, &head, BODY.as_bytes()).await.status;
        assert!(matches!(status, 0 | 400..500), "{framing}: {status}");
    }
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn header_names_in_any_case_are_the_same_header() {
    let server = Server::behind(layer(gate())).await;
    let headers = signed("GET", "/threads/42", "")
        .replace("Authorization", "aUTHORIZATION")
        .replace("Bailiwick-Proof", "bailiwick-PROOF");
    let twice = signed("GET", "/threads/42", "");
    let head = format!("GET /threads/42 HTTP/1.1\nHost: a\n{headers}{twice}Connection: close\n\n");
    assert_eq!(raw(&server, &head, b"").await.status, 401);
    assert_eq!(server.ran.times(), 0);
    let head = format!("GET /threads/42 HTTP/1.1\nHost: a\n{headers}Connection: close\n\n");
    assert_eq!(raw(&server, &head, b"").await.status, 200);
}
