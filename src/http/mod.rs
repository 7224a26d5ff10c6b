//! HTTP: a layer in front of a service, and one in front of a client.
//!
//! In comes a request; [`GateLayer`] asks a [`Gate`](crate::gate::Gate), and hands the request on
//! with a [`Permit`](crate::gate::Permit), or answers itself. On the other side [`PresentLayer`]
//! gives every request that is sent a fresh proof. Both are tower layers, for axum, tonic, hyper,
//! reqwest and whatever else speaks the types of the crate `http`.
//!
//! A presentation travels in two headers: `Authorization: Bailiwick <token>` and
//! `Bailiwick-Proof: <proof>`. The proof covers method, path, query and body, byte by byte. It
//! covers no other header. With an answer may come notes of it, each in a `Bailiwick-Note`.

mod answer;
mod buffered;
mod class;
mod client;
mod credentials;
#[cfg(feature = "axum")]
mod extract;
mod grpc;
mod headers;
mod layer;
mod map;
mod noted;
mod rejection;
mod retry;
mod service;
mod slot;
mod target;

pub use answer::Details;
pub use buffered::{AnswerBody, BufferedBody};
pub use client::{
    Attempt, Elsewhere, HttpSigner, Origin, OriginError, PresentLayer, PresentService, SignError,
};
#[cfg(feature = "axum")]
pub use extract::{NoPermit, Permitted};
pub use headers::{NOTE, PROOF, SCHEME};
pub use layer::GateLayer;
pub use map::{MapRequest, Received};
pub use retry::Retried;
pub use service::GateService;
pub use slot::PermitSlot;
