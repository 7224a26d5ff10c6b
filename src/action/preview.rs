//! Text from outside as one harmless line, for messages and for approvers.

/// The most characters that a preview has.
pub(crate) const PREVIEW_CHARS: usize = 80;

/// Text from outside as one line that neither moves a cursor nor hides a character, in full: whatever does not print is
/// written as `\n` or `\u{202e}`, all else stays. For whoever shows people what tokens and files say.
///
/// ```
/// use bailiwick::action::{one_line, quoted};
///
/// assert_eq!(one_line("Zürich \u{1b}[2J"), r"Zürich \u{1b}[2J");
/// // Between quotes, different texts never look the same.
/// assert_eq!(quoted("a\n\"b\""), r#""a\n\"b\"""#);
/// ```
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = Line::new(usize::MAX);
    line.source(text);
    line.finish()
}

/// Text from outside as [`one_line`], between double quotes that it cannot close.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut line = Line::new(usize::MAX);
    line.quoted(text);
    line.finish()
}

/// `text` on one line, at most [`PREVIEW_CHARS`] characters, with everything that does not print escaped.
pub(crate) fn preview_text(text: &str) -> String {
    let mut line = Line::new(PREVIEW_CHARS);
    line.escaped(text);
    line.finish()
}

/// A line that stops growing when it is full, and ends in `…` then.
pub(crate) struct Line {
    text: String,
    left: usize,
    full: bool,
}

impl Line {
    /// An empty line that may have `chars` characters, at least one.
    pub(crate) fn new(chars: usize) -> Line {
        Line {
            text: String::new(),
            // The last place is kept for the ellipsis.
            left: chars.saturating_sub(1),
            full: false,
        }
    }

    /// Whether something did not fit: more work would be wasted.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Adds text that is known to be harmless.
    pub(crate) fn plain(&mut self, text: &str) {
        for character in text.chars() {
            if !self.push(character, true) {
                return;
            }
        }
    }

    /// Adds text from outside. An escape is never cut in two.
    pub(super) fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            // Quotes harm nobody here; all that `escape_debug` escapes besides (controls, bidi, zero-width,
            // combining marks, separators, the backslash) could forge a line or hide what is there.
            let plain = matches!(character, '\'' | '"');
            if !self.push(character, plain) {
                return;
            }
        }
    }

    /// Adds a piece of a file that people write, as they wrote it, but for what does not print.
    pub(crate) fn source(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '\t' => self.plain("    "),
                '\'' | '"' | '\\' => {
                    self.push(character, true);
                }
                other => {
                    self.push(other, false);
                }
            }
        }
    }

    /// How many bytes there are by now.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Adds text from outside between double quotes, which it cannot close.
    pub(crate) fn quoted(&mut self, text: &str) {
        self.plain("\"");
        for character in text.chars() {
            if !self.push(character, character == '\'') {
                return;
            }
        }
        self.plain("\"");
    }

    /// The line.
    pub(crate) fn finish(mut self) -> String {
        if self.full {
            self.text.push('…');
        }
        self.text
    }

    /// Adds a character, as it is or escaped, and says whether there was room.
    fn push(&mut self, character: char, plain: bool) -> bool {
        if plain {
            self.extend(std::iter::once(character))
        } else if looks_empty(character) {
            self.extend(character.escape_unicode())
        } else {
            self.extend(character.escape_debug())
        }
    }

    fn extend(&mut self, characters: impl ExactSizeIterator<Item = char>) -> bool {
        if self.full || characters.len() > self.left {
            self.full = true;
            return false;
        }
        self.left -= characters.len();
        self.text.extend(characters);
        true
    }
}

/// What counts as a letter or a symbol, so that `escape_debug` keeps it, and shows nothing: fillers of
/// Hangul, the empty pattern of Braille, the empty head of a note.
fn looks_empty(character: char) -> bool {
    matches!(
        character,
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{1d159}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_bidi_and_zero_width_are_escaped() {
        assert_eq!(
            preview_text("a\nb\u{0}c\u{202e}d\u{200b}e\\f\u{2028}\u{85}"),
            r"a\nb\0c\u{202e}d\u{200b}e\\f\u{2028}\u{85}"
        );
    }

    #[test]
    fn a_line_in_full_has_nothing_that_moves_or_hides() {
        let hostile = "a\u{1b}[2J\r\nb\u{202e}c\u{9b}d\u{3164}\t\\";
        assert_eq!(
            one_line(hostile),
            r"a\u{1b}[2J\r\nb\u{202e}c\u{9b}d\u{3164}    \"
        );
        assert_eq!(quoted("\\\"\n"), r#""\\\"\n""#);
    }

    #[test]
    fn letters_that_show_nothing_are_escaped() {
        assert_eq!(
            preview_text("a\u{3164}b\u{2800}c\u{ad}d\u{fe0f}e\u{a0}"),
            r"a\u{3164}b\u{2800}c\u{ad}d\u{fe0f}e\u{a0}"
        );
    }

    #[test]
    fn letters_of_all_scripts_and_quotes_stay() {
        assert_eq!(preview_text("it's \"Zürich\" 東京"), "it's \"Zürich\" 東京");
    }

    #[test]
    fn a_long_text_is_cut_and_an_escape_is_not() {
        let line = preview_text(&"\u{202e}".repeat(40));
        assert!(line.chars().count() <= PREVIEW_CHARS);
        assert!(line.ends_with("}…"), "{line}");
        assert_eq!(preview_text(&"x".repeat(79)), "x".repeat(79));
        assert_eq!(preview_text(&"x".repeat(81)).chars().count(), PREVIEW_CHARS);
    }
}
