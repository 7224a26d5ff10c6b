//! What a line of a task file was expanded to.

use super::Place;
use crate::action::{Effect, Operation};
use crate::scope::Target;

/// What a line with a sub-tree or an effect covers: these operations of the pinned catalogs, and none that a catalog gets
/// later.
///
/// See [`Manifest::expansions`](super::Manifest::expansions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    pub(super) place: Place,
    pub(super) target: Target,
    pub(super) operations: Vec<(Operation, Effect)>,
}

impl Expansion {
    /// Where the line stands.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// What the line names.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// What it covers, each operation with the effect that it must have, in the order of their names.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = (&Operation, Effect)> {
        let operations = self.operations.iter();
        operations.map(|(operation, effect)| (operation, *effect))
    }
}
