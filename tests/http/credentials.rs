//! One token and one proof, in two headers, and nothing else.

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Request};

use crate::world::{
    Server, forum, gate, holder, layer, now, presentation, presented, read, request, scope, with,
};

const PROOF: HeaderName = HeaderName::from_static("bailiwick-proof");

/// What the forum says to a good request, changed so.
async fn refused(change: impl FnOnce(&mut HeaderMap)) -> (u16, String) {
    let server = Server::behind(layer(gate())).await;
    let mut request = presented(read());
    change(request.headers_mut());
    let answer = server.send(request).await;
    assert_eq!(server.ran.times(), 0);
    assert_eq!(answer.header("cache-control"), "no-store");
    let code = answer.code();
    if answer.status == 401 {
        let challenge = format!("Bailiwick service=\"forum.example\", error=\"{code}\"");
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    (answer.status, code)
}

fn says(code: &str) -> (u16, String) {
    (401, code.to_owned())
}

#[tokio::test]
async fn nothing_is_permitted_without_a_token_and_a_proof() {
    let missing = says("presentation_missing");
    assert_eq!(refused(HeaderMap::clear).await, missing);
    assert_eq!(
        refused(|headers| _ = headers.remove(AUTHORIZATION)).await,
        missing
    );
    assert_eq!(refused(|headers| _ = headers.remove(PROOF)).await, missing);
}

#[tokio::test]
async fn another_scheme_is_no_presentation() {
    for value in [
        "Bearer abc",
        "Basic YTpi",
        "Bailiwick",
        "",
        "Bailiwickbwt1_",
    ] {
        let change = |headers: &mut HeaderMap| {
            headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
        };
        assert_eq!(
            refused(change).await,
            says("presentation_missing"),
            "{value}"
        );
    }
}

#[tokio::test]
async fn the_scheme_has_no_letter_case() {
    let server = Server::behind(layer(gate())).await;
    for scheme in ["bailiwick ", "BAILIWICK ", "BailiWick   "] {
        let mut request = presented(read());
        let value = request.headers()[AUTHORIZATION].to_str().unwrap();
        let value = value.replace("Bailiwick ", scheme).parse().unwrap();
        request.headers_mut().insert(AUTHORIZATION, value);
        assert_eq!(server.send(request).await.status, 200, "{scheme}");
    }
}

#[tokio::test]
async fn each_header_stands_there_once() {
    let repeated = says("presentation_repeated");
    for name in [AUTHORIZATION, PROOF] {
        // The same one, and another one before or behind it.
        let same = |headers: &mut HeaderMap| {
            let value = headers[&name].clone();
            headers.append(&name, value);
        };
        assert_eq!(refused(same).await, repeated, "{name}");
        let other = |headers: &mut HeaderMap| {
            headers.append(&name, HeaderValue::from_static("Bearer abc"));
        };
        assert_eq!(refused(other).await, repeated, "{name}");
        let before = |headers: &mut HeaderMap| {
            let value = headers.insert(&name, HeaderValue::from_static("Bearer abc"));
            headers.append(&name, value.unwrap());
        };
        assert_eq!(refused(before).await, repeated, "{name}");
    }
}

#[tokio::test]
async fn a_whole_presentation_in_one_header_is_refused() {
    let whole = presentation(&holder(scope()), &read()).to_text();
    let bearing = HeaderValue::try_from(format!("Bailiwick {whole}")).unwrap();
    let malformed = says("presentation_malformed");
    let in_authorization = |headers: &mut HeaderMap| {
        headers.insert(AUTHORIZATION, bearing);
    };
    assert_eq!(refused(in_authorization).await, malformed);
    let in_proof = |headers: &mut HeaderMap| {
        headers.insert(PROOF, HeaderValue::try_from(whole).unwrap());
    };
    assert_eq!(refused(in_proof).await, malformed);
}

#[tokio::test]
async fn a_presentation_anywhere_else_counts_for_nothing() {
    let (token, proof) = presentation(&holder(scope()), &read()).to_texts();
    let server = Server::behind(layer(gate())).await;
    let in_query = format!("/threads/42?authorization=Bailiwick%20{token}&bailiwick-proof={proof}");
    assert_eq!(server.send(request("GET", &in_query, "")).await.status, 401);
    let mut in_cookie = read();
    let cookie = format!("Authorization=Bailiwick {token}; Bailiwick-Proof={proof}");
    in_cookie
        .headers_mut()
        .insert("cookie", cookie.parse().unwrap());
    assert_eq!(server.send(in_cookie).await.status, 401);
    let mut for_a_proxy = presented(read());
    let value = for_a_proxy.headers_mut().remove(AUTHORIZATION).unwrap();
    for_a_proxy
        .headers_mut()
        .insert("proxy-authorization", value);
    assert_eq!(server.send(for_a_proxy).await.status, 401);
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn a_proof_of_another_token_holds_for_none() {
    let (one, other) = (holder(scope()), holder(scope().max_depth(1)));
    let (token, _) = presentation(&one, &read()).to_texts();
    let (_, proof) = presentation(&other, &read()).to_texts();
    let change = |headers: &mut HeaderMap| {
        headers.insert(AUTHORIZATION, format!("Bailiwick {token}").parse().unwrap());
        headers.insert(PROOF, proof.parse().unwrap());
    };
    assert_eq!(refused(change).await, says("proof_invalid"));
}

#[tokio::test]
async fn every_changed_character_of_either_header_is_refused() {
    let server = Server::behind(layer(gate())).await;
    let good = presented(read());
    for name in [AUTHORIZATION, PROOF] {
        let value = good.headers()[&name].to_str().unwrap();
        for at in ("Bailiwick ".len()..value.len()).step_by(7) {
            let other = if &value[at..=at] == "A" { "B" } else { "A" };
            let changed = format!("{}{other}{}", &value[..at], &value[at + 1..]);
            let mut request = good.clone();
            request
                .headers_mut()
                .insert(&name, changed.parse().unwrap());
            assert_eq!(server.send(request).await.status, 401, "{name} {at}");
        }
    }
    assert_eq!(server.ran.times(), 0);
    assert_eq!(server.send(good).await.status, 200);
}

#[tokio::test]
async fn a_proof_for_another_service_holds_for_none() {
    let server = Server::behind(layer(gate())).await;
    let call = bailiwick::action::Call::http("GET", "/threads/42", None, b"").unwrap();
    let to = |service: &bailiwick::action::Service| {
        let presentation = holder(scope()).present(service, &call, now()).unwrap();
        with(&presentation, read())
    };
    let mail = "mail.example".parse().unwrap();
    let send = async |request: Request<Bytes>| server.send(request).await.status;
    assert_eq!(send(to(&mail)).await, 401);
    assert_eq!(send(to(&forum())).await, 200);
}
