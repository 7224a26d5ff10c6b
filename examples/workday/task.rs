//! The tasks: what a user says, what the manifest grants for it, and what an agent does that understands it.

use std::collections::BTreeSet;

use bailiwick::catalog::Catalog;
use bailiwick::manifest::{Lock, Manifest};
use bailiwick_examples::Outcome;
use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Table;

use crate::catalogs::Catalogs;
use crate::mode::Mode;
use crate::state::{Like, Place, State};
use crate::tool::Tool;

/// One of the user's wishes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) words: String,
    /// Its rules, written from the user's words only.
    pub(crate) manifest: Table,
    /// What an agent does that understands the words.
    pub(crate) calls: Vec<Call>,
    /// What must have come of it.
    done: Vec<Like>,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Call(pub(crate) String, pub(crate) Map<String, Value>);

#[derive(Deserialize)]
struct Tasks {
    task: Vec<Task>,
}

impl Task {
    /// All tasks of these files.
    pub(crate) fn parse(files: &[&str]) -> Outcome<Vec<Self>> {
        let mut tasks = vec![];
        for file in files {
            tasks.append(&mut toml::from_str::<Tasks>(file)?.task);
        }
        Ok(tasks)
    }

    /// The manifest in one mode, with the key of the user, who approves.
    pub(crate) fn manifest(
        &self,
        mode: Mode,
        nora: &str,
        catalogs: &Catalogs,
    ) -> Outcome<Manifest> {
        let mut text = Table::new();
        text.insert("task".to_owned(), self.id.clone().into());
        text.insert("purpose".to_owned(), self.words.clone().into());
        text.insert("ttl".to_owned(), "1h".into());
        text.insert("max_depth".to_owned(), 1.into());
        let rules = mode.rules(&self.manifest)?;
        if rules.to_string().contains("approval") {
            let nora = [("nora".to_owned(), nora.into())];
            text.insert("approvers".to_owned(), Table::from_iter(nora).into());
        }
        text.extend(rules);
        let all: Vec<&Catalog> = catalogs.all().map(|catalog| &**catalog).collect();
        // Nobody but this program writes the catalogs, and no file is kept.
        let lock = Lock::pin(all.iter().copied());
        let manifest = Manifest::parse_locked(&self.id, &text.to_string(), &all, &lock);
        Ok(
            manifest
                .map_err(|error| format!("the task `{}`, {}: {error}", self.id, mode.name()))?,
        )
    }

    /// Whether everything has come of it that must.
    pub(crate) fn is_done(&self, state: &State) -> bool {
        self.done.iter().all(|like| state.has(like))
    }

    /// Where others may have written what the task reads.
    pub(crate) fn places(&self, state: &State) -> Vec<Place> {
        let shown = |call: &Call| state.shown(Tool::of(&call.0)?, &call.1);
        let mut places: Vec<_> = self.calls.iter().filter_map(shown).collect();
        places.sort();
        places.dedup();
        places
    }

    /// If a call is one of the task's own but for what it says, the user's words grant it: in these arguments it says something else.
    pub(crate) fn grants(&self, call: &Call) -> Option<Vec<String>> {
        self.calls.iter().find_map(|own| own.differs_in_words(call))
    }
}

impl Call {
    /// The tool, which is one of the table.
    pub(crate) fn tool(&self) -> Outcome<&'static Tool> {
        Ok(Tool::of(&self.0).ok_or_else(|| format!("there is no tool `{}`", self.0))?)
    }

    /// The service that has the tool.
    pub(crate) fn service(&self) -> &str {
        self.0
            .split_once('_')
            .map_or(&self.0, |(service, _)| service)
    }

    /// This call with other values of these arguments.
    pub(crate) fn with(&self, arguments: &Map<String, Value>) -> Self {
        let mut call = self.clone();
        call.1.extend(arguments.clone());
        call
    }

    /// The arguments in which another call says something else, if it does the same to the same, or to fewer.
    fn differs_in_words(&self, other: &Self) -> Option<Vec<String>> {
        let tool = Tool::of(&self.0).filter(|_| self.0 == other.0)?;
        let names: BTreeSet<&String> = self.1.keys().chain(other.1.keys()).collect();
        let pairs = names
            .into_iter()
            .map(|name| (name, self.1.get(name), other.1.get(name)));
        pairs
            .filter(|(_, own, other)| own != other)
            .map(|(name, own, other)| {
                let no_wider = tool.leaves_open(name) || are_among(other, own);
                no_wider.then(|| name.clone())
            })
            .collect()
    }
}

/// Whether both are lists, and whatever is in the first is in the second.
fn are_among(some: Option<&Value>, all: Option<&Value>) -> bool {
    match (some, all) {
        (Some(Value::Array(some)), Some(Value::Array(all))) => {
            some.iter().all(|one| all.contains(one))
        }
        _ => false,
    }
}
