//! Why a call does not become actions.

use crate::action::{JsonError, Operation, ResourceError, TreeError, preview_text};

/// Why a call does not become actions: it is refused, never passed on.
///
/// Texts from outside are escaped and shortened in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// The catalog has no operation for this tool, route or name.
    #[error("{what} is not in the catalog")]
    Unmapped {
        /// The tool, route or operation, as the call names it.
        what: String,
    },
    /// An argument is missing.
    #[error("argument `{argument}` is missing")]
    ArgumentMissing {
        /// Which.
        argument: String,
    },
    /// An argument, or a member of one, that no operation of the call has.
    #[error("argument `{argument}` is unknown")]
    ArgumentUnknown {
        /// Which.
        argument: String,
    },
    /// A field of a query is there twice.
    #[error("argument `{argument}` is there more than once")]
    ArgumentRepeated {
        /// Which.
        argument: String,
    },
    /// An argument is not what the catalog says.
    #[error("argument `{argument}` is {found}, and must be {expected}")]
    ArgumentMistyped {
        /// Which.
        argument: String,
        /// What the catalog says.
        expected: String,
        /// What came.
        found: String,
    },
    /// The arguments are too many or too deep.
    #[error("arguments: {0}")]
    ArgumentsTooLarge(TreeError),
    /// What is to be touched has a segment that is not canonical, or too many.
    #[error("{0}")]
    SegmentNotCanonical(String),
    /// A query is not fields with values.
    #[error("query piece `{piece}` is not a field and a value in their canonical form")]
    QueryMalformed {
        /// The piece between two `&`.
        piece: String,
    },
    /// A body is not what the route takes.
    #[error("body: {0}")]
    BodyMalformed(String),
    /// The body is not the one that the call was made of.
    #[error("body is not the one that the call is about")]
    BodyMismatch,
    /// A call gives more actions than are decided at once.
    #[error("the call has more than {max} actions")]
    TooManyActions {
        /// The most.
        max: usize,
    },
    /// The service did not say what the catalog declares.
    #[error("attribute `{attribute}` of `{operation}` is missing")]
    AttributeMissing {
        /// Of what.
        operation: Operation,
        /// Which.
        attribute: String,
    },
    /// The service said what the catalog does not declare.
    #[error("attribute `{attribute}` of `{operation}` is not declared")]
    AttributeUnknown {
        /// Of what.
        operation: Operation,
        /// Which.
        attribute: String,
    },
    /// The service said something of another type than the catalog declares.
    #[error("attribute `{attribute}` of `{operation}` is not {expected}")]
    AttributeMistyped {
        /// Of what.
        operation: Operation,
        /// Which.
        attribute: String,
        /// What the catalog says.
        expected: String,
    },
    /// The service could not look the attributes up: [`MapError::attributes_unavailable`].
    #[error("attributes are not available: {why}")]
    AttributesUnavailable {
        /// Why, in the service's words.
        why: String,
    },
    /// The service found that what the call names is not there: [`MapError::not_found`].
    #[error("`{what}` does not exist")]
    NotFound {
        /// What.
        what: String,
    },
}

impl MapError {
    /// For a service whose look-up of attributes failed. The text is escaped and shortened; put no secret in it.
    #[must_use]
    pub fn attributes_unavailable(why: &str) -> Self {
        Self::AttributesUnavailable {
            why: preview_text(why),
        }
    }

    /// For a service whose look-up says that there is nothing there.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::NotFound {
            what: preview_text(what),
        }
    }

    /// The stable code: `argument_missing`, `call_unmapped`, …
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unmapped { .. } => "call_unmapped",
            Self::ArgumentMissing { .. } => "argument_missing",
            Self::ArgumentUnknown { .. } => "argument_unknown",
            Self::ArgumentRepeated { .. } => "argument_repeated",
            Self::ArgumentMistyped { .. } => "argument_mistyped",
            Self::ArgumentsTooLarge(_) => "arguments_too_large",
            Self::SegmentNotCanonical(_) => "segment_not_canonical",
            Self::QueryMalformed { .. } => "query_malformed",
            Self::BodyMalformed(_) => "body_malformed",
            Self::BodyMismatch => "body_mismatch",
            Self::TooManyActions { .. } => "too_many_actions",
            Self::AttributeMissing { .. } => "attribute_missing",
            Self::AttributeUnknown { .. } => "attribute_unknown",
            Self::AttributeMistyped { .. } => "attribute_mistyped",
            Self::AttributesUnavailable { .. } => "attributes_unavailable",
            Self::NotFound { .. } => "resource_not_found",
        }
    }

    /// Whether the fault is the service's and not the caller's.
    #[must_use]
    pub const fn is_service_fault(&self) -> bool {
        matches!(
            self,
            Self::BodyMismatch
                | Self::AttributeMissing { .. }
                | Self::AttributeUnknown { .. }
                | Self::AttributeMistyped { .. }
                | Self::AttributesUnavailable { .. }
        )
    }

    pub(super) fn unmapped(kind: &str, name: &str) -> Self {
        Self::Unmapped {
            what: format!("{kind} `{}`", preview_text(name)),
        }
    }

    pub(super) fn unknown(name: &str) -> Self {
        Self::ArgumentUnknown {
            argument: preview_text(name),
        }
    }
}

impl From<ResourceError> for MapError {
    fn from(error: ResourceError) -> Self {
        Self::SegmentNotCanonical(error.to_string())
    }
}

impl From<JsonError> for MapError {
    fn from(error: JsonError) -> Self {
        Self::BodyMalformed(error.to_string())
    }
}
