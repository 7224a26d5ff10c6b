//! Scopes and their parts.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::actions::{EFFECTS, INTS, Kind, PLACES, TEXTS};
use super::{approvers, one_of};
use crate::action::{Decimal, Value};
use crate::clock::Timestamp;
use crate::scope::{
    ApprovalRule, ApproverGroup, Budget, Capability, Condition, Constraint, Matcher, Measure,
    OperationPattern, Pattern, Requirement, ResourcePattern, Scalar, Scope, ScopeBuilder,
    ScopeError, SegmentPattern, Tail, Target,
};

pub(super) const BUDGETS: [&str; 3] = ["one", "two", "three"];
pub(super) const LABELS: [&str; 2] = ["mail:from", "calendar:attendees"];

/// A scope that may leave everything out.
pub(crate) fn scope() -> impl Strategy<Value = Scope> {
    let second = |second| Timestamp::from_unix_seconds(second).unwrap();
    let limits = (
        prop::option::weighted(0.1, (98..101_u64).prop_map(second)),
        prop::option::weighted(0.2, (102..104_u64).prop_map(second)),
        prop::option::weighted(0.2, audiences()),
        prop::option::weighted(0.1, 0..4_u32),
    );
    (
        prop::option::weighted(0.8, vec(capability(), 1..4)),
        vec(pattern(), 0..2),
        vec(requirement(), 0..3),
        limits,
    )
        .prop_map(|(allow, deny, require, limits)| {
            let mut builder = Scope::builder();
            if let Some(allow) = allow {
                builder = builder.allow_only(allow);
            }
            let (start, end, audience, depth) = limits;
            builder = start.into_iter().fold(builder, ScopeBuilder::not_before);
            builder = end.into_iter().fold(builder, ScopeBuilder::not_after);
            builder = depth.into_iter().fold(builder, ScopeBuilder::max_depth);
            if let Some(audience) = audience {
                builder = builder.audience_only(audience.iter().map(|name| name.parse().unwrap()));
            }
            builder = deny.into_iter().fold(builder, ScopeBuilder::deny);
            require.into_iter().fold(builder, ScopeBuilder::require)
        })
        // What stands twice is refused.
        .prop_filter_map("a scope", |builder| builder.build().ok())
}

fn audiences() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(vec!["forum", "mail", "drive"], 1..=3)
}

pub(crate) fn capability() -> impl Strategy<Value = Capability> {
    let operation = || operation_pattern();
    let effect = || select(&EFFECTS[..]);
    let target = prop_oneof![
        3 => operation().prop_map(Target::Operation),
        1 => effect().prop_map(Target::Effect),
        1 => (operation(), effect()).prop_map(|(operation, effect)| Target::Both(operation, effect)),
    ];
    let all = Just(ResourcePattern::new(Vec::new(), Tail::Open).unwrap());
    (
        target,
        prop_oneof![resource_pattern(), all],
        constraints(),
        constraints(),
        prop::bool::weighted(0.7),
    )
        .prop_map(|(target, resource, arguments, attributes, open)| {
            let mut capability = Capability::new(target, resource);
            for constraint in arguments {
                capability = capability.with_argument(constraint).unwrap();
            }
            for constraint in attributes {
                capability = capability.with_attribute(constraint).unwrap();
            }
            if open {
                capability = capability.open_arguments();
            }
            capability
        })
}

