//! What a block holds.

use crate::action::{AgentName, Principal, Purpose, TaskId};
use crate::clock::Timestamp;
use crate::scope::Scope;

/// What a block holds: the facts that name its task or its agent, and its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BlockContent {
    /// The first block, signed by a root key.
    First(Box<Grant>),
    /// A later block, signed by a holder for the next one.
    Later(Box<Delegation>),
}

/// What a root key grants: a task, to an agent, for a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// When it was issued, in whole seconds.
    pub(crate) issued: Timestamp,
    pub(crate) task: TaskId,
    pub(crate) purpose: Purpose,
    pub(crate) principal: Principal,
    pub(crate) agent: AgentName,
    /// With `allow`, an end time and an audience.
    pub(crate) scope: Scope,
}

/// What a holder hands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delegation {
    /// To whom.
    pub(crate) delegate: AgentName,
    pub(crate) scope: Scope,
}

impl BlockContent {
    /// What the block says may be done.
    pub(crate) fn scope(&self) -> &Scope {
        match self {
            Self::First(grant) => &grant.scope,
            Self::Later(delegation) => &delegation.scope,
        }
    }
}
