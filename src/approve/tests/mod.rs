//! One forum, its agents, and the people who approve.

mod answering;
mod deciding;
mod opening;
mod waiting;

use std::time::Duration;

use super::*;
use crate::action::{Action, Effect, Tree};
use crate::clock::Timestamp;
use crate::keys::{KeyRing, Root};
use crate::present::Holder;
use crate::scope::{ApprovalRule, ApproverGroup, Condition, Pattern, Requirement, ScopeBuilder};
use crate::testing::{approver_key, forum, now, root, scope, verify};
use crate::token::{Limits, TextKind, text};

pub(super) const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn later(seconds: u64) -> Timestamp {
    now().saturating_add(Duration::from_secs(seconds))
}

pub(super) fn approver(number: u8) -> Approver {
    approver_of(number, root())
}

pub(super) fn approver_of(number: u8, root: Root) -> Approver {
    Approver::new(approver_key(number), KeyRing::new([root]).unwrap())
}

pub(super) fn group(threshold: u32, of: &[u8]) -> ApproverGroup {
    let keys = of.iter().map(|number| approver_key(*number).public_key());
    ApproverGroup::new(threshold, keys).unwrap()
}

pub(super) fn requirement(groups: Vec<ApproverGroup>) -> Requirement {
    let publish = Pattern::any().operation("forum.publish").unwrap();
    let rule = ApprovalRule::new(groups).unwrap();
    Requirement::new(publish, Condition::Approval(rule))
}

/// Everything in thread 42, and publishing with the approval of so many of these.
pub(super) fn wants(threshold: u32, of: &[u8]) -> ScopeBuilder {
    scope().require(requirement(vec![group(threshold, of)]))
}

pub(super) fn publish(text: &str) -> Action {
    let resource = "forum/thread/42/post".parse().unwrap();
    Action::new(
        forum(),
        "forum.publish".parse().unwrap(),
        Effect::Publish,
        resource,
    )
    .with_arguments(Tree::from_pairs([("text", text)]).unwrap())
}

pub(super) fn request(holder: &Holder, actions: Vec<Action>) -> ApprovalRequest {
    let verified = verify(holder, now()).unwrap();
    ApprovalRequest::new(&verified, actions, 5 * MINUTE).unwrap()
}

pub(super) fn ask(holder: &Holder, actions: Vec<Action>) -> SignedRequest {
    holder.ask(&request(holder, actions), now()).unwrap()
}

/// The bytes of a request, to be changed and read again.
pub(super) fn payload(text: &str) -> Vec<u8> {
    text::decode(TextKind::ApprovalRequest, text, 1 << 20).unwrap()
}

pub(super) fn to_text(payload: &[u8]) -> String {
    text::encode(TextKind::ApprovalRequest, payload)
}

/// The answer of everybody to one request, which asks for everything.
pub(super) fn approvals(of: &[u8], asked: &SignedRequest) -> Vec<Approval> {
    let approve = |number: &u8| {
        let approver = approver(*number);
        let opened = approver.open(&asked.to_text(), now()).unwrap();
        approver.approve(&opened, MINUTE, now()).unwrap()
    };
    of.iter().map(approve).collect()
}

pub(super) fn limits() -> Limits {
    Limits::default()
}
