//! The guard itself.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use bailiwick::catalog::NoAttributes;
use bailiwick::http::{GateLayer, Received};
use tokio::net::TcpListener;

use super::Options;
use super::forward::{Forward, forward};
use super::noted::{Watch, noted};
use super::origin::Upstream;
use crate::audit::Audit;
use crate::gated::{Agents, Checked, catalog};
use crate::{NoStart, secret, signals};

const AUDIT: Audit = Audit::new("http-guard");

/// Guards until the process is told to end.
///
/// # Errors
///
/// [`NoStart`] if anything is not as it must be. Nothing was served then.
pub async fn guard(options: Options) -> Result<(), NoStart> {
    let catalog = catalog(&options.files.catalog)?;
    if catalog.operations().all(|spec| spec.http_route().is_none()) {
        return Err(NoStart::NothingMapped { what: "route" });
    }
    let checked = Checked::read(&options.files, &catalog, Agents::Anywhere, AUDIT)?;
    let credentials = secret::headers(&options.headers)?;
    let upstream = Upstream::of(&options.upstream, !credentials.is_empty())?;
    if options.files.check {
        return Ok(());
    }
    let gated = checked.open(&options.files, AUDIT)?;
    let patience = options.patience.duration();
    let gate = gated.gate.clone();
    let way = Forward::new(upstream, credentials, patience, gate.clone(), AUDIT)?;
    let mut layer = GateLayer::new(gate, move |request: Received<'_>| {
        request.by_catalog(&catalog, &NoAttributes)
    });
    if let Some(notary) = gated.notary.clone() {
        layer = layer.with_notary(notary);
    }
    let watch = Watch {
        audit: AUDIT,
        // Longer than the API may take, so that its lateness is told from the agent's.
        patience: patience.saturating_mul(2),
    };
    let router = Router::new()
        .fallback(forward)
        .with_state(Arc::new(way))
        .layer(layer.with_body_limit(options.body_limit))
        .layer(from_fn_with_state(watch, noted));
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(NoStart::Listen)?;
    gated.ready().await;
    if let Ok(address) = listener.local_addr() {
        AUDIT.listening(&address.to_string());
    }
    tokio::select! {
        served = axum::serve(listener, router) => served.map_err(NoStart::Listen),
        () = signals::asked_to_end() => Ok(()),
    }
}
