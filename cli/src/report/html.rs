//! HTML, in which text can only stand as text.
//!
//! Names of elements, attributes and their values are written in this program (`&'static str`); everything else goes through
//! [`Html::text`]. There is no third way, so nothing has to be remembered.

use std::fmt::Display;

use bailiwick::action::one_line;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

/// Attributes of an element, all of them ours.
pub(super) type Attributes = [(&'static str, &'static str)];

/// Elements that stand within a line.
const INLINE: [&str; 6] = ["a", "abbr", "code", "span", "strong", "time"];

/// Elements and text.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// A whole page: nothing in it is run or fetched, and the one style is named by its digest.
    pub(super) fn page(
        title: impl Display,
        style: &'static str,
        body: impl FnOnce(&mut Self),
    ) -> String {
        let digest = BASE64_STANDARD.encode(Sha256::digest(style));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        );
        let mut page = Self("<!doctype html>\n".to_owned());
        page.with("html", &[("lang", "en")], |page| {
            page.el("head", |page| {
                page.void("meta", &[("charset", "utf-8")]);
                // Before all that it is about. No character of it is special in HTML.
                page.0
                    .push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"");
                page.0.push_str(&policy);
                page.0.push_str("\">\n");
                page.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
                page.void(
                    "meta",
                    &[
                        ("name", "viewport"),
                        ("content", "width=device-width, initial-scale=1"),
                    ],
                );
                page.void(
                    "meta",
                    &[("name", "color-scheme"), ("content", "light dark")],
                );
                page.void("meta", &[("name", "robots"), ("content", "noindex")]);
                page.el("title", |page| page.text(title));
                page.0.push_str("<style>");
                page.0.push_str(style);
                page.0.push_str("</style>\n");
            });
            page.el("body", body);
        });
        page.0
    }

    /// Text, whoever it is from: it begins no element, ends none, and neither moves nor hides a character.
    pub(super) fn text(&mut self, text: impl Display) {
        for character in one_line(&text.to_string()).chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
    }

    /// An element.
    pub(super) fn el(&mut self, name: &'static str, inside: impl FnOnce(&mut Self)) {
        self.with(name, &[], inside);
    }

    /// An element with attributes.
    pub(super) fn with(
        &mut self,
        name: &'static str,
        attributes: &Attributes,
        inside: impl FnOnce(&mut Self),
    ) {
        self.open(name, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
        self.end_line(name);
    }

    /// An element with nothing but text in it.
    pub(super) fn line(&mut self, name: &'static str, text: impl Display) {
        self.el(name, |html| html.text(text));
    }

    /// An element that has no end.
    fn void(&mut self, name: &'static str, attributes: &Attributes) {
        self.open(name, attributes);
        self.end_line(name);
    }

    fn open(&mut self, name: &'static str, attributes: &Attributes) {
        self.0.push('<');
        self.0.push_str(name);
        for (attribute, value) in attributes {
            self.0.push(' ');
            self.0.push_str(attribute);
            self.0.push_str("=\"");
            self.0.push_str(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    fn end_line(&mut self, name: &str) {
        if !INLINE.contains(&name) {
            self.0.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut html = Html::default();
        html.text(text);
        html.0
    }

    #[test]
    fn text_begins_and_ends_no_element() {
        let text = written("</style><script>alert('1')</script>\"&amp;");
        assert!(!text.contains(['<', '>', '"', '\'']), "{text}");
        assert!(text.ends_with("&quot;&amp;amp;"), "{text}");
    }

    #[test]
    fn what_moves_or_hides_is_written_as_an_escape() {
        let text = written("a\u{0}b\u{202e}c\u{200b}d\ne\u{1b}[2J");
        assert_eq!(text, r"a\0b\u{202e}c\u{200b}d\ne\u{1b}[2J");
    }

    #[test]
    fn the_policy_names_the_one_style_and_nothing_else() {
        let page = Html::page("t", "p{}", |_| ());
        let digest = BASE64_STANDARD.encode(Sha256::digest("p{}"));
        let policy = format!(
            "content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\""
        );
        assert!(page.contains(&policy), "{page}");
        assert_eq!(page.matches("<style>p{}</style>").count(), 1);
    }
}
