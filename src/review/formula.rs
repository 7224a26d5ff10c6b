//! What layers allow, as one formula.

use super::literal::{Literal, Place, Reading, Wanted};
use crate::scope::{
    ApprovalRule, Capability, Closure, Condition, Constraint, Layers, Pattern, Requirement, Scope,
    When,
};

/// Literals, and their conjunctions and disjunctions.
#[derive(Clone, Debug)]
pub(super) enum Formula<'a> {
    Is(Literal<'a>),
    All(Vec<Formula<'a>>),
    Any(Vec<Formula<'a>>),
}

impl<'a> Formula<'a> {
    pub(super) fn always() -> Self {
        Self::All(Vec::new())
    }

    pub(super) fn never() -> Self {
        Self::Any(Vec::new())
    }

    /// What is so where this is not.
    pub(super) fn negation(self) -> Self {
        let each = |all: Vec<Self>| all.into_iter().map(Self::negation).collect();
        match self {
            Self::Is(literal) => literal.negation(),
            Self::All(all) => Self::Any(each(all)),
            Self::Any(any) => Self::All(each(any)),
        }
    }

    pub(super) fn is_true_of(&self, case: &super::Case) -> bool {
        match self {
            Self::Is(literal) => literal.is_true_of(case),
            Self::All(all) => all.iter().all(|one| one.is_true_of(case)),
            Self::Any(any) => any.iter().any(|one| one.is_true_of(case)),
        }
    }

    /// What these layers allow.
    pub(super) fn allowed_by(layers: &Layers<'a>) -> Self {
        // Nobody grants anything without a block.
        if layers.blocks.is_empty() {
            return Self::never();
        }
        let depth = layers.depth();
        let scopes = layers.iter();
        Self::All(scopes.map(|(_, scope)| of_scope(scope, depth)).collect())
    }

    /// What this pattern matches, if only in doubt.
    pub(super) fn matched_by(pattern: &'a Pattern) -> Self {
        let operation = pattern.operation_pattern();
        let effect = pattern.effect();
        let resource = pattern.resource_pattern();
        let mut all = Vec::new();
        all.extend(operation.map(|it| Self::Is(Literal::Operation(it, true))));
        all.extend(effect.map(|it| Self::Is(Literal::Effect(it, true))));
        all.extend(resource.map(|it| Self::Is(Literal::Resource(it, true))));
        let trees = [
            (Place::Arguments, pattern.arguments()),
            (Place::Attributes, pattern.attributes()),
        ];
        for (place, constraints) in trees {
            all.extend(each(place, constraints, Reading::Doubt));
        }
        Self::All(all)
    }

    /// Where this condition holds.
    pub(super) fn holds(condition: &'a Condition) -> Self {
        match condition {
            Condition::Approval(rule) => Self::approved(rule),
            Condition::Budget(budget) => Self::Is(Literal::Within(budget)),
            Condition::Signature => Self::Is(Literal::Signed(true)),
        }
    }

    /// Where approvals satisfy this rule.
    pub(super) fn approved(rule: &'a ApprovalRule) -> Self {
        let groups = rule.groups().iter();
        let approved = groups.map(|it| Self::Is(Literal::Approved(it, true)));
        Self::All(approved.collect())
    }

    /// What this capability grants.
    pub(super) fn granted_by(capability: &'a Capability) -> Self {
        of_capability(capability)
    }

    /// Where this requirement says something.
    pub(super) fn applies(requirement: &'a Requirement) -> Self {
        let mut all = vec![Self::matched_by(requirement.pattern())];
        if requirement.when() == When::Tainted {
            all.push(Self::Is(Literal::Tainted(true)));
        }
        Self::All(all)
    }

    /// Where this requirement is met, or says nothing.
    pub(super) fn meets(requirement: &'a Requirement) -> Self {
        Self::Any(vec![
            Self::applies(requirement).negation(),
            Self::holds(requirement.condition()),
        ])
    }
}

fn of_scope(scope: &Scope, depth: u32) -> Formula<'_> {
    if scope.max_depth().is_some_and(|limit| depth > limit) {
        return Formula::never();
    }
    let mut all = Vec::new();
    let window = scope.window();
    let (start, end) = (window.not_before(), window.not_after());
    all.extend(start.map(|it| Formula::Is(Literal::Since(it, true))));
    all.extend(end.map(|it| Formula::Is(Literal::Since(it, false))));
    let audience = scope.audience();
    all.extend(audience.map(|it| Formula::Is(Literal::Service(it, true))));
    if let Some(allow) = scope.allow() {
        all.push(Formula::Any(allow.iter().map(of_capability).collect()));
    }
    let deny = scope.deny().iter();
    all.extend(deny.map(|it| Formula::matched_by(it).negation()));
    all.extend(scope.require().iter().map(Formula::meets));
    Formula::All(all)
}

fn of_capability(capability: &Capability) -> Formula<'_> {
    let target = capability.target();
    let mut all = Vec::new();
    let operation = target.operation();
    all.extend(operation.map(|it| Formula::Is(Literal::Operation(it, true))));
    let effect = target.effect();
    all.extend(effect.map(|it| Formula::Is(Literal::Effect(it, true))));
    all.push(Formula::Is(Literal::Resource(capability.resource(), true)));
    let arguments = capability.arguments();
    all.extend(each(Place::Arguments, arguments, Reading::Strict));
    if capability.closure() == Closure::Closed {
        all.push(Formula::Is(Literal::Named(
            Place::Arguments,
            arguments,
            true,
        )));
    }
    let attributes = capability.attributes();
    all.extend(each(Place::Attributes, attributes, Reading::Strict));
    Formula::All(all)
}

pub(super) fn each<'a>(
    place: Place,
    all: &'a [Constraint],
    reading: Reading,
) -> impl Iterator<Item = Formula<'a>> {
    all.iter().map(move |constraint| {
        let wanted = Wanted {
            constraint,
            all,
            reading,
        };
        Formula::Is(Literal::Holds(place, wanted, true))
    })
}
