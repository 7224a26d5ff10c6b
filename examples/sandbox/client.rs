//! The way to the store: each request is signed just before it is sent.

use std::fmt;
use std::sync::Arc;

use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use bailiwick::http::{HttpSigner, Origin, SCHEME};
use bailiwick::present::Holder;
use bailiwick_examples::{Outcome, StoryClock, http_client};
use serde_json::{Value, json};

use crate::store::SERVICE;

/// Sends requests by the right of one holder.
pub(crate) struct Client {
    http: reqwest::Client,
    origin: Origin,
    signer: HttpSigner,
}

impl Client {
    pub(crate) fn new(holder: Holder, store: &str, clock: Arc<StoryClock>) -> Outcome<Self> {
        let origin: Origin = format!("http://{store}").parse()?;
        Ok(Self {
            http: http_client()?,
            signer: HttpSigner::new(holder)
                .with_service(origin.clone(), SERVICE.parse()?)
                .with_clock(clock),
            origin,
        })
    }

    pub(crate) async fn read(&self, place: &str) -> Outcome<Said> {
        self.send(self.request("GET", &format!("objects/{place}"), "")?)
            .await
    }

    pub(crate) async fn write(&self, place: &str, text: &str, bytes: usize) -> Outcome<Said> {
        self.send(self.put(place, text, bytes)?).await
    }

    /// Writes with somebody else's token in the place of its own.
    pub(crate) async fn write_with(&self, token: &str, place: &str, text: &str) -> Outcome<Said> {
        let mut request = self.put(place, text, text.len())?;
        let token = HeaderValue::try_from(format!("{SCHEME} {token}"))?;
        request.headers_mut().insert(AUTHORIZATION, token);
        self.send(request).await
    }

    pub(crate) async fn publish(&self, bucket: &str) -> Outcome<Said> {
        self.send(self.request("PUT", &format!("buckets/{bucket}/public"), "")?)
            .await
    }

    fn put(&self, place: &str, text: &str, bytes: usize) -> Outcome<Request<String>> {
        let body = json!({ "bytes": bytes, "text": text });
        self.request("PUT", &format!("objects/{place}"), &body.to_string())
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Outcome<Request<String>> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.origin))
            .body(body.to_owned())?;
        if !body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
        }
        self.signer.sign(&mut request)?;
        Ok(request)
    }

    async fn send(&self, request: Request<String>) -> Outcome<Said> {
        let response = self.http.execute(request.try_into()?).await?;
        let allowed = response.status().is_success();
        Ok(Said {
            allowed,
            body: response.json().await?,
        })
    }
}

/// What the store answered.
pub(crate) struct Said {
    allowed: bool,
    body: Value,
}

impl Said {
    /// The text of an object, if one was read.
    pub(crate) fn text(&self) -> Option<&str> {
        self.body["text"].as_str()
    }
}

/// `allow`, or `deny` and the code.
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.allowed, self.body["code"].as_str()) {
            (true, None) => f.write_str("allow"),
            (false, Some(code)) => write!(f, "deny {code}"),
            _ => f.write_str("unclear"),
        }
    }
}
