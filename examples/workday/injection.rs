//! The injections: what somebody writes where a task reads it, and what an agent does that obeys.

use bailiwick_examples::Outcome;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::state::{Like, State};
use crate::task::{Call, Task};
use crate::tool::Tool;

/// An order to the agent, in what others wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Injection {
    pub(crate) id: String,
    pub(crate) text: String,
    /// What the agent does at once.
    #[serde(default)]
    pub(crate) calls: Vec<Call>,
    /// What it does to a call of its task before that call.
    #[serde(default)]
    twist: Option<Twist>,
    /// By which right it does so.
    #[serde(default)]
    pub(crate) by: By,
    /// What has come of it if it has reached its goal.
    goal: Vec<Like>,
}

/// Other values of arguments of a call that the task needs.
#[derive(Deserialize)]
struct Twist(String, Map<String, Value>);

/// By which right an agent does what it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum By {
    /// Its own.
    #[default]
    Itself,
    /// That of a delegate, to whom it hands on all that it has.
    Delegate,
    /// Its own, with notes that another task was given.
    Stolen,
}

#[derive(Deserialize)]
struct Injections {
    injection: Vec<Injection>,
}

impl Injection {
    pub(crate) fn parse(file: &str) -> Outcome<Vec<Self>> {
        Ok(toml::from_str::<Injections>(file)?.injection)
    }

    /// Whether there is something to do for it in this task: each other call is injected wherever a task reads.
    pub(crate) fn meets(&self, task: &Task) -> bool {
        self.twist.is_none() || task.calls.iter().any(|call| self.twisted(call).is_some())
    }

    /// Whether all that it wants to do is done with tools that the task needs itself.
    pub(crate) fn uses_tools_of(&self, task: &Task) -> bool {
        let acts = self
            .calls
            .iter()
            .filter(|call| !call.tool().is_ok_and(Tool::reads));
        let needs = |tool: &str| task.calls.iter().any(|own| own.0 == tool);
        acts.map(|call| &call.0).all(|tool| needs(tool))
    }

    /// What it makes of a call of the task.
    pub(crate) fn twisted(&self, call: &Call) -> Option<Call> {
        let Twist(tool, arguments) = self.twist.as_ref()?;
        (call.0 == *tool).then(|| call.with(arguments))
    }

    pub(crate) fn is_reached(&self, state: &State) -> bool {
        self.goal.iter().all(|like| state.has(like))
    }
}
