//! Random scopes, actions and contexts that overlap: patterns are often made of the very action that is asked for, so
//! that both verdicts come up, and often for one reason alone.

use std::sync::OnceLock;
use std::time::Duration;

use bailiwick::action::{Action, Decimal, Effect, Key, Object, Resource, Segment, Tree, Value};
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverPublicKey;
use bailiwick::keys::dangerous::approver_key_from_seed;
use bailiwick::scope::{
    ApprovalRule, ApproverGroup, Budget, BudgetName, Capability, Condition, Constraint, Context,
    Label, Layers, Matcher, Measure, OperationPattern, Origin, Path, Pattern, Possession,
    Requirement, ResourcePattern, Scalar, Scope, ScopeBuilder, Seen, SegmentPattern, Spending,
    Spent, Step, Tail, Target, TextPattern,
};

use super::dice::Dice;

/// One question: scopes, the actions of a call, and what is known beside them.
#[derive(Clone, Debug)]
pub struct Case {
    pub ceiling: Option<Scope>,
    pub blocks: Vec<Scope>,
    pub house: Option<Scope>,
    pub actions: Vec<Action>,
    pub known: Known,
}

/// What a [`Context`] borrows.
#[derive(Clone, Debug)]
pub struct Known {
    pub now: Timestamp,
    pub approvers: Vec<Vec<ApproverPublicKey>>,
    pub seen: Seen,
    pub tainted: bool,
    pub possession: Possession,
    /// `None` is [`Spending::Deferred`].
    pub spent: Option<Vec<(Origin, BudgetName, i64)>>,
}

impl Case {
    /// A case with 1 to 5 blocks.
    pub fn random(dice: &mut Dice<'_>) -> Self {
        let actions: Vec<Action> = match dice.below(8) {
            6 => {
                let one = action(dice);
                vec![one.clone(), one]
            }
            7 => vec![action(dice), action(dice)],
            _ => vec![action(dice)],
        };
        let first = actions[0].clone();
        let blocks = match dice.below(10) {
            0..5 => 1,
            5..8 => 2,
            8 => 3,
            _ => 4 + dice.below(2),
        };
        let blocks = (0..blocks)
            .map(|index| scope(dice, &first, index == 0))
            .collect();
        let mut case = Case {
            ceiling: dice.percent(15).then(|| scope(dice, &first, false)),
            blocks,
            house: dice.percent(15).then(|| scope(dice, &first, false)),
            actions,
            known: Known {
                now: seconds(NOW),
                approvers: Vec::new(),
                seen: seen(dice),
                tainted: dice.percent(40),
                possession: if dice.percent(30) {
                    Possession::Session
                } else {
                    Possession::Signature
                },
                spent: None,
            },
        };
        case.known.approvers = case.actions.iter().map(|_| given_approvals(dice)).collect();
        case.known.spent = (!dice.percent(20)).then(|| spent(dice, case.layers()));
        case
    }

    /// All scopes of the case.
    pub fn layers(&self) -> Layers<'_> {
        Layers {
            ceiling: self.ceiling.as_ref(),
            blocks: &self.blocks,
            house: self.house.as_ref(),
        }
    }

    /// Runs `ask` with the context of the case.
    pub fn with_context<R>(&self, ask: impl FnOnce(&Context<'_>) -> R) -> R {
        let approvers: Vec<&[ApproverPublicKey]> =
            self.known.approvers.iter().map(Vec::as_slice).collect();
        let spent: Option<Vec<Spent<'_>>> = self.known.spent.as_ref().map(|all| {
            all.iter()
                .map(|(origin, name, amount)| Spent {
                    origin: *origin,
                    name,
                    amount: *amount,
                })
                .collect()
        });
        let mut context = Context::at(self.known.now);
        context.approved_by = &approvers;
        context.seen = &self.known.seen;
        context.tainted = self.known.tainted;
        context.possession = self.known.possession;
        context.spending = spent.as_deref().map_or(Spending::Deferred, Spending::Known);
        ask(&context)
    }
}

