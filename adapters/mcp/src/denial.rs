//! A refusal as a model reads it.

use bailiwick::gate::Refusal;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Value, json};

use crate::carry::{NoCall, NotCarried};

/// An error of the tool, never a result: one line for the model, and the same as data.
pub(crate) fn of(refusal: &Refusal) -> CallToolResult {
    let mut data = serde_json::to_value(refusal).unwrap_or_else(|_| json!({}));
    if let Value::Object(data) = &mut data {
        data.insert("next".to_owned(), refusal.next_step().into());
    }
    let (code, next) = (refusal.code(), refusal.next_step());
    result(code, &refusal.message(), next, data)
}

impl NotCarried {
    pub(crate) fn denied(self) -> CallToolResult {
        let (code, message) = match self {
            Self::Missing => (
                "presentation_missing",
                "the call came without a presentation",
            ),
            Self::Repeated => (
                "presentation_repeated",
                "the call came with two presentations",
            ),
            Self::NoText => ("presentation_malformed", "the presentation is no text"),
        };
        plain(code, message)
    }
}

impl NoCall {
    pub(crate) fn denied(&self) -> CallToolResult {
        let code = match self {
            Self::Name(_) => "tool_name_invalid",
            Self::Arguments(_) => "arguments_invalid",
        };
        plain(code, &self.to_string())
    }
}

/// A denial of which there is no more to say.
pub(crate) fn plain(code: &str, message: &str) -> CallToolResult {
    let next = "The call was not made.";
    result(
        code,
        message,
        next,
        json!({ "code": code, "message": message, "next": next }),
    )
}

fn result(code: &str, message: &str, next: &str, data: Value) -> CallToolResult {
    let line = format!("denied ({code}): {message}. {next}");
    let mut result = CallToolResult::error(vec![ContentBlock::text(line)]);
    result.structured_content = Some(data);
    result
}
