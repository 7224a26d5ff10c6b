//! Credentials for what stands behind a guard.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use axum::http::{HeaderName, HeaderValue};
use bailiwick::keys::NoteKey;
use zeroize::Zeroizing;

use crate::{NoStart, files};

/// Under which name a credential goes to the upstream, and the file that it is in: `NAME=FILE`.
///
/// A credential is never an argument of a program: everybody on the machine can read those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The variable or header.
    pub name: String,
    /// The file.
    pub file: PathBuf,
}

/// An option is not of the form `NAME=FILE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write NAME=FILE")]
pub struct NotNamed;

impl FromStr for Named {
    type Err = NotNamed;

    fn from_str(text: &str) -> Result<Self, NotNamed> {
        match text.split_once('=') {
            Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok(Self {
                name: name.to_owned(),
                file: file.into(),
            }),
            _ => Err(NotNamed),
        }
    }
}

/// A secret text, wiped when it is dropped.
///
/// # Security
///
/// What a child process or a header is given is a copy, which is not wiped.
pub struct Credential(Zeroizing<String>);

impl Credential {
    /// The most bytes that one has.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Reads one from a file. One line break at its end does not count.
    ///
    /// # Errors
    ///
    /// [`NoStart`] if there is none, it is empty, too long, more than one line, or not of plain characters.
    ///
    /// # Security
    ///
    /// On Unix, a file that everybody may read, or that its group may change, is refused.
    pub fn read(path: &Path) -> Result<Self, NoStart> {
        let unusable = |why| NoStart::Credential {
            file: path.to_owned(),
            why,
        };
        let text = private(path)?;
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.is_empty() {
            return Err(unusable("is empty"));
        }
        if text.chars().any(char::is_control) {
            return Err(unusable("has more than one line, or does not print"));
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// Shows nothing.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(..)")
    }
}

/// The key that notes are signed with, out of a file that is private as a credential's is.
pub(crate) fn note_key(path: &Path) -> Result<NoteKey, NoStart> {
    NoteKey::from_pkcs8_pem(&private(path)?).map_err(|error| NoStart::Key {
        file: path.to_owned(),
        error,
    })
}

/// The text of a file that is nobody else's. It is wiped when it is dropped.
fn private(path: &Path) -> Result<Zeroizing<String>, NoStart> {
    let unusable = |why| NoStart::Credential {
        file: path.to_owned(),
        why,
    };
    let file = File::open(path).map_err(|error| files::unreadable(path, error))?;
    // Of what was opened, which nobody can swap any more.
    let about = file
        .metadata()
        .map_err(|error| files::unreadable(path, error))?;
    if !about.is_file() {
        return Err(unusable("is in no plain file"));
    }
    if is_open_to_others(&about) {
        return Err(unusable(
            "can be read by everybody, or changed by others: chmod 600",
        ));
    }
    let limit = Credential::MAX_BYTES;
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit.saturating_add(1)));
    files::read(path, &file, limit, &mut bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| unusable("is no text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(unix)]
fn is_open_to_others(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o027 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// Credentials as variables of a child's environment.
pub(crate) fn variables(named: &[Named]) -> Result<Vec<(String, Credential)>, NoStart> {
    named
        .iter()
        .map(|Named { name, file }| Ok((variable(name)?, Credential::read(file)?)))
        .collect()
}

/// A name that a variable may have, and that changes nothing but what the child is told.
pub(crate) fn variable(name: &str) -> Result<String, NoStart> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let refused = |why| NoStart::Name {
        name: name.escape_debug().to_string(),
        why,
    };
    if name.is_empty() || !name.bytes().all(plain) {
        return Err(refused("is no name of a variable"));
    }
    Ok(name.to_owned())
}

/// Credentials as headers, which are not shown by whoever logs headers.
pub(crate) fn headers(named: &[Named]) -> Result<Vec<(HeaderName, HeaderValue)>, NoStart> {
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::new();
    for Named { name: text, file } in named {
        let refused = |why| NoStart::Name {
            name: text.escape_debug().to_string(),
            why,
        };
        let name = HeaderName::try_from(text).map_err(|_| refused("is no name of a header"))?;
        if crate::http::is_ours(&name) {
            return Err(refused("is a header of the connection, and no credential"));
        }
        if headers.iter().any(|(other, _)| *other == name) {
            return Err(refused("is there twice"));
        }
        let credential = Credential::read(file)?;
        let mut value =
            HeaderValue::try_from(credential.reveal()).map_err(|_| NoStart::Credential {
                file: file.clone(),
                why: "is no value of a header",
            })?;
        value.set_sensitive(true);
        headers.push((name, value));
    }
    Ok(headers)
}
