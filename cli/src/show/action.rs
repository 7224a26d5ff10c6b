//! Actions.

use bailiwick::action::{Action, quoted};
use serde_json::{Value, json};

use super::value::{inline, tree};
use crate::answer::Page;

pub(crate) fn action(it: &Action) -> Value {
    json!({
        "service": it.service(),
        "operation": it.operation(),
        "effect": it.effect().as_str(),
        "resource": it.resource(),
        "arguments": tree(it.arguments()),
        "attributes": tree(it.attributes()),
        "digest": it.digest().to_string(),
    })
}

/// All of an action, one thing a line.
pub(crate) fn action_lines(page: &mut Page, depth: usize, it: &Action) {
    let head = format!(
        "{} on {} at {}",
        it.effect(),
        quoted(&it.resource().to_string()),
        quoted(it.service().as_str())
    );
    page.field(depth, "action", format!("{}: {head}", it.operation()));
    let below = depth.saturating_add(1);
    for (label, all) in [("argument", it.arguments()), ("attribute", it.attributes())] {
        if let Value::Object(members) = tree(all) {
            for (key, value) in &members {
                page.field(below, label, format!("{} = {}", quoted(key), inline(value)));
            }
        }
    }
}
