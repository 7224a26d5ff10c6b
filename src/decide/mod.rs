//! From a verified token and what a call does to a decision.
//!
//! In come a [`Verified`], one to sixteen actions, and the service's house rules; out goes a
//! [`Decision`]. Pure, and nothing is allocated on allow.

mod facts;
mod id;

use std::fmt;

use serde::Serialize;

pub use facts::Facts;
pub use id::DecisionId;

use crate::action::{Action, Service};
use crate::scope::{Dues, Layers, Reason, ReasonCode, Scope, Verdict, evaluate};
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
/// The ceiling of the token's root, the service's house rules and brakes are taken as if they were
/// blocks.
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
    if let Some((index, action)) = actions
        .iter()
        .enumerate()
        .find(|(_, action)| foreign(action))
    {
        return Decision::Deny(Denial::ForeignAction {
            action: index,
            service: action.service().clone(),
        });
    }
    let layers = Layers {
        ceiling: verified.ceiling(),
        blocks: verified.scopes(),
        house,
        brakes: facts.stopped(),
    };
    match evaluate(layers, actions, facts.context()) {
        Verdict::Allow(dues) => Decision::Allow(dues),
        Verdict::Deny(reasons) => Decision::Deny(Denial::Reasons(reasons)),
    }
}

impl Decision<'_> {
    /// Whether it is [`Decision::Allow`].
    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

impl Denial {
    /// The stable code; of several reasons, that of the first.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoActions => "no_actions",
            Self::TooManyActions { .. } => "too_many_actions",
            Self::ForeignAction { .. } => "service_mismatch",
            Self::Reasons(reasons) => reasons
                .first()
                .map_or("denied", |reason| reason.code.as_str()),
        }
    }

    /// Whether approvals are all that is missing.
    pub fn lacks_only_approvals(&self) -> bool {
        let approval = |reason: &Reason| reason.code == ReasonCode::ApprovalRequired;
        !self.reasons().is_empty() && self.reasons().iter().all(approval)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{hand_on, holder, now, read, scope, verify};

    fn denial(actions: &[Action]) -> Denial {
        let verified = verify(&holder(scope()), now()).unwrap();
        match decide(&verified, None, actions, &Facts::of(&verified)) {
            Decision::Deny(denial) => denial,
            Decision::Allow(_) => panic!("allowed"),
        }
    }

    #[test]
    fn a_call_without_an_action_is_denied() {
        assert_eq!(denial(&[]), Denial::NoActions);
        assert_eq!(denial(&[]).code(), "no_actions");
        assert_eq!(denial(&[]).to_string(), "the call has no action");
    }

    #[test]
    fn a_call_with_more_than_sixteen_actions_is_denied() {
        let many = vec![read("forum/thread/42/post"); 17];
        assert_eq!(denial(&many), Denial::TooManyActions { found: 17 });
        assert_eq!(denial(&many).code(), "too_many_actions");
        let verified = verify(&holder(scope()), now()).unwrap();
        let decision = decide(&verified, None, &many[..16], &Facts::of(&verified)).is_allow();
        assert!(decision);
    }

    #[test]
    fn an_action_of_another_service_is_denied() {
        let mail = Action::new(
            "mail.example".parse().unwrap(),
            "forum.read".parse().unwrap(),
            crate::action::Effect::Read,
            "forum/thread/42/post".parse().unwrap(),
        );
        let denial = denial(&[read("forum/thread/42/post"), mail]);
        assert!(matches!(denial, Denial::ForeignAction { action: 1, .. }));
        assert_eq!(denial.code(), "service_mismatch");
        assert!(denial.reasons().is_empty());
    }

    #[test]
    fn a_denial_by_scopes_has_the_code_of_its_first_reason_and_lists_all() {
        let denial = denial(&[read("forum/thread/43/post"), read("mail/1")]);
        assert_eq!(denial.code(), "resource_outside");
        assert_eq!(denial.reasons().len(), 2);
        assert!(denial.to_string().ends_with("(and 1 more)"), "{denial}");
    }

    #[test]
    fn a_denial_without_a_reason_is_a_denial_all_the_same() {
        let denial = Denial::Reasons(Vec::new());
        assert_eq!(
            (denial.code(), denial.to_string().as_str()),
            ("denied", "denied")
        );
    }

    #[test]
    fn every_layer_must_permit() {
        let deny = || {
            Scope::builder().deny(
                crate::scope::Pattern::any()
                    .operation("forum.read")
                    .unwrap(),
            )
        };
        let actions = [read("forum/thread/42/post")];
        let allows = |verified: &Verified, house: Option<&Scope>| {
            decide(verified, house, &actions, &Facts::of(verified)).is_allow()
        };
        let holder = holder(scope());
        let verified = verify(&holder, now()).unwrap();
        assert!(allows(&verified, None));
        assert!(!allows(&verified, Some(&deny().build().unwrap())));
        let child = verify(&hand_on(&holder, 2, deny()), now()).unwrap();
        assert!(!allows(&child, None));
        let root = crate::testing::root().with_ceiling(deny().build().unwrap());
        let sent = crate::testing::present(&holder, now());
        let under_ceiling = crate::testing::verifier_of(root)
            .verify(
                &sent,
                &crate::testing::call(),
                now(),
                &crate::revoke::RevocationSet::default(),
            )
            .unwrap();
        assert!(!allows(&under_ceiling, None));
    }

    #[test]
    fn a_brake_stops_what_it_matches_and_says_that_it_was_a_brake() {
        let verified = verify(&holder(scope()), now()).unwrap();
        let actions = [read("forum/thread/42/post")];
        let brake = |effect| {
            let pattern = crate::scope::Pattern::any().with_effect(effect);
            Scope::builder().deny(pattern).build().unwrap()
        };
        let sends = brake(crate::action::Effect::Send);
        assert!(
            decide(
                &verified,
                None,
                &actions,
                &Facts::of(&verified).brakes(&sends)
            )
            .is_allow()
        );
        let reads = brake(crate::action::Effect::Read);
        let facts = Facts::of(&verified).brakes(&reads);
        let Decision::Deny(denial) = decide(&verified, None, &actions, &facts) else {
            panic!("allowed");
        };
        assert_eq!(denial.code(), "brake_applied");
        assert_eq!(denial.reasons()[0].origin, crate::scope::Origin::Brake);
    }

    #[test]
    fn what_is_not_known_is_taken_at_its_worst() {
        let verified = verify(&holder(scope()), now()).unwrap();
        let facts = Facts::of(&verified);
        let context = facts.context();
        assert!(context.tainted);
        assert!(context.approved_by.is_empty());
        assert_eq!(context.seen.iter().count(), 0);
        assert_eq!(context.now, now());
    }
}
