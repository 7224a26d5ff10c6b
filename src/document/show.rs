//! A finding as people read it: the line that it is about, and a caret under the place.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use super::findings::Finding;
use crate::action::{Line, preview_text};

/// A line of the file with nothing in it that does not print, shortened around one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    text: String,
    /// The place, in bytes of `text`.
    mark: Range<usize>,
}

impl Excerpt {
    /// The most characters that are kept before the place, of it, and after it.
    const CHARS: usize = 60;

    /// `line` has the place at `mark`, in bytes; what of it lies past the line is left out.
    pub(super) fn new(line: &str, mark: Range<usize>) -> Self {
        let (before, rest) = line.split_at_checked(mark.start).unwrap_or((line, ""));
        let length = mark.end.saturating_sub(mark.start);
        let (marked, after) = rest.split_at_checked(length).unwrap_or((rest, ""));

        let mut last = before.char_indices().rev().map(|(at, _)| at);
        let from = last.nth(Self::CHARS.saturating_sub(1)).unwrap_or_default();
        let mut shown = Line::new(usize::MAX);
        if from > 0 {
            shown.plain("…");
        }
        shown.source(before.get(from..).unwrap_or_default());
        let start = shown.bytes();
        shorten(&mut shown, marked);
        let end = shown.bytes();
        shorten(&mut shown, after);
        Self {
            text: shown.finish(),
            mark: start..end,
        }
    }
}

/// Adds the beginning of a text from outside.
fn shorten(shown: &mut Line, text: &str) {
    match text.char_indices().nth(Excerpt::CHARS) {
        None => shown.source(text),
        Some((end, _)) => {
            shown.source(text.get(..end).unwrap_or_default());
            shown.plain("…");
        }
    }
}

/// The finding as compilers print theirs.
pub(super) fn show(file: &str, finding: &Finding) -> String {
    let (code, message) = (finding.code, &finding.message);
    let (file, line, column) = (preview_text(file), finding.line, finding.column);
    let Excerpt { text, mark } = &finding.excerpt;
    let width = |range: Range<usize>| text.get(range).unwrap_or_default().width();
    let (before, carets) = (width(0..mark.start), width(mark.clone()).max(1));
    let number = line.to_string();
    let gutter = " ".repeat(number.len());
    let mut shown = format!(
        "error[{code}]: {message}\n\
         {gutter}--> {file}:{line}:{column}\n\
         {gutter} |\n\
         {number} | {text}\n\
         {gutter} | {}{}",
        " ".repeat(before),
        "^".repeat(carets),
    );
    if let Some(help) = &finding.help {
        shown.push_str(&format!("\n{gutter} = help: {help}"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use crate::document::Report;

    fn shown(text: &str, place: std::ops::Range<usize>) -> String {
        let report = Report::new("a\u{202e}.toml", text);
        report.mark(place).fail("bad", "this is bad").help("do so");
        report.finish(Some(())).unwrap_err().to_string()
    }

    #[test]
    fn a_finding_shows_its_line_with_a_caret_under_the_place() {
        let text = "a = 1\n\tb = 東京 \"x\\n\"\n";
        let place = text.find('"').unwrap();
        assert_eq!(
            shown(text, place..place + 5),
            "error[bad]: this is bad\n \
             --> a\\u{202e}.toml:2:9\n  \
             |\n\
             2 |     b = 東京 \"x\\n\"\n  \
             |              ^^^^^\n  \
             = help: do so"
        );
    }

    #[test]
    fn what_does_not_print_in_a_line_is_escaped() {
        let text = "a = \"\u{202e}\u{3164}\u{200b}\u{7}\" x";
        let shown = shown(text, text.len() - 1..text.len());
        assert!(
            shown.contains(r#"a = "\u{202e}\u{3164}\u{200b}\u{7}" x"#),
            "{shown}"
        );
        let caret = shown.lines().find(|line| line.ends_with('^')).unwrap();
        assert_eq!(
            caret.chars().count(),
            4 + r#"a = "\u{202e}\u{3164}\u{200b}\u{7}" x"#.len()
        );
    }

    #[test]
    fn a_long_line_is_shortened_around_the_place() {
        let text = format!("{}HERE{}", "x".repeat(100_000), "y".repeat(100_000));
        let shown = shown(&text, 100_000..100_004);
        assert!(shown.contains("xHEREy"), "{shown}");
        assert!(shown.contains(":1:100001"), "{shown}");
        assert!(shown.len() < 600, "{shown}");
    }

    #[test]
    fn a_place_over_many_lines_or_past_the_end_is_shown_as_far_as_it_goes() {
        assert!(shown("a = [\n1,\n]\n", 4..10).contains("1 | a = [\n  |     ^"));
        assert!(shown("a", 1..1).contains(":1:2"));
        assert!(shown("a\n", 2..2).contains(":2:1"));
        assert!(shown("", 0..9).contains(":1:1"));
        assert!(shown("é", 1..1).contains(":1:1"));
    }
}
