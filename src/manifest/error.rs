//! Why a manifest and its parameters make no scope.

use super::{ApproverError, Name, Place};
use crate::action::NameError;
use crate::review::Witness;
use crate::scope::ScopeError;

/// Why a parameter of a manifest has no value that can be used.
///
/// Values in it are escaped, shortened, and on one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// A parameter of the manifest is not given.
    #[error("parameter `{name}` is missing")]
    Missing {
        /// The parameter.
        name: Name,
    },
    /// The manifest has no such parameter.
    #[error("the task has no parameter `{name}`")]
    Unknown {
        /// What was given, escaped and shortened.
        name: String,
    },
    /// The value is of another type.
    #[error("parameter `{name}` is {expected}, and `{seen}` was given")]
    Mistyped {
        /// The parameter.
        name: Name,
        /// Its type.
        expected: String,
        /// The value.
        seen: String,
    },
    /// The value is not one that the manifest admits.
    #[error("parameter `{name}` is {expected}, and `{seen}` is not")]
    OutOfRange {
        /// The parameter.
        name: Name,
        /// What it admits.
        expected: String,
        /// The value.
        seen: String,
    },
    /// The value is not in the one spelling that it has.
    #[error("parameter `{name}` cannot be used: {why}")]
    NotCanonical {
        /// The parameter.
        name: Name,
        /// What is wrong with it.
        why: String,
    },
}

impl ParameterError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "parameter_missing",
            Self::Unknown { .. } => "parameter_unknown",
            Self::Mistyped { .. } => "parameter_mistyped",
            Self::OutOfRange { .. } => "parameter_out_of_range",
            Self::NotCanonical { .. } => "parameter_not_canonical",
        }
    }
}

/// Why a manifest and its parameters make no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// A parameter cannot be used.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// With these values, the scope contradicts itself: a range is empty, or something stands twice.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// With these values, the purpose is none: it is too long.
    #[error(transparent)]
    Purpose(#[from] NameError),
    /// The key of an approver is not known.
    #[error(transparent)]
    Approver(#[from] ApproverError),
    /// With these values, the scope allows what a `[[never]]` entry says that it never does.
    #[error("what never happens, says the entry at {place}, is allowed: {}", witness.action_line())]
    NeverRefuted {
        /// Where the entry stands.
        place: Place,
        /// An action that is allowed, and all that must be known.
        witness: Box<Witness>,
    },
    /// It would take too much effort to prove what a `[[never]]` entry says.
    #[error("whether the entry at {place} holds takes too much effort to say")]
    NeverUndecided {
        /// Where the entry stands.
        place: Place,
    },
}

impl ManifestError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Parameter(error) => error.code(),
            Self::Scope(_) => "scope_invalid",
            Self::Purpose(_) => "purpose_invalid",
            Self::Approver(error) => error.code(),
            Self::NeverRefuted { .. } => "never_refuted",
            Self::NeverUndecided { .. } => "never_undecided",
        }
    }
}
