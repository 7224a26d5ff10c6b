//! What Ada grants: her helper reads thread 42, drafts one reply and publishes nothing unseen; her
//! steward makes moderators of thread 42 if two people agree.

use std::time::Duration;

use bailiwick::action::Task;
use bailiwick::clock::Timestamp;
use bailiwick::keys::{ApproverPublicKey, HolderPublicKey};
use bailiwick::mint::{Issuer, Minted};
use bailiwick::scope::{ApprovalRule, Budget, Capability, Condition, Matcher, Scope};

use bailiwick_examples::Outcome;

use crate::SERVICE;

const THREAD: &str = "forum/thread/42";
const LIFE: Duration = Duration::from_secs(15 * 60);

/// Mints the helper's token. Its secret key is not needed, and Ada never sees it.
pub(crate) fn helper(
    ada: &Issuer,
    helper: &HolderPublicKey,
    editor: ApproverPublicKey,
    now: Timestamp,
) -> Outcome<Minted> {
    let read = Capability::operation("forum.read", THREAD)?;
    let draft = Capability::operation("forum.draft", THREAD)?
        .argument("text", Matcher::text_length(1, 2_000)?)?;
    let publish = Capability::operation("forum.publish", THREAD)?;

    let scope = Scope::builder()
        .allow(read)
        .allow_with(draft, Condition::Budget(Budget::uses("drafts", 1)?))
        .allow_with(
            publish,
            Condition::Approval(ApprovalRule::any_of([editor])?),
        )
        .audience(SERVICE.parse()?)
        .not_after(now.saturating_add(LIFE))
        .build()?;
    let task = Task::new(
        "t-42",
        "answer the question in thread 42",
        "ada@example.com",
        "helper",
    )?;
    Ok(ada.mint(&task, scope, helper, now)?)
}

/// Mints the steward's token.
pub(crate) fn steward(
    ada: &Issuer,
    steward: &HolderPublicKey,
    people: [ApproverPublicKey; 2],
    now: Timestamp,
) -> Outcome<Minted> {
    let two = ApprovalRule::at_least(2, people)?;
    let grant = Capability::operation("acl.grant", THREAD)?;
    let scope = Scope::builder()
        .allow_with(grant, Condition::Approval(two))
        .audience(SERVICE.parse()?)
        .not_after(now.saturating_add(LIFE))
        .build()?;
    let task = Task::new(
        "t-43",
        "find moderators for thread 42",
        "ada@example.com",
        "steward",
    )?;
    Ok(ada.mint(&task, scope, steward, now)?)
}
