//! Fields that are noted.

use std::collections::BTreeMap;

use crate::catalog::Template;
use crate::catalog::field::NoteField;
use crate::document::{Mark, Node};
use crate::note::ValuePath;
use crate::scope::Label;

/// The fields of a table, each shown to `at`.
pub(super) fn notes<'r, 'd>(
    node: Node<'r, 'd>,
    mut at: impl FnMut(Label, Mark<'r, 'd>),
) -> Option<BTreeMap<Label, NoteField>> {
    let members = node.table()?.members();
    let read = members.map(|(name, node)| {
        let label = Label::new(name.text);
        let label = label.map_err(|error| name.mark.fail("label_malformed", error.to_string()));
        let field = field(node);
        let label = label.ok()?;
        at(label.clone(), name.mark);
        Some((label, field?))
    });
    read.collect::<Vec<_>>().into_iter().collect()
}

/// A path, or what each object is and the path in it.
fn field(node: Node<'_, '_>) -> Option<NoteField> {
    let path = |node: Node<'_, '_>| node.parse::<ValuePath>("path_malformed");
    if node.is_text() {
        return path(node).map(NoteField::new);
    }
    let mut table = node.table()?;
    let values = table.require("values").and_then(path);
    let each = table.require("each").and_then(path);
    let object = table.require("object");
    let object = object.and_then(|node| node.parse::<Template>("resource_malformed"));
    table.finish();
    Some(NoteField::new(values?).of_each(each?, object?))
}
