//! Ada: her mailbox, her key for approvals, and the ticket on her phone.

use std::time::Duration;

use bailiwick::approve::Approver;
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{ApproverKey, HolderPublicKey, IssuerKey, KeyRing};
use bailiwick::manifest::{Manifest, Parameters};
use bailiwick::mint::{Assignment, Issuer, Minted};
use bailiwick_examples::{Outcome, ROOT, http_client, trusted_root};

use crate::server::catalog;

pub(crate) struct Ada {
    issuer: Issuer,
    approver: Approver,
}

impl Ada {
    /// Two keys, for two purposes. Services know the public half of the first.
    pub(crate) fn new(root: IssuerKey) -> Outcome<Self> {
        let ring = KeyRing::new([trusted_root(root.public_key(), SystemClock.now())])?;
        let approver = Approver::new(ApproverKey::generate()?, ring);
        Ok(Self {
            issuer: Issuer::new(root, ROOT),
            approver,
        })
    }

    /// A token for one task, and the ticket that stops it. The agent's secret key is not needed.
    pub(crate) fn grant(&self, agent: &HolderPublicKey) -> Outcome<Minted> {
        let key = self.approver.public_key().to_string();
        let task = include_str!("task.toml").replace("OWNER", &key);
        let task = Manifest::parse("task.toml", &task, &[&catalog()?])?;
        let hers = Parameters::new().with("mailbox", "ada");
        let assignment = Assignment::new("t-1", "ada@example.com", "tidy")?;
        Ok(self
            .issuer
            .mint_task(&task, &hers, &assignment, agent, SystemClock.now())?)
    }

    /// Reads what the agent wants, and approves it. What comes and goes is text, as in a chat.
    pub(crate) fn approve(&self, request: &str) -> Outcome<String> {
        let now = SystemClock.now();
        let shown = self.approver.open(request, now)?;
        // Everything is shown. The story prints the part that is the same in every run.
        let mail = |line: &&str| line.starts_with("  resource") || line.starts_with("  attribute");
        shown
            .lines()
            .filter(mail)
            .for_each(|line| println!("shown{}", &line[1..]));
        let approval = self
            .approver
            .approve(&shown, Duration::from_secs(300), now)?;
        Ok(approval.to_text())
    }
}

/// Posts a ticket. No key is needed, and neither is the agent: any HTTP client will do.
pub(crate) async fn post(ticket: &str, to: &str) -> Outcome<String> {
    let said = http_client()?
        .post(to)
        .body(ticket.to_owned())
        .send()
        .await?;
    Ok(said.text().await?)
}
