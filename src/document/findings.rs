//! What is wrong with a file, all of it.

use std::fmt;
use std::ops::Range;

use super::show::{Excerpt, show};

/// What is wrong with a file: everything that was found, in the order of the file.
///
/// ```
/// use bailiwick::catalog::Catalog;
///
/// let text = "service = \"mail.example\"\n\n[operation.\"mail.read\"]\nefect = \"read\"\n";
/// let findings = Catalog::parse("mail.toml", text).unwrap_err();
/// let codes: Vec<_> = findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["key_missing", "key_missing", "key_unknown"]);
/// assert!(findings.to_string().contains("mail.toml:4:1"));
/// ```
///
/// # Security
///
/// It prints lines of the file. Whatever does not print in them, bidirectional overrides included, is escaped, and long lines
/// are shortened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    file: Box<str>,
    findings: Vec<Finding>,
    more: usize,
}

/// Where in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    line: usize,
    column: usize,
}

impl Place {
    /// The place at so many bytes, which is a character boundary.
    pub(super) fn at(text: &str, start: usize) -> Self {
        let before = text.get(..start).unwrap_or_default();
        let on_line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: before.matches('\n').count().saturating_add(1),
            column: on_line.chars().count().saturating_add(1),
        }
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(self) -> usize {
        self.line
    }

    /// The column in characters, from 1.
    #[must_use]
    pub const fn column(self) -> usize {
        self.column
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) span: Range<usize>,
    pub(super) excerpt: Excerpt,
}

impl Findings {
    /// The most that are kept of one file; the others are counted.
    pub const MAX: usize = 64;

    pub(super) fn new(file: &str, mut findings: Vec<Finding>, more: usize) -> Self {
        findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
        Self {
            file: file.into(),
            findings,
            more,
        }
    }

    /// The name of the file, as it was given.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The findings, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.findings.iter()
    }

    /// How many more there were than are kept.
    #[must_use]
    pub const fn more(&self) -> usize {
        self.more
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            f.write_str(&show(&self.file, finding))?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n\nand {more} more"),
        }
    }
}

impl std::error::Error for Findings {}

impl Finding {
    /// The stable code: `key_unknown`, `type_wrong`, …
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong, on one line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What would be right, if that can be said.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Where in the text, in bytes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}
