//! Ada: her mailbox, her key for approvals, and the ticket on her phone.

use std::time::Duration;

use bailiwick::approve::{Approver, Directory, DirectoryEntry};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{ApproverKey, DirectoryKey, HolderPublicKey, IssuerKey, KeyRing};
use bailiwick::manifest::{Manifest, Parameters};
use bailiwick::mint::{Assignment, Issuer, Minted};
use bailiwick_examples::{Outcome, ROOT, trusted_root};

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
        let task = Manifest::parse("task.toml", include_str!("task.toml"), &[&catalog()?])?;
        let task = task.with_directory(&self.directory()?)?;
        let hers = Parameters::new().with("mailbox", "ada");
        let assignment = Assignment::new("t-1", "ada@example.com", "tidy")?;
        Ok(self
            .issuer
            .mint_task(&task, &hers, &assignment, agent, SystemClock.now())?)
    }

    /// Who may approve, as her office signs it: here for one day, and she alone.
    fn directory(&self) -> Outcome<Directory> {
        let (office, now) = (DirectoryKey::generate()?, SystemClock.now());
        let tomorrow = now.saturating_add(Duration::from_secs(86_400));
        let ada = DirectoryEntry::active(self.approver.public_key(), "Ada".parse()?);
        let signed = Directory::sign(&office, 1, now, tomorrow, [ada])?;
        Ok(Directory::verify(
            signed.as_bytes(),
            &office.public_key(),
            now,
            1,
        )?)
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