const NOW: u64 = 1_800_000_000;
const OPERATIONS: [&str; 6] = [
    "forum.read",
    "forum.post",
    "forum.post.draft",
    "mail.send",
    "pay.transfer",
    "forum",
];
const SEGMENTS: [&str; 6] = ["forum", "thread", "42", "43", "draft-1", "é\""];
const SERVICES: [&str; 3] = ["forum.example", "mail.example", "pay.example"];
const KEYS: [&str; 5] = ["to", "subject", "amount", "items", "meta"];
const TEXTS: [&str; 7] = [
    "ann@corp.com",
    "bob@corp.com",
    "eve@evil.com",
    "",
    "a",
    "read",
    "say \"hi\"\\\n",
];
const INTS: [i64; 7] = [1, 3, 5, 0, -1, i64::MAX, i64::MIN];
const LABELS: [&str; 3] = ["calendar:attendees", "mail:senders", "nothing"];

fn seconds(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

fn approvers() -> &'static [ApproverPublicKey] {
    static KEYS: OnceLock<Vec<ApproverPublicKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        (1..=4)
            .map(|seed| approver_key_from_seed(&[seed; 32]).public_key())
            .collect()
    })
}

// What is asked.

/// One action.
pub fn action(dice: &mut Dice<'_>) -> Action {
    let service = if dice.percent(7) {
        dice.pick(&SERVICES)
    } else {
        SERVICES[0]
    };
    let segments = (0..1 + dice.below(4))
        .map(|_| dice.pick(&SEGMENTS))
        .collect::<Vec<_>>();
    Action::new(
        service.parse().unwrap(),
        dice.pick(&OPERATIONS).parse().unwrap(),
        dice.pick(&Effect::ALL),
        Resource::from_segments(segments).unwrap(),
    )
    .with_arguments(tree(dice))
    .with_attributes(tree(dice))
}

fn tree(dice: &mut Dice<'_>) -> Tree {
    let size = dice.below(4);
    Tree::new(object(dice, size, 3)).unwrap()
}

fn object(dice: &mut Dice<'_>, size: usize, levels: usize) -> Object {
    let mut object = Object::default();
    for _ in 0..size {
        let value = value(dice, levels);
        // The same key again is refused, and the object stays smaller.
        let _ = object.insert(dice.pick(&KEYS), value);
    }
    object
}

fn value(dice: &mut Dice<'_>, levels: usize) -> Value {
    match dice.below(if levels == 0 { 11 } else { 17 }) {
        0..=3 => dice.pick(&TEXTS).into(),
        4 | 5 => dice.pick(&INTS).into(),
        6 => Value::Decimal(decimal(dice)),
        7 => Value::number(dice.pick(&["1.5", "1e20"])).unwrap(),
        8 => Value::Bool(dice.percent(50)),
        9 => Value::Bytes(vec![7; dice.below(3)]),
        10 => Value::Null,
        11..=13 => {
            let element = value(dice, levels - 1);
            let length = dice.below(4);
            let mut list = vec![element; length];
            if length > 1 && dice.percent(50) {
                list[length - 1] = value(dice, levels - 1);
            }
            Value::List(list)
        }
        _ => {
            let size = dice.below(3);
            Value::Object(object(dice, size, levels - 1))
        }
    }
}

fn decimal(dice: &mut Dice<'_>) -> Decimal {
    Decimal::new(dice.pick(&[2, 0]), dice.pick(&[100, 0, -5, 9870])).unwrap()
}

fn seen(dice: &mut Dice<'_>) -> Seen {
    let mut seen = Seen::new();
    for label in &LABELS[..2] {
        for _ in 0..dice.below(4) {
            seen.note(Label::new(label).unwrap(), dice.pick(&TEXTS));
        }
    }
    seen
}

fn given_approvals(dice: &mut Dice<'_>) -> Vec<ApproverPublicKey> {
    let all = dice.percent(50);
    approvers()
        .iter()
        .filter(|_| all || dice.percent(50))
        .copied()
        .collect()
}

