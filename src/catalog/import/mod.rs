//! Drafts of catalogs, from what MCP servers say of their tools.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::catalog::Catalog;
use super::kind::Type;
use super::spec::Presence;
use crate::action::{Key, Operation, Service, ToolName, preview_text};
use crate::document::Findings;

mod guess;
mod schema;
mod write;

use guess::Guess;
use write::{parameter, quoted};

/// Why there is no draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// There is no list of tools.
    #[error("there is no list of tools: neither a list nor an object with a list `tools`")]
    NoTools,
    /// There are more tools than a catalog has operations.
    #[error("there are more than {} tools", Catalog::MAX_OPERATIONS)]
    TooMany,
    /// What was drafted is no catalog. This is a mistake of ours: please report it.
    #[error("what was drafted is no catalog:\n{0}")]
    Draft(Findings),
}

/// Drafts a catalog in TOML from the result of an MCP server's `tools/list`, for a person to correct.
///
/// The draft is a catalog as it stands. Each guess is marked with `# guessed:`. Effects are guessed from names: the most
/// harmful that a name speaks of, and `admin` when in doubt. A tool that cannot be described is left out, with a comment, so
/// that calls of it are refused.
///
/// ```
/// use bailiwick::action::Effect;
/// use bailiwick::catalog::{Catalog, import};
///
/// let listed = serde_json::json!({"tools": [
///     {"name": "read_file", "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}},
///     {"name": "frobnicate", "annotations": {"readOnlyHint": true}, "inputSchema": {"type": "object"}},
/// ]});
/// let draft = import(&"files.example".parse()?, &listed)?;
/// let catalog = Catalog::parse("files.toml", &draft)?;
///
/// let read = catalog.operation(&"files.read_file".parse()?).ok_or("missing")?;
/// assert_eq!((read.effect(), read.resource().to_string().as_str()), (Effect::Read, "files/{path**}"));
/// // A server's word alone is not enough.
/// let other = catalog.operation(&"files.frobnicate".parse()?).ok_or("missing")?;
/// assert_eq!(other.effect(), Effect::Admin);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When there is no list of tools, or it is too long.
///
/// # Security
///
/// Whatever a server says is untrusted. Its hints can make a guess more careful, never less; its descriptions stand in comments
/// of one line, with everything escaped that does not print. Read the draft before you use it.
pub fn import(service: &Service, tools_list: &Json) -> Result<String, ImportError> {
    let tools = tools_list.get("tools").unwrap_or(tools_list);
    let tools = tools.as_array().ok_or(ImportError::NoTools)?;
    if tools.len() > Catalog::MAX_OPERATIONS {
        return Err(ImportError::TooMany);
    }
    let mut draft = Draft::new(service);
    for tool in tools {
        draft.tool(tool);
    }
    let text = draft.text;
    // Without a tool there is no operation, and that is no catalog yet.
    if !draft.operations.is_empty() {
        Catalog::parse("draft", &text).map_err(ImportError::Draft)?;
    }
    Ok(text)
}

struct Draft {
    text: String,
    prefix: String,
    tools: BTreeSet<ToolName>,
    operations: BTreeSet<Operation>,
}

