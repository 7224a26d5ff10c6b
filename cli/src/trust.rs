//! Whom this machine trusts: the file that guards read, with what it names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bailiwick::approve::Directory;
use bailiwick::clock::Timestamp;
use bailiwick::keys::{ApproverPublicKey, KeyRing};
use bailiwick::revoke::{SignedRevocations, Sources, StopTickets, WhenStale};
use bailiwick::roots::{RootsError, Trusted};

use crate::failure::{Failure, OrFail as _, Outcome, coded};
use crate::io::{file_bytes, file_text};

pub(crate) struct Trust {
    pub(crate) ring: KeyRing,
    pub(crate) revocations: Sources,
    /// The file of stop tickets.
    pub(crate) stops: Option<PathBuf>,
    approvers: Option<Directory>,
}

impl Trust {
    pub(crate) fn read(path: &Path, now: Timestamp) -> Outcome<Self> {
        let directory = path.parent().unwrap_or(Path::new(""));
        let trusted = Trusted::parse(&file_text(path)?, directory);
        let trusted = trusted.map_err(|error| invalid(path, &error))?;
        let Trusted {
            ring, approvers, ..
        } = &trusted;
        let approvers = approvers.as_ref().map(|of| {
            // Ten thousand entries of a key, a name and a state.
            let bytes = file_bytes(&of.directory, 4 << 20)?;
            Directory::verify(&bytes, &of.key, now, of.at_least).or_fail(
                "directory_invalid",
                "fetch the newest directory of approvers",
            )
        });
        Ok(Self {
            approvers: approvers.transpose()?,
            revocations: sources(&trusted, now)?,
            ring: ring.clone(),
            stops: trusted.stops,
        })
    }

    /// Refuses an approver whose approvals would not count.
    pub(crate) fn check_approver(&self, key: &ApproverPublicKey) -> Outcome<()> {
        match &self.approvers {
            Some(directory) if !directory.is_active(key) => {
                let what = format!("approver {key} is not in the directory, or no more");
                let help = "ask somebody who is in the directory that the roots name";
                Err(Failure::new("approver_unknown", what, help))
            }
            _ => Ok(()),
        }
    }
}

fn invalid(path: &Path, error: &RootsError) -> Failure {
    let (file, help) = (
        path.display(),
        "correct the file; `bailiwick init --issuer` writes one to start from",
    );
    match error {
        RootsError::Form(detail) => {
            let what = format!("`{file}` is no file of roots");
            let mut failure = Failure::new("roots_invalid", what, help);
            failure.detail = detail.lines().map(str::to_owned).collect();
            failure
        }
        other => Failure::new("roots_invalid", format!("`{file}`: {other}"), help),
    }
}

fn sources(trusted: &Trusted, now: Timestamp) -> Outcome<Sources> {
    let mut sources = Sources::new();
    if let Some(of) = &trusted.revocations {
        let lists = SignedRevocations::new(&trusted.ring, of.max_age, WhenStale::Deny);
        let bytes = file_bytes(&of.list, lists.max_bytes())?;
        coded!(lists.apply(&bytes, now), "fetch the newest revocation list")?;
        sources = sources.with(Arc::new(lists));
    }
    if let Some(file) = &trusted.stops {
        let tickets = StopTickets::new(trusted.ring.clone());
        for ticket in file_text(file)?.lines().map(str::trim) {
            // Anybody may add a line, and what is no ticket stops nothing.
            let _ = tickets.post(ticket, now);
        }
        sources = sources.with(Arc::new(tickets));
    }
    Ok(sources)
}
