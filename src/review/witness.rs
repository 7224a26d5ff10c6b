//! A case as proof, and as text.

use std::fmt;
use std::ops::Deref;

use super::case::Case;
use crate::action::{Object, Value, preview_text};
use crate::scope::Possession;

/// The most arguments that a line shows.
const SHOWN: usize = 4;

/// A case that the evaluator has confirmed to be what it is a witness of.
///
/// [`Display`](fmt::Display) writes it for people: the action, then all that must be known, one
/// line an item. What comes from a scope is escaped and shortened, so that no line is forged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness(Case);

impl Witness {
    pub(super) fn of(case: Case) -> Self {
        Self(case)
    }

    /// The case.
    pub fn case(&self) -> &Case {
        &self.0
    }

    /// The action on one line, escaped and shortened: `forum.publish` (publish) on `forum/thread/42`.
    pub fn action_line(&self) -> String {
        let action = self.0.action();
        let (operation, effect) = (action.operation(), action.effect());
        let mut said = format!("`{operation}` ({effect}) on `{}`", line(action.resource()));
        for (key, value) in action.arguments().root().iter().take(SHOWN) {
            said.push_str(&format!(", {} {}", line(key), value.preview()));
        }
        said
    }
}

impl Deref for Witness {
    type Target = Case;

    fn deref(&self) -> &Case {
        &self.0
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (case, action) = (&self.0, self.0.action());
        writeln!(f, "operation: {} ({})", action.operation(), action.effect())?;
        writeln!(f, "resource: {}", line(action.resource()))?;
        writeln!(f, "service: {}", line(action.service()))?;
        tree(f, "argument", action.arguments().root())?;
        tree(f, "attribute", action.attributes().root())?;
        writeln!(f, "time: {}", case.now())?;
        for key in case.approved_by() {
            writeln!(f, "approved by: {key}")?;
        }
        for (label, values) in case.notes().iter() {
            for value in values {
                let value = preview(&Value::from(value));
                writeln!(f, "noted under {}: {value}", line(label))?;
            }
        }
        for (purse, spent) in case.purses() {
            writeln!(f, "spent of budget {}: {spent}", purse.name())?;
        }
        let tainted = if case.is_tainted() { "yes" } else { "no" };
        writeln!(f, "task has read untrusted data: {tainted}")?;
        f.write_str(match case.possession() {
            Possession::Signature => "proof of possession: a signature",
            Possession::Session => "proof of possession: a session",
        })
    }
}

fn tree(f: &mut fmt::Formatter<'_>, what: &str, root: &Object) -> fmt::Result {
    for (key, value) in root.iter() {
        writeln!(f, "{what} {}: {}", line(key), preview(value))?;
    }
    Ok(())
}

/// A value, and how large it is if it is cut: often that is what matters.
fn preview(value: &Value) -> String {
    let shown = value.preview();
    let size = match value {
        _ if !shown.ends_with('…') => return shown,
        Value::Text(text) => format!("{} bytes", text.len()),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::List(values) => format!("{} elements", values.len()),
        _ => return shown,
    };
    format!("{shown} ({size})")
}

fn line(text: impl ToString) -> String {
    preview_text(&text.to_string())
}
