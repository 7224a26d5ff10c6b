//! The way to what is behind a guard.

use std::io;
use std::net::IpAddr;

use axum::body::Body;
use axum::http::uri::{Authority, Scheme};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;

use crate::NoStart;

/// A client that follows no redirect, uses no proxy, keeps no cookie, and sends paths as they are.
pub(crate) type Client = legacy::Client<HttpsConnector<HttpConnector>, Body>;

/// One that trusts the certificates that this machine trusts.
pub(crate) fn client() -> Result<Client, NoStart> {
    let refused = |error| NoStart::System(io::Error::other(error));
    // By name: whatever else is compiled in has no say.
    let config = rustls::ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(refused)?
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http1()
        .build();
    Ok(legacy::Client::builder(TokioExecutor::new()).build(connector))
}

/// A credential goes over TLS, or to this machine, where nobody listens on the way.
pub(crate) fn may_carry_credentials(scheme: &Scheme, to: &Authority) -> Result<(), NoStart> {
    if *scheme == Scheme::HTTPS || is_this_machine(to.host()) {
        return Ok(());
    }
    let why = "would get a credential without TLS";
    Err(NoStart::Upstream { why })
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
