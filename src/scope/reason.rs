//! Why an action is denied.

use std::fmt;

use serde::Serialize;

use super::Origin;

/// The stable code of a denial. It never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonCode {
    /// The scope does not hold yet.
    NotYetValid,
    /// The scope holds no more.
    Expired,
    /// The scope is for other services.
    AudienceMismatch,
    /// The token was delegated further than the scope allows.
    DepthExceeded,
    /// No capability names the operation.
    OperationNotGranted,
    /// The operation is granted, or whatever operation is, but with another effect.
    EffectNotGranted,
    /// The operation is granted, but on other resources.
    ResourceOutside,
    /// An argument is absent that a capability constrains.
    ArgumentMissing,
    /// An argument is not what a capability admits.
    ArgumentOutside,
    /// An argument is present that a closed capability does not name.
    ArgumentUnexpected,
    /// An attribute is absent that a capability constrains.
    AttributeMissing,
    /// An attribute is not what a capability admits.
    AttributeOutside,
    /// A deny entry matches, if only in doubt.
    DenyMatched,
    /// A brake matches, if only in doubt: it stops every token, whatever was granted.
    BrakeApplied,
    /// Approvals are missing.
    ApprovalRequired,
    /// The budget would be passed.
    BudgetExceeded,
    /// Nothing is known of what the budget has spent.
    BudgetUnknown,
    /// The amount that a budget sums up is absent, of another type, zero or negative.
    AmountInvalid,
    /// A session's proof is not enough here.
    SignatureRequired,
}

impl ReasonCode {
    /// Every code.
    pub const ALL: [Self; 19] = [
        Self::NotYetValid,
        Self::Expired,
        Self::AudienceMismatch,
        Self::DepthExceeded,
        Self::OperationNotGranted,
        Self::EffectNotGranted,
        Self::ResourceOutside,
        Self::ArgumentMissing,
        Self::ArgumentOutside,
        Self::ArgumentUnexpected,
        Self::AttributeMissing,
        Self::AttributeOutside,
        Self::DenyMatched,
        Self::BrakeApplied,
        Self::ApprovalRequired,
        Self::BudgetExceeded,
        Self::BudgetUnknown,
        Self::AmountInvalid,
        Self::SignatureRequired,
    ];

    /// The code as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::AudienceMismatch => "audience_mismatch",
            Self::DepthExceeded => "depth_exceeded",
            Self::OperationNotGranted => "operation_not_granted",
            Self::EffectNotGranted => "effect_not_granted",
            Self::ResourceOutside => "resource_outside",
            Self::ArgumentMissing => "argument_missing",
            Self::ArgumentOutside => "argument_outside",
            Self::ArgumentUnexpected => "argument_unexpected",
            Self::AttributeMissing => "attribute_missing",
            Self::AttributeOutside => "attribute_outside",
            Self::DenyMatched => "deny_matched",
            Self::BrakeApplied => "brake_applied",
            Self::ApprovalRequired => "approval_required",
            Self::BudgetExceeded => "budget_exceeded",
            Self::BudgetUnknown => "budget_unknown",
            Self::AmountInvalid => "amount_invalid",
            Self::SignatureRequired => "signature_required",
        }
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which clause of a scope failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Clause {
    /// The time window.
    Window,
    /// The audiences.
    Audience,
    /// The depth limit.
    Depth,
    /// The capabilities; with the index of the one that came closest.
    Allow(usize),
    /// The deny entry with this index.
    Deny(usize),
    /// The requirement with this index.
    Require(usize),
}

/// One thing that stood against an action, with the facts of it.
///
/// Text in it that comes from a token or a caller is escaped, one line each: it cannot forge a
/// line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// The stable code.
    pub code: ReasonCode,
    /// Which action of the call, from 0.
    pub action: usize,
    /// Whose scope failed: the hop.
    pub origin: Origin,
    /// Which clause of it.
    pub clause: Clause,
    /// The path of the argument or attribute in question, if it is one; `*` is any element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The value that was seen: escaped, and shortened. Of a list whose every element must match,
    /// the first element that does not.
    pub seen: String,
    /// What the clause asks for: escaped, with names and texts shortened.
    pub wanted: String,
    /// The smallest thing that was missing.
    pub missing: Missing,
}

