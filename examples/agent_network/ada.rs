//! Ada: she grants the task to one agent, gives it work, and can revoke any.

use std::time::Duration;

use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{HolderPublicKey, IssuerKey, RevocationKey};
use bailiwick::manifest::{Manifest, Parameters};
use bailiwick::mint::{Assignment, Issuer};
use bailiwick::revoke::{KillSwitch, Revocation};
use bailiwick::token::Token;
use bailiwick_examples::{Outcome, ROOT, http_client};

use crate::library::catalog;

/// How long the library goes by a list.
const LIST_LASTS: Duration = Duration::from_secs(900);

pub(crate) struct Ada {
    issuer: Issuer,
    switch: KillSwitch,
    library: String,
}

impl Ada {
    pub(crate) fn new(root: IssuerKey, revoker: RevocationKey, library: &str) -> Self {
        Self {
            issuer: Issuer::new(root, ROOT),
            switch: KillSwitch::new(revoker, LIST_LASTS),
            library: library.to_owned(),
        }
    }

    /// Grants the task to an agent, of which she knows the public key.
    pub(crate) fn grant(&self, name: &str, agent: &HolderPublicKey) -> Outcome<Token> {
        let task = Manifest::parse("task.toml", include_str!("task.toml"), &[&catalog()?])?;
        let physics = Parameters::new().with("subject", "physics");
        let assignment = Assignment::new("t-7", "ada@example.com", name)?;
        let now = SystemClock.now();
        let minted = self
            .issuer
            .mint_task(&task, &physics, &assignment, agent, now)?;
        Ok(minted.token)
    }

    /// Tells the library that nothing is revoked yet.
    pub(crate) async fn publish(&mut self) -> Outcome<String> {
        let list = self.switch.list(SystemClock.now());
        self.post(list.as_bytes()).await
    }

    /// Revokes an agent by its key: whatever it was given, and whatever it hands on, to whomever.
    pub(crate) async fn revoke(&mut self, agent: HolderPublicKey) -> Outcome<String> {
        let delta = self
            .switch
            .revoke(Revocation::Holder(agent), SystemClock.now());
        self.post(delta.as_bytes()).await
    }

    /// Anybody could carry a list: it is signed.
    async fn post(&self, list: &[u8]) -> Outcome<String> {
        let library = format!("http://{}/revocations", self.library);
        let said = http_client()?
            .post(library)
            .body(list.to_vec())
            .send()
            .await?;
        Ok(said.text().await?)
    }
}
