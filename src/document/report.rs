//! Collects what is wrong while a file is read.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::findings::{Finding, Findings, Place};
use super::show::Excerpt;
use super::table::Table;
use crate::action::preview_text;

/// What is wrong with one file so far. Reading goes on after a mistake, so that all are found at once.
pub(crate) struct Report<'d> {
    file: &'d str,
    text: &'d str,
    found: RefCell<Found>,
}

#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    more: usize,
}

impl<'d> Report<'d> {
    /// The most bytes that a file has.
    pub(crate) const MAX_BYTES: usize = 1 << 20;

    pub(crate) fn new(file: &'d str, text: &'d str) -> Self {
        Self {
            file,
            text,
            found: RefCell::default(),
        }
    }

    /// Reads the text as TOML. `None` if it is not, which is noted.
    pub(crate) fn parse(&self) -> Option<Spanned<DeTable<'d>>> {
        if self.text.len() > Self::MAX_BYTES {
            let message = format!("file has more than {} bytes", Self::MAX_BYTES);
            self.mark(0..0).fail("file_too_large", message);
            return None;
        }
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors.iter().take(Findings::MAX) {
            let duplicate = error.message().starts_with("duplicate key");
            let code = if duplicate { "key_duplicate" } else { "syntax" };
            let mark = self.mark(error.span().unwrap_or_default());
            mark.fail(code, preview_text(error.message()));
        }
        self.found.borrow_mut().more = errors.len().saturating_sub(Findings::MAX);
        errors.is_empty().then_some(table)
    }

    /// The root of what was [read](Self::parse).
    pub(crate) fn root<'r>(&'r self, table: &'r Spanned<DeTable<'d>>) -> Table<'r, 'd> {
        // What is missing at the root is missing at the beginning.
        Table::new(self.mark(0..0), table.get_ref())
    }

    /// A place, where something can be wrong.
    pub(crate) fn mark(&self, span: Range<usize>) -> Mark<'_, 'd> {
        Mark {
            report: self,
            start: span.start,
            end: span.end,
        }
    }

    /// The value, if there is one and nothing is wrong.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Findings> {
        let Found { findings, more } = self.found.into_inner();
        let value = value.filter(|_| findings.is_empty());
        value.ok_or_else(|| Findings::new(self.file, findings, more))
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.found.borrow().findings.is_empty()
    }

    fn push(&self, code: &'static str, message: String, span: Range<usize>) -> Option<usize> {
        let mut found = self.found.borrow_mut();
        if found.findings.len() == Findings::MAX {
            found.more = found.more.saturating_add(1);
            return None;
        }
        let start = floor(self.text, span.start);
        let end = floor(self.text, span.end).max(start);
        let before = self.text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let line = self.text.get(line_start..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let within = start.saturating_sub(line_start)..end.saturating_sub(line_start);
        let place = Place::at(self.text, start);
        found.findings.push(Finding {
            code,
            message: shorten(message),
            help: None,
            line: place.line(),
            column: place.column(),
            excerpt: Excerpt::new(line, within),
            span: start..end,
        });
        found.findings.len().checked_sub(1)
    }
}

/// A place in a file.
#[derive(Clone, Copy)]
pub(crate) struct Mark<'r, 'd> {
    report: &'r Report<'d>,
    start: usize,
    end: usize,
}

impl<'r, 'd> Mark<'r, 'd> {
    /// Notes what is wrong here. Text from outside in the message must be escaped.
    pub(crate) fn fail(self, code: &'static str, message: impl Into<String>) -> Noted<'r, 'd> {
        let index = self.report.push(code, message.into(), self.start..self.end);
        Noted {
            report: self.report,
            index,
        }
    }

    /// Where it is.
    pub(crate) fn place(self) -> Place {
        Place::at(self.report.text, floor(self.report.text, self.start))
    }

    /// Another place in the same file.
    pub(crate) fn to(self, span: Range<usize>) -> Mark<'r, 'd> {
        self.report.mark(span)
    }
}

/// Something that was noted, and can be given advice.
pub(crate) struct Noted<'r, 'd> {
    report: &'r Report<'d>,
    index: Option<usize>,
}

impl Noted<'_, '_> {
    /// Whether it is kept: what there are too many of is only counted, and needs no advice.
    pub(crate) fn is_kept(&self) -> bool {
        self.index.is_some()
    }

    /// Says what would be right.
    pub(crate) fn help(self, help: impl Into<String>) {
        let mut found = self.report.found.borrow_mut();
        if let Some(finding) = self.index.and_then(|at| found.findings.get_mut(at)) {
            finding.help = Some(help.into());
        }
    }
}

/// A message that repeats what the file has is no longer than a few lines.
fn shorten(mut message: String) -> String {
    const MAX: usize = 500;
    if message.len() > MAX {
        message.truncate(floor(&message, MAX));
        message.push('…');
    }
    message
}

/// The character boundary at or before a place.
fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        let report = Report::new("a.toml", text);
        assert!(report.parse().is_none());
        let findings = report.finish(Some(())).unwrap_err();
        findings.iter().map(Finding::code).collect()
    }

    #[test]
    fn every_syntax_error_is_found_with_its_place() {
        assert_eq!(codes("a = \nb = 1\nb = 2\nc = \"\n").len(), 3);
        assert_eq!(codes("b = 1\nb = 2\n"), ["key_duplicate"]);
        assert_eq!(codes("[b]\n[b]\n"), ["key_duplicate"]);
        assert_eq!(codes("a = {b = 1, b = 2}\n"), ["key_duplicate"]);
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let text = "#".repeat(Report::MAX_BYTES + 1);
        assert_eq!(codes(&text), ["file_too_large"]);
        let most = Report::new("a.toml", &text[1..]);
        assert!(most.parse().is_some());
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        assert!(!codes(&format!("a = {}", "[".repeat(200_000))).is_empty());
        assert!(!codes(&format!("{}a = 1", "a.".repeat(200_000))).is_empty());
    }

    #[test]
    fn a_message_is_not_as_long_as_the_file() {
        let report = Report::new("a.toml", "a = 1");
        report.mark(0..1).fail("bad", "ü".repeat(100_000));
        let findings = report.finish::<()>(None).unwrap_err();
        assert!(findings.to_string().len() < 600);
    }

    #[test]
    fn what_is_too_many_is_counted() {
        let report = Report::new("a.toml", "a = 1");
        for _ in 0..Findings::MAX + 3 {
            report.mark(0..1).fail("bad", "bad").help("none");
        }
        let findings = report.finish(Some(())).unwrap_err();
        assert_eq!(
            (findings.iter().count(), findings.more()),
            (Findings::MAX, 3)
        );
        assert!(findings.to_string().ends_with("and 3 more"));
    }

    #[test]
    fn as_many_syntax_errors_as_there_are_are_counted() {
        let text = "=".repeat(1000);
        let report = Report::new("a.toml", &text);
        assert!(report.parse().is_none());
        let findings = report.finish(Some(())).unwrap_err();
        assert_eq!(findings.iter().count(), Findings::MAX);
        assert!(
            findings.more() >= 1000 - Findings::MAX,
            "{}",
            findings.more()
        );
    }

    #[test]
    fn findings_are_in_the_order_of_the_file() {
        let report = Report::new("a.toml", "a = 1\nb = 2");
        report.mark(6..7).fail("second", "b");
        report.mark(0..1).fail("first", "a");
        let findings = report.finish(Some(())).unwrap_err();
        let codes: Vec<_> = findings.iter().map(Finding::code).collect();
        assert_eq!(codes, ["first", "second"]);
    }
}
