//! `mint`: a token of a task file.

use std::path::PathBuf;

use bailiwick::clock::Timestamp;
use bailiwick::keys::{HolderPublicKey, IssuerKey, RootKeyId};
use bailiwick::mint::{Assignment, Issuer};
use bailiwick::present::Nonce;
use clap::Args;
use serde_json::json;

use super::task_file::{TaskFile, unmade};
use crate::answer::{Answer, Page, Tone};
use crate::failure::{OrFail as _, Outcome};
use crate::io::{KeySource, create};

/// Mint a token of a task file
#[derive(Args)]
pub(crate) struct Mint {
    #[command(flatten)]
    task_file: TaskFile,
    /// The issuer's key: a file, `-`, or env:NAME
    #[arg(long, value_name = "KEY")]
    key: KeySource,
    /// The id under which services know the issuer's key
    #[arg(long, value_name = "N")]
    root: u32,
    /// The public key of the agent that the token is for
    #[arg(long, value_name = "KEY")]
    holder: HolderPublicKey,
    /// For whom the task is done
    #[arg(long, value_name = "NAME")]
    principal: String,
    /// What the agent is called
    #[arg(long, value_name = "NAME")]
    agent: String,
    /// The id of the task. Minted again under it, a task has the same budgets [default: a random one]
    #[arg(long, value_name = "ID")]
    task: Option<String>,
    /// Write the token to a new file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the stop ticket to a new file instead of standard error
    #[arg(long, value_name = "FILE")]
    stop: Option<PathBuf>,
}

impl Mint {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let (manifest, parameters) = self.task_file.read(now)?;
        let id = self.task.clone().map_or_else(random_id, Ok)?;
        let assignment = Assignment::new(&id, &self.principal, &self.agent)
            .or_fail("name_malformed", "correct --task, --principal or --agent")?;
        let issuer = Issuer::new(
            self.key.key(IssuerKey::from_pkcs8_pem)?,
            RootKeyId::new(self.root),
        );
        let minted = issuer.mint_task(&manifest, &parameters, &assignment, &self.holder, now);
        let minted = minted.map_err(|error| unmade(error.code(), &error))?;

        let (token, stop) = (minted.token.to_text(), minted.stop.to_text());
        let (mut page, mut notes) = (Page::default(), Page::default());
        // The ticket first: a token that cannot be stopped is not handed out.
        match &self.stop {
            Some(file) => {
                create(file, format!("{stop}\n").as_bytes())?;
                notes.field(0, "the stop ticket is in", format!("`{}`", file.display()));
            }
            None => {
                notes.head(0, "stop ticket, for the person for whom the task is done:");
                notes.copy(&stop);
            }
        }
        match &self.out {
            Some(file) => {
                create(file, format!("{token}\n").as_bytes())?;
                page.field(0, "wrote", format!("`{}`", file.display()));
            }
            None => page.copy(&token),
        }
        let warnings = minted.warnings.iter().map(ToString::to_string);
        let warnings: Vec<String> = warnings.collect();
        for warning in &warnings {
            notes.push(0, Tone::Doubt, "warning:", warning);
        }
        let json = json!({ "task": id, "token": token, "stop": stop, "warnings": warnings });
        Ok(Answer::new(page, json).with_notes(notes))
    }
}

fn random_id() -> Outcome<String> {
    let bytes = Nonce::random().or_fail("no_randomness", "try again")?;
    let hex = bytes.as_bytes().iter().map(|byte| format!("{byte:02x}"));
    Ok(format!("t-{}", hex.collect::<String>()))
}
