//! `keygen`: a new key, or the public half of one.

use std::path::PathBuf;

use bailiwick::keys::{
    ApproverKey, DirectoryKey, HolderKey, IssuerKey, KeyError, NoteKey, RevocationKey,
};
use clap::{Args, ValueEnum};
use serde_json::json;
use zeroize::Zeroizing;

use crate::answer::{Answer, Page};
use crate::failure::{OrFail as _, Outcome};
use crate::io::{KeySource, create_secret};

/// Make a key, or print the public half of one
#[derive(Args)]
pub(crate) struct Keygen {
    /// What the key is for
    #[arg(required_unless_present = "public")]
    role: Option<Role>,
    /// Where to write the secret half: a new file that only you can read
    #[arg(required_unless_present = "public")]
    file: Option<PathBuf>,
    /// Print the public half of this key instead: a file, `-`, or env:NAME
    #[arg(long, value_name = "KEY", conflicts_with_all = ["role", "file"])]
    public: Option<KeySource>,
}

/// What a key is for.
#[derive(Clone, Copy, ValueEnum)]
enum Role {
    /// Signs the first block of tokens
    Issuer,
    /// An agent's own
    Holder,
    /// Approves
    Approver,
    /// Signs the list of approvers
    Directory,
    /// Signs what is revoked
    Revocation,
    /// Signs values that a service gave
    Note,
}

impl Keygen {
    pub(crate) fn run(self) -> Outcome<Answer> {
        let Self { role, file, public } = self;
        let (Some(role), Some(file)) = (role, file) else {
            // A PEM text does not say what its key is for: any role reads any.
            let key = public
                .unwrap_or(KeySource::Stdin)
                .key(HolderKey::from_pkcs8_pem)?;
            return Ok(shown(&key.public_key().to_string(), Page::default()));
        };
        let (pem, public) = role.generate().or_fail("no_key", "try again")?;
        create_secret(&file, pem.as_bytes())?;
        let mut notes = Page::default();
        notes.field(0, "the secret half is in", format!("`{}`", file.display()));
        Ok(shown(&public, notes))
    }
}

fn shown(public: &str, notes: Page) -> Answer {
    let mut page = Page::default();
    page.copy(public);
    Answer::new(page, json!({ "public": public })).with_notes(notes)
}

impl Role {
    fn generate(self) -> Result<(Zeroizing<String>, String), KeyError> {
        macro_rules! generate {
            ($key:ident) => {{
                let key = $key::generate()?;
                (key.to_pkcs8_pem()?, key.public_key().to_string())
            }};
        }
        Ok(match self {
            Self::Issuer => generate!(IssuerKey),
            Self::Holder => generate!(HolderKey),
            Self::Approver => generate!(ApproverKey),
            Self::Directory => generate!(DirectoryKey),
            Self::Revocation => generate!(RevocationKey),
            Self::Note => generate!(NoteKey),
        })
    }
}
