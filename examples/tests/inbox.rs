//! The inbox example tells its story, line for line.

mod support;

use support::assert_prints;

#[test]
fn the_inbox_loses_nothing_that_its_owner_did_not_approve() {
    let delete_all = each(1..=24, "deny approval_required delete_mail ada/#");
    let archive = each((1..=6).chain(8..=21), "allow archive_mail ada/#");
    let story = format!(
        "\
tools archive_mail delete_mail read_mail search_mail
allow search_mail price
allow read_mail ada/7
deny resource_outside read_mail linus/1
deny call_unmapped empty_mailbox ada
deny resource_not_found delete_mail ada/0
{delete_all}\
deny operation_not_granted send_mail ada
deny approval_required delete_mail ada/7
shown resource \"mail/ada/7\"
shown attribute \"subject\" = \"half price, only today\"
deny approval_mismatch delete_mail ada/8
allow delete_mail ada/7
deny approval_required delete_mail ada/8
{archive}\
deny budget_exceeded archive_mail ada/22
allow read_mail ada/22
deny approval_required delete_mail ada/24
shown resource \"mail/ada/24\"
shown attribute \"subject\" = \"invoice 24\"
stopped t-1
deny revoked delete_mail ada/24
deny revoked archive_mail ada/22
deny revoked read_mail ada/22
deny revoked search_mail invoice
tools none
"
    );
    assert_prints("inbox", &story);
}

/// A line for each of these numbers, where the text has a `#`.
fn each(numbers: impl IntoIterator<Item = u32>, line: &str) -> String {
    let line = |number: u32| line.replace('#', &number.to_string()) + "\n";
    numbers.into_iter().map(line).collect()
}
