//! Characters that a reviewer does not see, and that change what is seen beside them.

use crate::document::Report;

/// Notes characters that show nothing or turn the text around, wherever they stand, comments included: a person must be able
/// to believe what the file looks like.
pub(in crate::manifest) fn hidden(report: &Report<'_>, text: &str) {
    for (at, character) in text.char_indices().filter(|(_, c)| hides(*c)) {
        let message = format!(
            "the character `{}` does not show",
            character.escape_unicode()
        );
        let mark = report.mark(at..at.saturating_add(character.len_utf8()));
        let noted = mark.fail("hidden_character", message);
        noted.help("leave it out; where it is meant, in a text in double quotes, write its escape");
    }
}

/// Whether a character shows nothing, or turns the text around.
pub(super) fn hides(character: char) -> bool {
    matches!(
        character,
        // Joiners, marks and spaces without a width; a soft hyphen.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        // Line ends that are none, and what turns the direction.
        | '\u{85}' | '\u{2028}'..='\u{202e}'
        // Letters that are empty, selectors of variants, tags.
        | '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0000}'..='\u{e0fff}'
    )
}
