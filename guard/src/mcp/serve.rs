//! The guard itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use bailiwick::action::ToolName;
use bailiwick::catalog::{Catalog, NoAttributes};
use bailiwick::guard::{ByCatalog, Guard};
use bailiwick_mcp::{Guarded, Upstream};
use rmcp::ServiceExt as _;
use rmcp::handler::server::ServerHandler;
use rmcp::model::Tool;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService, stdio};
use tokio::net::TcpListener;

use super::Guarding;
use super::behind::Tools;
use super::connect::{Server, tools};
use super::noted::Noted;
use crate::audit::Audit;
use crate::gated::{Agents, Checked, catalog};
use crate::{NoStart, signals};

const AUDIT: Audit = Audit::new("mcp-guard");

/// Guards until the agent's side is closed, or the process is told to end. Then the server's process is ended.
///
/// # Errors
///
/// [`NoStart`] if anything is not as it must be. Nothing was served then.
pub async fn guard(options: Guarding) -> Result<(), NoStart> {
    let catalog = catalog(&options.files.catalog)?;
    if catalog.tools().len() == 0 {
        return Err(NoStart::NothingMapped { what: "tool" });
    }
    let agents = match options.listen {
        None => Agents::Here,
        Some(_) => Agents::Anywhere,
    };
    let checked = Checked::read(&options.files, &catalog, agents, AUDIT)?;
    let server = Server::of(options.behind)?;
    if options.files.check {
        return Ok(());
    }
    let gated = checked.open(&options.files, AUDIT)?;
    let listener = match options.listen {
        None => None,
        Some(address) => Some(TcpListener::bind(address).await.map_err(NoStart::Listen)?),
    };
    let patience = options.patience.duration();
    let mut connection = server.connect(patience).await?;
    match tools(&connection, patience).await {
        Ok(tools) => compare(&catalog, &tools),
        Err(error) => {
            let _ = connection.close().await;
            return Err(error);
        }
    }
    gated.ready().await;
    let upstream = Tools::new(Upstream::new(connection.peer().clone()), patience, AUDIT);
    let mut guard = Guard::new(gated.gate.clone(), ByCatalog::new(catalog, NoAttributes));
    if let Some(notary) = gated.notary.clone() {
        guard = guard.with_notary(notary);
    }
    let guarded = Noted::new(Guarded::new(upstream, guard), AUDIT);
    let served = match listener {
        None => {
            on_stdio(guarded).await;
            Ok(())
        }
        Some(listener) => over_http(guarded, listener, options.hosts).await,
    };
    // Its child is asked to end, and ended if it does not.
    let _ = connection.close().await;
    served
}

/// Says what calls can only be denied, and what the catalog expects in vain.
fn compare(catalog: &Catalog, tools: &[Tool]) {
    let mapped: BTreeSet<&str> = catalog.tools().map(ToolName::as_str).collect();
    let there: BTreeSet<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    for name in there.difference(&mapped) {
        let name = name.escape_debug();
        AUDIT.warn(
            "tool_unmapped",
            &format!("the catalog has no tool `{name}`: it is denied"),
        );
    }
    for name in mapped.difference(&there) {
        AUDIT.warn("tool_missing", &format!("the server has no tool `{name}`"));
    }
}

/// Ends when the agent closes the guard's standard input.
async fn on_stdio(guarded: impl ServerHandler) {
    let serving = async {
        // An agent that says nothing that could be understood is gone as well.
        if let Ok(running) = guarded.serve(stdio()).await {
            let _ = running.waiting().await;
        }
    };
    tokio::select! {
        () = serving => {}
        () = signals::asked_to_end() => {}
    }
}

/// Keeps no session: strangers could open as many as they like.
async fn over_http(
    guarded: impl ServerHandler,
    listener: TcpListener,
    hosts: Vec<String>,
) -> Result<(), NoStart> {
    let mut config = StreamableHttpServerConfig::default();
    config.legacy_session_mode = false;
    config.json_response = true;
    config.allowed_hosts.extend(hosts);
    let guarded = Arc::new(guarded);
    let service = StreamableHttpService::new(
        move || Ok(guarded.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    if let Ok(address) = listener.local_addr() {
        AUDIT.listening(&address.to_string());
    }
    let router = Router::new().route_service("/mcp", service);
    tokio::select! {
        served = axum::serve(listener, router) => served.map_err(NoStart::Listen),
        () = signals::asked_to_end() => Ok(()),
    }
}
