//! Scopes in words: escaped, on one line.

use crate::action::Operation;
use crate::scope::wording::{list, quote, wanted};
use crate::scope::{
    ApprovalRule, Budget, Capability, Closure, Condition, Constraint, Measure, Origin, Pattern,
    Requirement, Scope, When,
};

pub(super) fn capability(capability: &Capability) -> String {
    let target = capability.target();
    let operation = target.operation().map(quote);
    let effect = target.effect().map(|it| format!("effect {}", quote(it)));
    let resource = format!("on {}", quote(capability.resource()));
    let named = list(operation.into_iter().chain(effect));
    let arguments = constraints("argument", capability.arguments());
    let attributes = constraints("attribute", capability.attributes());
    let closed = capability.closure() == Closure::Closed;
    let closed = closed.then(|| "no other argument".to_owned());
    let head = format!("{named} {resource}");
    list(
        [head]
            .into_iter()
            .chain(arguments)
            .chain(closed)
            .chain(attributes),
    )
}

pub(super) fn operation(operation: &Operation) -> String {
    quote(operation)
}

pub(super) fn pattern(pattern: &Pattern) -> String {
    if pattern.is_any() {
        return "every action".to_owned();
    }
    crate::scope::wording::pattern(pattern)
}

fn constraints(what: &str, all: &[Constraint]) -> impl Iterator<Item = String> {
    all.iter()
        .map(move |it| format!("{what} {} {}", quote(it.path()), wanted(it)))
}

/// A condition, where it applies unless that is everywhere, and whose it is.
pub(super) fn requirement(requirement: &Requirement, always: bool, origin: Origin) -> String {
    let condition = match requirement.condition() {
        Condition::Approval(rule) => approvals(rule),
        Condition::Budget(own) => budget(own),
        Condition::Signature => "a proof by signature".to_owned(),
    };
    let tainted = match requirement.when() {
        When::Tainted => " once the task has read untrusted data",
        When::Always => "",
    };
    let place = match always {
        true => String::new(),
        false if requirement.pattern().is_any() => String::new(),
        false => format!(", where it is {}", pattern(requirement.pattern())),
    };
    format!("needs {condition}{tainted}{place}, says {origin}")
}

fn approvals(rule: &ApprovalRule) -> String {
    let groups = rule.groups().iter().map(|group| {
        let (of, keys) = (group.approvers().len(), group.approvers().iter());
        format!(
            "approval by {} of {of} ({})",
            group.threshold(),
            list(keys.map(ToString::to_string))
        )
    });
    groups.collect::<Vec<_>>().join(" and ")
}

fn budget(budget: &Budget) -> String {
    let cap = budget.cap();
    let amount = match budget.measure() {
        Measure::Uses if cap == 1 => "1 use".to_owned(),
        Measure::Uses => format!("{cap} uses"),
        Measure::Int(path) => format!("{cap} of argument {}", quote(path)),
        Measure::Decimal(path, scale) => {
            let cap = crate::action::Decimal::new(*scale, cap);
            let cap = cap.map_or_else(|_| String::new(), |cap| cap.to_string());
            format!("{cap} of argument {}", quote(path))
        }
    };
    let window = budget.window().map_or_else(String::new, |window| {
        format!(" in each {} seconds", window.as_secs())
    });
    format!(
        "room in budget {}: at most {amount}{window}",
        quote(budget.name())
    )
}

/// When, for which services, and how far.
pub(super) fn limits(scope: &Scope) -> Vec<String> {
    let window = scope.window();
    let start = window.not_before().map(|it| format!("not before {it}"));
    let end = window.not_after().map(|it| format!("not after {it}"));
    let audience = scope
        .audience()
        .map(|services| format!("only for {}", list(services.iter().map(quote))));
    let depth = scope.max_depth().map(|depth| match depth {
        0 => "not to be handed on".to_owned(),
        1 => "handed on at most once".to_owned(),
        depth => format!("handed on at most {depth} times"),
    });
    [start, end, audience, depth]
        .into_iter()
        .flatten()
        .collect()
}