fn spent(dice: &mut Dice<'_>, layers: Layers<'_>) -> Vec<(Origin, BudgetName, i64)> {
    let mut spent = Vec::new();
    for (origin, scope) in layers.iter() {
        for requirement in scope.require() {
            if let Condition::Budget(budget) = requirement.condition() {
                let amount = match dice.below(8) {
                    0..=3 => 0,
                    4 => budget.cap() - 1,
                    5 => budget.cap(),
                    6 => budget.cap() / 2,
                    _ if dice.percent(60) => 0,
                    _ => continue,
                };
                spent.push((origin, budget.name().clone(), amount));
            }
        }
    }
    spent
}

// What is said.

/// A scope that often permits `action`. A first one is complete enough for a first block.
pub fn scope(dice: &mut Dice<'_>, action: &Action, first: bool) -> Scope {
    let mut builder = Scope::builder();
    if first || dice.percent(60) {
        for index in 0..dice.pick(&[2, 1, 3]) {
            let near = index > 0 || !dice.percent(8);
            let capability = capability(dice, action, near);
            builder = unless_twice(builder, |builder| builder.allow(capability));
        }
    }
    if dice.percent(25) {
        builder = builder.not_before(seconds(if dice.percent(8) { NOW + 1 } else { NOW }));
    } else if dice.percent(4) {
        builder = builder.not_after(seconds(NOW));
    }
    if first || dice.percent(30) {
        let ends = builder
            .clone()
            .build()
            .unwrap_or_default()
            .window()
            .not_after();
        builder = builder.not_after(ends.unwrap_or(seconds(NOW + 60)));
    }
    if first || dice.percent(30) {
        let services = match dice.below(16) {
            15 => &SERVICES[1..],
            0..=3 => &SERVICES[..1],
            _ => &SERVICES[..],
        };
        builder = services.iter().fold(builder, |builder, service| {
            builder.audience(service.parse().unwrap())
        });
    }
    if dice.percent(30) {
        builder = builder.max_depth(dice.pick(&[4, 5, 6, 4, 3, 4, 2, 1, 0]));
    }
    for _ in 0..dice.pick(&[0, 0, 0, 1, 2]) {
        let near = dice.percent(15);
        let pattern = pattern(dice, action, near);
        if pattern != Pattern::any() {
            builder = unless_twice(builder, |builder| builder.deny(pattern));
        }
    }
    for index in 0..dice.pick(&[0, 0, 1, 1, 2]) {
        let near = dice.percent(55);
        let pattern = if dice.percent(15) {
            Pattern::any()
        } else {
            pattern(dice, action, near)
        };
        let requirement = Requirement::new(pattern, condition(dice, action, index));
        let requirement = if dice.percent(30) {
            requirement.when_tainted()
        } else {
            requirement
        };
        builder = unless_twice(builder, |builder| builder.require(requirement));
    }
    builder.build().unwrap()
}

/// What stands there already is not said again.
fn unless_twice(
    builder: ScopeBuilder,
    add: impl FnOnce(ScopeBuilder) -> ScopeBuilder,
) -> ScopeBuilder {
    let added = add(builder.clone());
    if added.clone().build().is_ok() {
        added
    } else {
        builder
    }
}

/// A capability; near the action, it often grants it.
pub fn capability(dice: &mut Dice<'_>, action: &Action, near: bool) -> Capability {
    let other;
    let of = if near {
        action
    } else {
        other = self::action(dice);
        &other
    };
    let operation = operation(dice, of);
    let target = match dice.below(4) {
        0 | 1 => Target::Operation(operation),
        2 => Target::Effect(of.effect()),
        _ => Target::Both(operation, of.effect()),
    };
    let mut capability = Capability::new(target, resource(dice, of));
    if dice.percent(70) {
        for constraint in constraints(dice, of.arguments().root(), true) {
            capability = capability
                .clone()
                .with_argument(constraint)
                .unwrap_or(capability);
        }
    }
    if dice.percent(40) {
        capability = capability.open_arguments();
    }
    if dice.percent(25) {
        for constraint in constraints(dice, of.attributes().root(), true) {
            capability = capability
                .clone()
                .with_attribute(constraint)
                .unwrap_or(capability);
        }
    }
    capability
}

