//! A service that verifies: it knows the issuer's public key, and asks nobody.

use axum::Router;
use axum::routing::get;
use bailiwick::catalog::{Catalog, NoAttributes};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::http::{GateLayer, Permitted, Received};
use bailiwick_examples::{Outcome, new_gate, serve, trusted_root};

/// The argument by which the program knows that it is the weather service.
pub(crate) const ROLE: &str = "weather";

pub(crate) const SERVICE: &str = "weather.example";

pub(crate) fn catalog() -> Outcome<Catalog> {
    Ok(Catalog::parse(
        "weather.toml",
        include_str!("weather.toml"),
    )?)
}

/// Serves until standard input ends.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(root: &str) -> Outcome {
    let now = SystemClock.now();
    let gate = new_gate(SERVICE, trusted_root(root.parse()?, now), now)?;
    let catalog = catalog()?;
    let layer = GateLayer::new(gate, move |request: Received<'_>| {
        request.by_catalog(&catalog, &NoAttributes)
    });
    let routes = Router::new()
        .route("/weather/{city}", get(look_up))
        .layer(layer);
    serve(routes).await
}

async fn look_up(Permitted(permit): Permitted) -> String {
    let city = permit.action().map(|action| action.resource().to_string());
    format!("{}: sunny", city.unwrap_or_default())
}
