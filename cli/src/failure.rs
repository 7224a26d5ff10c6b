//! Why a verb could not be done: what, and what to do about it.

use std::fmt::Display;

use bailiwick::catalog::Findings;

use crate::answer::Exit;

/// Why a verb could not be done.
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) code: &'static str,
    /// What is wrong: one line.
    pub(crate) what: String,
    /// What to do: one line.
    pub(crate) help: String,
    /// More about what is wrong, a line each.
    pub(crate) detail: Vec<String>,
    /// The mistakes of a file, each with its place.
    pub(crate) findings: Option<Box<Findings>>,
}

pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(code: &'static str, what: impl Display, help: impl Display) -> Self {
        Self {
            exit: Exit::Failure,
            code,
            what: what.to_string(),
            help: help.to_string(),
            detail: Vec::new(),
            findings: None,
        }
    }
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        let count = findings.iter().len().saturating_add(findings.more());
        let mistakes = if count == 1 { "mistake" } else { "mistakes" };
        Self {
            exit: Exit::Findings,
            findings: Some(Box::new(findings.clone())),
            ..Self::new(
                "findings",
                format!("`{}` has {count} {mistakes}", findings.file()),
                "correct each line that is marked",
            )
        }
    }
}

/// Gives an error of the crate its code and its help.
pub(crate) trait OrFail<T> {
    fn or_fail(self, code: &'static str, help: impl Display) -> Outcome<T>;
}

impl<T, E: Display> OrFail<T> for Result<T, E> {
    fn or_fail(self, code: &'static str, help: impl Display) -> Outcome<T> {
        self.map_err(|error| Failure::new(code, error, help))
    }
}

/// As [`OrFail`], for an error that knows its stable code.
macro_rules! coded {
    ($result:expr, $help:expr) => {
        $result.map_err(|error| crate::failure::Failure::new(error.code(), &error, $help))
    };
}

pub(crate) use coded;
