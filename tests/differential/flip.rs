//! Flips one construct of a case at a time, to see whether it decides the verdict.

use std::collections::BTreeSet;

use bailiwick::action::{Action, Effect, Object, Operation, Value};
use bailiwick::scope::*;

use crate::support::cases::{Case, first_value, seconds};

/// Every construct of which the differential test must have seen enough decisive cases.
pub(crate) const CONSTRUCTS: &[&str] = &[
    "operation",
    "sub-tree",
    "effect",
    "segment",
    "any segment",
    "affix",
    "tail",
    "allow: equals",
    "allow: one of",
    "allow: integer",
    "allow: decimal",
    "allow: text",
    "allow: text length",
    "allow: bytes length",
    "allow: from",
    "allow: count",
    "allow: nested path",
    "allow: list path",
    "allow: every",
    "allow: some",
    "allow: required",
    "allow: optional",
    "allow: attribute",
    "closed",
    "open",
    "deny: operation",
    "deny: sub-tree",
    "deny: effect",
    "deny: segment",
    "deny: any segment",
    "deny: affix",
    "deny: tail",
    "doubt: equals",
    "doubt: one of",
    "doubt: integer",
    "doubt: decimal",
    "doubt: text",
    "doubt: text length",
    "doubt: bytes length",
    "doubt: from",
    "doubt: count",
    "doubt: nested path",
    "doubt: list path",
    "doubt: absent",
    "doubt: if present",
    "doubt: attribute",
    "deny",
    "approval: 1 of n",
    "approval: m of n",
    "approval: groups",
    "budget: uses",
    "budget: integer sum",
    "budget: decimal sum",
    "budget: window",
    "signature",
    "when tainted",
    "universal requirement",
    "not before",
    "not after",
    "audience",
    "depth",
    "ceiling",
    "house",
    "brakes",
];

/// The constructs that decide the verdict of this case: flipped alone, each flips it.
pub(crate) fn decisive(case: &Case) -> BTreeSet<&'static str> {
    let verdict = case.allows();
    let mut found = BTreeSet::new();
    let mut try_case = |name: &'static str, flipped: Case| {
        if !found.contains(name) && flipped.allows() != verdict {
            found.insert(name);
        }
    };
    for layer in layers(case) {
        let scope = layer.get(case).clone();
        let mut variant = |name: &'static str, scope: Result<Scope, ScopeError>| {
            if let Ok(scope) = scope {
                let mut flipped = case.clone();
                *layer.get_mut(&mut flipped) = scope;
                try_case(name, flipped);
            }
        };
        flip_scope(&scope, case, &mut variant);
    }
    if case.ceiling.is_some() {
        try_case(
            "ceiling",
            Case {
                ceiling: None,
                ..case.clone()
            },
        );
    }
    if case.house.is_some() {
        try_case(
            "house",
            Case {
                house: None,
                ..case.clone()
            },
        );
    }
    if case.brakes.is_some() {
        try_case(
            "brakes",
            Case {
                brakes: None,
                ..case.clone()
            },
        );
    }
    found
}

#[derive(Clone, Copy)]
enum Layer {
    Block(usize),
    Ceiling,
    House,
}

fn layers(case: &Case) -> Vec<Layer> {
    let mut all: Vec<_> = (0..case.blocks.len()).map(Layer::Block).collect();
    all.extend(case.ceiling.is_some().then_some(Layer::Ceiling));
    all.extend(case.house.is_some().then_some(Layer::House));
    all
}

impl Layer {
    fn get(self, case: &Case) -> &Scope {
        match self {
            Self::Block(index) => &case.blocks[index],
            Self::Ceiling => case.ceiling.as_ref().unwrap(),
            Self::House => case.house.as_ref().unwrap(),
        }
    }

    fn get_mut(self, case: &mut Case) -> &mut Scope {
        match self {
            Self::Block(index) => &mut case.blocks[index],
            Self::Ceiling => case.ceiling.as_mut().unwrap(),
            Self::House => case.house.as_mut().unwrap(),
        }
    }
}

/// The parts of a scope, to be put together again with one of them changed.
#[derive(Clone)]
struct Parts {
    allow: Option<Vec<Capability>>,
    deny: Vec<Pattern>,
    require: Vec<Requirement>,
    window: (Option<u64>, Option<u64>),
    audience: Option<Vec<bailiwick::action::Service>>,
    depth: Option<u32>,
}

