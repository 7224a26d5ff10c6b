//! To whom a task is given.

use crate::action::{AgentName, NameError, Principal, Purpose, Task, TaskId};

/// What a manifest does not say of a task: its id, for whom it is done, and by which agent.
///
/// ```
/// use bailiwick::mint::Assignment;
///
/// let assignment = Assignment::new("t-42", "ada@example.com", "helper")?;
/// assert!(Assignment::new("t-42", "", "helper").is_err());
/// # Ok::<(), bailiwick::action::NameError>(())
/// ```
///
/// # Security
///
/// The principal is who was authenticated, never who the agent says that it works for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    id: TaskId,
    principal: Principal,
    agent: AgentName,
}

impl Assignment {
    /// A task's id, its principal and its agent.
    ///
    /// # Errors
    ///
    /// [`NameError`] if one of them is empty, too long, or has a control character.
    pub fn new(id: &str, principal: &str, agent: &str) -> Result<Self, NameError> {
        Ok(Self {
            id: TaskId::parse(id)?,
            principal: Principal::parse(principal)?,
            agent: AgentName::parse(agent)?,
        })
    }

    /// The task, for this purpose.
    pub(super) fn task(&self, purpose: Purpose) -> Task {
        let (id, principal, agent) = (self.id.clone(), self.principal.clone(), self.agent.clone());
        Task::from_parts(id, purpose, principal, agent)
    }
}