/// The pattern of a deny entry or a requirement; near the action, it often matches it.
pub fn pattern(dice: &mut Dice<'_>, action: &Action, near: bool) -> Pattern {
    let other;
    let of = if near {
        action
    } else {
        other = self::action(dice);
        &other
    };
    let mut pattern = Pattern::any();
    if dice.percent(if near { 60 } else { 80 }) {
        pattern = pattern.with_operation(operation(dice, of));
    }
    if dice.percent(if near { 25 } else { 50 }) {
        pattern = pattern.with_effect(of.effect());
    }
    if dice.percent(30) {
        pattern = pattern.with_resource(resource(dice, of));
    }
    if dice.percent(50) {
        for constraint in constraints(dice, of.arguments().root(), false) {
            pattern = pattern.clone().with_argument(constraint).unwrap_or(pattern);
        }
    }
    if dice.percent(20) {
        for constraint in constraints(dice, of.attributes().root(), false) {
            pattern = pattern
                .clone()
                .with_attribute(constraint)
                .unwrap_or(pattern);
        }
    }
    pattern
}

fn operation(dice: &mut Dice<'_>, action: &Action) -> OperationPattern {
    let name = action.operation().as_str();
    match name.rsplit_once('.') {
        Some((parent, _)) if dice.percent(40) => OperationPattern::below(&parent.parse().unwrap()),
        _ => OperationPattern::exact(name.parse().unwrap()),
    }
}

fn resource(dice: &mut Dice<'_>, action: &Action) -> ResourcePattern {
    let given = action.resource().segments();
    let open = dice.percent(30);
    let kept = if open {
        dice.below(given.len())
    } else {
        given.len()
    };
    let exact = dice.percent(40);
    let segments = given[..kept].iter().map(|segment| {
        let text = segment.as_str();
        let literal = SegmentPattern::Literal(segment.clone());
        match dice.below(if exact { 1 } else { 6 }) {
            0..=2 => literal,
            3 => SegmentPattern::Any,
            4 if text.is_ascii() && text.len() > 1 => {
                affix(dice, text).map_or(literal, SegmentPattern::Affix)
            }
            _ => SegmentPattern::Literal(Segment::parse(dice.pick(&SEGMENTS)).unwrap()),
        }
    });
    let tail = if open { Tail::Open } else { Tail::Closed };
    ResourcePattern::new(segments.collect(), tail)
        .unwrap_or_else(|_| ResourcePattern::exact(action.resource()))
}

/// A pattern that matches an ASCII text of at least two bytes.
fn affix(dice: &mut Dice<'_>, text: &str) -> Option<TextPattern> {
    let star = dice.below(text.len());
    match dice.below(3) {
        0 => TextPattern::new(&text[..star.max(1)], ""),
        1 => TextPattern::new("", &text[star.max(1)..]),
        _ => TextPattern::new(&text[..star], &text[star + 1..]),
    }
    .ok()
}

fn condition(dice: &mut Dice<'_>, action: &Action, index: usize) -> Condition {
    let all = approvers();
    match dice.below(8) {
        0 | 1 => Condition::Signature,
        2 => Condition::Approval(ApprovalRule::any_of([dice.pick(all)]).unwrap()),
        3 => Condition::Approval(
            ApprovalRule::at_least(1 + dice.below(3) as u32, all[..3].to_vec()).unwrap(),
        ),
        4 => {
            let groups = [&all[..2], &all[2..]];
            let groups = groups
                .map(|keys| ApproverGroup::new(1 + dice.below(2) as u32, keys.to_vec()).unwrap());
            Condition::Approval(ApprovalRule::new(groups.to_vec()).unwrap())
        }
        _ => Condition::Budget(budget(dice, action, index)),
    }
}

fn budget(dice: &mut Dice<'_>, action: &Action, index: usize) -> Budget {
    let name = ["mail", "spend"][index % 2];
    let cap = dice.pick(&[5, 1, 3, 1000, i64::MAX]);
    let path = amount_path(dice, action.arguments().root());
    let amount = path
        .as_ref()
        .and_then(|path| amount_at(action.arguments().root(), path.steps()));
    let measure = match (path, dice.below(8)) {
        (Some(path), 1..=4) => match amount {
            Some(Value::Decimal(decimal)) => Measure::Decimal(path, decimal.scale()),
            _ => Measure::Int(path),
        },
        (_, 5) => Measure::Int("amount".parse().unwrap()),
        (_, 6) => Measure::Decimal("meta.amount".parse().unwrap(), 2),
        _ => Measure::Uses,
    };
    let budget = Budget::sum(name, measure, cap).unwrap();
    if dice.percent(30) {
        budget.each(Duration::from_secs(3600)).unwrap()
    } else {
        budget
    }
}

