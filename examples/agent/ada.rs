//! Ada, who grants tasks.

use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{ApproverKey, ApproverPublicKey, IssuerKey};
use bailiwick::manifest::{Manifest, Parameters};
use bailiwick::mint::{Assignment, Issuer};
use bailiwick_examples::{Outcome, ROOT};

use crate::wiki::catalog;

pub(crate) struct Ada {
    issuer: Issuer,
    grace: ApproverPublicKey,
}

impl Ada {
    /// Services know the public half of her key. Grace has a key too, and approves nothing in this story.
    pub(crate) fn new(root: IssuerKey) -> Outcome<Self> {
        Ok(Self {
            issuer: Issuer::new(root, ROOT),
            grace: ApproverKey::generate()?.public_key(),
        })
    }

    /// The text of a token for one task. Of the helper she knows the public key alone.
    pub(crate) fn grant(&self, task: &str, helper: &str) -> Outcome<String> {
        let file = include_str!("task.toml").replace("GRACE", &self.grace.to_string());
        let manifest = Manifest::parse("task.toml", &file, &[&catalog()?])?;
        let page = Parameters::new().with("page", "release");
        let hers = Assignment::new(task, "ada@example.com", "helper")?;
        let (helper, now) = (helper.parse()?, SystemClock.now());
        let minted = self
            .issuer
            .mint_task(&manifest, &page, &hers, &helper, now)?;
        Ok(minted.token.to_text())
    }
}
