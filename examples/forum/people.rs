//! The people of the forum: they are shown what an agent wants to do, and approve exactly that.

use std::time::Duration;

use bailiwick::action::ApproverName;
use bailiwick::approve::{
    ApprovalRequest, Approver, Directory, DirectoryEntry, SignedDirectory, VerifiedRequest,
};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{
    ApproverKey, ApproverPublicKey, DirectoryKey, DirectoryPublicKey, IssuerPublicKey, KeyRing,
};
use bailiwick::token::Limits;

use bailiwick_examples::{Outcome, trusted_root};

use crate::agent::Agent;

/// Two people, and the directory that says who they are.
pub(crate) struct People {
    pub(crate) grace: Person,
    pub(crate) linus: Person,
    pub(crate) directory: SignedDirectory,
    pub(crate) directory_key: DirectoryPublicKey,
}

/// Somebody with an approver key, which never leaves their side.
pub(crate) struct Person(Approver);

impl People {
    pub(crate) fn new(issuer: &IssuerPublicKey) -> Outcome<Self> {
        let now = SystemClock.now();
        let ring = KeyRing::new([trusted_root(*issuer, now)])?;
        let person = || {
            let key = ApproverKey::generate()?;
            Outcome::Ok(Approver::new(key, ring.clone()))
        };
        let (grace, linus) = (person()?, person()?);
        let named = |person: &Approver, name: &str| {
            let name = ApproverName::parse(name)?;
            Outcome::Ok(DirectoryEntry::active(person.public_key(), name))
        };
        let entries = [named(&grace, "grace")?, named(&linus, "linus")?];
        let key = DirectoryKey::generate()?;
        let next = now.saturating_add(Duration::from_secs(24 * 3600));
        Ok(Self {
            directory: Directory::sign(&key, 1, now, next, entries)?,
            directory_key: key.public_key(),
            grace: Person(grace),
            linus: Person(linus),
        })
    }
}

impl Person {
    pub(crate) fn public_key(&self) -> ApproverPublicKey {
        self.0.public_key()
    }

    /// Reads what the agent asks for, and approves it. What comes and goes is text, as in a chat.
    pub(crate) fn approve(&self, asking: &Agent<'_>, request: &str) -> Outcome<String> {
        let now = SystemClock.now();
        let request = ApprovalRequest::parse(request, &Limits::default())?;
        let signed = asking.sign(&request)?;
        let shown = self.0.open(&signed, now)?;
        show(&shown);
        let approval = self.0.approve(&shown, Duration::from_secs(300), now)?;
        Ok(approval.to_text())
    }
}

/// Everything is shown. The story prints the part that is the same in every run.
fn show(request: &VerifiedRequest) {
    let arguments = request
        .lines()
        .filter(|line| line.starts_with("  argument"));
    arguments.for_each(|line| println!("shown{}", &line[1..]));
}
