//! The object store: its routes, behind one layer.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Json;
use axum::routing::{get, put};
use bailiwick::catalog::Catalog;
use bailiwick::clock::Clock as _;
use bailiwick::http::{GateLayer, Permitted, Received};
use bailiwick_examples::{Outcome, StoryClock, new_gate, serve_until, trusted_root};
use serde_json::Value;

use crate::objects::Objects;

/// The store's name for itself, which every token for it must name.
pub(crate) const SERVICE: &str = "store.example";
/// The argument by which the program knows that it is the store.
pub(crate) const ROLE: &str = "store";

/// What its routes do.
pub(crate) fn catalog() -> Outcome<Catalog> {
    let text = include_str!("catalog.toml");
    Ok(Catalog::parse("catalog.toml", text)?)
}

/// Serves until standard input ends, then says what is in the store.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(root: &str) -> Outcome {
    let clock = Arc::new(StoryClock::default());
    let root = trusted_root(root.parse()?, clock.now());
    let gate = new_gate(SERVICE, root, clock.now())?.with_clock(clock.clone());

    let (catalog, objects) = (catalog()?, Objects::default());
    let buckets = objects.clone();
    let layer = GateLayer::new(gate, move |request: Received<'_>| {
        request.by_catalog(&catalog, &buckets)
    });
    let routes = Router::new()
        .route("/objects/{bucket}/{*path}", get(read).put(write))
        .route("/buckets/{bucket}/public", put(publish))
        .layer(layer)
        .with_state(objects.clone());
    serve_until(clock.follow_input(), routes).await?;
    println!("{}", objects.state());
    Ok(())
}

// No handler looks at a path or a body: what it is to do stands in the permit, without which it does not run.

async fn read(State(objects): State<Objects>, Permitted(permit): Permitted) -> Json<Value> {
    Json(objects.read(permit))
}

async fn write(State(objects): State<Objects>, Permitted(permit): Permitted) -> Json<Value> {
    Json(objects.write(permit))
}

async fn publish(State(objects): State<Objects>, Permitted(permit): Permitted) -> Json<Value> {
    Json(objects.publish(permit))
}
