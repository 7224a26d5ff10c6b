//! Where the rules of a task file stand in it.

use super::Place;
use crate::scope::Clause;

/// Where the clauses of a manifest's scope stand in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    pub(super) allow: Vec<Place>,
    pub(super) deny: Vec<Place>,
    pub(super) require: Vec<Place>,
    pub(super) never: Vec<Place>,
}

impl Places {
    /// The capabilities of the scope.
    #[must_use]
    pub fn allow(&self) -> &[Place] {
        &self.allow
    }

    /// The deny entries of the scope.
    #[must_use]
    pub fn deny(&self) -> &[Place] {
        &self.deny
    }

    /// The requirements of the scope; of a condition on an allow line, the place of that line.
    #[must_use]
    pub fn require(&self) -> &[Place] {
        &self.require
    }

    /// What is proved of the scope.
    #[must_use]
    pub fn never(&self) -> &[Place] {
        &self.never
    }

    /// What a denial's clause points to, if it is a rule of the file.
    #[must_use]
    pub fn of(&self, clause: Clause) -> Option<Place> {
        match clause {
            Clause::Allow(index) => self.allow.get(index).copied(),
            Clause::Deny(index) => self.deny.get(index).copied(),
            Clause::Require(index) => self.require.get(index).copied(),
            Clause::Window | Clause::Audience | Clause::Depth => None,
        }
    }
}
