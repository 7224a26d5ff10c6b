//! The room as a whole: each construct, each reason, each refusal, and the laws.

mod capabilities;
mod conditions;
mod judge;
mod laws;
mod limits;
mod matchers;
mod places;
mod reasons;
mod refusals;
mod wording;

use super::{
    Capability, Constraint, Context, Layers, Matcher, Pattern, Reason, Scope, Verdict, evaluate,
};
use crate::action::{Action, Effect, Tree};
use crate::clock::Timestamp;

/// 2026-11-21T12:00:00Z
const NOON: u64 = 1_795_262_400;

fn at(second: u64) -> Timestamp {
    Timestamp::from_unix_seconds(second).unwrap()
}

fn noon() -> Context<'static> {
    Context::at(at(NOON))
}

/// At the service `forum`.
fn action(operation: &str, effect: Effect, resource: &str) -> Action {
    Action::new(
        "forum".parse().unwrap(),
        operation.parse().unwrap(),
        effect,
        resource.parse().unwrap(),
    )
}

fn tree(json: &str) -> Tree {
    Tree::from_json_slice(json.as_bytes()).unwrap()
}

/// `mail.send` on `outbox`, with these arguments.
fn mail(arguments: &str) -> Action {
    action("mail.send", Effect::Send, "outbox").with_arguments(tree(arguments))
}

fn granting(capability: Capability) -> Scope {
    Scope::builder().allow(capability).build().unwrap()
}

fn all_mail() -> Capability {
    Capability::operation("mail.send", "**").unwrap()
}

fn is(path: &str, matcher: Result<Matcher, super::ScopeError>) -> Constraint {
    Constraint::new(path, matcher.unwrap()).unwrap()
}

fn reasons(layers: Layers<'_>, actions: &[Action], context: &Context<'_>) -> Vec<Reason> {
    match evaluate(layers, actions, context) {
        Verdict::Allow(_) => Vec::new(),
        Verdict::Deny(reasons) => {
            assert!(!reasons.is_empty());
            reasons
        }
    }
}

/// Whether one scope permits one action.
fn permits(scope: &Scope, action: &Action, context: &Context<'_>) -> bool {
    let blocks = std::slice::from_ref(scope);
    evaluate(
        Layers::blocks(blocks),
        std::slice::from_ref(action),
        context,
    )
    .is_allow()
}

/// Whether these constraints, on the arguments of an open capability, grant.
fn strictly(constraints: &[Constraint], action: &Action, context: &Context<'_>) -> bool {
    let grow = |capability: Capability, constraint: &Constraint| {
        capability.with_argument(constraint.clone()).unwrap()
    };
    let capability = constraints.iter().fold(all_mail().open_arguments(), grow);
    permits(&granting(capability), action, context)
}

/// Whether these constraints, on the arguments of a deny entry, deny.
fn in_doubt(constraints: &[Constraint], action: &Action, context: &Context<'_>) -> bool {
    let grow = |pattern: Pattern, constraint: &Constraint| {
        pattern.with_argument(constraint.clone()).unwrap()
    };
    let entry = constraints.iter().fold(Pattern::any(), grow);
    let scope = Scope::builder().deny(entry).build().unwrap();
    !permits(&scope, action, context)
}
