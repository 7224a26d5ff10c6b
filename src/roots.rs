//! Whom a program trusts: a file in TOML, that guards and the command line read.
//!
//! In comes its text; out goes a [`Trusted`], or a [`RootsError`]. Files that it names are read by whoever needs them.
//!
//! ```toml
//! [[root]]
//! id = 1
//! key = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
//! from = "2026-11-01T00:00:00Z"
//! until = "2027-11-01T00:00:00Z"
//! longest_lifetime_seconds = 86400 # of a token, if there is a longest
//! revocation_keys = []             # keys of who signs revocation lists for this root
//!
//! [approvers]                      # only approvals of those who stand in this directory count
//! directory = "approvers.bin"
//! key = "ed25519/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
//! at_least = 1                     # the lowest number of a directory that counts
//!
//! [revocations]                    # needed where a root has revocation keys
//! list = "revoked.list"
//! max_age_seconds = 3600
//!
//! [stops]                          # stop tickets, one a line
//! tickets = "stops.txt"
//!
//! [notes]                          # signs what the catalog notes of answers
//! key = "note.pem"
//! lifetime_seconds = 3600          # of a note, if not this long
//!
//! [note_signers]                   # whose notes count, for each label
//! "calendar:attendees" = ["ed25519/278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e"]
//! ```
//!
//! Only `root` is needed. A key that is not in this example is an error. Paths are relative to this file.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

use crate::clock::Timestamp;
use crate::keys::{
    DirectoryPublicKey, IssuerPublicKey, KeyRing, KeyRingBuildError, NotePublicKey,
    RevocationPublicKey, Root, RootKeyId,
};
use crate::note::{Note, NoteSigner, NoteSigners};
use crate::scope::Label;

/// Whom a program trusts.
///
/// ```
/// use std::path::Path;
///
/// use bailiwick::roots::Trusted;
///
/// let text = r#"
///     [[root]]
///     id = 1
///     key = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
///     from = "2026-11-01T00:00:00Z"
///     until = "2027-11-01T00:00:00Z"
///
///     [stops]
///     tickets = "stops.txt"
/// "#;
/// let trusted = Trusted::parse(text, Path::new("/etc/guard"))?;
/// assert_eq!(trusted.ring.roots().len(), 1);
/// assert_eq!(trusted.stops.as_deref(), Some(Path::new("/etc/guard/stops.txt")));
///
/// assert!(Trusted::parse("root = []", Path::new("")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted {
    /// The root keys.
    pub ring: KeyRing,
    /// Who the approvers are, if that is limited.
    pub approvers: Option<ApproversFile>,
    /// Where revocation lists come from.
    pub revocations: Option<RevocationsFile>,
    /// Where stop tickets come from.
    pub stops: Option<PathBuf>,
    /// What notes are signed with.
    pub notes: Option<NotesFile>,
    /// Whose notes count.
    pub note_signers: NoteSigners,
}

/// Where the directory of approvers is, and who signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApproversFile {
    /// The signed directory.
    pub directory: PathBuf,
    /// Who signs it.
    pub key: DirectoryPublicKey,
    /// The lowest number that counts.
    pub at_least: u64,
}

/// Where revocation lists come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationsFile {
    /// The signed list, which somebody replaces.
    pub list: PathBuf,
    /// How old a list may be; after that everything is denied.
    pub max_age: Duration,
}

/// What notes are signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotesFile {
    /// The private key, as PKCS#8 PEM.
    pub key: PathBuf,
    /// How long a note lasts.
    pub lifetime: Duration,
}

impl Trusted {
    /// Reads the text of such a file, which lies in `directory`.
    ///
    /// # Errors
    ///
    /// [`RootsError`] with the place of what is wrong.
    pub fn parse(text: &str, directory: &Path) -> Result<Self, RootsError> {
        let written: Written =
            toml::from_str(text).map_err(|error| RootsError::Form(error.to_string()))?;
        let lists = written
            .root
            .iter()
            .any(|root| !root.revocation_keys.is_empty());
        if lists != written.revocations.is_some() {
            return Err(RootsError::Revocations);
        }
        let ring = KeyRing::new(written.root.into_iter().map(WrittenRoot::root))?;
        if ring.roots().len() == 0 {
            return Err(RootsError::NoRoot);
        }
        let beside = |other: PathBuf| directory.join(other);
        Ok(Self {
            ring,
            approvers: written.approvers.map(|it| ApproversFile {
                directory: beside(it.directory),
                key: it.key.0,
                at_least: it.at_least,
            }),
            revocations: written.revocations.map(|it| RevocationsFile {
                list: beside(it.list),
                max_age: Duration::from_secs(it.max_age_seconds),
            }),
            stops: written.stops.map(|it| beside(it.tickets)),
            notes: written.notes.map(|it| NotesFile {
                key: beside(it.key),
                lifetime: it.lifetime_seconds.0,
            }),
            note_signers: signers(written.note_signers)?,
        })
    }
}

