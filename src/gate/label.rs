//! What a service shows beside what an agent did.

use std::fmt;

use serde::Serialize;

use super::Permit;
use crate::action::{AgentName, ApproverName, Principal, TaskId, preview_text};
use crate::keys::ApproverPublicKey;

/// Who approved an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApprovedBy {
    /// The key.
    pub key: ApproverPublicKey,
    /// Whose it is, where the verifier knows its approvers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<ApproverName>,
}

/// Which agent did it, for whom, and who approved: what a service shows beside it, so that nobody
/// takes the agent's post for a colleague's.
///
/// Displayed on one line, with everything that does not print escaped:
/// `helper, for ada@example.com (t-42), approved by grace`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Label {
    /// The agent that acts.
    pub agent: AgentName,
    /// By whose word it is called so, if not by the issuer's: the key that handed the task on is
    /// that of the agent named here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_by: Option<AgentName>,
    /// For whom the task is done.
    pub principal: Principal,
    /// The task.
    pub task: TaskId,
    /// Who approved.
    pub approved_by: Vec<ApprovedBy>,
}

impl Label {
    pub(super) fn of(permit: &Permit) -> Self {
        let task = permit.task();
        let named_by = match permit.verified().delegates() {
            [] => None,
            [_] => Some(task.agent()),
            [.., by, _] => Some(by),
        };
        Self {
            agent: permit.agent().clone(),
            named_by: named_by.cloned(),
            principal: task.principal().clone(),
            task: task.id().clone(),
            approved_by: permit.approved_by().to_vec(),
        }
    }
}

impl fmt::Display for ApprovedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => f.write_str(&preview_text(name.as_str())),
            None => self.key.fmt(f),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&preview_text(self.agent.as_str()))?;
        if let Some(by) = &self.named_by {
            write!(f, " (so named by {})", preview_text(by.as_str()))?;
        }
        let principal = preview_text(self.principal.as_str());
        write!(
            f,
            ", for {principal} ({})",
            preview_text(self.task.as_str())
        )?;
        for (index, by) in self.approved_by.iter().enumerate() {
            let before = if index == 0 { "approved by" } else { "and" };
            let comma = if index == 0 { "," } else { "" };
            write!(f, "{comma} {before} {by}")?;
        }
        Ok(())
    }
}
