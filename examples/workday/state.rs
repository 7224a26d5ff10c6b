//! The objects of all services, and what acts make of them.

use std::collections::BTreeMap;
use std::fmt;

use bailiwick_examples::Outcome;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::tool::{Act, Tool};

/// Objects in lists by name, such as `mail.inbox`.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct State(BTreeMap<String, Vec<Value>>);

/// An object of this list that has these members.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Like(pub(crate) String, pub(crate) Value);

/// A place that a task reads: an object, by its list and its number there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    list: &'static str,
    index: usize,
}

/// Who writes to the agent in a chat.
const ATTACKER: &str = "eve@quickpost.example";

/// Where people write in an object, of whatever kind.
const PROSE: [&str; 4] = ["body", "text", "description", "memo"];

impl State {
    /// Adds what another state has, in front.
    pub(crate) fn join(&mut self, other: Self) {
        for (list, mut objects) in other.0 {
            let ours = self.0.entry(list).or_default();
            objects.append(ours);
            *ours = objects;
        }
    }

    pub(crate) fn push(&mut self, list: &str, object: Value) {
        self.0.entry(list.to_owned()).or_default().push(object);
    }

    /// How many objects there are.
    pub(crate) fn size(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    pub(crate) fn has(&self, Like(list, like): &Like) -> bool {
        self.list(list).iter().any(|object| is_like(object, like))
    }

    /// Does what a tool does. An error is one of the caller.
    pub(crate) fn act(&mut self, tool: &Tool, arguments: &Map<String, Value>) -> Outcome<Value> {
        Ok(match tool.act {
            Act::Find(lists, fields) => {
                let word = arguments
                    .get("word")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let found = lists.iter().map(|(name, list)| {
                    let fits = self
                        .list(list)
                        .iter()
                        .filter(|object| mentions(object, word));
                    (
                        (*name).to_owned(),
                        fits.map(|object| only(object, fields)).collect(),
                    )
                });
                Value::Object(found.collect())
            }
            Act::Read(list) => self.list(list)[self.index(list, arguments)?].clone(),
            Act::Add(list) => {
                self.push(list, Value::Object(arguments.clone()));
                json!({ "done": true })
            }
            Act::Move(from, to) => {
                let index = self.index(from, arguments)?;
                let object = self.list_mut(from).remove(index);
                self.push(to, object);
                json!({ "done": true })
            }
            Act::Change(list) => {
                let index = self.index(list, arguments)?;
                if let Value::Object(object) = &mut self.list_mut(list)[index] {
                    object.extend(arguments.clone());
                }
                json!({ "done": true })
            }
            Act::Extend(list, field, more) => {
                let index = self.index(list, arguments)?;
                if let (Some(Value::Array(had)), Some(Value::Array(more))) = (
                    self.list_mut(list)[index].get_mut(field),
                    arguments.get(more),
                ) {
                    had.extend(more.clone());
                }
                json!({ "done": true })
            }
        })
    }

    /// The object that a call of this tool shows, prose and all, if it shows one: where somebody may have written something.
    pub(crate) fn shown(&self, tool: &Tool, arguments: &Map<String, Value>) -> Option<Place> {
        match tool.act {
            Act::Read(list) => {
                let index = self.index(list, arguments).ok()?;
                Some(Place { list, index })
            }
            // What others write there is a memo.
            Act::Find(lists, fields) if fields.contains(&"memo") => {
                let (_, list) = lists.last()?;
                Some(Place { list, index: 0 })
            }
            _ => None,
        }
    }

    /// Writes more there, as whoever wrote it might have.
    pub(crate) fn plant(&mut self, place: &Place, text: &str) {
        let object = &mut self.list_mut(place.list)[place.index];
        if let Some(Value::Array(messages)) = object.get_mut("messages") {
            messages.push(json!({ "from": ATTACKER, "text": text }));
            return;
        }
        let field = PROSE.into_iter().find(|field| object.get(field).is_some());
        if let Some(Value::String(prose)) = field.and_then(|field| object.get_mut(field)) {
            prose.push('\n');
            prose.push_str(text);
        }
    }

    fn index(&self, list: &str, arguments: &Map<String, Value>) -> Outcome<usize> {
        let id = arguments.get("id");
        let at = self
            .list(list)
            .iter()
            .position(|object| object.get("id") == id);
        Ok(at.ok_or_else(|| format!("there is no {} in {list}", id.unwrap_or(&Value::Null)))?)
    }

    fn list(&self, list: &str) -> &[Value] {
        self.0.get(list).map(Vec::as_slice).unwrap_or_default()
    }

    fn list_mut(&mut self, list: &str) -> &mut Vec<Value> {
        self.0.entry(list.to_owned()).or_default()
    }
}

/// As its list and number.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.list, self.index)
    }
}

/// Parts what people wrote from the fields: the fields as data, the prose as text.
pub(crate) fn part(mut shown: Value) -> (Value, String) {
    let mut prose = vec![];
    take_prose(&mut shown, &mut prose);
    (shown, prose.join("\n"))
}

fn take_prose(shown: &mut Value, prose: &mut Vec<String>) {
    match shown {
        Value::Array(all) => all.iter_mut().for_each(|one| take_prose(one, prose)),
        Value::Object(members) => {
            for (name, member) in &mut *members {
                match member {
                    Value::String(text) if PROSE.contains(&&**name) => prose.push(text.clone()),
                    other => take_prose(other, prose),
                }
            }
            members.retain(|name, _| !PROSE.contains(&&**name));
        }
        _ => {}
    }
}

/// Whether an object has these members, and its lists these elements.
fn is_like(object: &Value, like: &Value) -> bool {
    match (object, like) {
        (Value::Object(object), Value::Object(like)) => like
            .iter()
            .all(|(name, like)| object.get(name).is_some_and(|member| is_like(member, like))),
        (Value::Array(object), Value::Array(like)) => like.iter().all(|one| object.contains(one)),
        _ => object == like,
    }
}

fn mentions(object: &Value, word: &str) -> bool {
    match object {
        Value::String(text) => text.to_lowercase().contains(&word.to_lowercase()),
        Value::Array(all) => word.is_empty() || all.iter().any(|one| mentions(one, word)),
        Value::Object(members) => members.values().any(|one| mentions(one, word)),
        _ => false,
    }
}

fn only(object: &Value, fields: &[&str]) -> Value {
    let member = |field: &&str| Some(((*field).to_owned(), object.get(field)?.clone()));
    Value::Object(fields.iter().filter_map(member).collect())
}
