//! Why a service cannot say what a call does.

use std::fmt;

/// Why a service cannot say what a call does: its route is unknown, an argument is not what it must be, or a look-up failed.
///
/// It is a refusal, and never a pass. Only who proves possession of a token is told. A catalog's
/// [`MapError`](crate::catalog::MapError) becomes one by `?`.
///
/// ```
/// use bailiwick::action::{Resource, Unmapped};
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
    service_fault: bool,
}

impl Unmapped {
    /// The code where there is no better one.
    pub const CODE: &'static str = "call_unmapped";

    /// With a stable code, and one line for who sent the call.
    pub fn new(code: &'static str, message: impl fmt::Display) -> Self {
        Self {
            code,
            message: message.to_string(),
            service_fault: false,
        }
    }

    /// As [`new`](Self::new), with the code [`CODE`](Self::CODE): for the errors of what an action is made of.
    pub fn because(error: impl fmt::Display) -> Self {
        Self::new(Self::CODE, error)
    }

    /// Says that it is the service that failed, and not who sent the call: it has not gone astray.
    #[must_use]
    pub fn by_service(mut self) -> Self {
        self.service_fault = true;
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Whether the fault is the service's and not the caller's.
    pub fn is_service_fault(&self) -> bool {
        self.service_fault
    }
}
