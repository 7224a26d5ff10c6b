//! Tokens, block by block.

use bailiwick::action::quoted;
use bailiwick::revoke::BlockId;
use bailiwick::token::Token;
use serde_json::{Value, json};

use super::scope::{scope, scope_lines};
use crate::answer::Page;

/// What a token says. Whether it is so is for others to find out.
pub(crate) fn blocks(token: &Token) -> Value {
    let contents = token.unverified();
    let task = contents.info().task();
    let parts = contents
        .scopes()
        .iter()
        .zip(token.holders())
        .zip(token.signatures());
    let blocks = parts
        .enumerate()
        .map(|(index, ((said, holder), signature))| {
            let delegate = index
                .checked_sub(1)
                .and_then(|it| contents.delegates().get(it));
            json!({
                "holder": holder,
                "agent": delegate.unwrap_or(task.agent()),
                "id": BlockId::from(&signature).to_string(),
                "scope": scope(said),
            })
        });
    json!({
        "root": token.root_key_id().get(),
        "task": task.id(),
        "purpose": task.purpose(),
        "principal": task.principal(),
        "issued": contents.info().issued(),
        "ends": contents.not_after(),
        "blocks": blocks.collect::<Vec<_>>(),
    })
}

/// What [`blocks`] gives, as lines.
pub(crate) fn blocks_lines(page: &mut Page, depth: usize, token: &Value) {
    let text =
        |of: &Value, key: &str| quoted(of.get(key).and_then(Value::as_str).unwrap_or_default());
    let plain = |of: &Value, key: &str| {
        of.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    page.field(depth, "task", text(token, "task"));
    page.field(depth, "purpose", text(token, "purpose"));
    page.field(depth, "for", text(token, "principal"));
    page.field(depth, "issued", plain(token, "issued"));
    page.field(depth, "ends", plain(token, "ends"));
    let all = token.get("blocks").and_then(Value::as_array);
    for (index, block) in all.into_iter().flatten().enumerate() {
        let by = match index.checked_sub(1) {
            None => format!("by root {}", token.get("root").cloned().unwrap_or_default()),
            Some(before) => format!("by the holder of block {before}"),
        };
        page.head(depth, &format!("block {index}, {by}"));
        let below = depth.saturating_add(1);
        let stated = if index == 0 {
            ""
        } else {
            " (as stated by its delegator)"
        };
        page.field(below, "agent", format!("{}{stated}", text(block, "agent")));
        page.field(below, "holder", plain(block, "holder"));
        page.field(below, "id", plain(block, "id"));
        scope_lines(page, below, block.get("scope").unwrap_or(&Value::Null));
    }
}
