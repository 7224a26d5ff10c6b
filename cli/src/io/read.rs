//! Texts and bytes from outside.

use std::convert::Infallible;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use bailiwick::token::TextKind;

use crate::failure::{Failure, OrFail as _, Outcome};

/// The most that a text has: a note of ten thousand values is the longest.
const LONGEST_TEXT: usize = 2 << 20;

/// Where a text stands: itself, in a file, or on standard input (`-`).
#[derive(Clone, Debug)]
pub(crate) enum Text {
    Itself(String),
    File(PathBuf),
    Stdin,
}

impl FromStr for Text {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let is_ours = TextKind::ALL
            .iter()
            .any(|kind| text.starts_with(kind.prefix()));
        Ok(match text {
            "-" => Self::Stdin,
            // JSON too, which no file is named like.
            _ if is_ours || text.trim_start().starts_with(['{', '[']) => {
                Self::Itself(text.to_owned())
            }
            _ => Self::File(text.into()),
        })
    }
}

impl Text {
    /// The text, without white space around it.
    pub(crate) fn read(&self) -> Outcome<String> {
        let text = match self {
            Self::Itself(text) => text.clone(),
            Self::File(path) => file_text(path)?,
            Self::Stdin => {
                let mut bytes = Vec::new();
                stdin(LONGEST_TEXT, &mut bytes)?;
                String::from_utf8(bytes).or_fail("not_text", "give text in UTF-8")?
            }
        };
        Ok(text.trim().to_owned())
    }

    /// The file, if it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Itself(_) | Self::Stdin => None,
        }
    }

    /// By which name it is spoken of.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Itself(_) => "the argument".to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "standard input".to_owned(),
        }
    }
}

/// Reads standard input, which has one thing to give.
pub(crate) fn stdin(limit: usize, into: &mut Vec<u8>) -> Outcome<()> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if TAKEN.swap(true, Ordering::Relaxed) {
        let what = "two arguments are `-`, and standard input is one text";
        return Err(Failure::new(
            "stdin_twice",
            what,
            "put one of them in a file",
        ));
    }
    bounded(std::io::stdin().lock(), "standard input", limit, into)
}

pub(crate) fn file_bytes(path: &Path, limit: usize) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    bounded(open(path)?, &path.display().to_string(), limit, &mut bytes)?;
    Ok(bytes)
}

pub(crate) fn file_text(path: &Path) -> Outcome<String> {
    String::from_utf8(file_bytes(path, LONGEST_TEXT)?).map_err(|_| {
        let what = format!("`{}` is not text in UTF-8", path.display());
        Failure::new("not_text", what, "give the file that was meant")
    })
}

pub(crate) fn open(path: &Path) -> Outcome<File> {
    File::open(path).map_err(|error| {
        let what = format!("`{}` cannot be read: {error}", path.display());
        Failure::new(
            "file_unreadable",
            what,
            "check the path, and who may read it",
        )
    })
}

pub(crate) fn bounded(
    from: impl Read,
    name: &str,
    limit: usize,
    into: &mut Vec<u8>,
) -> Outcome<()> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = from.take(most).read_to_end(into);
    read.map_err(|error| {
        let what = format!("`{name}` cannot be read: {error}");
        Failure::new("file_unreadable", what, "check that it is a file")
    })?;
    if into.len() > limit {
        let what = format!("`{name}` has more than {limit} bytes");
        return Err(Failure::new(
            "file_too_large",
            what,
            "give the file that was meant",
        ));
    }
    Ok(())
}
