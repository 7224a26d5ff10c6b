//! The knowledge base: its own right, the agent as its child, and what the platform grants to each.

use std::sync::Arc;

use bailiwick::clock::{Clock as _, SystemClock};
use bailiwick::keys::{HolderKey, HolderPublicKey, IssuerKey};
use bailiwick::manifest::{Manifest, Parameters};
use bailiwick::mint::{Assignment, Issuer};
use bailiwick::present::Holder;
use bailiwick::token::Token;
use bailiwick_examples::{Child, Outcome, ROOT, must_be};

use crate::agent::{self, INHERITED, Order};
use crate::client::Client;
use crate::store::catalog;

/// Whoever grants tasks here, by their task files.
pub(crate) struct Platform(Issuer);

impl Platform {
    pub(crate) fn new(root: IssuerKey) -> Self {
        Self(Issuer::new(root, ROOT))
    }

    fn grant_to_service(&self, key: &HolderPublicKey) -> Outcome<Token> {
        let task = manifest("service.toml", include_str!("service.toml"))?;
        let assignment = Assignment::new("t-1", "platform@example.com", "knowledge-base")?;
        self.grant(&task, &Parameters::new(), &assignment, key)
    }

    fn grant_to_agent(&self, key: &HolderPublicKey) -> Outcome<Token> {
        let task = manifest("agent.toml", include_str!("agent.toml"))?;
        let space = Parameters::new().with("space", "run-7");
        let assignment = Assignment::new("t-2", "platform@example.com", "copyist")?;
        self.grant(&task, &space, &assignment, key)
    }

    fn grant(
        &self,
        task: &Manifest,
        values: &Parameters,
        to: &Assignment,
        key: &HolderPublicKey,
    ) -> Outcome<Token> {
        let minted = self.0.mint_task(task, values, to, key, SystemClock.now())?;
        Ok(minted.token)
    }
}

fn manifest(name: &str, text: &str) -> Outcome<Manifest> {
    Ok(Manifest::parse(name, text, &[&catalog()?])?)
}

/// The service, with its token and the key to it.
pub(crate) struct Service {
    token: Token,
    client: Client,
}

impl Service {
    pub(crate) fn new(platform: &Platform, store: &str) -> Outcome<Self> {
        let key = HolderKey::generate()?;
        let token = platform.grant_to_service(&key.public_key())?;
        let client = Client::new(Holder::new(token.clone(), key)?, store, Arc::default())?;
        Ok(Self { token, client })
    }

    pub(crate) async fn write(&self, place: &str, text: &str) -> Outcome {
        let said = self.client.write(place, text, text.len()).await?;
        let line = format!("write {place} by the service itself");
        must_be(format!("{said} {line}"), &format!("allow {line}"))
    }

    /// Starts the agent as a child, which inherits what the service has in its environment.
    pub(crate) fn start_agent(&self, platform: &Platform, store: &str) -> Outcome<Agent> {
        let token = self.token.to_text();
        let mut agent = Child::start_with(agent::ROLE, [store], [(INHERITED, &*token)])?;
        // It said its public key, and is told its own token.
        let own = platform.grant_to_agent(&agent.address().parse()?)?;
        agent.tell(&own.to_text())?;
        Ok(Agent(agent))
    }
}

/// The agent's process.
pub(crate) struct Agent(Child);

impl Agent {
    /// Tells it to do something, and prints what the store said. Something else is the end of the story.
    pub(crate) fn told(&mut self, order: Order<'_>, verdict: &str) -> Outcome {
        self.0.tell(&serde_json::to_string(&order)?)?;
        let said = self.0.line()?;
        must_be(format!("{said} {order}"), &format!("{verdict} {order}"))
    }

    /// Puts its clock forward, and the store's.
    pub(crate) fn and_store_wait(&mut self, store: &mut Child, seconds: u64) -> Outcome {
        for (child, line) in [
            (&mut self.0, serde_json::to_string(&Order::Wait(seconds))?),
            (store, seconds.to_string()),
        ] {
            child.tell(&line)?;
            child.line()?;
        }
        println!("{}", Order::Wait(seconds));
        Ok(())
    }
}
