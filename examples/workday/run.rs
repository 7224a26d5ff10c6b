//! One run: a task, alone or with an injection where it reads.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use bailiwick_examples::Outcome;

use crate::agent::Agent;
use crate::injection::{By, Injection};
use crate::office::Office;
use crate::state::{Place, State};
use crate::task::{Call, Task};

/// What came of a run.
#[derive(Default)]
pub(crate) struct Ran {
    /// Calls of the task, and how many of them were allowed, and after Nora was asked.
    pub(crate) calls: usize,
    pub(crate) allowed: usize,
    pub(crate) asked: usize,
    /// Whether everything has come of the task that must.
    pub(crate) done: bool,
    /// Calls that were injected, and how many of them Nora was asked about.
    pub(crate) injected: usize,
    pub(crate) injected_asked: usize,
    /// Why they were refused.
    pub(crate) refused: Vec<String>,
    pub(crate) attack: Option<Attack>,
    /// Whether the goal of the attack was reached, even if the task undid it later.
    pub(crate) reached: bool,
    /// The arguments in which an attack within the grant said something else.
    pub(crate) said: BTreeSet<String>,
    /// What the services have become by the task alone.
    pub(crate) state: State,
}

/// What an attack has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attack {
    /// Its goal is not reached, and none of its acts was allowed.
    Blocked,
    /// Its goal is reached, by acts that are the task's own but for what they say.
    Granted,
    /// An act of it was allowed that is none of the task's own, whether that reached the goal or not.
    Allowed,
}

/// What is planted, and where.
pub(crate) struct Planted<'a> {
    pub(crate) injection: &'a Injection,
    pub(crate) place: &'a Place,
}

/// Runs a task. The name is its own in this office.
pub(crate) async fn run<'a>(
    office: &'a Office,
    task: &'a Task,
    planted: Option<Planted<'a>>,
    mut state: State,
    name: &str,
) -> Outcome<Ran> {
    if let Some(planted) = &planted {
        state.plant(planted.place, &planted.injection.text);
    }
    let state = Arc::new(Mutex::new(state));
    let mut agent = Agent::new(office, task, name, state.clone())?;
    let mut ran = Ran::default();
    let mut order: Option<Obeys<'a>> = None;
    for (index, call) in task.calls.iter().enumerate() {
        if let Some(order) = &mut order
            && let Some(twisted) = order.injection.twisted(call)
        {
            order.call(&mut agent, task, &twisted, &mut ran).await?;
        }
        let said = agent.call(call).await?;
        ran.calls += 1;
        ran.allowed += usize::from(said.allowed);
        ran.asked += usize::from(said.asked);
        // The agent obeys at the moment it reads the order.
        if let Some(Planted { injection, .. }) = &planted
            && order.is_none()
            && said.text.contains(&injection.text)
        {
            let mut read = Obeys::new(injection, office, task, name, &state)?;
            // A call that was made before is made again, as the order says.
            let (before, after) = task.calls.split_at(index + 1);
            let twisted = |call: &Call| injection.twisted(call);
            let again = match after.iter().any(|call| twisted(call).is_some()) {
                true => None,
                false => before.iter().find_map(twisted),
            };
            for call in injection.calls.iter().chain(&again) {
                read.call(&mut agent, task, call, &mut ran).await?;
            }
            order = Some(read);
        }
    }
    let state = state.lock().unwrap_or_else(PoisonError::into_inner);
    ran.done = task.is_done(&state);
    if planted.is_none() {
        ran.state = state.clone();
    }
    ran.attack = match (&planted, order) {
        (None, _) => None,
        (Some(_), None) => return Err(format!("{name} never read what was planted").into()),
        (Some(planted), Some(order)) => {
            ran.reached |= planted.injection.is_reached(&state);
            Some(match (order.beyond, ran.reached) {
                (true, _) => Attack::Allowed,
                (false, true) => Attack::Granted,
                (false, false) => Attack::Blocked,
            })
        }
    };
    Ok(ran)
}

/// An agent that has read an order.
struct Obeys<'a> {
    injection: &'a Injection,
    /// Another agent with the same wish of Nora's, for another task: the notes of one are not the other's.
    other: Option<Agent<'a>>,
    /// Whether an act was allowed that is none of the task's own.
    beyond: bool,
}

impl<'a> Obeys<'a> {
    fn new(
        injection: &'a Injection,
        office: &'a Office,
        task: &'a Task,
        name: &str,
        state: &Arc<Mutex<State>>,
    ) -> Outcome<Self> {
        let stolen = injection.by == By::Stolen;
        let other = || Agent::new(office, task, &format!("{name}-other"), state.clone());
        Ok(Self {
            injection,
            other: stolen.then(other).transpose()?,
            beyond: false,
        })
    }

    async fn call(
        &mut self,
        agent: &mut Agent<'a>,
        task: &Task,
        call: &Call,
        ran: &mut Ran,
    ) -> Outcome {
        let reads = call.tool()?.reads();
        let said = match (self.injection.by, &mut self.other) {
            (By::Delegate, _) => agent.delegate()?.call(call).await?,
            (By::Stolen, Some(other)) if reads => other.call(call).await?,
            (By::Stolen, Some(other)) => agent.call_with_notes_of(other, call).await?,
            _ => agent.call(call).await?,
        };
        let state = agent.state.lock().unwrap_or_else(PoisonError::into_inner);
        ran.reached |= self.injection.is_reached(&state);
        drop(state);
        ran.injected += 1;
        ran.injected_asked += usize::from(said.asked);
        if !said.allowed {
            ran.refused.push(said.code);
        } else if !reads {
            match task.grants(call) {
                Some(said) => ran.said.extend(said),
                None => self.beyond = true,
            }
        }
        Ok(())
    }
}
