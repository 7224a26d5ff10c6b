//! The forum example tells its story, line for line.

mod support;

use support::assert_prints;

const STORY: &str = "\
allow forum.read forum/thread/42
allow forum.draft forum/thread/42
again forum.draft forum/thread/42
deny approval_required forum.publish forum/thread/42
deny resource_outside forum.read forum/thread/43
deny operation_not_granted acl.grant forum/thread/42
deny argument_unexpected forum.draft forum/thread/42
deny budget_exceeded forum.draft forum/thread/42
allow forum.read forum/thread/42
deny proof_replayed forum.read forum/thread/42
deny proof_invalid forum.draft forum/thread/42
deny chain_invalid forum.read forum/thread/42
deny proof_invalid forum.read forum/thread/42
allow forum.read forum/thread/42
deny operation_not_granted forum.draft forum/thread/42
deny proof_invalid forum.draft forum/thread/42
deny expired forum.read forum/thread/42
allow forum.read forum/thread/42
deny approval_required forum.publish forum/thread/42
shown argument \"text\" = \"No: the snapshot is immutable.\"
deny approval_mismatch forum.publish forum/thread/42
allow forum.publish forum/thread/42
deny approval_used forum.publish forum/thread/42
again forum.publish forum/thread/42
deny approval_required acl.grant forum/thread/42
shown argument \"moderator\" = \"barbara\"
deny approval_required acl.grant forum/thread/42
shown argument \"moderator\" = \"barbara\"
allow acl.grant forum/thread/42
allow forum.read forum/thread/42
stopped t-42
deny revoked forum.read forum/thread/42
";

#[test]
fn the_forum_lets_exactly_the_task_through() {
    assert_prints("forum", STORY);
}
