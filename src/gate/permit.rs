//! The proof value that a tool runner takes.

use std::fmt;

use crate::action::Task;
use crate::action::{Action, AgentName};
use crate::keys::HolderPublicKey;
use crate::present::{AttemptId, NoRandomness};
use crate::verify::{RootKey, Verified};

/// Names one decision in answers, logs and records.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DecisionId([u8; 16]);

impl DecisionId {
    pub(super) fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 16];
        getrandom::getrandom(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for DecisionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The proof that these actions are permitted, now, once: what a function that acts takes by value.
///
/// Only a [`Gate`](super::Gate) makes one, so a function that takes a `Permit` cannot be reached
/// around the gate. It is neither cloned nor stored: act, and drop it.
///
/// ```compile_fail
/// # fn twice(permit: bailiwick::gate::Permit) {
/// fn publish(permit: bailiwick::gate::Permit) {}
/// publish(permit);
/// publish(permit); // once
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a permit is for acting"]
pub struct Permit {
    pub(super) id: DecisionId,
    pub(super) verified: Verified,
    pub(super) actions: Vec<Action>,
}

impl Permit {
    /// Names the decision.
    pub fn decision_id(&self) -> DecisionId {
        self.id
    }

    /// The root key that the decision rests on.
    pub fn root(&self) -> RootKey {
        self.verified.root()
    }

    /// The task, by its issuer's word: id, purpose, principal and first agent.
    pub fn task(&self) -> &Task {
        self.verified.task()
    }

    /// The agent that acts: the last delegate by the word of its delegator, or the task's agent.
    pub fn agent(&self) -> &AgentName {
        let task = self.verified.task();
        self.verified
            .delegates()
            .last()
            .unwrap_or_else(|| task.agent())
    }

    /// The key of the agent that acts.
    pub fn holder(&self) -> Option<&HolderPublicKey> {
        self.verified.holders().last()
    }

    /// The first action: the only one of most calls.
    pub fn action(&self) -> Option<&Action> {
        self.actions.first()
    }

    /// Everything that was verified.
    pub fn verified(&self) -> &Verified {
        &self.verified
    }

    /// Which attempt it is.
    pub fn attempt(&self) -> AttemptId {
        self.verified.attempt()
    }

    /// The actions that are permitted: execute these, and not what else the request says.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }
}
