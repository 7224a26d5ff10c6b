//! What a grant with a sub-tree or an effect covers.

use std::collections::BTreeSet;

use super::context::Context;
use super::vocabulary::{In, Vocabulary, kind_at};
use super::wanted::{Choice, can_match};
use crate::action::{Effect, Operation};
use crate::catalog::OperationSpec;
use crate::document::Mark;
use crate::manifest::template::{ConstraintTemplate, Grant};
use crate::scope::{OperationPattern, OperationView, Presence, Target};

/// Operations, each with the effect that it has in its catalog.
pub(super) type Covered = BTreeSet<(Operation, Effect)>;

/// Whether a grant names anything but one operation.
pub(super) fn is_wide(target: &Target) -> bool {
    let view = target.operation().map(OperationPattern::view);
    !matches!(view, Some(OperationView::Exact(_)))
}

/// What a grant covers of the operations that its line speaks of. `None` if that cannot be known, which was noted.
pub(super) fn covered(
    mark: Mark<'_, '_>,
    grant: &Grant,
    vocabulary: &Vocabulary<'_>,
    context: &Context<'_, '_>,
) -> Option<Covered> {
    if !vocabulary.is_pinned() {
        let message = "what this line covers is read from catalogs, and none is pinned";
        let noted = mark.fail("lock_missing", message);
        noted.help("pin the catalogs in a lock, name each operation, or say `future = true`");
        return None;
    }
    let specs = vocabulary.operations()?.iter();
    let covered = specs.filter(|spec| is_possible(spec, grant, context));
    let covered: Covered = covered
        .map(|spec| (spec.operation().clone(), spec.effect()))
        .collect();
    if covered.is_empty() {
        let message = "no operation of the catalogs has all that this line constrains";
        mark.fail("expands_to_nothing", message);
        return None;
    }
    Some(covered)
}

/// The grant of one of these operations alone.
pub(super) fn only(grant: &Grant, (operation, effect): (Operation, Effect)) -> Grant {
    Grant {
        target: Target::Both(OperationPattern::exact(operation), effect),
        ..grant.clone()
    }
}

/// Whether an action of the operation may have what the grant wants to be there.
fn is_possible(spec: &OperationSpec, grant: &Grant, context: &Context<'_, '_>) -> bool {
    let has = |tree, constraint: &ConstraintTemplate| {
        constraint.presence == Presence::Optional
            || kind_at(spec, tree, &constraint.path)
                .is_some_and(|kind| can_match(&kind, &constraint.matcher, Choice::Any, context))
    };
    let (arguments, attributes) = (&grant.constraints.arguments, &grant.constraints.attributes);
    arguments.iter().all(|it| has(In::Arguments, it))
        && attributes.iter().all(|it| has(In::Attributes, it))
}
