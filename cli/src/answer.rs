//! What a verb gives: lines for people, the same as JSON, and how the program ends.

use std::process::ExitCode;

use serde_json::Value;

/// How the program ends. The numbers are part of its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Allowed, or nothing to find fault with.
    Clean = 0,
    /// It could not be done.
    Failure = 1,
    /// Denied.
    Deny = 2,
    /// A file has mistakes.
    Findings = 3,
    /// Nobody has decided.
    Undecided = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What a verb gives.
pub(crate) struct Answer {
    pub(crate) exit: Exit,
    /// On standard output, for people.
    pub(crate) page: Page,
    /// On standard error, for people: what is not the thing itself.
    pub(crate) notes: Page,
    /// On standard output, with `--json`.
    pub(crate) json: Value,
    /// Whether that is so without `--json` too.
    pub(crate) is_json: bool,
}

impl Answer {
    pub(crate) fn new(page: Page, json: Value) -> Self {
        Self {
            exit: Exit::Clean,
            page,
            notes: Page::default(),
            json,
            is_json: false,
        }
    }

    pub(crate) fn with_notes(mut self, notes: Page) -> Self {
        self.notes = notes;
        self
    }

    /// JSON whether it was asked for or not.
    pub(crate) fn always_json(mut self) -> Self {
        self.is_json = true;
        self
    }

    pub(crate) fn ending(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

/// How a label looks where there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Head,
    Good,
    Bad,
    Doubt,
}

/// One line: how deep, a label that is ours, and a text that may be anybody's.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) depth: usize,
    pub(crate) tone: Tone,
    pub(crate) label: String,
    pub(crate) text: String,
    /// To be copied: never broken, however narrow the terminal is.
    pub(crate) whole: bool,
}

/// Lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) lines: Vec<Line>,
}

impl Page {
    pub(crate) fn push(&mut self, depth: usize, tone: Tone, label: &str, text: impl ToString) {
        self.lines.push(Line {
            depth,
            tone,
            label: label.to_owned(),
            text: text.to_string(),
            whole: false,
        });
    }

    /// A label and what stands there.
    pub(crate) fn field(&mut self, depth: usize, label: &str, text: impl ToString) {
        self.push(depth, Tone::Plain, label, text);
    }

    /// What the lines below are about.
    pub(crate) fn head(&mut self, depth: usize, label: &str) {
        self.push(depth, Tone::Head, label, "");
    }

    /// A text of ours that is to be copied: a token, a key.
    pub(crate) fn copy(&mut self, text: impl ToString) {
        self.lines.push(Line {
            depth: 0,
            tone: Tone::Plain,
            label: String::new(),
            text: text.to_string(),
            whole: true,
        });
    }
}
