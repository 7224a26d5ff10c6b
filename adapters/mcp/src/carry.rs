//! How a presentation travels with a call.

use bailiwick::action::{JsonError, NameError, ToolCall, ToolName, Tree};
use rmcp::model::{JsonObject, RequestMetaObject};
use serde_json::Value;

/// The member of `_meta` that holds a presentation, `bwp1_…`.
pub const META_KEY: &str = "org.bailiwick/presentation";

/// The argument that holds a presentation where gateways on the way strip `_meta`. It is taken out before the call is looked at.
pub const ARGUMENT: &str = "bailiwick_presentation";

/// Which way a client sends presentations. A server takes both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carry {
    /// In `_meta`, as the protocol means it: see [`META_KEY`].
    #[default]
    Meta,
    /// As one more argument of the tool, for gateways that strip `_meta`: see [`ARGUMENT`]. A list of tools is asked for
    /// without a presentation then, and shows none of those that need one.
    Argument,
}

/// Why a message has no presentation that could be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotCarried {
    Missing,
    Repeated,
    NoText,
}

/// Takes the presentation out of wherever it is, so that nobody behind sees it.
pub(crate) fn take(
    meta: &mut RequestMetaObject,
    arguments: Option<&mut JsonObject>,
) -> Result<String, NotCarried> {
    let from_meta = meta.0.0.remove(META_KEY);
    let from_arguments = arguments.and_then(|arguments| arguments.remove(ARGUMENT));
    match (from_meta, from_arguments) {
        (Some(_), Some(_)) => Err(NotCarried::Repeated),
        (Some(Value::String(text)), None) | (None, Some(Value::String(text))) => Ok(text),
        (None, None) => Err(NotCarried::Missing),
        _ => Err(NotCarried::NoText),
    }
}

/// Why a call is none that could be guarded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoCall {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Arguments(#[from] JsonError),
}

/// What a proof covers of a call: both sides build it from the same members, without the presentation.
pub(crate) fn call(name: &str, arguments: Option<&JsonObject>) -> Result<ToolCall, NoCall> {
    let arguments = match arguments {
        None => Tree::empty(),
        Some(arguments) => Tree::from_json_value(&Value::Object(arguments.clone()))?,
    };
    Ok(ToolCall::new(ToolName::parse(name)?, arguments))
}

/// What a proof covers of asking for a list of tools. No tool is guarded under this name.
pub(crate) const LISTING: &str = "tools/list";
