//! From a verified token and what a call does to a decision.
//!
//! In come a [`Verified`], one to sixteen actions, and the service's house rules; out goes a
//! [`Decision`]. Pure, and nothing is allocated on allow.

mod facts;

use std::fmt;

use serde::Serialize;

pub use facts::Facts;

use crate::action::{Action, Service};
use crate::scope::{Dues, Layers, Reason, Scope, Verdict, evaluate};
use crate::verify::Verified;

/// What is decided of a call.
#[derive(Debug)]
#[must_use = "a decision that nobody looks at protects nothing"]
pub enum Decision<'a> {
    /// Every action is permitted, once the dues are settled.
    Allow(Dues<'a>),
    /// The call is refused.
    Deny(Denial),
}

/// Why a call is refused, with everything that stood against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Denial {
    /// The call does nothing that could be decided.
    NoActions,
    /// The call does too much at once.
    TooManyActions {
        /// How many actions it has.
        found: usize,
    },
    /// An action is one of another service than the one that verified the token.
    ForeignAction {
        /// Its index.
        action: usize,
        /// Its service.
        service: Service,
    },
    /// Scopes stand against it: one or more reasons, in the order of actions and scopes.
    Reasons(Vec<Reason>),
}

/// The most actions of one call.
pub const MAX_ACTIONS: usize = 16;

/// Decides whether a verified token permits every action of the call.
///
/// The ceiling of the token's root and the service's house rules are taken as if they were blocks.
pub fn decide<'a>(
    verified: &'a Verified,
    house: Option<&'a Scope>,
    actions: &'a [Action],
    facts: &'a Facts<'a>,
) -> Decision<'a> {
    if actions.is_empty() {
        return Decision::Deny(Denial::NoActions);
    }
    if actions.len() > MAX_ACTIONS {
        let found = actions.len();
        return Decision::Deny(Denial::TooManyActions { found });
    }
    let foreign = |action: &Action| action.service() != verified.service();
    if let Some((index, action)) = actions.iter().enumerate().find(|(_, action)| foreign(action)) {
        return Decision::Deny(Denial::ForeignAction {
            action: index,
            service: action.service().clone(),
        });
    }
    let layers = Layers {
        ceiling: verified.ceiling(),
        blocks: verified.scopes(),
        house,
    };
    match evaluate(layers, actions, facts.context()) {
        Verdict::Allow(dues) => Decision::Allow(dues),
        Verdict::Deny(reasons) => Decision::Deny(Denial::Reasons(reasons)),
    }
}

impl Denial {
    /// The stable code; of several reasons, that of the first.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoActions => "no_actions",
            Self::TooManyActions { .. } => "too_many_actions",
            Self::ForeignAction { .. } => "service_mismatch",
            Self::Reasons(reasons) => {
                reasons.first().map_or("denied", |reason| reason.code.as_str())
            }
        }
    }

    /// The reasons that scopes gave, if it was scopes.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Reasons(reasons) => reasons,
            _ => &[],
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoActions => f.write_str("the call has no action"),
            Self::TooManyActions { found } => {
                write!(f, "the call has {found} actions, more than {MAX_ACTIONS}")
            }
            Self::ForeignAction { action, service } => {
                write!(f, "action {action} is one of service `{service}`")
            }
            Self::Reasons(reasons) => match reasons.split_first() {
                None => f.write_str("denied"),
                Some((first, [])) => write!(f, "{first}"),
                Some((first, rest)) => write!(f, "{first} (and {} more)", rest.len()),
            },
        }
    }
}
