//! The agent: tokens from the desk, and requests with them.

use bailiwick::http::HttpSigner;
use bailiwick::keys::HolderPublicKey;
use bailiwick::source::{Issuance, TokenSource};
use bailiwick::token::{Limits, Token};
use bailiwick_examples::Outcome;
use serde_json::{Value, json};

use crate::weather::SERVICE;

/// The way to the desk: who asks, and what for.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) http: reqwest::Client,
    pub(crate) address: String,
    pub(crate) session: &'static str,
    pub(crate) manifest: &'static str,
    pub(crate) parameters: Value,
}

impl Issuance for Desk {
    type Error = String;

    async fn issue(&self, holder: HolderPublicKey) -> Result<Token, String> {
        let wish = json!({
            "holder": holder.to_string(),
            "manifest": self.manifest,
            "parameters": self.parameters,
        });
        let asked = self
            .http
            .post(format!("http://{}/tasks", self.address))
            .header("authorization", self.session)
            .json(&wish);
        let answered = async { asked.send().await?.json::<Value>().await };
        let answer = answered.await.map_err(|error| error.to_string())?;
        match (answer["token"].as_str(), answer["error"].as_str()) {
            (Some(token), _) => {
                Token::parse(token, &Limits::default()).map_err(|error| error.to_string())
            }
            (None, why) => Err(why.unwrap_or("the desk says nothing").to_owned()),
        }
    }
}

/// An agent with one task.
pub(crate) struct Agent {
    pub(crate) source: TokenSource<Desk>,
    signer: HttpSigner,
    http: reqwest::Client,
    origin: String,
}

impl Agent {
    /// Makes a key and gets a token. The signer has the newest token from then on.
    pub(crate) async fn start(desk: Desk, weather: &str) -> Outcome<Self> {
        let origin = format!("http://{weather}");
        let http = desk.http.clone();
        let source = TokenSource::start(desk).await?;
        let signer =
            HttpSigner::new(source.presenter()).with_service(origin.parse()?, SERVICE.parse()?);
        Ok(Self {
            source,
            signer,
            http,
            origin,
        })
    }

    /// `allow …`, or `deny` and the code.
    pub(crate) async fn look_up(&self, city: &str) -> Outcome<String> {
        self.source.fresh().await?;
        let target = format!("{}/weather/{city}", self.origin);
        let mut request = http::Request::get(target).body("")?;
        self.signer.sign(&mut request)?;
        let response = self.http.execute(request.try_into()?).await?;
        let allowed = response.status().is_success();
        let said = response.text().await?;
        if allowed {
            return Ok(format!("allow weather.read {said}"));
        }
        let problem: Value = serde_json::from_str(&said)?;
        let code = problem["code"].as_str().unwrap_or("unclear");
        Ok(format!("deny {code} weather.read city/{city}"))
    }
}
