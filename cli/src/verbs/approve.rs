//! `approve` and `decline`: a person's answer to a request.

use std::io::{BufRead as _, BufReader, IsTerminal as _, Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use bailiwick::approve::{Approver, VerifiedRequest};
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverKey;
use clap::Args;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::answer::{Answer, Exit, Page, Tone};
use crate::failure::{Failure, OrFail as _, Outcome, coded};
use crate::io::{KeySource, Text};
use crate::screen;
use crate::show::hex;
use crate::trust::Trust;

/// Verify a request, show all of it, and sign it if you say yes
#[derive(Args)]
pub(crate) struct Approve {
    #[command(flatten)]
    asked: Question,
    /// For how many seconds the approval holds
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    valid_for: u64,
    /// Do not ask: approve the request of this digest, which was shown before
    #[arg(long, value_name = "DIGEST")]
    yes: Option<String>,
}

/// Verify a request, show all of it, and sign a no
#[derive(Args)]
pub(crate) struct Decline {
    #[command(flatten)]
    asked: Question,
}

/// The request, and who answers it.
#[derive(Args)]
struct Question {
    /// The request: the text itself, a file, or `-`
    #[arg(default_value = "-")]
    request: Text,
    /// The approver's key: a file, `-`, or env:NAME
    #[arg(long, value_name = "KEY")]
    key: KeySource,
    /// Whom to trust, in TOML
    #[arg(long, value_name = "FILE")]
    roots: PathBuf,
}

/// A request that was verified, as it is shown.
struct Opened {
    approver: Approver,
    request: VerifiedRequest,
    /// Of the request's text: what `--yes` names.
    digest: String,
    page: Page,
}

impl Question {
    fn open(&self, now: Timestamp) -> Outcome<Opened> {
        let trust = Trust::read(&self.roots, now)?;
        let approver = Approver::new(
            self.key.key(ApproverKey::from_pkcs8_pem)?,
            trust.ring.clone(),
        );
        trust.check_approver(&approver.public_key())?;
        let text = self.request.read()?;
        let request = coded!(
            approver.open(&text, now),
            "do not approve it; ask the agent for another request"
        )?;
        let digest = hex(&Sha256::digest(text.as_bytes()));
        let mut page = Page::default();
        for line in request.lines() {
            let inner = line.trim_start_matches(' ');
            page.field(usize::from(inner.len() < line.len()), "", inner);
        }
        page.field(0, "digest of this request:", &digest);
        Ok(Opened {
            approver,
            request,
            digest,
            page,
        })
    }
}

impl Approve {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let opened = self.asked.open(now)?;
        screen::show(&opened.page).or_fail("no_terminal", "give standard error a place to go")?;
        match &self.yes {
            Some(digest) if *digest != opened.digest => {
                let what = "this is not the request that --yes names";
                let help = "read what is shown above, then give its digest";
                return Err(Failure::new("digest_mismatch", what, help));
            }
            Some(_) => {}
            None => match ask() {
                Said::Yes => {}
                Said::No => return Ok(unsigned(&opened, Exit::Deny, "not approved")),
                Said::Nobody => {
                    return Ok(unsigned(
                        &opened,
                        Exit::Undecided,
                        "nobody was asked: there is no terminal",
                    ));
                }
            },
        }
        let valid_for = Duration::from_secs(self.valid_for);
        let approval = opened.approver.approve(&opened.request, valid_for, now);
        let approval = coded!(
            approval,
            "give another --valid-for, or ask for a new request"
        )?;
        Ok(signed(
            &approval.to_text(),
            json!({ "decision": "approved", "until": approval.until() }),
        ))
    }
}

impl Decline {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let opened = self.asked.open(now)?;
        screen::show(&opened.page).or_fail("no_terminal", "give standard error a place to go")?;
        let declined = coded!(
            opened.approver.decline(&opened.request, now),
            "ask for a new request"
        )?;
        Ok(signed(
            &declined.to_text(),
            json!({ "decision": "declined" }),
        ))
    }
}

fn signed(text: &str, mut json: Value) -> Answer {
    let mut page = Page::default();
    page.copy(text);
    if let Some(json) = json.as_object_mut() {
        json.insert("answer".to_owned(), text.into());
    }
    Answer::new(page, json)
}

fn unsigned(opened: &Opened, exit: Exit, why: &str) -> Answer {
    let mut notes = Page::default();
    notes.push(0, Tone::Doubt, "nothing is signed:", why);
    if exit == Exit::Undecided {
        notes.field(
            1,
            "help:",
            "run it in a terminal, or give --yes with the digest that is shown",
        );
    }
    let decision = if exit == Exit::Deny {
        "not_approved"
    } else {
        "undecided"
    };
    let json = json!({ "decision": decision, "digest": opened.digest });
    Answer::new(Page::default(), json)
        .with_notes(notes)
        .ending(exit)
}

enum Said {
    Yes,
    No,
    Nobody,
}

/// Asks on the terminal itself: what comes through a pipe is no person.
fn ask() -> Said {
    const TERMINAL: &str = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };
    // Whoever answers must have seen what was shown.
    if !std::io::stderr().is_terminal() {
        return Said::Nobody;
    }
    let Ok(terminal) = std::fs::File::open(TERMINAL) else {
        return Said::Nobody;
    };
    let mut error = std::io::stderr();
    if error
        .write_all(b"Approve? [y/N] ")
        .and_then(|()| error.flush())
        .is_err()
    {
        return Said::Nobody;
    }
    let mut line = String::new();
    // No yes is longer.
    match BufReader::new(terminal.take(16)).read_line(&mut line) {
        Ok(_) if matches!(line.trim_end(), "y" | "Y" | "yes") => Said::Yes,
        Ok(_) => Said::No,
        Err(_) => Said::Nobody,
    }
}
