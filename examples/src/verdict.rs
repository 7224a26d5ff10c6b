//! Lines that must be as expected.

use std::fmt::Display;

use crate::Outcome;

/// Prints what was said. Something else than expected is the end of the story.
///
/// # Errors
///
/// It is something else.
pub fn must_be(said: impl Display, expected: &str) -> Outcome {
    let line = said.to_string();
    println!("{line}");
    if line != expected {
        return Err(format!("expected `{expected}`").into());
    }
    Ok(())
}

/// Compares what a service has become, without a line.
///
/// # Errors
///
/// It is something else.
pub fn expect(found: &serde_json::Value, expected: &serde_json::Value) -> Outcome {
    if found != expected {
        return Err(format!("it has become {found}, expected {expected}").into());
    }
    Ok(())
}