impl Parts {
    fn of(scope: &Scope) -> Self {
        Self {
            allow: scope.allow().map(<[_]>::to_vec),
            deny: scope.deny().to_vec(),
            require: scope.require().to_vec(),
            window: (
                scope.window().not_before().map(|time| time.unix_seconds()),
                scope.window().not_after().map(|time| time.unix_seconds()),
            ),
            audience: scope.audience().map(<[_]>::to_vec),
            depth: scope.max_depth(),
        }
    }

    fn build(self) -> Result<Scope, ScopeError> {
        let mut scope = Scope::builder();
        if let Some(allow) = self.allow {
            scope = scope.allow_only(allow);
        }
        for pattern in self.deny {
            scope = scope.deny(pattern);
        }
        for requirement in self.require {
            scope = scope.require(requirement);
        }
        if let Some(start) = self.window.0 {
            scope = scope.not_before(seconds(start));
        }
        if let Some(end) = self.window.1 {
            scope = scope.not_after(seconds(end));
        }
        for service in self.audience.into_iter().flatten() {
            scope = scope.audience(service);
        }
        if let Some(depth) = self.depth {
            scope = scope.max_depth(depth);
        }
        scope.build()
    }
}

type Try<'a> = dyn FnMut(&'static str, Result<Scope, ScopeError>) + 'a;

fn flip_scope(scope: &Scope, case: &Case, out: &mut Try<'_>) {
    let parts = Parts::of(scope);
    let mut with = |name, change: &dyn Fn(&mut Parts)| {
        let mut parts = parts.clone();
        change(&mut parts);
        out(name, parts.build());
    };
    let now = case.known.now.unix_seconds();
    if scope.window().not_before().is_some() {
        with("not before", &|parts| parts.window.0 = None);
        with("not before", &|parts| parts.window.0 = Some(now + 1));
    }
    if scope.window().not_after().is_some() {
        with("not after", &|parts| parts.window.1 = None);
        with("not after", &|parts| parts.window.1 = Some(now));
    }
    if scope.audience().is_some() {
        with("audience", &|parts| parts.audience = None);
        with("audience", &|parts| {
            parts.audience = Some(vec!["nobody.example".parse().unwrap()])
        });
    }
    if scope.max_depth().is_some() {
        with("depth", &|parts| parts.depth = None);
        with("depth", &|parts| {
            parts.depth = Some((case.blocks.len() as u32).saturating_sub(2))
        });
    }
    for (index, capability) in scope.allow().unwrap_or_default().iter().enumerate() {
        flip_capability(capability, &case.actions, &mut |name, capability| {
            with(name, &|parts| {
                parts.allow.as_mut().unwrap()[index] = capability.clone()
            });
        });
    }
    for (index, pattern) in scope.deny().iter().enumerate() {
        with("deny", &|parts| drop(parts.deny.remove(index)));
        flip_pattern(pattern, &case.actions, &mut |name, pattern| {
            with(name, &|parts| parts.deny[index] = pattern.clone());
        });
    }
    for (index, requirement) in scope.require().iter().enumerate() {
        let pattern = requirement.pattern();
        let again = |pattern: &Pattern, condition: &Condition, when: When| {
            let requirement = Requirement::new(pattern.clone(), condition.clone());
            match when {
                When::Always => requirement,
                When::Tainted => requirement.when_tainted(),
            }
        };
        let (condition, when) = (requirement.condition(), requirement.when());
        for name in condition_names(condition) {
            with(name, &|parts| drop(parts.require.remove(index)));
            with(name, &|parts| {
                parts.require[index] = again(pattern, &impossible(condition), when)
            });
        }
        if pattern.is_any() {
            with("universal requirement", &|parts| {
                drop(parts.require.remove(index))
            });
        }
        if when == When::Tainted {
            with("when tainted", &|parts| {
                parts.require[index] = again(pattern, condition, When::Always)
            });
        }
        flip_pattern(pattern, &case.actions, &mut |name, pattern| {
            with(name, &|parts| {
                parts.require[index] = again(&pattern, condition, when)
            });
        });
    }
}

fn condition_names(condition: &Condition) -> Vec<&'static str> {
    match condition {
        Condition::Signature => vec!["signature"],
        Condition::Approval(rule) => match rule.groups() {
            [group] if group.threshold() == 1 => vec!["approval: 1 of n"],
            [_] => vec!["approval: m of n"],
            _ => vec!["approval: groups"],
        },
        Condition::Budget(budget) => {
            let measure = match budget.measure() {
                Measure::Uses => "budget: uses",
                Measure::Int(_) => "budget: integer sum",
                _ => "budget: decimal sum",
            };
            let mut names = vec![measure];
            names.extend(budget.window().map(|_| "budget: window"));
            names
        }
        _ => vec![],
    }
}

