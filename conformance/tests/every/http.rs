//! HTTP: a real server of axum, and a real client.

use std::process::Stdio;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::any;
use bailiwick::action::{Call, Mapped, Unmapped};
use bailiwick::catalog::NoAttributes;
use bailiwick::http::{GateLayer, HttpSigner, PROOF, Permitted, Received};
use bailiwick::present::{Presentation, Presenter};
use bailiwick_conformance::{Adapter, Desk, conforms};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::place;

struct Http {
    has_our_store: bool,
    client: reqwest::Client,
    server: String,
}

/// Method, path and body of a call.
fn request(tool: &str, arguments: &Value) -> (&'static str, String, String) {
    match (tool, arguments["id"].as_str()) {
        ("read_note", Some(id)) => ("GET", format!("/notes/{id}"), String::new()),
        _ => ("POST", format!("/{tool}"), arguments.to_string()),
    }
}

impl Adapter for Http {
    fn has_our_store(&self) -> bool {
        self.has_our_store
    }

    fn call(&self, tool: &str, arguments: &Value) -> Call {
        let (method, path, body) = request(tool, arguments);
        Call::http(method, &path, None, body.as_bytes()).unwrap()
    }

    async fn send(
        &mut self,
        agent: &Presenter,
        presented: Option<&Presentation>,
        tool: &str,
        arguments: &Value,
    ) -> String {
        let (method, path, body) = request(tool, arguments);
        let url = format!("http://{}{path}", self.server);
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
        let (status, mut headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap();
        HttpSigner::new(agent.clone()).keep(&mut headers, &body);
        match status {
            200 => "allow".to_owned(),
            status => {
                let problem: Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(problem["status"], status);
                problem["code"].as_str().unwrap().to_owned()
            }
        }
    }
}

/// The desk's routes. They act on every request that reaches them.
fn routes(desk: Desk) -> Router {
    let act = async |State(desk): State<Desk>, Permitted(permit): Permitted| {
        desk.act(&permit);
        answer()
    };
    Router::new().fallback(any(act)).with_state(desk)
}

fn answer() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "application/json")],
        Desk::answer().to_string(),
    )
}

fn by_catalog(desk: &Desk) -> impl Fn(Received<'_>) -> Result<Mapped, Unmapped> + use<> {
    let catalog = desk.catalog();
    move |request: Received<'_>| Ok(request.by_catalog(&catalog, &NoAttributes)?)
}

async fn serving(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address.to_string()
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn the_layer_over_http_conforms() {
    let place = place();
    let desk = place.world.desk.clone();
    let layer = GateLayer::new(desk.gate(), by_catalog(&desk)).with_notary(desk.notary());
    let mut http = Http {
        has_our_store: true,
        client: client(),
        server: serving(routes(desk).layer(layer)).await,
    };
    conforms("layer", &place.world, &place.world.agent(), &mut http).await;
}

/// `http-guard` as it is shipped, and behind it the desk's bare routes.
#[tokio::test]
async fn the_guard_program_before_another_service_conforms() {
    let place = place();
    let act = async |State(desk): State<Desk>| {
        desk.act_unasked();
        answer()
    };
    let bare = Router::new().fallback(any(act));
    let upstream = serving(bare.with_state(place.world.desk.clone())).await;
    let mut guard = tokio::process::Command::from(place.guard("http-guard"))
        .args(["--listen", "127.0.0.1:0", "--upstream"])
        .arg(format!("http://{upstream}"))
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(guard.stderr.take().unwrap()).lines();
    let listening: Value = serde_json::from_str(&said.next_line().await.unwrap().unwrap()).unwrap();
    // What it says of decisions is not of interest here, and must not fill the pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
    let mut http = Http {
        has_our_store: false,
        client: client(),
        server: listening["listening"].as_str().unwrap().to_owned(),
    };
    conforms("http-guard", &place.world, &place.world.agent(), &mut http).await;
    guard.kill().await.unwrap();
}
