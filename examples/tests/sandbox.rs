//! The sandbox example tells its story, line for line.

mod support;

use support::assert_prints;

const STORY: &str = "\
allow write sandbox-web/index by the service itself
allow read kb/articles/1
allow write sandbox-eu/run-7/1
deny attribute_outside write sandbox-web/run-7/1
deny operation_not_granted publish sandbox-eu
deny resource_outside write sandbox-eu/run-8/1
deny resource_outside write sandbox-eu/1
deny segment_not_canonical write sandbox-eu/run-7/..%2Frun-8%2F1
deny resource_outside write kb/articles/1
deny resource_outside read kb/salaries/1
deny proof_invalid write sandbox-web/run-7/1 as the service
allow write sandbox-eu/run-7/2
allow write sandbox-eu/run-7/3
deny budget_exceeded write sandbox-eu/run-7/4
deny argument_mistyped write sandbox-eu/run-7/4 as one byte
3540 seconds later
allow read kb/articles/2
60 seconds later
deny expired read kb/articles/2
deny expired write sandbox-eu/run-7/1
";

#[test]
fn an_agent_inherits_nothing_from_the_service_that_started_it() {
    assert_prints("sandbox", STORY);
}
