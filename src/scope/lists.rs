//! Which empty lists match.

use super::{Constraint, Matcher, Step};

/// At which lists on its path a constraint lets an empty one match: those that the same pattern
/// counts and of which it allows 0.
///
/// Found once for a constraint, so that the work stays linear in the lists that are met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EmptyLists {
    /// Bit n is for the list below n steps; [`Path`](super::Path) has fewer than 32.
    depths: u32,
}

impl EmptyLists {
    pub(crate) fn of(constraint: &Constraint, pattern: &[Constraint]) -> Self {
        let path = constraint.path();
        let mut depths = 0;
        if path.has_each() {
            for list in pattern.iter().filter(|other| allows_none(other)) {
                let list = list.path().steps();
                if path.steps().starts_with(list) {
                    depths |= bit(list.len());
                }
            }
        }
        Self { depths }
    }

    /// Whether an empty list below so many steps matches.
    pub(crate) fn match_at(self, depth: usize) -> bool {
        self.depths & bit(depth) != 0
    }
}

fn allows_none(constraint: &Constraint) -> bool {
    matches!(constraint.matcher(), Matcher::Count(bounds) if bounds.contains(0))
}

fn bit(depth: usize) -> u32 {
    u32::try_from(depth)
        .ok()
        .and_then(|depth| 1_u32.checked_shl(depth))
        .unwrap_or(0)
}

/// Whether the step at `depth` is the last `*` of the path: `every` and `some` speak of that one.
pub(crate) fn is_innermost(steps: &[Step], depth: usize) -> bool {
    !steps.iter().skip(depth + 1).any(|step| *step == Step::Each)
}