/// Why a text says of nobody that they are trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RootsError {
    /// It is not of its form.
    #[error("{0}")]
    Form(String),
    /// There are revocation keys and no list, or a list and no keys.
    #[error("a root has `revocation_keys` if and only if there is a `[revocations]`")]
    Revocations,
    /// The roots do not go together.
    #[error(transparent)]
    Ring(#[from] KeyRingBuildError),
    /// There is no root.
    #[error("there is no root, so that every call would be denied")]
    NoRoot,
    /// It says of nobody whose notes of this label count.
    #[error("`note_signers.{label:?}`: {why}")]
    NoteSigners {
        /// The label, as it is written.
        label: String,
        /// What is wrong with it.
        why: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    root: Vec<WrittenRoot>,
    approvers: Option<WrittenApprovers>,
    revocations: Option<WrittenRevocations>,
    stops: Option<WrittenStops>,
    notes: Option<WrittenNotes>,
    #[serde(default)]
    note_signers: BTreeMap<String, Vec<Spelled<NotePublicKey>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRoot {
    id: u32,
    key: Spelled<IssuerPublicKey>,
    from: Spelled<Timestamp>,
    until: Spelled<Timestamp>,
    longest_lifetime_seconds: Option<u64>,
    #[serde(default)]
    revocation_keys: Vec<Spelled<RevocationPublicKey>>,
}

impl WrittenRoot {
    fn root(self) -> Root {
        let window = self.from.0..self.until.0;
        let mut root = Root::new(RootKeyId::new(self.id), self.key.0, window);
        if let Some(seconds) = self.longest_lifetime_seconds {
            root = root.with_longest_lifetime(Duration::from_secs(seconds));
        }
        self.revocation_keys
            .into_iter()
            .fold(root, |root, key| root.with_revocation_key(key.0))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenApprovers {
    directory: PathBuf,
    key: Spelled<DirectoryPublicKey>,
    at_least: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRevocations {
    list: PathBuf,
    max_age_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStops {
    tickets: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenNotes {
    key: PathBuf,
    #[serde(default)]
    lifetime_seconds: NoteLifetime,
}

/// As long as a note may last.
struct NoteLifetime(Duration);

impl Default for NoteLifetime {
    fn default() -> Self {
        Self(NoteSigner::DEFAULT_LIFETIME)
    }
}

impl<'de> Deserialize<'de> for NoteLifetime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lifetime = Duration::from_secs(u64::deserialize(deserializer)?);
        match lifetime.is_zero() || lifetime > Note::LONGEST {
            true => Err(de::Error::custom(format!(
                "a note lasts from 1 to {} seconds",
                Note::LONGEST.as_secs()
            ))),
            false => Ok(Self(lifetime)),
        }
    }
}

/// Who may note values under which label. A label that nobody may note under, or of one object alone, would count for nothing.
fn signers(
    written: BTreeMap<String, Vec<Spelled<NotePublicKey>>>,
) -> Result<NoteSigners, RootsError> {
    let mut signers = NoteSigners::new();
    for (written, keys) in written {
        let of = |why: &dyn Display| RootsError::NoteSigners {
            label: written.clone(),
            why: why.to_string(),
        };
        let label = Label::new(&written).map_err(|error| of(&error))?;
        if label.object().is_some() {
            return Err(of(
                &"name the field alone: its signer notes it for all objects",
            ));
        }
        if keys.is_empty() {
            return Err(of(&"there is no key"));
        }
        for key in keys {
            signers = signers.with(label.clone(), key.0);
        }
    }
    Ok(signers)
}

/// A value that is written as text.
struct Spelled<T>(T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Spelled<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = r#"
        [[root]]
        id = 1
        key = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        from = "2026-11-01T00:00:00Z"
        until = "2027-11-01T00:00:00Z"
    "#;
    const KEYS: &str = r#"
        revocation_keys = ["ed25519/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"]
    "#;
    const LIST: &str = r#"
        [revocations]
        list = "revoked.list"
        max_age_seconds = 3600
    "#;

    fn read(parts: &[&str]) -> Result<Trusted, RootsError> {
        Trusted::parse(&parts.concat(), Path::new("etc"))
    }

    #[test]
    fn files_that_it_names_lie_beside_it() {
        let trusted = read(&[ROOT, KEYS, LIST]).unwrap();
        let list = trusted.revocations.unwrap().list;
        assert_eq!(list, Path::new("etc/revoked.list"));
    }

    #[test]
    fn revocation_keys_without_a_list_are_refused_and_a_list_without_keys() {
        for parts in [[ROOT, KEYS, ""], [ROOT, "", LIST]] {
            assert_eq!(read(&parts).unwrap_err(), RootsError::Revocations);
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let error = read(&[ROOT, "ceiling = 1"]).unwrap_err().to_string();
        assert!(error.contains("unknown field `ceiling`"), "{error}");
        assert!(error.contains("line 7"), "{error}");
    }

    #[test]
    fn roots_that_do_not_go_together_are_refused() {
        assert!(matches!(read(&[ROOT, ROOT]), Err(RootsError::Ring(_))));
        assert_eq!(read(&["root = []"]).unwrap_err(), RootsError::NoRoot);
    }
}