/// What a deny entry or a requirement can have; not everything.
pub(crate) fn pattern() -> impl Strategy<Value = Pattern> {
    (
        prop::option::of(operation_pattern()),
        prop::option::weighted(0.3, select(&EFFECTS[..])),
        prop::option::of(resource_pattern()),
        constraints(),
        constraints(),
        any::<bool>(),
    )
        .prop_map(
            |(operation, effect, resource, arguments, attributes, if_present)| {
                let mut pattern = Pattern::any();
                pattern = operation.into_iter().fold(pattern, Pattern::with_operation);
                pattern = effect.into_iter().fold(pattern, Pattern::with_effect);
                pattern = resource.into_iter().fold(pattern, Pattern::with_resource);
                let say = |constraint: Constraint| {
                    if if_present {
                        constraint.if_present()
                    } else {
                        constraint
                    }
                };
                // What differs only in `some` or `optional` stands twice here.
                for constraint in arguments {
                    pattern = pattern
                        .clone()
                        .with_argument(say(constraint))
                        .unwrap_or(pattern);
                }
                for constraint in attributes {
                    pattern = pattern
                        .clone()
                        .with_attribute(say(constraint))
                        .unwrap_or(pattern);
                }
                pattern
            },
        )
        .prop_filter("names something", |pattern| !pattern.is_any())
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let any = Just(Pattern::any());
    let pattern = prop_oneof![4 => pattern(), 1 => any];
    (pattern, condition(), prop::bool::weighted(0.3)).prop_map(|(pattern, condition, tainted)| {
        let requirement = Requirement::new(pattern, condition);
        if tainted {
            requirement.when_tainted()
        } else {
            requirement
        }
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    let group = |of: std::ops::Range<usize>| {
        (1..=2_u32).prop_map(move |n| {
            let keys = approvers().get(of.clone()).unwrap();
            ApproverGroup::new(
                n.min(u32::try_from(keys.len()).unwrap()),
                keys.iter().copied(),
            )
            .unwrap()
        })
    };
    let approval = prop_oneof![
        group(0..3).prop_map(|group| ApprovalRule::new(vec![group])),
        (group(0..2), group(2..3)).prop_map(|(a, b)| ApprovalRule::new(vec![a, b])),
    ];
    let measure = prop_oneof![
        Just(Ok(Measure::Uses)),
        Just(Measure::int("int")),
        Just(Measure::int("object.int")),
        Just(Measure::decimal("decimal", 2)),
    ];
    let window = prop::option::of((1..4000_u64).prop_map(Duration::from_secs));
    let budget = (select(&BUDGETS[..]), measure, 1..7_i64, window);
    prop_oneof![
        1 => Just(Condition::Signature),
        2 => approval.prop_map(|rule| Condition::Approval(rule.unwrap())),
        2 => budget.prop_map(|(name, measure, cap, window)| {
            let budget = Budget::sum(name, measure.unwrap(), cap).unwrap();
            let budget = match window {
                Some(window) => budget.each(window).unwrap(),
                None => budget,
            };
            Condition::Budget(budget)
        }),
    ]
}

pub(crate) fn operation_pattern() -> impl Strategy<Value = OperationPattern> {
    prop_oneof![
        3 => Just("a.*"),
        2 => one_of(&["a", "a.b", "a.b.*", "a.b.c", "ab.c"]),
    ]
    .prop_map(|text| text.parse().unwrap())
}

pub(crate) fn resource_pattern() -> impl Strategy<Value = ResourcePattern> {
    let literal =
        |text: &str| SegmentPattern::Literal(crate::action::Segment::parse(text).unwrap());
    let affix = |text: &str| SegmentPattern::Affix(crate::scope::TextPattern::parse(text).unwrap());
    let segment = prop_oneof![
        2 => Just(SegmentPattern::Any),
        3 => one_of(&["x", "y", "xy", "x1y", "z", "*", "x*y"]).prop_map(literal),
        2 => one_of(&["x*", "*y", "x*y", "xy*"]).prop_map(affix),
    ];
    let tail = prop_oneof![3 => Just(Tail::Open), 2 => Just(Tail::Closed)];
    (vec(segment, 0..3), tail).prop_filter_map("not empty", |(segments, tail)| {
        ResourcePattern::new(segments, tail).ok()
    })
}

/// Up to three different ones.
fn constraints() -> impl Strategy<Value = Vec<Constraint>> {
    let count = prop_oneof![3 => Just(0), 3 => Just(1), 1 => Just(2), 1 => Just(3)];
    count
        .prop_flat_map(|count| vec(constraint(), count))
        .prop_map(|all| {
            let mut different = Vec::new();
            for constraint in all {
                if !different.contains(&constraint) {
                    different.push(constraint);
                }
            }
            different
        })
}

fn constraint() -> impl Strategy<Value = Constraint> {
    let place = select(&PLACES[..]).prop_flat_map(|(path, kind)| (Just(path), matcher(kind)));
    (place, prop::bool::weighted(0.2), prop::bool::weighted(0.3)).prop_map(
        |((path, matcher), optional, some)| {
            let mut constraint = Constraint::new(path, matcher.unwrap()).unwrap();
            if optional {
                constraint = constraint.optional();
            }
            if some {
                constraint = constraint.clone().some().unwrap_or(constraint);
            }
            constraint
        },
    )
}

type Built = Result<Matcher, ScopeError>;

fn matcher(kind: Kind) -> BoxedStrategy<Built> {
    let ints = || select(&INTS[..]);
    let bounds =
        || (0..3_u32, prop::option::of(0..4_u32)).prop_map(|(min, n)| (min, n.map(|n| min + n)));
    let range = || {
        prop_oneof![
            (ints(), ints()).prop_map(|(a, b)| (Some(a.min(b)), Some(a.max(b)))),
            ints().prop_map(|min| (Some(min), None)),
            ints().prop_map(|max| (None, Some(max))),
        ]
    };
    match kind {
        Kind::Bool => any::<bool>().prop_map(|b| Ok(Matcher::equals(b))).boxed(),
        Kind::Int => prop_oneof![
            ints().prop_map(|int| Ok(Matcher::equals(int))),
            subsequence(INTS.to_vec(), 1..4).prop_map(Matcher::one_of),
            range().prop_map(|(min, max)| Matcher::int(min, max)),
        ]
        .boxed(),
        Kind::Decimal => prop_oneof![
            ints().prop_map(|units| Ok(Matcher::equals(Decimal::new(2, units).unwrap()))),
            range().prop_map(|(min, max)| Matcher::decimal(2, min, max)),
        ]
        .boxed(),
        Kind::Number => Just(match Value::number("0.5") {
            Ok(Value::Number(half)) => Ok(Matcher::equals(half)),
            _ => Err(ScopeError::UnboundedRange),
        })
        .boxed(),
        Kind::Text => prop_oneof![
            select(&TEXTS[..]).prop_map(|text| Ok(Matcher::equals(text))),
            subsequence(TEXTS.to_vec(), 1..5).prop_map(Matcher::one_of),
            one_of(&["*", "v*", "*w", "v*w"]).prop_map(Matcher::text),
            bounds().prop_map(|(min, max)| Matcher::text_length(min, max)),
            select(&LABELS[..]).prop_map(Matcher::from_label),
        ]
        .boxed(),
        Kind::Bytes => prop_oneof![
            vec(0..3_u8, 0..2).prop_map(|bytes| Ok(Matcher::equals(Scalar::Bytes(bytes)))),
            bounds().prop_map(|(min, max)| Matcher::bytes_length(min, max)),
        ]
        .boxed(),
        Kind::List => bounds()
            .prop_map(|(min, max)| Matcher::count(min, max))
            .boxed(),
    }
}
