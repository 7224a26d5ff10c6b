//! Streamable HTTP to a server: messages go up, and answers come down.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use http_body_util::Limited;
use hyper_util::client::legacy;
use rmcp::ErrorData;
use rmcp::model::{ClientJsonRpcMessage, ClientRequest, JsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::common::http_header::{
    EVENT_STREAM_MIME_TYPE, HEADER_SESSION_ID, JSON_MIME_TYPE,
};
use rmcp::transport::streamable_http_client::{
    StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse,
};
use sse_stream::{Error as SseError, Sse, SseStream};

use crate::way::Client;

/// A client that adds credentials. It opens no stream for messages that the server begins: none is passed on.
#[derive(Clone)]
pub(super) struct HttpClient {
    client: Client,
    credentials: Arc<[(HeaderName, HeaderValue)]>,
}

type Failure = StreamableHttpError<legacy::Error>;

/// As many bytes as one answer may have, whether it is one message or a stream of them.
const LIMIT: usize = 16 << 20;

impl HttpClient {
    pub(super) fn new(client: Client, credentials: Vec<(HeaderName, HeaderValue)>) -> Self {
        let credentials = credentials.into();
        Self {
            client,
            credentials,
        }
    }

    async fn send(
        &self,
        method: Method,
        uri: &str,
        session: Option<&str>,
        headers: HashMap<HeaderName, HeaderValue>,
        body: Body,
    ) -> Result<Response<Body>, Failure> {
        let malformed = |what: &'static str| Failure::UnexpectedServerResponse(what.into());
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri.parse::<Uri>().map_err(|_| malformed("no target"))?;
        let into = request.headers_mut();
        into.extend(headers);
        into.insert(CONTENT_TYPE, HeaderValue::from_static(JSON_MIME_TYPE));
        into.insert(ACCEPT, HeaderValue::from_static(BOTH));
        if let Some(session) = session {
            let session = HeaderValue::try_from(session).map_err(|_| malformed("no session"))?;
            into.insert(HeaderName::from_static(SESSION), session);
        }
        for (name, value) in self.credentials.iter() {
            into.insert(name, value.clone());
        }
        let response = self
            .client
            .request(request)
            .await
            .map_err(Failure::Client)?;
        Ok(response.map(|body| Body::new(Limited::new(body, LIMIT))))
    }
}

const BOTH: &str = "text/event-stream, application/json";
/// [`HEADER_SESSION_ID`], as a name of a header is written in code.
const SESSION: &str = "mcp-session-id";

impl StreamableHttpClient for HttpClient {
    type Error = legacy::Error;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        _: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Failure> {
        let body = Body::from(serde_json::to_vec(&message)?);
        let session = session_id.as_deref();
        let response = self
            .send(Method::POST, &uri, session, custom_headers, body)
            .await?;
        let status = response.status();
        let kind = header(&response, CONTENT_TYPE.as_str());
        let new_session = header(&response, HEADER_SESSION_ID);
        let answered = matches!(message, JsonRpcMessage::Request(_));
        if status == StatusCode::NOT_FOUND && session.is_some() {
            return Err(Failure::SessionExpired);
        }
        if !status.is_success() {
            // An older server that does not know this question: the one that it knows is asked next.
            return match message {
                JsonRpcMessage::Request(request)
                    if session.is_none()
                        && is_about_the_message(status)
                        && matches!(request.request, ClientRequest::DiscoverRequest(_)) =>
                {
                    let error = whole(response)
                        .await
                        .ok()
                        .and_then(|bytes| error_of(&bytes));
                    let error =
                        error.unwrap_or_else(|| ErrorData::invalid_request("rejected", None));
                    let error = ServerJsonRpcMessage::error(error, Some(request.id));
                    Ok(StreamableHttpPostResponse::Json(error, None))
                }
                // What it says of itself is not for the agent.
                _ => Err(Failure::UnexpectedServerResponse(
                    format!("HTTP {status}").into(),
                )),
            };
        }
        if !answered || matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        match kind {
            Some(kind) if kind.starts_with(EVENT_STREAM_MIME_TYPE) => {
                let events = SseStream::new(response.into_body()).boxed();
                Ok(StreamableHttpPostResponse::Sse(events, new_session))
            }
            Some(kind) if kind.starts_with(JSON_MIME_TYPE) => {
                let message = serde_json::from_slice(&whole(response).await?)?;
                Ok(StreamableHttpPostResponse::Json(message, new_session))
            }
            kind => Err(Failure::UnexpectedContentType(kind)),
        }
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session_id: Arc<str>,
        _: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), Failure> {
        let session = Some(session_id.as_ref());
        let body = Body::empty();
        self.send(Method::DELETE, &uri, session, custom_headers, body)
            .await
            .map(drop)
    }

    async fn get_stream(
        &self,
        _: Arc<str>,
        _: Option<Arc<str>>,
        _: Option<String>,
        _: Option<String>,
        _: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Failure> {
        Err(Failure::ServerDoesNotSupportSse)
    }
}

/// Whether it was refused for what it is, and not for who sent it, or for the server's own fault.
fn is_about_the_message(status: StatusCode) -> bool {
    status.is_client_error() && !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

fn header(response: &Response<Body>, name: &str) -> Option<String> {
    let value = response.headers().get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

async fn whole(response: Response<Body>) -> Result<axum::body::Bytes, Failure> {
    let too_large = |_| Failure::ResponseBodyTooLarge { max_size: LIMIT };
    to_bytes(response.into_body(), LIMIT)
        .await
        .map_err(too_large)
}

fn error_of(body: &[u8]) -> Option<ErrorData> {
    match serde_json::from_slice(body).ok()? {
        ServerJsonRpcMessage::Error(error) => Some(error.error),
        _ => None,
    }
}