/// A path to a number, if there is one.
fn amount_path(dice: &mut Dice<'_>, root: &Object) -> Option<Path> {
    let is_number = |value: &Value| matches!(value, Value::Int(_) | Value::Decimal(_));
    let mut paths = Vec::new();
    for (key, value) in root.iter() {
        match value {
            Value::Object(object) => {
                let numbers = object.iter().filter(|(_, value)| is_number(value));
                paths.extend(numbers.map(|(inner, _)| format!("{key}.{inner}")));
            }
            number if is_number(number) => paths.push(key.to_string()),
            _ => {}
        }
    }
    let any = !paths.is_empty();
    any.then(|| dice.pick(&paths).parse().unwrap())
}

fn amount_at<'v>(root: &'v Object, steps: &[Step]) -> Option<&'v Value> {
    let (Step::Key(key), rest) = steps.split_first()? else {
        return None;
    };
    match (root.get(key.as_str())?, rest) {
        (value, []) => Some(value),
        (Value::Object(object), rest) => amount_at(object, rest),
        _ => None,
    }
}

/// Constraints on a tree: one or two anywhere, or (so that a closed capability can match) one for each leaf.
fn constraints(dice: &mut Dice<'_>, root: &Object, strict: bool) -> Vec<Constraint> {
    let mut all = Vec::new();
    if strict && dice.percent(50) {
        for (key, value) in root.iter() {
            leaves(dice, &[Step::Key(key.clone())], value, &mut all);
        }
    } else {
        for _ in 0..1 + dice.below(2) {
            all.push(constraint(dice, root));
        }
    }
    all.into_iter()
        .map(|constraint| presence(dice, constraint, strict))
        .collect()
}

fn leaves(dice: &mut Dice<'_>, path: &[Step], value: &Value, all: &mut Vec<Constraint>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, inner) in object.iter() {
                leaves(
                    dice,
                    &[path, &[Step::Key(key.clone())]].concat(),
                    inner,
                    all,
                );
            }
        }
        Value::List(list) if !list.is_empty() && dice.percent(70) => {
            leaves(dice, &[path, &[Step::Each]].concat(), &list[0], all);
        }
        _ => all.push(Constraint::at(
            Path::new(path.to_vec()).unwrap(),
            matcher(dice, Some(value)),
        )),
    }
}

fn constraint(dice: &mut Dice<'_>, root: &Object) -> Constraint {
    let mut steps = Vec::new();
    let mut object = Some(root);
    let mut value = None;
    loop {
        if let Some(members) = object {
            let there = members.iter().nth(dice.below(members.len().max(1)));
            match there.filter(|_| !dice.percent(15)) {
                Some((key, member)) => {
                    steps.push(Step::Key(key.clone()));
                    value = Some(member);
                }
                None => {
                    steps.push(Step::Key(Key::parse(dice.pick(&KEYS)).unwrap()));
                    value = None;
                }
            }
        }
        object = None;
        match value {
            Some(Value::Object(inner)) if dice.percent(85) => object = Some(inner),
            Some(Value::List(list)) if dice.percent(70) => {
                steps.push(Step::Each);
                value = list.first();
            }
            _ if steps.len() < 4 && dice.percent(6) => {
                // Where no object or list is.
                if dice.percent(50) {
                    steps.push(Step::Each);
                } else {
                    steps.push(Step::Key(Key::parse(dice.pick(&KEYS)).unwrap()));
                }
                value = None;
            }
            _ => return Constraint::at(Path::new(steps).unwrap(), matcher(dice, value)),
        }
    }
}

fn presence(dice: &mut Dice<'_>, constraint: Constraint, strict: bool) -> Constraint {
    match (strict, dice.percent(25), dice.percent(30)) {
        (true, true, _) => constraint.optional(),
        (true, false, true) => constraint.clone().some().unwrap_or(constraint),
        (false, true, _) => constraint.if_present(),
        _ => constraint,
    }
}

