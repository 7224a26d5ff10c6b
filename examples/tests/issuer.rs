//! The issuer example tells its story, line for line.

mod support;

use support::assert_prints;

const STORY: &str = "\
";

#[test]
fn a_token_is_renewed_and_what_was_spent_stays_spent() {
    assert_prints("issuer", STORY);
}
