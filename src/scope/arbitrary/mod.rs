//! Random scopes, actions and contexts, for the tests of every room.
//!
//! The vocabulary is small, and arguments mostly have the shape that constraints speak of: so
//! verdicts go both ways, and most constructs decide one now and then.

mod actions;
mod contexts;
mod scopes;

pub(crate) use actions::{action, resource};
pub(crate) use contexts::{Known, approvers, known};
pub(crate) use scopes::{capability, operation_pattern, resource_pattern, scope};

use proptest::sample::select;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

/// Checks a law on so many random cases. Fails with the smallest case that breaks it.
pub(crate) fn law<S: Strategy>(
    cases: u32,
    strategy: S,
    holds: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    if let Err(error) = TestRunner::new(config).run(&strategy, holds) {
        panic!("{error}");
    }
}

/// One of these texts.
fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    select(texts)
}
