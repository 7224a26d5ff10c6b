//! `init`: files to start from.

use std::path::PathBuf;

use bailiwick::clock::Timestamp;
use bailiwick::keys::{ApproverPublicKey, IssuerPublicKey};
use bailiwick::roots::Trusted;
use clap::Args;
use serde_json::json;

use crate::answer::{Answer, Page};
use crate::failure::{Failure, Outcome};
use crate::io::create;

/// Write a catalog and a task file to start from
#[derive(Args)]
pub(crate) struct Init {
    /// The directory to write to
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// Who approves: a public key. Without one the example asks for no approval
    #[arg(long, value_name = "KEY")]
    approver: Option<ApproverPublicKey>,
    /// Whom to trust: the public key of an issuer. With it, `roots.toml` is written too, with the id 1 and for a year
    #[arg(long, value_name = "KEY")]
    issuer: Option<IssuerPublicKey>,
}

const CATALOG: &str = include_str!("../../templates/catalog.toml");
const TASK: &str = include_str!("../../templates/task.toml");
const ROOTS: &str = include_str!("../../templates/roots.toml");

impl Init {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let mut files = vec![
            ("catalog.toml", CATALOG.to_owned()),
            ("task.toml", task(self.approver.as_ref())),
        ];
        if let Some(issuer) = &self.issuer {
            files.push(("roots.toml", roots(issuer, now)));
        }
        std::fs::create_dir_all(&self.directory).map_err(|error| {
            let what = format!("`{}` cannot be made: {error}", self.directory.display());
            Failure::new(
                "file_unwritable",
                what,
                "check the path, and who may write there",
            )
        })?;
        let mut page = Page::default();
        let mut written = Vec::new();
        for (name, text) in files {
            let path = self.directory.join(name);
            create(&path, text.as_bytes())?;
            let path = path.display().to_string();
            page.field(0, "wrote", format!("`{path}`"));
            written.push(path);
        }
        Ok(Answer::new(page, json!({ "wrote": written })))
    }
}

/// Without an approver the lines that ask for one are comments.
fn task(approver: Option<&ApproverPublicKey>) -> String {
    const KEY: &str = "ed25519/<public key>";
    match approver {
        Some(key) => TASK.replace("#? ", "").replace(KEY, &key.to_string()),
        None => TASK.replace("#? ", "# "),
    }
}

fn roots(issuer: &IssuerPublicKey, now: Timestamp) -> String {
    const YEAR: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 3600);
    let text = ROOTS.replace("<key>", &issuer.to_string());
    let text = text.replace("<from>", &now.to_string());
    let text = text.replace("<until>", &now.saturating_add(YEAR).to_string());
    debug_assert!(Trusted::parse(&text, ".".as_ref()).is_ok());
    text
}
