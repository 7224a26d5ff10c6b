//! Who has approved.

use super::super::effort::{Exhausted, Steps};
use super::super::literal::Literal;
use crate::keys::ApproverPublicKey;
use crate::scope::ApproverGroup;

/// The smallest set of approvers, taken key by key, of which every literal is true.
pub(super) fn solve(
    literals: &[Literal<'_>],
    steps: &mut Steps,
) -> Result<Option<Vec<ApproverPublicKey>>, Exhausted> {
    let groups: Vec<(&ApproverGroup, bool)> = literals
        .iter()
        .filter_map(|literal| match literal {
            Literal::Approved(group, is) => Some((*group, *is)),
            _ => None,
        })
        .collect();
    let mut keys: Vec<&ApproverPublicKey> = Vec::new();
    let nobody = literals.iter().any(|it| matches!(it, Literal::Nobody));
    if !nobody {
        // Who stands only in groups that must not have approved does not.
        let wanted = groups.iter().filter(|(_, is)| *is);
        for key in wanted.flat_map(|(group, _)| group.approvers()) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    // Each entry: who has approved, and how many keys were looked at.
    let mut open: Vec<(Vec<ApproverPublicKey>, usize)> = vec![(Vec::new(), 0)];
    while let Some((given, at)) = open.pop() {
        steps.take(1 + groups.len())?;
        let rest = keys.get(at..).unwrap_or_default();
        if !groups
            .iter()
            .all(|(group, is)| can_end_well(group, *is, &given, rest))
        {
            continue;
        }
        let Some(key) = rest.first() else {
            return Ok(Some(given));
        };
        let mut with = given.clone();
        with.push(**key);
        open.push((with, at + 1));
        open.push((given, at + 1));
    }
    Ok(None)
}

/// Whether the group can still be as it must, whoever of the rest approves.
fn can_end_well(
    group: &ApproverGroup,
    is: bool,
    given: &[ApproverPublicKey],
    rest: &[&ApproverPublicKey],
) -> bool {
    let lacks = group.lacks(given) as usize;
    let own = || rest.iter().filter(|key| group.approvers().contains(key));
    if is {
        own().count() >= lacks
    } else {
        lacks > 0
    }
}
