//! An operation.

use super::super::effort::Steps;
use super::super::literal::Literal;
use crate::action::Operation;
use crate::scope::{OperationPattern, OperationView};

/// An operation of which every literal is true.
///
/// Beside one that is named, a name of its own below the longest sub-tree will do: it lies in no
/// further sub-tree, and each operation that is excluded is one name.
pub(super) fn solve(literals: &[Literal<'_>], steps: &mut Steps) -> Option<Operation> {
    let patterns = || {
        literals.iter().filter_map(|literal| match literal {
            Literal::Operation(pattern, is) => Some((*pattern, *is)),
            _ => None,
        })
    };
    let fits = |operation: &Operation| patterns().all(|(it, is)| it.matches(operation) == is);
    let mut below = "";
    for (pattern, _) in patterns().filter(|(_, is)| *is) {
        match pattern.view() {
            OperationView::Exact(exact) => {
                return exact.parse().ok().filter(|operation| fits(operation));
            }
            OperationView::StartsWith(prefix) if prefix.len() > below.len() => below = prefix,
            OperationView::StartsWith(_) => {}
        }
    }
    let covers = |(pattern, is): (&OperationPattern, bool)| match pattern.view() {
        OperationView::StartsWith(prefix) => below.starts_with(prefix) != is,
        OperationView::Exact(_) => false,
    };
    if patterns().any(covers) {
        return None;
    }
    let room = Operation::MAX_BYTES.saturating_sub(below.len());
    let excluded = patterns().count();
    let found = names(room)
        .take(excluded.saturating_add(2))
        .filter_map(|name| Operation::parse(&format!("{below}{name}")).ok())
        .find(fits);
    // In less room than two bytes there are no other names than those.
    if found.is_none() && room > 1 {
        steps.leave_gap();
    }
    found
}

/// Names of at most so many bytes.
fn names(room: usize) -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').map(String::from);
    let pairs = letters().flat_map(move |a| letters().map(move |b| format!("{a}{b}")));
    let all = std::iter::once("other".to_owned())
        .chain(letters())
        .chain(pairs);
    all.filter(move |name| name.len() <= room)
}
