//! The signed list of what is revoked, in a file: one change at a time.

use std::path::PathBuf;
use std::time::Duration;

use bailiwick::clock::Timestamp;
use bailiwick::keys::RevocationKey;
use bailiwick::revoke::{KillSwitch, Revocation, SignedRevocations};
use clap::Args;
use serde_json::json;

use crate::answer::{Answer, Page, Tone};
use crate::failure::{Failure, Outcome, coded};
use crate::io::{KeySource, create, file_bytes, lock, replace};

/// Where the list is, and who signs it.
#[derive(Args)]
pub(crate) struct KillList {
    /// The revocation key: a file, `-`, or env:NAME
    #[arg(long, value_name = "KEY")]
    key: KeySource,
    /// The signed list. It is made if it is missing, and else replaced by the next one
    #[arg(long, value_name = "FILE")]
    list: PathBuf,
    /// For how many seconds services may go by the list
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400)]
    good_for: u64,
    /// Write what is new to this new file too, for services that have the list before
    #[arg(long, value_name = "FILE", conflicts_with = "release")]
    delta: Option<PathBuf>,
    /// Take it off the list
    #[arg(long)]
    pub(crate) release: bool,
}

impl KillList {
    /// Revokes these, or releases them; with none, signs the same list again, so that it is good for longer.
    pub(crate) fn change(&self, entries: Vec<Revocation>, now: Timestamp) -> Outcome<Answer> {
        // Two that change the list at once would sign two lists with one number, which services refuse.
        let _lock = lock(&self.list)?;
        if let Some(file) = self.delta.as_ref().filter(|file| file.exists()) {
            // Found out before anything is changed.
            let what = format!("`{}` is there already", file.display());
            let help = "choose another name; nothing is written over it, and nothing was revoked";
            return Err(Failure::new("file_exists", what, help));
        }
        let mut switch = self.open()?;
        let changes = entries.len();
        let mut delta = None;
        if self.release {
            for entry in &entries {
                if switch.release(entry, now).is_none() {
                    let what = "that is not on the list";
                    return Err(Failure::new(
                        "not_revoked",
                        what,
                        "name it just as it was revoked",
                    ));
                }
            }
        } else if !entries.is_empty() {
            delta = Some(switch.revoke_all(entries, now));
        }
        let list = switch.list(now);
        // The list first: a change that is published and not stored would be forgotten by the next one.
        replace(&self.list, list.as_bytes())?;
        if let (Some(file), Some(delta)) = (&self.delta, delta) {
            create(file, delta.as_bytes())?;
        }
        let (number, entries) = (switch.number(), switch.len());
        let mut page = Page::default();
        let done = match (changes, self.release) {
            (0, _) => "signed again:",
            (_, false) => "revoked:",
            (_, true) => "released:",
        };
        page.push(
            0,
            Tone::Good,
            done,
            format!(
                "list {number}, {entries} on it, in `{}`",
                self.list.display()
            ),
        );
        page.field(1, "signed by", switch.public_key());
        let json = json!({
            "list": self.list.display().to_string(),
            "number": number,
            "entries": entries,
            "signer": switch.public_key(),
        });
        Ok(Answer::new(page, json))
    }

    fn open(&self) -> Outcome<KillSwitch> {
        let key = self.key.key(RevocationKey::from_pkcs8_pem)?;
        let good_for = Duration::from_secs(self.good_for);
        match self.list.try_exists() {
            Ok(false) => Ok(KillSwitch::new(key, good_for)),
            // What cannot be read is no reason to begin anew, which would release everything.
            _ => {
                let bytes = file_bytes(&self.list, SignedRevocations::DEFAULT_MAX_BYTES)?;
                coded!(
                    KillSwitch::resume(key, &bytes, good_for),
                    "give the list that this key signed last"
                )
            }
        }
    }
}
