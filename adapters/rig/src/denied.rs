//! Why a tool of an agent did not run.

use bailiwick::action::JsonError;
use bailiwick::gate::Refusal;
use bailiwick::guard::NotRun;
use rig_core::message::ToolResultContent;
use rig_core::tool::{ToolExecutionError, ToolOutput};
use serde_json::{Value, json};

/// Why a tool of an agent did not run.
///
/// It is the source of the refused call that Rig gets: `result.refusal()` and then `downcast_ref::<Denied>()` find it in a hook
/// of the runtime. The model reads one line of text, and the same as JSON: the code, the message, what to do next, the
/// decision and its reasons. The request for approvals is not among it, as a model can neither send it nor answer it:
/// see [`Guarded::on_approval_needed`](crate::Guarded::on_approval_needed).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// The guard does not permit the call.
    #[error(transparent)]
    NotRun(#[from] NotRun),
    /// The arguments are not one JSON object with each key once.
    #[error(transparent)]
    Arguments(#[from] JsonError),
    /// A tool was asked to run as another one.
    #[error("the call is of another tool than the one that it came to")]
    OtherTool,
    /// The agent has no tool of that name.
    #[error("no such tool is offered")]
    NotOffered,
}

impl Denied {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRun(not_run) => not_run.code(),
            Self::Arguments(_) => "arguments_invalid",
            Self::OtherTool => "tool_mismatch",
            Self::NotOffered => "tool_not_offered",
        }
    }

    /// The refusal, if a gate gave one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::NotRun(not_run) => not_run.refusal(),
            _ => None,
        }
    }

    /// What the model may do instead.
    pub fn next_step(&self) -> &'static str {
        match (self.refusal(), self) {
            (Some(refusal), _) => refusal.next_step(),
            (None, Self::Arguments(_)) => "Correct the arguments.",
            _ => "Go on without it.",
        }
    }

    /// One line for the model.
    pub(crate) fn line(&self) -> String {
        let (code, why, next) = (self.code(), self.message(), self.next_step());
        format!("denied ({code}): {why}. {next}")
    }

    fn message(&self) -> String {
        self.refusal()
            .map_or_else(|| self.to_string(), Refusal::message)
    }

    /// The same as data.
    fn data(&self) -> Value {
        let refusal = self.refusal().and_then(|it| serde_json::to_value(it).ok());
        let mut data = match refusal {
            Some(Value::Object(data)) => data,
            _ => serde_json::Map::new(),
        };
        data.remove("approval_request");
        data.insert("code".to_owned(), json!(self.code()));
        data.insert("message".to_owned(), json!(self.message()));
        data.insert("next".to_owned(), json!(self.next_step()));
        Value::Object(data)
    }
}

/// A refused call, never a success.
impl From<Denied> for ToolExecutionError {
    fn from(denied: Denied) -> Self {
        let line = denied.line();
        let error = Self::refused(line.clone()).with_code(denied.code());
        let content = vec![
            ToolResultContent::text(line),
            ToolResultContent::json(denied.data()),
        ];
        let error = match ToolOutput::content(content) {
            Ok(output) => error.with_model_output(output),
            Err(_) => error,
        };
        error.with_source(denied)
    }
}