/// The smallest grant or fact that would have let the action through this clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Missing {
    /// A capability for just this.
    Capability {
        /// The operation.
        operation: String,
        /// Its effect.
        effect: String,
        /// The resource.
        resource: String,
    },
    /// In the capability that came closest: this value, at the reason's path. Absence is `absent`.
    Value {
        /// A preview of the value, escaped.
        value: String,
    },
    /// In the group of approvers that lacks most: so many more approvals, of these keys.
    Approvals {
        /// How many more.
        more: u32,
        /// The keys that have not approved yet.
        of: Vec<String>,
    },
    /// Room in a budget.
    Budget {
        /// Its name.
        name: String,
        /// Its cap.
        cap: i64,
        /// What it has spent, if that is known.
        spent: Option<i64>,
        /// What the action would spend, if that can be said.
        amount: Option<i64>,
    },
    /// Another time.
    Time,
    /// An audience that includes this service.
    Audience {
        /// The service.
        service: String,
    },
    /// A limit of so many blocks after the first.
    Depth {
        /// The blocks that there are.
        depth: u32,
    },
    /// A proof by signature instead of a session's.
    Signature,
    /// No grant helps: a deny entry or a brake stands in the way.
    Nothing,
}

/// One line, lower case, no period.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seen,
            wanted,
            origin,
            ..
        } = self;
        let path = self.path.as_deref().unwrap_or_default();
        match self.code {
            ReasonCode::NotYetValid => write!(f, "{origin} holds from {wanted}, it is {seen}"),
            ReasonCode::Expired => write!(f, "{origin} ended at {wanted}, it is {seen}"),
            ReasonCode::AudienceMismatch => write!(f, "{origin} is for {wanted}, not for {seen}"),
            ReasonCode::DepthExceeded => {
                write!(
                    f,
                    "{origin} admits {wanted} blocks after the first, there are {seen}"
                )
            }
            ReasonCode::OperationNotGranted => {
                write!(f, "operation {seen} is not granted by {origin}")
            }
            ReasonCode::EffectNotGranted => {
                write!(f, "effect {seen} is not granted by {origin}, only {wanted}")
            }
            ReasonCode::ResourceOutside => {
                write!(f, "resource {seen} is outside {wanted} of {origin}")
            }
            ReasonCode::ArgumentMissing | ReasonCode::ArgumentOutside => {
                write!(f, "argument `{path}` is {seen}, {origin} wants {wanted}")
            }
            ReasonCode::ArgumentUnexpected => {
                write!(f, "argument `{path}` is not named by {origin}")
            }
            ReasonCode::AttributeMissing | ReasonCode::AttributeOutside => {
                write!(f, "attribute `{path}` is {seen}, {origin} wants {wanted}")
            }
            ReasonCode::DenyMatched => write!(f, "{origin} denies {wanted}, and this is {seen}"),
            ReasonCode::BrakeApplied => write!(f, "a brake stops {wanted}, and this is {seen}"),
            ReasonCode::ApprovalRequired => write!(f, "{origin} wants {wanted}, there are {seen}"),
            ReasonCode::BudgetExceeded => {
                write!(f, "{origin} has a budget of {wanted}, and {seen}")
            }
            ReasonCode::BudgetUnknown => {
                write!(
                    f,
                    "{origin} has a budget of {wanted}, and {seen} is known to be spent"
                )
            }
            ReasonCode::AmountInvalid => {
                write!(
                    f,
                    "{origin} sums up `{path}` for a budget of {wanted}, and it is {seen}"
                )
            }
            ReasonCode::SignatureRequired => {
                write!(
                    f,
                    "{origin} wants {wanted}, and possession was proved by {seen}"
                )
            }
        }
    }
}
