//! Every construct of a scope: what says it, and actions that it decides, both ways.
//!
//! Each is the whole scope of a second block, after a first one that permits `mail.*` everywhere.

mod conditions;
mod constants;
mod doubt;
mod doubt_places;
mod lists;
mod presence;
mod targets;
mod values;

use bailiwick::scope::{
    Capability, Condition, Constraint, Matcher, Pattern, Requirement, Scope, ScopeBuilder,
    ScopeError,
};

pub use crate::ask::{Ask, having, with};

pub struct Construct {
    pub name: &'static str,
    pub comment: &'static str,
    pub scope: Scope,
    pub cases: Vec<Case>,
}

/// One question, and the answer.
pub struct Case {
    pub label: &'static str,
    /// The code of the first reason; none is an allow.
    pub denied: Option<&'static str>,
    pub ask: Ask,
}

pub fn all() -> Vec<Construct> {
    [
        targets::all(),
        constants::all(),
        values::all(),
        presence::all(),
        lists::all(),
        doubt::all(),
        doubt_places::all(),
        conditions::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn construct(
    name: &'static str,
    comment: &'static str,
    scope: Scope,
    cases: impl Into<Vec<Case>>,
) -> Construct {
    Construct {
        name,
        comment,
        scope,
        cases: cases.into(),
    }
}

fn yes(label: &'static str, ask: Ask) -> Case {
    Case {
        label,
        denied: None,
        ask,
    }
}

fn no(label: &'static str, code: &'static str, ask: Ask) -> Case {
    Case {
        label,
        denied: Some(code),
        ask,
    }
}

fn scope(say: impl FnOnce(ScopeBuilder) -> ScopeBuilder) -> Scope {
    say(Scope::builder()).build().unwrap()
}

/// A scope that allows `mail.send` on `outbox`, with more to it.
fn allow(more: impl FnOnce(Capability) -> Result<Capability, ScopeError>) -> Scope {
    let capability = Capability::operation("mail.send", "outbox").unwrap();
    scope(|scope| scope.allow(more(capability).unwrap()))
}

/// A scope that denies what this pattern matches.
fn deny(say: impl FnOnce(Pattern) -> Result<Pattern, ScopeError>) -> Scope {
    scope(|scope| scope.deny(say(Pattern::any()).unwrap()))
}

fn require(pattern: Pattern, condition: Condition) -> Scope {
    scope(|scope| scope.require(Requirement::new(pattern, condition)))
}

fn at(path: &str, matcher: Matcher) -> Constraint {
    Constraint::new(path, matcher).unwrap()
}
