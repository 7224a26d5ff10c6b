//! A forum behind the layer, on a socket, and an agent with a real client.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::routing::{any, post};
use bailiwick::action::{Action, Call, Effect, Resource, Service, Task, Tree};
use bailiwick::approve::Approver;
use bailiwick::clock::{FixedClock, Timestamp};
use bailiwick::gate::{Gate, Unmapped};
use bailiwick::http::{GateLayer, Permitted, Received};
use bailiwick::keys::dangerous::{
    approver_key_from_seed, holder_key_from_seed, issuer_key_from_seed,
};
use bailiwick::keys::{HolderKey, KeyRing, Root, RootKeyId};
use bailiwick::ledger::{AsyncLedger, ForgetfulLedger, Immediate};
use bailiwick::mint::Issuer;
use bailiwick::note::NoteSigners;
use bailiwick::present::{Holder, Presentation};
use bailiwick::scope::{
    ApprovalRule, Capability, Condition, Pattern, Requirement, Scope, ScopeBuilder,
};
use bailiwick::verify::Verifier;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, Response};
use serde_json::Value;

pub(crate) const START: u64 = 1_800_000_000;

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

/// The time, unless a test says otherwise.
pub(crate) fn now() -> Timestamp {
    at(START + 60)
}

pub(crate) fn forum() -> Service {
    "forum.example".parse().unwrap()
}

pub(crate) fn agent() -> HolderKey {
    holder_key_from_seed(&[1; 32])
}

/// Everything in thread 42.
pub(crate) fn scope() -> ScopeBuilder {
    Scope::builder()
        .allow(Capability::operation("forum.*", "forum/thread/42").unwrap())
        .audience(forum())
        .not_after(at(START + 900))
}

/// Who must approve where anybody must.
pub(crate) fn editor() -> Approver {
    let ring = KeyRing::new([root()]).unwrap();
    Approver::new(approver_key_from_seed(&[50; 32]), ring)
}

/// Everything in thread 42, with the word of the editor.
pub(crate) fn with_approval() -> ScopeBuilder {
    let rule = ApprovalRule::any_of([editor().public_key()]).unwrap();
    scope().require(Requirement::new(Pattern::any(), Condition::Approval(rule)))
}

/// The agent, with a token of this scope.
pub(crate) fn holder(scope: ScopeBuilder) -> Holder {
    let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper").unwrap();
    let issuer = Issuer::new(issuer_key_from_seed(&[100; 32]), RootKeyId::new(1));
    let scope = scope.build().unwrap();
    let minted = issuer.mint(&task, scope, &agent().public_key(), at(START));
    Holder::new(minted.unwrap().token, agent()).unwrap()
}

pub(crate) fn gate() -> Gate<Immediate<ForgetfulLedger>> {
    gate_with(Immediate(ForgetfulLedger::started_at(at(START - 60))))
}

fn root() -> Root {
    let key = issuer_key_from_seed(&[100; 32]).public_key();
    Root::new(RootKeyId::new(1), key, at(START - 1_000)..at(START + 1_000))
}

pub(crate) fn gate_with<L>(ledger: L) -> Gate<L> {
    gate_knowing(NoteSigners::new(), ledger)
}

/// A gate that takes the notes of these signers.
pub(crate) fn gate_knowing<L>(signers: NoteSigners, ledger: L) -> Gate<L> {
    let verifier = Verifier::new(forum(), KeyRing::new([root()]).unwrap());
    Gate::new(verifier.with_note_signers(signers), ledger)
        .with_clock(Arc::new(FixedClock::new(now())))
}

/// A service that, as it may, panics if it is called without having been ready; a copy is not ready.
pub(crate) struct OnlyIfReady(pub(crate) bool);

impl Clone for OnlyIfReady {
    fn clone(&self) -> Self {
        Self(false)
    }
}

impl<B> tower::Service<Request<B>> for OnlyIfReady {
    type Response = http::Response<String>;
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0 = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        assert!(std::mem::take(&mut self.0), "called without being ready");
        std::future::ready(Ok(http::Response::default()))
    }
}

/// What the forum's requests do.
pub(crate) fn map(request: Received<'_>) -> Result<Action, Unmapped> {
    let path: Vec<_> = request.path().split('/').collect();
    let (operation, effect, thread) = match (request.method(), path.as_slice()) {
        ("GET", ["", "threads", thread]) => ("forum.read", Effect::Read, thread),
        ("POST", ["", "threads", thread, "posts"]) => ("forum.post", Effect::Publish, thread),
        _ => return Err(Unmapped::because("no such route")),
    };
    let resource = Resource::from_segments(["forum", "thread", thread]);
    let resource = resource.map_err(Unmapped::because)?;
    let operation = operation.parse().map_err(Unmapped::because)?;
    let action = Action::new(request.service().clone(), operation, effect, resource);
    Ok(match request.body() {
        [] => action,
        body => action.with_arguments(Tree::from_json_slice(body).map_err(Unmapped::because)?),
    })
}

