//! Four ways to write one manifest, and none at all.

use bailiwick_examples::Outcome;
use toml::{Table, Value};

use crate::tool::Tool;

/// What stands between the agent and the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing. Shows that every task and every attack is possible.
    Open,
    /// A manifest without `from`: a target that the user's words do not name may be anything.
    Broad,
    /// The same, but a person is asked about each such act.
    Strict,
    /// The manifest as it is written, but for taint.
    Notes,
    /// The manifest as it is written.
    Taint,
}

impl Mode {
    pub(crate) const ALL: [Self; 5] = [
        Self::Open,
        Self::Broad,
        Self::Strict,
        Self::Notes,
        Self::Taint,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "no gates",
            Self::Broad => "broad",
            Self::Strict => "strict",
            Self::Notes => "notes",
            Self::Taint => "notes and taint",
        }
    }

    /// The rules of a task as this mode has them.
    pub(crate) fn rules(self, rules: &Table) -> Outcome<Table> {
        let mut rules = rules.clone();
        if self != Self::Taint {
            let when_tainted = |rule: &Value| rule.get("when_tainted").is_none();
            if let Some(Value::Array(require)) = rules.get_mut("require") {
                require.retain(when_tainted);
            }
        }
        if matches!(self, Self::Broad | Self::Strict) {
            let allow = rules.get_mut("allow").and_then(Value::as_array_mut);
            for rule in allow.ok_or("a manifest without `allow`")? {
                let rule = rule.as_table_mut().ok_or("a rule that is no table")?;
                let is_wide = widen(rule) || is_open(rule);
                if is_wide && self == Self::Strict && !rule.contains_key("approval") {
                    rule.insert("approval".to_owned(), approval()?);
                }
            }
        }
        Ok(rules)
    }
}

/// A person is asked.
fn approval() -> Outcome<Value> {
    Ok(Value::Table("of = [\"nora\"]\nat_least = 1".parse()?))
}

/// Puts any text in the place of each `from`. Whether there was one.
fn widen(rule: &mut Table) -> bool {
    let Some(Value::Table(arguments)) = rule.get_mut("arguments") else {
        return false;
    };
    let mut widened = false;
    for (_, constraint) in arguments.iter_mut() {
        let Some(constraint) = constraint.as_table_mut() else {
            continue;
        };
        if constraint.remove("from").is_some() {
            constraint.insert("max_len".to_owned(), Value::Integer(1000));
            widened = true;
        }
    }
    widened
}

/// Whether a rule for acts leaves open what it acts on.
fn is_open(rule: &Table) -> bool {
    let says = |key: &str| rule.get(key).and_then(Value::as_str).unwrap_or_default();
    let tool = says("operation").replace('.', "_");
    let reads = says("effect") == "read" || Tool::of(&tool).is_some_and(Tool::reads);
    says("resource").contains('*') && !reads
}
