//! Which approvals the scopes of a token want.

use crate::action::Action;
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, HolderPublicKey, IssuerPublicKey};
use crate::scope::{ApprovalRule, Condition, Scope, Seen, pattern_matches};

/// The rules that apply to an action, as an approver or an agent sees it, who know neither what was
/// noted nor whether the task is tainted: in doubt a rule applies.
pub(super) fn rules<'a>(
    scopes: impl IntoIterator<Item = &'a Scope>,
    action: &Action,
) -> impl Iterator<Item = &'a ApprovalRule> {
    static NOTHING: Seen = Seen::new();
    let requirements = scopes.into_iter().flat_map(Scope::require);
    requirements.filter_map(move |requirement| match requirement.condition() {
        Condition::Approval(rule) if pattern_matches(requirement.pattern(), action, &NOTHING) => {
            Some(rule)
        }
        _ => None,
    })
}

/// Whether a rule names the key.
pub(super) fn asks(rule: &ApprovalRule, approver: &ApproverPublicKey) -> bool {
    let mut groups = rule.groups().iter();
    groups.any(|group| group.approvers().contains(approver))
}

/// The end of a token: that of its block that ends first.
pub(super) fn earliest_end(scopes: &[Scope]) -> Option<Timestamp> {
    let ends = scopes.iter().filter_map(|scope| scope.window().not_after());
    ends.min()
}

/// Whether the key, in another role, is one of those that the token comes from or was given to.
/// Whoever asks does not answer.
pub(crate) fn is_in_chain<'a>(
    approver: &ApproverPublicKey,
    root: Option<&IssuerPublicKey>,
    holders: impl IntoIterator<Item = &'a HolderPublicKey>,
) -> bool {
    let mut holders = holders.into_iter();
    root.is_some_and(|root| root.as_bytes() == approver.as_bytes())
        || holders.any(|holder| holder.as_bytes() == approver.as_bytes())
}
