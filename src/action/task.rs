//! What a token is for.

use super::names::{AgentName, NameError, Principal, Purpose, TaskId};

/// The one task that a token is minted for, for whom, and the agent that is to do it.
///
/// A task is told apart from others by the root key and its id. Minting the same id again is the
/// same task: its budgets go on.
///
/// ```
/// use bailiwick::action::Task;
/// let task = Task::new("t-17", "answer the question in thread 42", "ada@example.com", "helper")?;
/// assert_eq!(task.id().as_str(), "t-17");
/// assert!(Task::new("", "answer", "ada", "helper").is_err());
/// # Ok::<(), bailiwick::action::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Task {
    id: TaskId,
    purpose: Purpose,
    principal: Principal,
    agent: AgentName,
}

impl Task {
    /// A task with its id, its purpose, its principal and its agent.
    ///
    /// # Errors
    ///
    /// [`NameError`] if one of them is empty, too long, or has a control character.
    pub fn new(id: &str, purpose: &str, principal: &str, agent: &str) -> Result<Self, NameError> {
        Ok(Self {
            id: TaskId::parse(id)?,
            purpose: Purpose::parse(purpose)?,
            principal: Principal::parse(principal)?,
            agent: AgentName::parse(agent)?,
        })
    }

    /// Its id, unique under a root key.
    pub fn id(&self) -> &TaskId {
        &self.id
    }

    /// What it is for, in words for people.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The person or team for whom it is done.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The agent that is to do it.
    pub fn agent(&self) -> &AgentName {
        &self.agent
    }

    pub(crate) fn from_parts(
        id: TaskId,
        purpose: Purpose,
        principal: Principal,
        agent: AgentName,
    ) -> Self {
        Self {
            id,
            purpose,
            principal,
            agent,
        }
    }

    pub(crate) fn into_parts(self) -> (TaskId, Purpose, Principal, AgentName) {
        (self.id, self.purpose, self.principal, self.agent)
    }
}
