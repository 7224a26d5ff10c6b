//! The issuer example tells its story, line for line.

mod support;

use support::assert_prints;

const STORY: &str = "\
deny the issuer gave no token: no session
deny the issuer gave no token: no such manifest
deny the issuer gave no token: parameter `city` cannot be used: resource segment `bern/*` contains '/'
deny the issuer gave no token: the task has no parameter `lookups`
allow weather.read city/bern: sunny
deny resource_outside weather.read city/rome
allow weather.read city/bern: sunny
renewed: true
allow weather.read city/bern: sunny
deny budget_exceeded weather.read city/bern
deny budget_exceeded weather.read city/bern
";

#[test]
fn a_token_is_renewed_and_what_was_spent_stays_spent() {
    assert_prints("issuer", STORY);
}
