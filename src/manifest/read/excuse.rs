//! `excuse = { wide_resource = "the whole forum is public" }`.

use super::context::unknown;
use super::hidden::hides;
use crate::action::preview_text;
use crate::document::{Name, Node, Table};
use crate::manifest::Place;
use crate::manifest::lint::Excuse;
use crate::review::Rule;

/// More is no excuse.
const MAX_BYTES: usize = 500;

/// The excuses of one table: of the rule that stands there, or of the whole file.
pub(super) fn excuses(table: &mut Table<'_, '_>, of: Option<Place>) -> Vec<Excuse> {
    let table = table.take("excuse").and_then(Node::table);
    let members = table.iter().flat_map(Table::members);
    members
        .filter_map(|(name, node)| excuse(name, node, of))
        .collect()
}

fn excuse(name: Name<'_, '_>, node: Node<'_, '_>, of: Option<Place>) -> Option<Excuse> {
    let words = words(node);
    // An excuse needs no excuse.
    let known = || Rule::ALL.into_iter().filter(|it| *it != Rule::IdleExcuse);
    let Some(rule) = known().find(|rule| rule.id() == name.text) else {
        let message = format!("nothing is found as `{}`", preview_text(name.text));
        let names = known().map(Rule::id);
        return unknown(name.mark, "excuse_unknown", message, name.text, names);
    };
    let (words, place) = (words?, name.mark.place());
    Some(Excuse {
        rule,
        words,
        of,
        place,
    })
}

/// One line that says something.
fn words(node: Node<'_, '_>) -> Option<String> {
    let text = node.text()?.trim();
    let shown = |c: char| !c.is_control() && !hides(c);
    let (code, message) = if text.is_empty() {
        ("excuse_empty", "an excuse needs words".to_owned())
    } else if text.len() > MAX_BYTES {
        let bytes = text.len();
        let message = format!("an excuse has at most {MAX_BYTES} bytes, not {bytes}");
        ("out_of_range", message)
    } else if let Some(hidden) = text.chars().find(|c| !shown(*c)) {
        let message = format!("the character `{}` does not show", hidden.escape_unicode());
        ("hidden_character", message)
    } else {
        return Some(text.to_owned());
    };
    node.mark.fail(code, message);
    None
}
