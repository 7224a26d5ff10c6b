//! A gRPC service behind the layer, and a gRPC client.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use bailiwick::action::{Action, Call, Effect, Resource};
use bailiwick::gate::{Gate, Unmapped};
use bailiwick::http::{Details, GateLayer, PermitSlot, Received};
use bailiwick::ledger::AsyncLedger;
use bailiwick::present::{Holder, Presentation};
use bailiwick::scope::Capability;
use bytes::{Buf as _, BufMut as _};
use http::uri::PathAndQuery;
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::server::{NamedService, UnaryService};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};
use tower::Service;

use crate::world::{Mapper, Ran, forum, gate, holder, now, scope, with_approval};

/// Messages of text: what a code generator would make of a schema.
#[derive(Clone, Copy, Default)]
struct Text;

impl Codec for Text {
    type Encode = String;
    type Decode = String;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Text {
    type Item = String;
    type Error = Status;

    fn encode(&mut self, item: String, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(item.as_bytes());
        Ok(())
    }
}

impl Decoder for Text {
    type Item = String;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<String>, Status> {
        let bytes = from.copy_to_bytes(from.remaining());
        let text = String::from_utf8(bytes.into());
        text.map(Some)
            .map_err(|_| Status::invalid_argument("no text"))
    }
}

/// Reads a thread.
#[derive(Clone)]
struct Forum(Ran);

impl NamedService for Forum {
    const NAME: &'static str = "forum.Forum";
}

impl UnaryService<String> for Forum {
    type Response = String;
    type Future = Ready<Result<Response<String>, Status>>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let permit = request.extensions().get().and_then(PermitSlot::take);
        let Some(permit) = permit else {
            return ready(Err(Status::internal("no permit")));
        };
        self.0.once();
        let done = permit.action().map(|action| action.resource().to_string());
        ready(Ok(Response::new(done.unwrap_or_default())))
    }
}

impl Service<http::Request<Body>> for Forum {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move { Ok(tonic::server::Grpc::new(Text).unary(this, request).await) })
    }
}

const READ: &str = "/forum.Forum/Read";

/// What the message asks for, by its name in the forum.
fn map(request: Received<'_>) -> Result<Action, Unmapped> {
    let message = request.grpc_message().filter(|_| request.path() == READ);
    let message = message.and_then(|message| std::str::from_utf8(message).ok());
    let thread = message.ok_or_else(|| Unmapped::because("no such call"))?;
    let resource = Resource::from_segments(["forum", "thread", thread]);
    let resource = resource.map_err(Unmapped::because)?;
    let operation = "forum.read".parse().map_err(Unmapped::because)?;
    Ok(Action::new(
        request.service().clone(),
        operation,
        Effect::Read,
        resource,
    ))
}

struct Server {
    address: SocketAddr,
    ran: Ran,
}

impl Server {
    async fn behind<L: AsyncLedger + 'static>(gate: Gate<L>) -> Self {
        Self::with(GateLayer::new(gate, map as Mapper)).await
    }

    async fn with<L: AsyncLedger + 'static>(layer: GateLayer<L, Mapper>) -> Self {
        let ran = Ran::default();
        let incoming = TcpIncoming::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let address = incoming.local_addr().unwrap();
        let server = tonic::transport::Server::builder()
            .layer(layer)
            .add_service(Forum(ran.clone()));
        tokio::spawn(server.serve_with_incoming(incoming));
        Self { address, ran }
    }

    async fn channel(&self) -> Channel {
        let endpoint = Endpoint::try_from(format!("http://{}", self.address));
        endpoint.unwrap().connect().await.unwrap()
    }

    async fn call(
        &self,
        path: &'static str,
        message: &str,
        metadata: MetadataMap,
    ) -> Result<String, Status> {
        let mut client = tonic::client::Grpc::new(self.channel().await);
        client.ready().await.unwrap();
        let mut request = Request::new(message.to_owned());
        *request.metadata_mut() = metadata;
        let path = PathAndQuery::from_static(path);
        client
            .unary(request, path, Text)
            .await
            .map(Response::into_inner)
    }
}

/// What the proof covers: a message has a byte that says that it is not compressed, and its length.
fn presented(holder: &Holder, path: &str, message: &str) -> MetadataMap {
    let mut body = vec![0];
    body.put_u32(message.len().try_into().unwrap());
    body.extend_from_slice(message.as_bytes());
    let call = Call::http("POST", path, None, &body).unwrap();
    with(&holder.present(&forum(), &call, now()).unwrap())
}

