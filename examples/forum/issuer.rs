//! What Ada grants her helper: read thread 42, draft one reply, publish nothing unseen.

use std::time::Duration;

use bailiwick::action::Task;
use bailiwick::clock::Timestamp;
use bailiwick::keys::{ApproverPublicKey, HolderPublicKey, IssuerKey, RootKeyId};
use bailiwick::mint::Issuer;
use bailiwick::scope::{ApprovalRule, Budget, Capability, Condition, Matcher, Scope};
use bailiwick::token::Token;

use crate::Outcome;

/// The forum's name for itself, which every token for it must name.
pub(crate) const SERVICE: &str = "forum.example";
/// Where the forum finds the issuer's key on its key ring.
pub(crate) const ROOT: RootKeyId = RootKeyId::new(1);

const THREAD: &str = "forum/thread/42";
const LIFE: Duration = Duration::from_secs(15 * 60);

/// Mints the token. The helper's secret key is not needed, and Ada never sees it.
pub(crate) fn mint(
    root: IssuerKey,
    helper: &HolderPublicKey,
    editor: ApproverPublicKey,
    now: Timestamp,
) -> Outcome<Token> {
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
    Ok(Issuer::new(root, ROOT)
        .mint(&task, scope, helper, now)?
        .token)
}
