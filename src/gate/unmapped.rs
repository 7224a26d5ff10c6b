//! Why a service cannot say what a call does.

use std::fmt;

/// Why a service cannot say what a call does: its route is unknown, or an argument is not what it must be.
///
/// It is a refusal, and never a pass. Only who proves possession of a token is told.
///
/// ```
/// use bailiwick::action::Resource;
/// use bailiwick::gate::Unmapped;
///
/// let thread = |id: &str| Resource::from_segments(["forum", "thread", id]).map_err(Unmapped::because);
/// assert!(thread("42").is_ok());
/// assert_eq!(thread("..").unwrap_err().code(), Unmapped::CODE);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unmapped {
    code: &'static str,
    message: String,
}

impl Unmapped {
    /// The code where there is no better one.
    pub const CODE: &'static str = "call_unmapped";

    /// With a stable code, and one line for who sent the call.
    pub fn new(code: &'static str, message: impl fmt::Display) -> Self {
        Self {
            code,
            message: message.to_string(),
        }
    }

    /// As [`new`](Self::new), with the code [`CODE`](Self::CODE): for the errors of what an action is made of.
    pub fn because(error: impl fmt::Display) -> Self {
        Self::new(Self::CODE, error)
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}
