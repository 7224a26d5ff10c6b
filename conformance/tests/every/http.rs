//! HTTP: a real server of axum, and a real client.

use axum::Router;
use axum::extract::State;
use axum::routing::any;
use bailiwick::action::{Call, Mapped, Unmapped};
use bailiwick::catalog::NoAttributes;
use bailiwick::http::{GateLayer, PROOF, Permitted, Received};
use bailiwick::present::Presentation;
use bailiwick_conformance::{Adapter, Desk, conforms};
use serde_json::Value;

use crate::place;

struct Http {
    client: reqwest::Client,
    server: String,
    /// What comes before each path, on the server.
    prefix: &'static str,
}

/// Method, path and body of a call.
fn request(tool: &str, arguments: &Value) -> (&'static str, String, String) {
    match (tool, arguments["id"].as_str()) {
        ("read_note", Some(id)) => ("GET", format!("/notes/{id}"), String::new()),
        _ => ("POST", format!("/{tool}"), arguments.to_string()),
    }
}

impl Adapter for Http {
    fn call(&self, tool: &str, arguments: &Value) -> Call {
        let (method, path, body) = request(tool, arguments);
        let path = format!("{}{path}", self.prefix);
        Call::http(method, &path, None, body.as_bytes()).unwrap()
    }

    async fn send(
        &mut self,
        presented: Option<&Presentation>,
        tool: &str,
        arguments: &Value,
    ) -> String {
        let (method, path, body) = request(tool, arguments);
        let url = format!("http://{}{}{path}", self.server, self.prefix);
        let mut request = self.client.request(method.parse().unwrap(), url);
        if method == "POST" {
            request = request
                .header("content-type", "application/json")
                .body(body);
        }
        if let Some(presented) = presented {
            let (token, proof) = presented.to_texts();
            let token = format!("Bailiwick {token}");
            request = request.header("authorization", token).header(PROOF, proof);
        }
        let response = request.send().await.unwrap();
        match response.status().as_u16() {
            200 => "allow".to_owned(),
            status => {
                let problem: Value = response.json().await.unwrap();
                assert_eq!(problem["status"], status);
                problem["code"].as_str().unwrap().to_owned()
            }
        }
    }
}

/// The desk's routes. They act on every request that reaches them.
fn routes(desk: Desk) -> Router {
    let act = async |State(desk): State<Desk>, Permitted(permit): Permitted| desk.act(&permit);
    Router::new().fallback(any(act)).with_state(desk)
}

async fn must_conform(name: &str, prefix: &'static str, wired: impl FnOnce(Desk) -> Router) {
    let place = place();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut http = Http {
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        server: listener.local_addr().unwrap().to_string(),
        prefix,
    };
    let router = wired(place.world.desk.clone());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    conforms(name, &place.world, &place.world.agent(), &mut http).await;
    serving.abort();
}

fn by_catalog(desk: &Desk) -> impl Fn(Received<'_>) -> Result<Mapped, Unmapped> + use<> {
    let catalog = desk.catalog();
    move |request: Received<'_>| Ok(request.by_catalog(&catalog, &NoAttributes)?)
}

#[tokio::test]
async fn the_layer_over_http_conforms() {
    must_conform("layer", "", |desk| {
        let layer = GateLayer::new(desk.gate(), by_catalog(&desk));
        routes(desk).layer(layer)
    })
    .await;
}
