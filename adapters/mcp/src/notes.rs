//! How notes travel with the result of a tool.

use bailiwick::catalog::Noting;
use bailiwick::note::DetachedNote;
use rmcp::model::CallToolResult;
use serde_json::Value;

/// The member of a result's `_meta` that holds notes of its structured content, a list of `bwd1_…`.
pub const NOTES_KEY: &str = "org.bailiwick/notes";

/// Notes what the tool answered, in the place of any notes that came from behind the guard.
pub(crate) fn put(result: &mut CallToolResult, noting: Option<&Noting>) {
    strip(result);
    let (Some(noting), Some(answer)) = (noting, &result.structured_content) else {
        return;
    };
    if result.is_error == Some(true) {
        return;
    }
    let notes: Vec<Value> = noting
        .sign(answer)
        .iter()
        .map(|note| note.to_text().into())
        .collect();
    if !notes.is_empty() {
        let meta = result.meta.get_or_insert_default();
        meta.0.insert(NOTES_KEY.to_owned(), Value::Array(notes));
    }
}

/// Takes the notes out, so that no model sees them.
pub(crate) fn take(result: &mut CallToolResult) -> Vec<DetachedNote> {
    let Some(Value::Array(notes)) = strip(result) else {
        return Vec::new();
    };
    let texts = notes
        .iter()
        .filter_map(Value::as_str)
        .take(DetachedNote::MAX_OF_ANSWER);
    texts
        .filter_map(|text| DetachedNote::parse(text).ok())
        .collect()
}

fn strip(result: &mut CallToolResult) -> Option<Value> {
    let meta = result.meta.as_mut()?;
    let notes = meta.0.remove(NOTES_KEY);
    if meta.0.is_empty() {
        result.meta = None;
    }
    notes
}