impl Draft {
    fn new(service: &Service) -> Self {
        let name = service.as_str();
        let host = name.split_once("://").map_or(name, |(_, rest)| rest);
        let mut text = String::from("# A draft. Check every line that is marked as guessed.\n");
        let _ = writeln!(text, "service = {}", quoted(name));
        Self {
            text,
            prefix: word(
                host.split(['.', ':', '/']).next().unwrap_or_default(),
                "service",
            ),
            tools: BTreeSet::new(),
            operations: BTreeSet::new(),
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn tool(&mut self, tool: &Json) {
        let name = tool.get("name").and_then(Json::as_str).unwrap_or_default();
        self.line("");
        if let Err(why) = self.described(name, tool) {
            let name = preview_text(name);
            self.line(&format!("# left out: tool `{name}`: {why}"));
        }
    }

    fn described(&mut self, name: &str, tool: &Json) -> Result<(), String> {
        let tool_name = ToolName::parse(name).map_err(|error| error.to_string())?;
        if self.tools.contains(&tool_name) {
            return Err("another tool has this name".to_owned());
        }
        let arguments = schema::arguments(tool.get("inputSchema"))?;
        let operation = self.operation(name)?;
        let guess = Guess::of(name, tool.get("annotations"));
        let touched = touched(&arguments);

        if let Some(said) = tool.get("description").and_then(Json::as_str) {
            self.line(&format!("# {}", preview_text(said)));
        }
        self.line(&format!("[operation.{}]", quoted(operation.as_str())));
        self.line(&format!(
            "effect = {} # guessed: {}",
            quoted(guess.effect.as_str()),
            guess.why
        ));
        let (prefix, last) = (
            &self.prefix,
            operation.as_str().rsplit('.').next().unwrap_or_default(),
        );
        let (resource, why) = match touched {
            Some(key) => (format!("{prefix}/{{{key}**}}"), "its one path"),
            None => (format!("{prefix}/{last}"), "the tool as a whole"),
        };
        self.line(&format!(
            "resource = {} # guessed: {why}",
            quoted(&resource)
        ));
        if guess.effect == crate::action::Effect::Read {
            self.line("untrusted = true # guessed: whoever may have written what it reads");
        }
        if !arguments.is_empty() {
            self.line(&format!(
                "[operation.{}.arguments]",
                quoted(operation.as_str())
            ));
        }
        for (key, argument) in &arguments {
            let each = touched == Some(key) && matches!(argument.parameter.kind(), Type::List(_));
            let mut line = format!(
                "{} = {}",
                quoted(key.as_str()),
                parameter(&argument.parameter, each)
            );
            if let Some(why) = argument.guessed {
                let _ = write!(line, " # guessed: {why}");
            }
            self.line(&line);
        }
        self.line(&format!("[operation.{}.mcp]", quoted(operation.as_str())));
        self.line(&format!("tool = {}", quoted(name)));
        self.tools.insert(tool_name);
        self.operations.insert(operation);
        Ok(())
    }

    /// A name that no other operation has.
    fn operation(&self, tool: &str) -> Result<Operation, String> {
        let name = format!("{}.{}", self.prefix, word(tool, "tool"));
        let numbered = (2..=Catalog::MAX_OPERATIONS + 1).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names
            .find_map(|name| {
                let operation = Operation::parse(&name).ok()?;
                (!self.operations.contains(&operation)).then_some(operation)
            })
            .ok_or_else(|| "its name makes no operation".to_owned())
    }
}

/// The one argument that says what is touched, if there is just one path.
fn touched(arguments: &[(Key, schema::Argument)]) -> Option<&Key> {
    let is_path = |kind: &Type| match kind {
        Type::List(items) => **items == Type::Path,
        kind => *kind == Type::Path,
    };
    let mut paths = arguments
        .iter()
        .filter(|(_, it)| is_path(it.parameter.kind()));
    match (paths.next(), paths.next()) {
        (Some((key, it)), None) if *it.parameter.presence() == Presence::Required => {
            // Braces would make another template.
            (!key.as_str().contains(['{', '}', '/'])).then_some(key)
        }
        _ => None,
    }
}

/// Text as one part of the name of an operation.
fn word(text: &str, otherwise: &str) -> String {
    const LONGEST: usize = 48;
    let plain = |character: char| match character.to_ascii_lowercase() {
        character if character.is_ascii_alphanumeric() || character == '-' => character,
        _ => '_',
    };
    let word: String = text.chars().take(LONGEST).map(plain).collect();
    match word.chars().next() {
        Some('a'..='z') => word,
        Some(_) => format!("{otherwise}_{word}"),
        None => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests;
