//! What constraints say of a value, strictly and in doubt at once.

use super::*;
use crate::action::Value;

/// What a value is to a matcher.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Is {
    /// Matches strictly, and so in doubt.
    In,
    /// Matches in doubt alone.
    Unsure,
    /// Matches neither way.
    Out,
}
pub(super) fn judge(constraints: &[Constraint], action: &Action, context: &Context<'_>) -> Is {
    let both = (
        strictly(constraints, action, context),
        in_doubt(constraints, action, context),
    );
    match both {
        (true, true) => Is::In,
        (false, true) => Is::Unsure,
        (false, false) => Is::Out,
        (true, false) => panic!("{constraints:?} matches strictly and not in doubt: {action:?}"),
    }
}

#[track_caller]
pub(super) fn arguments(constraints: &[Constraint], cases: &[(&str, Is)]) {
    for (json, expected) in cases {
        assert_eq!(
            judge(constraints, &mail(json), &noon()),
            *expected,
            "{json}"
        );
    }
}

/// One constraint at `x`, on values that JSON cannot write.
#[track_caller]
pub(super) fn values(matcher: Matcher, cases: &[(Value, Is)]) {
    for (value, expected) in cases {
        let arguments = Tree::from_pairs([("x", value.clone())]).unwrap();
        let action = mail("{}").with_arguments(arguments);
        let constraint = Constraint::new("x", matcher.clone()).unwrap();
        assert_eq!(
            judge(&[constraint], &action, &noon()),
            *expected,
            "{value:?}"
        );
    }
}
