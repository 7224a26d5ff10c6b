//! The way to what is behind a guard.

use std::io;

use axum::body::Body;
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
