//! Secret keys: from a file that nobody else can read, from standard input, or from the environment. Never from an argument, which
//! everybody on the machine can read.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use bailiwick::keys::KeyError;
use zeroize::Zeroizing;

use super::read::{bounded, open, stdin};
use crate::failure::{Failure, OrFail as _, Outcome};

/// More than a PEM text of one key.
const LONGEST: usize = 16 * 1024;

/// Where a secret key is: a file, `-`, or `env:NAME`.
#[derive(Clone, Debug)]
pub(crate) enum KeySource {
    File(PathBuf),
    Stdin,
    Variable(String),
}

impl FromStr for KeySource {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match (text, text.strip_prefix("env:")) {
            ("-", _) => Self::Stdin,
            (_, Some(name)) => Self::Variable(name.to_owned()),
            _ => Self::File(text.into()),
        })
    }
}

impl KeySource {
    /// The key, by the reader of its role.
    pub(crate) fn key<K>(&self, read: impl FnOnce(&str) -> Result<K, KeyError>) -> Outcome<K> {
        let pem = self.pem()?;
        read(&pem).or_fail(
            "key_malformed",
            "give a key that `bailiwick keygen` made: PKCS#8 in PEM",
        )
    }

    fn pem(&self) -> Outcome<Zeroizing<String>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST.saturating_add(1)));
        match self {
            Self::File(path) => secret_file(path, &mut bytes)?,
            Self::Stdin => stdin(LONGEST, &mut bytes)?,
            Self::Variable(name) => {
                return std::env::var(name).map(Zeroizing::new).map_err(|_| {
                    let what = format!("there is no variable `{name}` with text in it");
                    Failure::new("key_missing", what, "export it, or name a file")
                });
            }
        }
        let text = std::str::from_utf8(&bytes).or_fail("key_malformed", "give a PEM file")?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

fn secret_file(path: &Path, into: &mut Vec<u8>) -> Outcome<()> {
    let file = open(path)?;
    // Of what was opened, which nobody can swap any more.
    let about = file
        .metadata()
        .or_fail("file_unreadable", "check the file")?;
    if !about.is_file() {
        let what = format!("`{}` is no plain file", path.display());
        return Err(Failure::new(
            "key_not_a_file",
            what,
            "use `-` to give a key on standard input",
        ));
    }
    if is_open_to_others(&about) {
        let what = format!("others can read or change the key in `{}`", path.display());
        let help = "chmod 600, and make a new key if somebody may have read it";
        return Err(Failure::new("key_exposed", what, help));
    }
    bounded(file, &path.display().to_string(), LONGEST, into)
}

#[cfg(unix)]
fn is_open_to_others(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}