/// A matcher that often admits the value.
fn matcher(dice: &mut Dice<'_>, value: Option<&Value>) -> Matcher {
    let other;
    let value = match value {
        Some(value) if !dice.percent(12) => value,
        _ => {
            other = self::value(dice, 1);
            &other
        }
    };
    match value {
        Value::Text(text) => text_matcher(dice, text),
        Value::Bytes(bytes) if dice.percent(50) => {
            let length = bytes.len() as u32;
            Matcher::BytesLength(bounds(dice, length))
        }
        Value::Int(int) if dice.percent(50) => match dice.below(3) {
            0 => Matcher::int(*int, None).unwrap(),
            1 => Matcher::int(None, *int).unwrap(),
            _ => Matcher::int(int.saturating_sub(1), int.saturating_add(1)).unwrap(),
        },
        Value::Decimal(decimal) if dice.percent(50) => {
            let units = decimal.units();
            match dice.below(3) {
                0 => Matcher::decimal(decimal.scale(), units, None).unwrap(),
                1 => Matcher::decimal(decimal.scale(), None, units).unwrap(),
                _ => Matcher::decimal(decimal.scale(), units - 1, units + 1).unwrap(),
            }
        }
        Value::List(list) => Matcher::Count(bounds(dice, list.len() as u32)),
        Value::Null | Value::Object(_) => Matcher::equals(dice.pick(&TEXTS)),
        scalar => {
            let scalar = match scalar {
                Value::Bool(truth) => Scalar::Bool(*truth),
                Value::Int(int) => Scalar::Int(*int),
                Value::Decimal(decimal) => Scalar::Decimal(*decimal),
                Value::Number(number) => Scalar::Number(number.clone()),
                Value::Bytes(bytes) => Scalar::Bytes(bytes.clone()),
                _ => Scalar::Text("never".to_owned()),
            };
            equality(dice, scalar)
        }
    }
}

fn equality(dice: &mut Dice<'_>, scalar: Scalar) -> Matcher {
    if dice.percent(60) {
        return Matcher::Equals(scalar);
    }
    let another = match &scalar {
        Scalar::Bool(truth) => Scalar::Bool(!truth),
        Scalar::Int(int) => Scalar::Int(int.wrapping_add(1)),
        Scalar::Decimal(decimal) => {
            Scalar::Decimal(Decimal::new(decimal.scale(), decimal.units().wrapping_add(1)).unwrap())
        }
        Scalar::Number(_) => match Value::number("2.5").unwrap() {
            Value::Number(number) => Scalar::Number(number),
            _ => unreachable!(),
        },
        Scalar::Text(text) => Scalar::Text(format!("{text}2")),
        Scalar::Bytes(bytes) => Scalar::Bytes([bytes.as_slice(), &[1]].concat()),
    };
    let choices = match dice.below(3) {
        0 => vec![scalar],
        1 => vec![another, scalar],
        _ => vec![scalar, another],
    };
    Matcher::one_of(choices).unwrap()
}

fn text_matcher(dice: &mut Dice<'_>, text: &str) -> Matcher {
    let length = text.len() as u32;
    match dice.below(7) {
        0 | 1 => equality(dice, Scalar::Text(text.to_owned())),
        2 | 3 if text.is_ascii() && text.len() > 1 => {
            affix(dice, text).map_or_else(|| Matcher::equals(text), Matcher::Text)
        }
        4 => Matcher::Text(TextPattern::new("", "").unwrap()),
        5 => Matcher::from_label(dice.pick(&LABELS)).unwrap(),
        _ => Matcher::TextLength(bounds(dice, length)),
    }
}

fn bounds(dice: &mut Dice<'_>, length: u32) -> bailiwick::scope::Bounds {
    let (min, max) = match dice.below(5) {
        0 => (0, Some(length)),
        1 => (length, None),
        2 => (length.saturating_sub(1), Some(length + 1)),
        3 => (0, None),
        _ => (length + 1, None),
    };
    bailiwick::scope::Bounds::new(min, max).unwrap()
}
