//! The mail service: an MCP server of which every tool is behind a gate.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use bailiwick::catalog::Catalog;
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::guard::{ByCatalog, Guard};
use bailiwick_examples::{Outcome, new_gate, stop, trusted_root};
use bailiwick_mcp::Guarded;
use rmcp::ServiceExt as _;
use rmcp::transport::stdio;
use tokio::net::TcpListener;

use crate::mailbox::Mailbox;

/// The service's name for itself, which every token for it must name.
pub(crate) const SERVICE: &str = "mail.example";
/// The argument by which the program knows that it is the mail service.
pub(crate) const ROLE: &str = "mail";

/// What its tools do.
pub(crate) fn catalog() -> Outcome<Catalog> {
    Ok(Catalog::parse(
        "catalog.toml",
        include_str!("catalog.toml"),
    )?)
}

/// Serves until standard input ends, then says what the mailbox has become.
///
/// Standard output is the protocol's. What people are to know goes, as with every server of this kind, to standard error.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(root: &str) -> Outcome {
    let now = SystemClock.now();
    let gate = Arc::new(new_gate(SERVICE, trusted_root(root.parse()?, now), now)?);

    // Who holds a ticket is not the agent, and does not go through its connection.
    let tickets = Router::new()
        .route("/stop", post(stop))
        .with_state(gate.clone());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    eprintln!("http://{}/stop", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, tickets).await });

    let mailbox = Mailbox::of_ada();
    let guard = Guard::new(gate, ByCatalog::new(catalog()?, mailbox.clone()));
    let guarded = Guarded::new(mailbox.clone(), guard);
    guarded.serve(stdio()).await?.waiting().await?;
    eprintln!("{}", mailbox.state());
    Ok(())
}