pub(crate) type Mapper = fn(Received<'_>) -> Result<Action, Unmapped>;

/// The layer with the forum's mapping.
pub(crate) fn layer<L>(gate: Gate<L>) -> GateLayer<L, Mapper> {
    GateLayer::new(gate, map as Mapper)
}

/// How often a handler ran.
#[derive(Clone, Default)]
pub(crate) struct Ran(Arc<AtomicUsize>);

impl Ran {
    pub(crate) fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn once(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// The forum's handlers, without any layer. Whatever is asked for, they count that they ran.
pub(crate) fn routes(ran: &Ran) -> Router {
    let (read, write) = (ran.clone(), ran.clone());
    let read = async move |Permitted(permit): Permitted| {
        read.once();
        let done = permit.action().map(|action| action.resource().to_string());
        done.unwrap_or_default()
    };
    let write = async move |Permitted(_): Permitted, body: Bytes| {
        write.once();
        body
    };
    Router::new()
        .route("/threads/{thread}", any(read))
        .route("/threads/{thread}/posts", post(write))
}

/// A server that goes on until the test's runtime ends.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) ran: Ran,
}

impl Server {
    /// The forum behind this layer.
    pub(crate) async fn behind<L: AsyncLedger + 'static>(layer: GateLayer<L, Mapper>) -> Self {
        let ran = Ran::default();
        let routes = routes(&ran).layer(layer);
        Self::serving(routes, ran).await
    }

    pub(crate) async fn serving(routes: Router, ran: Ran) -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { address, ran }
    }

    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    /// The request with a target here.
    pub(crate) fn at(&self, mut request: Request<Bytes>) -> Request<Bytes> {
        *request.uri_mut() = self.url(&request.uri().to_string()).parse().unwrap();
        request
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> Answer {
        self.send_as_is(self.at(request)).await
    }

    /// A request whose target is whole.
    pub(crate) async fn send_as_is(&self, request: Request<Bytes>) -> Answer {
        let request = reqwest::Request::try_from(request).unwrap();
        let response = client().execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap();
        Answer {
            status,
            headers,
            body,
        }
    }
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap()
}

/// Reqwest, as a service of requests with bytes.
pub(crate) fn reqwest() -> impl tower::Service<
    Request<Bytes>,
    Response = Response<reqwest::Body>,
    Error = reqwest::Error,
    Future: Send,
> + Clone
+ Send
+ 'static {
    let client = client();
    tower::service_fn(move |request: Request<Bytes>| {
        let client = client.clone();
        async move {
            let response = client.execute(request.try_into()?).await?;
            Ok::<Response<reqwest::Body>, _>(response.into())
        }
    })
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

pub(crate) fn request(method: &str, target: &str, body: &'static str) -> Request<Bytes> {
    let request = Request::builder().method(method).uri(target);
    request.body(Bytes::from_static(body.as_bytes())).unwrap()
}

pub(crate) fn read() -> Request<Bytes> {
    request("GET", "/threads/42", "")
}

pub(crate) fn write() -> Request<Bytes> {
    request("POST", "/threads/42/posts", r#"{"text":"no"}"#)
}

/// What an agent presents for this request.
pub(crate) fn presentation(holder: &Holder, request: &Request<Bytes>) -> Presentation {
    let uri = request.uri();
    let call = Call::http(
        request.method().as_str(),
        uri.path(),
        uri.query(),
        request.body(),
    );
    holder.present(&forum(), &call.unwrap(), now()).unwrap()
}

/// The request with this presentation.
pub(crate) fn with(presentation: &Presentation, mut request: Request<Bytes>) -> Request<Bytes> {
    let (token, proof) = presentation.to_texts();
    let headers = request.headers_mut();
    let token = HeaderValue::try_from(format!("Bailiwick {token}"));
    headers.insert(AUTHORIZATION, token.unwrap());
    let proof = HeaderValue::try_from(proof);
    headers.insert("bailiwick-proof", proof.unwrap());
    request
}

/// The request with a fresh presentation of a token for thread 42.
pub(crate) fn presented(request: Request<Bytes>) -> Request<Bytes> {
    with(&presentation(&holder(scope()), &request), request)
}

/// Sends these bytes as they are, and reads until the server hangs up.
pub(crate) async fn raw(server: &Server, head: &str, body: &[u8]) -> Answer {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(server.address)
        .await
        .unwrap();
    stream
        .write_all(head.replace('\n', "\r\n").as_bytes())
        .await
        .unwrap();
    stream.write_all(body).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await.unwrap();
    let end = said.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = said.split_at(end.map_or(said.len(), |end| end + 4));
    let head = std::str::from_utf8(head).unwrap();
    let status = head
        .split(' ')
        .nth(1)
        .map_or(0, |status| status.parse().unwrap());
    let body = Bytes::copy_from_slice(body);
    let headers = HeaderMap::new();
    Answer {
        status,
        headers,
        body,
    }
}

/// The two headers of this presentation, as lines.
pub(crate) fn lines(presentation: &Presentation) -> String {
    let (token, proof) = presentation.to_texts();
    format!("Authorization: Bailiwick {token}\nBailiwick-Proof: {proof}\n")
}