/// The same kind of condition, that never holds.
fn impossible(condition: &Condition) -> Condition {
    match condition {
        Condition::Approval(_) => {
            let nobody = bailiwick::keys::dangerous::approver_key_from_seed(&[99; 32]).public_key();
            Condition::Approval(ApprovalRule::any_of([nobody]).unwrap())
        }
        Condition::Budget(budget) => {
            let measure = Measure::int("nowhere").unwrap();
            let other = Budget::sum(budget.name().as_str(), measure, 1).unwrap();
            Condition::Budget(match budget.window() {
                Some(window) => other.each(window).unwrap(),
                None => other,
            })
        }
        other => other.clone(),
    }
}

// ---- what capabilities and patterns share ----

fn flip_operation(
    pattern: &OperationPattern,
    actions: &[Action],
    out: &mut dyn FnMut(&'static str, OperationPattern),
) {
    let name = if pattern.to_string().ends_with('*') {
        "sub-tree"
    } else {
        "operation"
    };
    let other: Operation = "nothing.at.all".parse().unwrap();
    out(name, OperationPattern::exact(other));
    for action in actions {
        out(name, OperationPattern::exact(action.operation().clone()));
    }
}

fn flip_resource(pattern: &ResourcePattern, out: &mut dyn FnMut(&'static str, ResourcePattern)) {
    let other = SegmentPattern::Literal("nothing".parse().unwrap());
    for (index, segment) in pattern.segments().iter().enumerate() {
        let name = match segment {
            SegmentPattern::Literal(_) => "segment",
            SegmentPattern::Any => "any segment",
            SegmentPattern::Affix(_) => "affix",
        };
        for replacement in [other.clone(), SegmentPattern::Any] {
            let mut segments = pattern.segments().to_vec();
            segments[index] = replacement;
            if let Ok(pattern) = ResourcePattern::new(segments, pattern.tail()) {
                out(name, pattern);
            }
        }
    }
    if pattern.tail() == Tail::Open {
        if let Ok(closed) = ResourcePattern::new(pattern.segments().to_vec(), Tail::Closed) {
            out("tail", closed);
        }
        out(
            "tail",
            ResourcePattern::new(vec![other; 9], Tail::Closed).unwrap(),
        );
    }
}

fn matcher_name(matcher: &Matcher) -> &'static str {
    match matcher {
        Matcher::Equals(_) => "equals",
        Matcher::OneOf(_) => "one of",
        Matcher::Int(_) => "integer",
        Matcher::Decimal(_) => "decimal",
        Matcher::Text(_) => "text",
        Matcher::TextLength(_) => "text length",
        Matcher::BytesLength(_) => "bytes length",
        Matcher::From(_) => "from",
        Matcher::Count(_) => "count",
        _ => "?",
    }
}

fn rebuild(
    own: &Constraint,
    matcher: Matcher,
    presence: Presence,
    quantifier: Quantifier,
) -> Constraint {
    let constraint = Constraint::at(own.path().clone(), matcher);
    let constraint = match presence {
        Presence::Required => constraint,
        Presence::Optional => constraint.optional(),
        Presence::IfPresent => constraint.if_present(),
    };
    match quantifier {
        Quantifier::Every => constraint,
        Quantifier::Some => constraint.some().unwrap(),
    }
}

/// Matchers that definitely fail, for each type that a value can have, and one that holds for the
/// value that stands there.
fn other_matchers(own: &Constraint, roots: &[&Object]) -> Vec<Matcher> {
    let mut all = vec![
        Matcher::equals("\u{1}nothing"),
        Matcher::equals(-77_777),
        Matcher::equals(vec![9, 9, 9, 9]),
        Matcher::count(77, None).unwrap(),
    ];
    if let Matcher::Equals(Scalar::Decimal(decimal)) = own.matcher() {
        all.push(Matcher::decimal(decimal.scale(), i64::MAX - 7, i64::MAX - 7).unwrap());
    }
    if let Matcher::Decimal(range) = own.matcher() {
        all.push(Matcher::decimal(range.scale(), i64::MAX - 7, i64::MAX - 7).unwrap());
    }
    if let Matcher::Equals(Scalar::Bool(bool)) = own.matcher() {
        all.push(Matcher::equals(!bool));
    }
    for root in roots {
        all.extend(first_value(root, own.path().steps()).and_then(|value| {
            Some(match value {
                Value::Bool(value) => Matcher::equals(*value),
                Value::Int(value) => Matcher::equals(*value),
                Value::Decimal(value) => Matcher::equals(*value),
                Value::Number(value) => Matcher::equals(value.clone()),
                Value::Text(value) => Matcher::equals(value.clone()),
                Value::Bytes(value) => Matcher::equals(value.clone()),
                Value::List(_) => Matcher::count(0, None).ok()?,
                _ => return None,
            })
        }));
    }
    all
}

// ---- capabilities ----

fn flip_capability(
    own: &Capability,
    actions: &[Action],
    out: &mut dyn FnMut(&'static str, Capability),
) {
    let build = |target: Target,
                 resource: ResourcePattern,
                 arguments: &[Constraint],
                 closure,
                 attributes: &[Constraint]| {
        let mut capability = Capability::new(target, resource);
        for constraint in arguments {
            capability = capability.with_argument(constraint.clone()).ok()?;
        }
        for constraint in attributes {
            capability = capability.with_attribute(constraint.clone()).ok()?;
        }
        Some(if closure == Closure::Open {
            capability.open_arguments()
        } else {
            capability
        })
    };
    let (target, resource) = (own.target(), own.resource());
    let (arguments, attributes) = (own.arguments(), own.attributes());
    if let Some(operation) = target.operation() {
        flip_operation(operation, actions, &mut |name, operation| {
            let target = match target.effect() {
                Some(effect) => Target::Both(operation, effect),
                None => Target::Operation(operation),
            };
            out(
                name,
                build(
                    target,
                    resource.clone(),
                    arguments,
                    own.closure(),
                    attributes,
                )
                .unwrap(),
            );
        });
    }
    if target.effect().is_some() {
        for effect in Effect::ALL {
            let target = match target.operation() {
                Some(operation) => Target::Both(operation.clone(), effect),
                None => Target::Effect(effect),
            };
            out(
                "effect",
                build(
                    target,
                    resource.clone(),
                    arguments,
                    own.closure(),
                    attributes,
                )
                .unwrap(),
            );
        }
    }
    flip_resource(resource, &mut |name, resource| {
        out(
            name,
            build(
                target.clone(),
                resource,
                arguments,
                own.closure(),
                attributes,
            )
            .unwrap(),
        );
    });
    if !arguments.is_empty() {
        let (name, closure) = match own.closure() {
            Closure::Closed => ("closed", Closure::Open),
            Closure::Open => ("open", Closure::Closed),
        };
        out(
            name,
            build(
                target.clone(),
                resource.clone(),
                arguments,
                closure,
                attributes,
            )
            .unwrap(),
        );
    }
    for (which, list) in [(Tree::Arguments, arguments), (Tree::Attributes, attributes)] {
        let roots: Vec<&Object> = actions.iter().map(|action| which.of(action)).collect();
        for (index, constraint) in list.iter().enumerate() {
            let mut variant = |name: &'static str, replacement: Option<Constraint>| {
                let mut list = list.to_vec();
                match replacement {
                    Some(replacement) => list[index] = replacement,
                    None => drop(list.remove(index)),
                }
                let (arguments, attributes) = match which {
                    Tree::Arguments => (list.as_slice(), attributes),
                    Tree::Attributes => (arguments, list.as_slice()),
                };
                // Without a constraint its key is unnamed: only in an open list is that no change
                // beside the one that is meant.
                if let Some(one) = build(
                    target.clone(),
                    resource.clone(),
                    arguments,
                    own.closure(),
                    attributes,
                ) {
                    out(name, one);
                }
            };
            let (presence, quantifier) = (constraint.presence(), constraint.quantifier());
            let mut names = vec![allow_name(constraint.matcher())];
            let steps = constraint.path().steps();
            names.extend(
                (steps.iter().filter(|step| **step != Step::Each).count() > 1)
                    .then_some("allow: nested path"),
            );
            names.extend(constraint.path().has_each().then_some("allow: list path"));
            names.extend((which == Tree::Attributes).then_some("allow: attribute"));
            names.extend(
                (presence == Presence::Required)
                    .then_some("allow: required")
                    .filter(|_| roots.iter().any(|root| first_value(root, steps).is_none())),
            );
            for name in names {
                for matcher in other_matchers(constraint, &roots) {
                    variant(
                        name,
                        Some(rebuild(constraint, matcher, presence, quantifier)),
                    );
                }
                if which == Tree::Attributes || own.closure() == Closure::Open {
                    variant(name, None);
                }
                if name == "allow: required" {
                    variant(name, Some(constraint.clone().optional()));
                }
            }
            if presence == Presence::Optional {
                variant(
                    "allow: optional",
                    Some(rebuild(
                        constraint,
                        constraint.matcher().clone(),
                        Presence::Required,
                        quantifier,
                    )),
                );
            }
            if constraint.path().has_each() {
                let (name, other) = match quantifier {
                    Quantifier::Every => ("allow: every", Quantifier::Some),
                    Quantifier::Some => ("allow: some", Quantifier::Every),
                };
                variant(
                    name,
                    Some(rebuild(
                        constraint,
                        constraint.matcher().clone(),
                        presence,
                        other,
                    )),
                );
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Tree {
    Arguments,
    Attributes,
}

impl Tree {
    fn of(self, action: &Action) -> &Object {
        match self {
            Self::Arguments => action.arguments().root(),
            Self::Attributes => action.attributes().root(),
        }
    }
}

fn allow_name(matcher: &Matcher) -> &'static str {
    find("allow: ", matcher_name(matcher))
}

fn find(prefix: &str, name: &str) -> &'static str {
    let full = format!("{prefix}{name}");
    CONSTRUCTS.iter().find(|one| **one == full).unwrap()
}

// ---- deny entries and requirements ----

fn flip_pattern(own: &Pattern, actions: &[Action], out: &mut dyn FnMut(&'static str, Pattern)) {
    let build = |operation: Option<OperationPattern>,
                 effect: Option<Effect>,
                 resource: Option<ResourcePattern>,
                 arguments: &[Constraint],
                 attributes: &[Constraint]| {
        let mut pattern = Pattern::any();
        if let Some(operation) = operation {
            pattern = pattern.with_operation(operation);
        }
        if let Some(effect) = effect {
            pattern = pattern.with_effect(effect);
        }
        if let Some(resource) = resource {
            pattern = pattern.with_resource(resource);
        }
        for constraint in arguments {
            pattern = pattern.with_argument(constraint.clone()).ok()?;
        }
        for constraint in attributes {
            pattern = pattern.with_attribute(constraint.clone()).ok()?;
        }
        Some(pattern)
    };
    let operation = own.operation_pattern().cloned();
    let resource = own.resource_pattern().cloned();
    let (arguments, attributes) = (own.arguments(), own.attributes());
    if let Some(operation) = &operation {
        flip_operation(operation, actions, &mut |name, operation| {
            let pattern = build(
                Some(operation),
                own.effect(),
                resource.clone(),
                arguments,
                attributes,
            );
            out(find("deny: ", name), pattern.unwrap());
        });
    }
    if own.effect().is_some() {
        for effect in Effect::ALL {
            let pattern = build(
                operation.clone(),
                Some(effect),
                resource.clone(),
                arguments,
                attributes,
            );
            out("deny: effect", pattern.unwrap());
        }
    }
    if let Some(resource) = &resource {
        flip_resource(resource, &mut |name, resource| {
            let pattern = build(
                operation.clone(),
                own.effect(),
                Some(resource),
                arguments,
                attributes,
            );
            out(find("deny: ", name), pattern.unwrap());
        });
    }
    for (which, list) in [(Tree::Arguments, arguments), (Tree::Attributes, attributes)] {
        let roots: Vec<&Object> = actions.iter().map(|action| which.of(action)).collect();
        for (index, constraint) in list.iter().enumerate() {
            let mut variant = |name: &'static str, replacement: Option<Constraint>| {
                let mut list = list.to_vec();
                match replacement {
                    Some(replacement) => list[index] = replacement,
                    None => drop(list.remove(index)),
                }
                let (arguments, attributes) = match which {
                    Tree::Arguments => (list.as_slice(), attributes),
                    Tree::Attributes => (arguments, list.as_slice()),
                };
                if let Some(pattern) = build(
                    operation.clone(),
                    own.effect(),
                    resource.clone(),
                    arguments,
                    attributes,
                ) {
                    out(name, pattern);
                }
            };
            let presence = constraint.presence();
            let steps = constraint.path().steps();
            let mut names = vec![find("doubt: ", matcher_name(constraint.matcher()))];
            names.extend(
                (steps.iter().filter(|step| **step != Step::Each).count() > 1)
                    .then_some("doubt: nested path"),
            );
            names.extend(constraint.path().has_each().then_some("doubt: list path"));
            names.extend((which == Tree::Attributes).then_some("doubt: attribute"));
            for name in names {
                for matcher in other_matchers(constraint, &roots) {
                    variant(
                        name,
                        Some(rebuild(constraint, matcher, presence, Quantifier::Every)),
                    );
                }
                variant(name, None);
            }
            match presence {
                Presence::IfPresent => variant(
                    "doubt: if present",
                    Some(rebuild(
                        constraint,
                        constraint.matcher().clone(),
                        Presence::Required,
                        Quantifier::Every,
                    )),
                ),
                _ => variant("doubt: absent", Some(constraint.clone().if_present())),
            }
        }
    }
}
