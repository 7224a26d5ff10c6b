//! Texts that parameters stand in. Braces stand around the name of a parameter, and nowhere else.

use super::context::Context;
use crate::action::Purpose;
use crate::document::{Mark, Node};
use crate::manifest::purpose::{Piece, PurposeTemplate};

/// What a whole text, or a whole segment, is.
pub(super) enum Whole<'t> {
    Constant(&'t str),
    /// The name of a parameter, as it was written.
    Parameter(&'t str),
}

/// A constant or one parameter. Anything else that has braces is noted.
pub(super) fn whole<'t>(mark: Mark<'_, '_>, text: &'t str) -> Option<Whole<'t>> {
    if !text.contains(['{', '}']) {
        return Some(Whole::Constant(text));
    }
    let name = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    match name.filter(|name| !name.contains(['{', '}'])) {
        Some(name) => Some(Whole::Parameter(name)),
        None => {
            let message =
                "braces stand around the name of one parameter, and nothing stands beside them";
            braces(mark, message)
        }
    }
}

/// Text in which parameters may stand anywhere.
pub(super) fn purpose(node: Node<'_, '_>, context: &Context<'_, '_>) -> Option<PurposeTemplate> {
    let mut rest = node.text()?;
    let mut pieces = Vec::new();
    // The words alone, with one letter for each parameter, must be a purpose.
    let mut words = String::new();
    while let Some((text, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return braces(node.mark, "a brace is not closed");
        };
        push(&mut pieces, &mut words, unopened(node.mark, text)?);
        let (name, _) = context.parameter(node.mark, name)?;
        pieces.push(Piece::Parameter(name));
        words.push('x');
        rest = after;
    }
    push(&mut pieces, &mut words, unopened(node.mark, rest)?);
    if let Err(error) = Purpose::parse(&words) {
        node.mark.fail("purpose_invalid", error.to_string());
    }
    Some(PurposeTemplate(pieces))
}

fn unopened<'t>(mark: Mark<'_, '_>, text: &'t str) -> Option<&'t str> {
    if text.contains('}') {
        return braces(mark, "a brace is closed and was not opened");
    }
    Some(text)
}

fn push(pieces: &mut Vec<Piece>, words: &mut String, text: &str) {
    words.push_str(text);
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

fn braces<T>(mark: Mark<'_, '_>, message: &str) -> Option<T> {
    mark.fail("braces", message);
    None
}