fn with(presentation: &Presentation) -> MetadataMap {
    let (token, proof) = presentation.to_texts();
    let mut metadata = MetadataMap::new();
    let token = MetadataValue::try_from(format!("Bailiwick {token}"));
    metadata.insert("authorization", token.unwrap());
    metadata.insert("bailiwick-proof", proof.parse().unwrap());
    metadata
}

fn code(status: &Status) -> &str {
    status
        .metadata()
        .get("bailiwick-code")
        .unwrap()
        .to_str()
        .unwrap()
}

#[tokio::test]
async fn a_permitted_call_reaches_its_method() {
    let server = Server::behind(gate()).await;
    let good = presented(&holder(scope()), READ, "42");
    let answer = server.call(READ, "42", good.clone()).await;
    assert_eq!(answer.unwrap(), "forum/thread/42");
    let replayed = server.call(READ, "42", good).await.unwrap_err();
    assert_eq!(
        (replayed.code(), code(&replayed)),
        (Code::Unauthenticated, "proof_replayed")
    );
    assert_eq!(server.ran.times(), 1);
}

#[tokio::test]
async fn every_denial_is_a_status_that_no_client_takes_for_success() {
    let server = Server::behind(gate()).await;
    let agent = holder(scope());
    let denied = async |message: &str, metadata| {
        let status = server.call(READ, message, metadata).await.unwrap_err();
        let (class, code) = (status.code(), code(&status).to_owned());
        assert!(!status.message().is_empty());
        (class, code)
    };
    let says = |class, code: &str| (class, code.to_owned());
    let nothing = denied("42", MetadataMap::new()).await;
    assert_eq!(nothing, says(Code::Unauthenticated, "presentation_missing"));
    let other = denied("43", presented(&agent, READ, "42")).await;
    assert_eq!(other, says(Code::Unauthenticated, "proof_invalid"));
    let outside = denied("43", presented(&agent, READ, "43")).await;
    assert_eq!(outside, says(Code::PermissionDenied, "resource_outside"));
    let unmapped = denied("..", presented(&agent, READ, "..")).await;
    assert_eq!(unmapped, says(Code::PermissionDenied, "call_unmapped"));
    let large = "a".repeat(70_000);
    let large = denied(&large, presented(&agent, READ, &large)).await;
    assert_eq!(large, says(Code::ResourceExhausted, "body_too_large"));
    let mut overriding = presented(&agent, READ, "42");
    overriding.insert("x-http-method-override", "GET".parse().unwrap());
    let overriding = denied("42", overriding).await;
    assert_eq!(overriding, says(Code::InvalidArgument, "method_override"));
    assert_eq!(server.ran.times(), 0);

    let nowhere = "/forum.Forum/Write";
    let status = server
        .call(nowhere, "42", presented(&agent, nowhere, "42"))
        .await;
    assert_eq!(status.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_store_that_is_down_is_unavailable() {
    let server = Server::behind(crate::world::gate_with(crate::told::down())).await;
    let good = presented(&holder(scope()), READ, "42");
    let status = server.call(READ, "42", good).await.unwrap_err();
    assert_eq!(
        (status.code(), code(&status)),
        (Code::Unavailable, "ledger_unavailable")
    );
    assert_eq!(server.ran.times(), 0);
}

#[tokio::test]
async fn a_denial_carries_the_ready_request_unless_details_are_withheld() {
    let agent = holder(with_approval());
    let server = Server::behind(gate()).await;
    let denied = server.call(READ, "42", presented(&agent, READ, "42")).await;
    let status = denied.unwrap_err();
    let request = status.metadata().get("bailiwick-approval-request").unwrap();
    assert!(request.to_str().unwrap().starts_with("bwr1_"));
    assert!(status.metadata().contains_key("bailiwick-decision"));
    // One that is too long for metadata is left out.
    let long = "a".repeat(3_800);
    let anywhere = Capability::operation("forum.read", "forum/thread/*").unwrap();
    let wide = holder(with_approval().allow(anywhere));
    let denied = server
        .call(READ, &long, presented(&wide, READ, &long))
        .await;
    let status = denied.unwrap_err();
    assert_eq!(code(&status), "approval_required");
    assert!(!status.metadata().contains_key("bailiwick-approval-request"));

    let withheld = GateLayer::new(gate(), map as Mapper).with_details(Details::Withheld);
    let server = Server::with(withheld).await;
    let denied = server.call(READ, "42", presented(&agent, READ, "42")).await;
    let status = denied.unwrap_err();
    assert!(!status.metadata().contains_key("bailiwick-approval-request"));
    assert_eq!((code(&status), status.message()), ("denied", "denied"));
    assert!(status.metadata().contains_key("bailiwick-decision"));
}
