//! Random cases: a chain of scopes, a ceiling, house rules, actions and what is known beside them.
//!
//! Actions come first, and scopes are derived from them, so that most parts hold; then some parts
//! are spoilt. Verdicts of both kinds are common, and single constructs decide.

use std::sync::OnceLock;

use bailiwick::action::{
    Action, Decimal, Effect, Object, Operation, Resource, Service, Tree, Value,
};
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverPublicKey;
use bailiwick::keys::dangerous::approver_key_from_seed;
use bailiwick::scope::*;

use super::dice::Dice;

/// One case, with everything that stock and our evaluator are given.
#[derive(Clone, Debug)]
pub struct Case {
    pub blocks: Vec<Scope>,
    pub ceiling: Option<Scope>,
    pub house: Option<Scope>,
    /// A scope of deny entries alone.
    pub brakes: Option<Scope>,
    pub actions: Vec<Action>,
    pub known: Known,
}

/// What is known beside scopes and actions.
#[derive(Clone, Debug)]
pub struct Known {
    pub now: Timestamp,
    pub approvers: Vec<Vec<ApproverPublicKey>>,
    pub seen: Seen,
    pub tainted: bool,
    pub possession: Possession,
    pub spent: Vec<(Origin, BudgetName, i64)>,
}

pub const NOW: u64 = 1_800_000_000;
const SERVICES: [&str; 3] = ["forum.example", "drive.example", "https://mail.example/v1"];
const OPERATIONS: [&str; 6] = [
    "forum.read",
    "forum.post.edit",
    "forum",
    "mail.send",
    "forums.read",
    "read",
];
const SEGMENTS: [&str; 8] = [
    "forum", "thread", "42", "421", "4x", "a*b", "größe", "service",
];
const KEYS: [&str; 6] = ["to", "cc", "amount", "meta", "items", "read"];
const TEXTS: [&str; 10] = [
    "a",
    "ab",
    "abc",
    "ann@corp.com",
    "bob@corp.com",
    "@corp.com",
    "",
    "a*c",
    "größe",
    "read",
];
const LABELS: [&str; 3] = ["calendar:attendees", "mail:from", "never"];
const INTS: [i64; 9] = [0, 1, 2, 5, 9, -1, 100, i64::MIN, i64::MAX];

/// Makes cases of the choices that dice give.
struct Generator<'a, 'd> {
    dice: &'a mut Dice<'d>,
    approvers: [ApproverPublicKey; 5],
}

/// A scope that mostly permits the action; of a first block, if it is `first`.
pub fn scope(dice: &mut Dice<'_>, action: &Action, first: bool) -> Scope {
    Generator::new(dice).scope(std::slice::from_ref(action), first, 1)
}

impl<'a, 'd> Generator<'a, 'd> {
    fn new(dice: &'a mut Dice<'d>) -> Self {
        static APPROVERS: OnceLock<[ApproverPublicKey; 5]> = OnceLock::new();
        let approvers = APPROVERS
            .get_or_init(|| [0, 1, 2, 3, 4].map(|n| approver_key_from_seed(&[n; 32]).public_key()));
        Generator {
            dice,
            approvers: *approvers,
        }
    }

    fn case(&mut self) -> Case {
        if self.chance(3) {
            self.tangled()
        } else {
            self.focused()
        }
    }

    /// Few constructs, so that each decides often.
    fn focused(&mut self) -> Case {
        let service = self.pick(&SERVICES).parse().unwrap();
        let mut action = self.action(&service);
        let kind = self.weighted(&[4, 4, 3]);
        let (tree, path) = if kind == 2 {
            self.one_amount()
        } else {
            self.one_leaf()
        };
        let attributes = kind != 2 && self.chance(5);
        action = match attributes {
            true => action
                .with_attributes(tree.clone())
                .with_arguments(Tree::empty()),
            false => action
                .with_arguments(tree.clone())
                .with_attributes(Tree::empty()),
        };
        let mut constraint = self.leaf_constraint(path, tree.root());
        let mut known = self.known(std::slice::from_ref(&action));
        let operation = self.operation(action.operation());
        let mut capability = Capability::new(
            Target::Operation(operation.clone()),
            ResourcePattern::new(vec![], Tail::Open).unwrap(),
        );
        let mut scope = Scope::builder()
            .audience(action.service().clone())
            .not_after(seconds(NOW + 900));
        match kind {
            0 => {
                if self.chance(4) {
                    constraint = constraint.optional();
                }
                let with = match attributes {
                    true => capability.with_attribute(constraint),
                    false => capability.with_argument(constraint),
                };
                capability = with.unwrap();
                if self.chance(2) {
                    capability = capability.open_arguments();
                }
                if self.chance(2) {
                    let mut root = action.arguments().root().clone();
                    let (key, value) = (self.pick(&KEYS), self.value(0));
                    let _ = root.insert(key, value);
                    action = action.with_arguments(Tree::new(root).unwrap());
                }
            }
            1 => {
                if self.chance(2) {
                    constraint = constraint.if_present();
                }
                let with = match attributes {
                    true => Pattern::any().with_attribute(constraint),
                    false => Pattern::any().with_argument(constraint),
                };
                scope = scope.deny(with.unwrap());
            }
            _ => {
                let pattern = match self.chance(3) {
                    true => Pattern::any(),
                    false => Pattern::any().with_operation(operation),
                };
                let requirement = Requirement::new(pattern, self.condition(&action, 1));
                scope = scope.require(match self.chance(3) {
                    true => requirement.when_tainted(),
                    false => requirement,
                });
            }
        }
        let first = scope.allow(capability).build().unwrap();
        let mut blocks = vec![first];
        if self.chance(4) {
            blocks.push(self.scope(std::slice::from_ref(&action), false, 2));
        }
        let layer = |generator: &mut Self| {
            let wanted = generator.chance(16);
            wanted.then(|| generator.scope(std::slice::from_ref(&action), false, 1))
        };
        let (ceiling, house) = (layer(self), layer(self));
        self.spend(&mut known, &blocks, ceiling.as_ref(), house.as_ref());
        Case {
            blocks,
            ceiling,
            house,
            brakes: None,
            actions: vec![action],
            known,
        }
    }

    /// A tree with one leaf, mostly, and the path to it.
    fn one_leaf(&mut self) -> (Tree, Path) {
        let leaf = match self.dice.below(12) {
            0 => Value::Bool(self.bool()),
            1 => Value::Int(*self.pick(&INTS)),
            2 => Value::Decimal(self.decimal()),
            3 => Value::number("98.705").unwrap(),
            4 | 5 => Value::Bytes(self.bytes()),
            6 => Value::Null,
            _ => Value::from(*self.pick(&TEXTS)),
        };
        let mut value = leaf.clone();
        let mut steps = Vec::new();
        for _ in 0..self.weighted(&[3, 3, 2, 1]) {
            value = match self.bool() {
                true => {
                    let key = *self.pick(&KEYS);
                    steps.insert(0, Step::Key(key.parse().unwrap()));
                    Value::Object(Object::from_pairs([(key, value)]).unwrap())
                }
                false => {
                    steps.insert(0, Step::Each);
                    let mut list = vec![value; self.weighted(&[1, 2, 2])];
                    if self.chance(3) {
                        list.push(self.value(1));
                    }
                    Value::List(list)
                }
            };
        }
        let key = *self.pick(&KEYS);
        steps.insert(0, Step::Key(key.parse().unwrap()));
        let tree = match self.chance(10) {
            true => Tree::empty(),
            false => Tree::from_pairs([(key, value)]).unwrap(),
        };
        (tree, Path::new(steps).unwrap())
    }

    /// A tree with one amount in it.
    fn one_amount(&mut self) -> (Tree, Path) {
        let amount = match self.bool() {
            true => Value::Int(*self.pick(&INTS)),
            false => Value::Decimal(self.decimal()),
        };
        let (outer, inner) = (*self.pick(&KEYS), *self.pick(&KEYS));
        let (value, path) = match self.bool() {
            true => (
                Value::Object(Object::from_pairs([(inner, amount)]).unwrap()),
                format!("{outer}.{inner}"),
            ),
            false => (amount, outer.to_owned()),
        };
        (
            Tree::from_pairs([(outer, value)]).unwrap(),
            path.parse().unwrap(),
        )
    }

    /// A constraint at the path of a leaf, or, now and then, on the list around it.
    fn leaf_constraint(&mut self, path: Path, root: &Object) -> Constraint {
        let mut steps = path.steps().to_vec();
        if steps.last() == Some(&Step::Each) && self.chance(3) {
            steps.pop();
        }
        let value = first_value(root, &steps).cloned();
        let matcher = self.matcher(value.as_ref());
        let constraint = Constraint::at(Path::new(steps).unwrap(), matcher);
        match constraint.path().has_each() && self.chance(2) {
            true => constraint.some().unwrap(),
            false => constraint,
        }
    }

    /// Many constructs at once.
    fn tangled(&mut self) -> Case {
        let service = self.pick(&SERVICES).parse().unwrap();
        let actions: Vec<Action> = (0..self.weighted(&[12, 3, 1]) + 1)
            .map(|_| self.action(&service))
            .collect();
        let mut known = self.known(&actions);
        let count = self.weighted(&[4, 3, 2, 1, 1]) + 1;
        let blocks: Vec<Scope> = (0..count)
            .map(|index| self.scope(&actions, index == 0, count))
            .collect();
        let ceiling = self.chance(4).then(|| self.scope(&actions, false, count));
        let house = self.chance(4).then(|| self.scope(&actions, false, count));
        self.spend(&mut known, &blocks, ceiling.as_ref(), house.as_ref());
        let brakes = self.chance(4).then(|| {
            // The deny entries of several scopes, as one alone seldom has any; not one twice.
            let mut deny = Vec::new();
            for _ in 0..4 {
                for entry in self.scope(&actions, false, count).deny() {
                    if !deny.contains(entry) {
                        deny.push(entry.clone());
                    }
                }
            }
            deny.into_iter()
                .fold(Scope::builder(), ScopeBuilder::deny)
                .build()
                .unwrap()
        });
        Case {
            blocks,
            ceiling,
            house,
            brakes,
            actions,
            known,
        }
    }

    // ---- actions ----

    fn action(&mut self, service: &Service) -> Action {
        let service = match self.chance(40) {
            true => self.pick(&SERVICES).parse().unwrap(),
            false => service.clone(),
        };
        let operation: Operation = self.pick(&OPERATIONS).parse().unwrap();
        let effect = *self.pick(&Effect::ALL);
        let length = 1 + self.dice.below(4);
        let segments: Vec<&str> = (0..length).map(|_| *self.pick(&SEGMENTS)).collect();
        let resource = Resource::from_segments(segments).unwrap();
        let arguments = self.tree();
        let attributes = if self.chance(2) {
            self.tree()
        } else {
            Tree::empty()
        };
        Action::new(service, operation, effect, resource)
            .with_arguments(arguments)
            .with_attributes(attributes)
    }

    fn tree(&mut self) -> Tree {
        Tree::new(self.object(3)).unwrap()
    }

    fn object(&mut self, depth: usize) -> Object {
        let mut object = Object::new();
        for _ in 0..self.dice.below(4) {
            let (key, value) = (*self.pick(&KEYS), self.value(depth - 1));
            let _ = object.insert(key, value);
        }
        object
    }

    pub fn value(&mut self, depth: usize) -> Value {
        match self.dice.below(if depth > 0 { 16 } else { 10 }) {
            0 => Value::Null,
            1 => Value::Bool(self.bool()),
            2 | 3 => Value::Int(*self.pick(&INTS)),
            4 => Value::Decimal(self.decimal()),
            5 => Value::number(["98.705", "0.5", "1e30"][self.dice.below(3)]).unwrap(),
            6..=8 => Value::from(*self.pick(&TEXTS)),
            9 => Value::Bytes(self.bytes()),
            10..=12 => Value::Object(self.object(depth)),
            _ => {
                let length = self.dice.below(4);
                let alike = self.value(depth - 1);
                let list = (0..length)
                    .map(|_| {
                        if self.chance(4) {
                            self.value(depth - 1)
                        } else {
                            alike.clone()
                        }
                    })
                    .collect();
                Value::List(list)
            }
        }
    }

    fn decimal(&mut self) -> Decimal {
        let scale = if self.chance(4) { 3 } else { 2 };
        Decimal::new(scale, *self.pick(&INTS)).unwrap()
    }

    fn bytes(&mut self) -> Vec<u8> {
        (0..self.dice.below(3))
            .map(|_| self.dice.below(2) as u8)
            .collect()
    }

    // ---- scopes ----

    fn scope(&mut self, actions: &[Action], first: bool, blocks: usize) -> Scope {
        let mut scope = Scope::builder();
        if first || self.chance(3) {
            let mut allow = Vec::new();
            for action in actions {
                push_new(&mut allow, self.capability(action));
            }
            while self.chance(3) {
                let action = self.action(actions[0].service());
                push_new(&mut allow, self.capability(&action));
            }
            scope = scope.allow_only(allow);
        }
        let mut deny = Vec::new();
        while self.chance(3) {
            let action = self.pick(actions).clone();
            push_new(&mut deny, self.deny(&action));
        }
        for pattern in deny.into_iter().filter(|pattern| !pattern.is_any()) {
            scope = scope.deny(pattern);
        }
        let mut require = Vec::new();
        while self.chance(3) {
            let action = self.pick(actions).clone();
            let requirement = self.requirement(&action, require.len());
            push_new(&mut require, requirement);
        }
        for requirement in require {
            scope = scope.require(requirement);
        }
        if first || self.chance(3) {
            let end = if self.chance(16) {
                NOW + self.dice.below(2) as u64
            } else {
                NOW + 900
            };
            scope = scope.not_after(seconds(end));
        }
        if self.chance(4) {
            let start = NOW - if self.chance(8) { 1 } else { 900 };
            scope = scope.not_before(seconds(start));
        } else if self.chance(32) {
            scope = scope
                .not_after(seconds(NOW + 900))
                .not_before(seconds(NOW + self.dice.below(2) as u64));
        }
        if first || self.chance(4) {
            let mut services = Vec::new();
            if !self.chance(16) {
                for action in actions {
                    push_new(&mut services, action.service().clone());
                }
            }
            if services.is_empty() || self.chance(3) {
                push_new(&mut services, self.pick(&SERVICES).parse().unwrap());
            }
            self.shuffle(&mut services);
            scope = scope.audience_only(services);
        }
        if first || self.chance(4) {
            let depth = blocks as u32 - 1;
            let limit = if self.chance(10) {
                depth.saturating_sub(1)
            } else {
                depth + self.dice.below(2) as u32
            };
            scope = scope.max_depth(limit);
        }
        scope.build().unwrap()
    }

    fn capability(&mut self, action: &Action) -> Capability {
        let operation = self.operation(action.operation());
        let target = match self.dice.below(4) {
            0 => Target::Effect(self.effect(action)),
            1 => Target::Both(operation, self.effect(action)),
            _ => Target::Operation(operation),
        };
        let mut capability = Capability::new(target, self.resource(action.resource()));
        if self.chance(2) {
            let mut constraints = Vec::new();
            let cover = self.chance(2);
            self.constrain(
                &mut constraints,
                Vec::new(),
                action.arguments().root(),
                cover,
            );
            for constraint in constraints {
                if let Ok(with) = capability.clone().with_argument(constraint) {
                    capability = with;
                }
            }
            if !capability.arguments().is_empty() && !cover && !self.chance(4) {
                capability = capability.open_arguments();
            }
        }
        if self.chance(4) {
            let mut constraints = Vec::new();
            self.constrain(
                &mut constraints,
                Vec::new(),
                action.attributes().root(),
                false,
            );
            for constraint in constraints {
                if let Ok(with) = capability.clone().with_attribute(constraint) {
                    capability = with;
                }
            }
        }
        capability
    }

    fn effect(&mut self, action: &Action) -> Effect {
        if self.chance(16) {
            *self.pick(&Effect::ALL)
        } else {
            action.effect()
        }
    }

    fn operation(&mut self, operation: &Operation) -> OperationPattern {
        let operation = match self.chance(16) {
            true => self.pick(&OPERATIONS).parse().unwrap(),
            false => operation.clone(),
        };
        match operation.as_str().rsplit_once('.') {
            Some((parent, _)) if self.chance(3) => {
                OperationPattern::below(&parent.parse().unwrap())
            }
            _ if self.chance(16) => OperationPattern::below(&operation),
            _ => OperationPattern::exact(operation),
        }
    }

    fn resource(&mut self, resource: &Resource) -> ResourcePattern {
        let all = resource.segments();
        let keep = if self.chance(3) {
            self.dice.below(all.len() + 1)
        } else {
            all.len()
        };
        let tail = if keep < all.len() || self.chance(20) {
            Tail::Open
        } else {
            Tail::Closed
        };
        let mut segments: Vec<SegmentPattern> = all[..keep]
            .iter()
            .map(|segment| self.segment(segment.as_str()))
            .collect();
        if segments.is_empty() && tail == Tail::Closed || self.chance(24) {
            segments.push(SegmentPattern::Any);
        }
        ResourcePattern::new(segments, tail).unwrap()
    }

    fn segment(&mut self, text: &str) -> SegmentPattern {
        let text = if self.chance(30) {
            *self.pick(&SEGMENTS)
        } else {
            text
        };
        match self.dice.below(6) {
            0 => SegmentPattern::Any,
            1 | 2 => match self.affix(text) {
                Some(affix) => SegmentPattern::Affix(affix),
                None => SegmentPattern::Any,
            },
            _ => SegmentPattern::Literal(text.parse().unwrap()),
        }
    }

    /// A pattern that matches `text`, if there is one that is no lone `*`.
    fn affix(&mut self, text: &str) -> Option<TextPattern> {
        let cuts: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let (mut from, mut to) = (*self.pick(&cuts), *self.pick(&cuts));
        if from > to {
            (from, to) = (to, from);
        }
        // Now and then a wildcard that stands for nothing, which does not match.
        if from == to && !self.chance(4) || (from, to) == (0, text.len()) {
            return None;
        }
        let affix = TextPattern::new(&text[..from], &text[to..]).ok()?;
        ResourcePattern::new(vec![SegmentPattern::Affix(affix.clone())], Tail::Closed).ok()?;
        Some(affix)
    }

    // ---- constraints ----

    /// Constraints that mostly hold for `object`; for all of its members where `cover` is set.
    fn constrain(
        &mut self,
        out: &mut Vec<Constraint>,
        path: Vec<Step>,
        object: &Object,
        cover: bool,
    ) {
        for (key, value) in object.iter() {
            if cover || self.chance(2) {
                let mut path = path.clone();
                path.push(Step::Key(key.clone()));
                self.constrain_value(out, path, value, cover);
            }
        }
        if self.chance(4) {
            let mut path = path;
            let key = *self.pick(&KEYS);
            let absent = object.get(key).is_none();
            path.push(Step::Key(key.parse().unwrap()));
            while self.chance(4) {
                path.push(Step::Key(self.pick(&KEYS).parse().unwrap()));
            }
            let matcher = self.matcher(None);
            let constraint = Constraint::at(Path::new(path).unwrap(), matcher);
            out.push(if absent && !self.chance(12) {
                constraint.optional()
            } else {
                constraint
            });
        }
    }

    fn constrain_value(
        &mut self,
        out: &mut Vec<Constraint>,
        path: Vec<Step>,
        value: &Value,
        cover: bool,
    ) {
        let at = |path: &[Step]| Path::new(path.to_vec()).unwrap();
        match value {
            Value::Object(object) if !object.is_empty() && !self.chance(12) => {
                self.constrain(out, path, object, cover);
            }
            Value::List(list) => {
                let mut element = path.clone();
                element.push(Step::Each);
                if list.is_empty() || self.chance(2) {
                    let count = Constraint::at(at(&path), self.count(list.len()));
                    out.push(count);
                }
                if list.is_empty() {
                    if self.chance(2) {
                        out.push(Constraint::at(at(&element), self.matcher(None)));
                    }
                    return;
                }
                let one = self.pick(list).clone();
                let alike = list.iter().all(|other| *other == one);
                let first = out.len();
                match &one {
                    Value::Object(_) | Value::List(_) => {
                        self.constrain_value(out, element, &one, cover)
                    }
                    one => out.push(Constraint::at(at(&element), self.matcher(Some(one)))),
                }
                for constraint in &mut out[first..] {
                    let wanted = (!alike && !self.chance(8)) || self.chance(6);
                    if wanted && constraint.path().has_each() {
                        *constraint = constraint.clone().some().unwrap();
                    }
                }
            }
            value => {
                let mut constraint = Constraint::at(at(&path), self.matcher(Some(value)));
                if self.chance(4) {
                    constraint = constraint.optional();
                }
                out.push(constraint);
            }
        }
    }

    fn count(&mut self, length: usize) -> Matcher {
        let length = length as u32;
        let low = if self.chance(12) {
            length + 1
        } else {
            self.dice.below(length as usize + 1) as u32
        };
        let high = (!self.chance(3)).then(|| low.max(length) + self.dice.below(2) as u32);
        Matcher::count(low, high).unwrap()
    }

    /// A matcher that mostly holds for the value.
    fn matcher(&mut self, value: Option<&Value>) -> Matcher {
        let value = match value {
            Some(value) if !self.chance(14) => value.clone(),
            _ => self.value(0),
        };
        match value {
            Value::Int(int) => match self.dice.below(4) {
                0 => Matcher::equals(int),
                1 => self.one_of(Scalar::Int(int), |g| Scalar::Int(*g.pick(&INTS))),
                _ => Matcher::Int(self.range(int)),
            },
            Value::Decimal(decimal) => match self.dice.below(4) {
                0 => Matcher::equals(decimal),
                1 => self.one_of(Scalar::Decimal(decimal), |g| {
                    Scalar::Decimal(Decimal::new(decimal.scale(), *g.pick(&INTS)).unwrap())
                }),
                _ => {
                    let range = self.range(decimal.units());
                    Matcher::Decimal(DecimalRange::new(decimal.scale(), range).unwrap())
                }
            },
            Value::Number(number) => match self.bool() {
                true => Matcher::equals(number),
                false => Matcher::OneOf(Choices::new(vec![number.into()]).unwrap()),
            },
            Value::Text(text) => match self.dice.below(8) {
                0 => Matcher::equals(text),
                1 => self.one_of(Scalar::from(text), |g| Scalar::from(*g.pick(&TEXTS))),
                2 | 3 => {
                    let (low, high) = self.around(text.len() as u32);
                    Matcher::text_length(low, high).unwrap()
                }
                4 => Matcher::from_label(self.pick::<&str>(&LABELS)).unwrap(),
                5 if !text.is_empty() => Matcher::Text(TextPattern::new("", "").unwrap()),
                _ => match self.affix(&text) {
                    Some(affix) => Matcher::Text(affix),
                    None => Matcher::equals(text),
                },
            },
            Value::Bytes(bytes) => match self.dice.below(3) {
                0 => Matcher::equals(bytes),
                1 => self.one_of(Scalar::Bytes(bytes), |g| Scalar::Bytes(g.bytes())),
                _ => {
                    let (low, high) = self.around(bytes.len() as u32);
                    Matcher::BytesLength(Bounds::new(low, high).unwrap())
                }
            },
            Value::Bool(bool) => match self.chance(4) {
                true => self.one_of(Scalar::Bool(bool), |g| Scalar::Bool(g.bool())),
                false => Matcher::equals(bool),
            },
            Value::List(list) => self.count(list.len()),
            _ => self.count(0),
        }
    }

    fn one_of(&mut self, own: Scalar, other: impl Fn(&mut Self) -> Scalar) -> Matcher {
        let mut choices = vec![own];
        while self.chance(2) {
            let other = other(self);
            if !choices.contains(&other) {
                choices.push(other);
            }
        }
        self.shuffle(&mut choices);
        Matcher::OneOf(Choices::new(choices).unwrap())
    }

    fn range(&mut self, around: i64) -> IntRange {
        let low = around.saturating_sub(self.dice.below(2) as i64);
        let high = around.saturating_add(self.dice.below(2) as i64);
        match self.dice.below(3) {
            0 => IntRange::new(Some(low), None),
            1 => IntRange::new(None, Some(high)),
            _ => IntRange::new(Some(low), Some(high)),
        }
        .unwrap()
    }

    fn around(&mut self, length: u32) -> (u32, Option<u32>) {
        let low = length.saturating_sub(self.dice.below(2) as u32);
        (low, self.bool().then(|| length + self.dice.below(2) as u32))
    }

    // ---- deny entries and requirements ----

    /// A pattern that mostly does not match.
    fn deny(&mut self, action: &Action) -> Pattern {
        let spoil = self.action(action.service());
        let other = if self.chance(6) { action } else { &spoil };
        self.pattern(action, other)
    }

    /// A pattern whose parts come from `action`, but at least one, mostly, from `other`.
    fn pattern(&mut self, action: &Action, other: &Action) -> Pattern {
        let mut pattern = Pattern::any();
        let parts = [
            self.chance(2),
            self.chance(4),
            self.chance(2),
            self.chance(2),
            self.chance(5),
        ];
        let odd = self.dice.below(parts.len());
        let source = |part: usize| if part == odd { other } else { action };
        if parts[0] {
            pattern = pattern.with_operation(self.operation(source(0).operation()));
        }
        if parts[1] {
            pattern = pattern.with_effect(source(1).effect());
        }
        if parts[2] {
            pattern = pattern.with_resource(self.resource(source(2).resource()));
        }
        if parts[3] {
            let mut constraints = Vec::new();
            self.constrain(
                &mut constraints,
                Vec::new(),
                source(3).arguments().root(),
                false,
            );
            pattern = self.doubtful(pattern, constraints, Pattern::with_argument);
        }
        if parts[4] {
            let mut constraints = Vec::new();
            self.constrain(
                &mut constraints,
                Vec::new(),
                source(4).attributes().root(),
                false,
            );
            pattern = self.doubtful(pattern, constraints, Pattern::with_attribute);
        }
        pattern
    }

    fn doubtful(
        &mut self,
        mut pattern: Pattern,
        constraints: Vec<Constraint>,
        add: impl Fn(Pattern, Constraint) -> Result<Pattern, ScopeError>,
    ) -> Pattern {
        for constraint in constraints {
            let constraint = if self.chance(2) {
                constraint.if_present()
            } else {
                constraint
            };
            if let Ok(with) = add(pattern.clone(), constraint) {
                pattern = with;
            }
        }
        pattern
    }

    fn requirement(&mut self, action: &Action, name: usize) -> Requirement {
        let pattern = match self.dice.below(8) {
            0 => Pattern::any(),
            1 | 2 => self.deny(action),
            _ => self.pattern(action, action),
        };
        let requirement = Requirement::new(pattern, self.condition(action, name));
        if self.chance(3) {
            requirement.when_tainted()
        } else {
            requirement
        }
    }

    fn condition(&mut self, action: &Action, name: usize) -> Condition {
        match self.dice.below(8) {
            0 | 1 => Condition::Signature,
            2 | 3 => Condition::Approval(self.approval()),
            _ => Condition::Budget(self.budget(action, name)),
        }
    }

    fn approval(&mut self) -> ApprovalRule {
        let mut keys = self.approvers.to_vec();
        self.shuffle(&mut keys);
        let mut groups = Vec::new();
        let mut rest = keys.as_slice();
        loop {
            let size = 1 + self.dice.below(rest.len().min(3));
            let (group, others) = rest.split_at(size);
            let threshold = 1 + self.dice.below(size) as u32;
            groups.push(ApproverGroup::new(threshold, group.iter().copied()).unwrap());
            rest = others;
            if rest.is_empty() || !self.chance(3) {
                return ApprovalRule::new(groups).unwrap();
            }
        }
    }

    fn budget(&mut self, action: &Action, name: usize) -> Budget {
        let name = format!("{}-{name}", self.pick(&["mail", "spend", "read"]));
        let measure = match self.dice.below(4) {
            0 | 1 => Measure::Uses,
            _ => self.amount(action),
        };
        let cap = if self.chance(8) {
            i64::MAX
        } else {
            1 + self.dice.below(120) as i64
        };
        let budget = Budget::sum(&name, measure, cap).unwrap();
        match self.chance(3) {
            true => budget
                .each(std::time::Duration::from_secs(
                    1 + self.dice.below(4999) as u64,
                ))
                .unwrap(),
            false => budget,
        }
    }

    /// Mostly the path of a number that is there.
    fn amount(&mut self, action: &Action) -> Measure {
        let mut numbers = Vec::new();
        collect_numbers(&mut numbers, String::new(), action.arguments().root());
        match numbers.is_empty() || self.chance(12) {
            true => Measure::int(self.pick::<&str>(&KEYS)).unwrap(),
            false => {
                let (path, scale) = self.pick(&numbers).clone();
                match scale {
                    None => Measure::int(&path).unwrap(),
                    Some(scale) => Measure::decimal(&path, scale).unwrap(),
                }
            }
        }
    }

    // ---- what is known ----

    fn known(&mut self, actions: &[Action]) -> Known {
        let mut seen = Seen::new();
        for label in &LABELS[..2] {
            if self.chance(4) {
                continue;
            }
            for text in TEXTS {
                if !self.chance(4) {
                    seen.note(Label::new(label).unwrap(), text);
                }
            }
        }
        let approvers = actions
            .iter()
            .map(|_| {
                let approvers = self.approvers.into_iter();
                approvers.filter(|_| self.dice.below(4) > 0).collect()
            })
            .collect();
        Known {
            now: seconds(NOW).saturating_add(std::time::Duration::from_millis(
                self.dice.below(1000) as u64,
            )),
            approvers,
            seen,
            tainted: self.chance(2),
            possession: if self.chance(4) {
                Possession::Session
            } else {
                Possession::Signature
            },
            spent: Vec::new(),
        }
    }

    fn spend(
        &mut self,
        known: &mut Known,
        blocks: &[Scope],
        ceiling: Option<&Scope>,
        house: Option<&Scope>,
    ) {
        let layers = Layers {
            ceiling,
            blocks,
            house,
            brakes: None,
        };
        for (origin, scope) in layers.iter() {
            for requirement in scope.require() {
                if let Condition::Budget(budget) = requirement.condition() {
                    let spent = match self.dice.below(16) {
                        0 => budget.cap(),
                        1 => budget.cap() - 1,
                        2 => i64::MAX,
                        3 => -1,
                        _ => (self.dice.below(3) as i64).min(budget.cap() - 1),
                    };
                    known.spent.push((origin, budget.name().clone(), spent));
                }
            }
        }
    }

    fn bool(&mut self) -> bool {
        self.dice.below(2) == 1
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.dice.below(last + 1));
        }
    }

    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.dice.below(all.len())]
    }

    /// True once in `one_in`; false when a list of choices has run out.
    fn chance(&mut self, one_in: usize) -> bool {
        self.dice.below(one_in) + 1 == one_in
    }

    fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut rest = self.dice.below(weights.iter().sum());
        weights
            .iter()
            .position(|weight| {
                let here = rest < *weight;
                rest = rest.wrapping_sub(*weight);
                here
            })
            .unwrap()
    }
}

fn push_new<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}

fn collect_numbers(out: &mut Vec<(String, Option<u8>)>, prefix: String, object: &Object) {
    for (key, value) in object.iter() {
        let path = if prefix.is_empty() {
            key.to_string()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            Value::Int(int) if *int > 0 => out.push((path, None)),
            Value::Decimal(decimal) if decimal.units() > 0 => {
                out.push((path, Some(decimal.scale())))
            }
            Value::Object(object) => collect_numbers(out, path, object),
            _ => {}
        }
    }
}

pub fn seconds(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

/// The first value at a path, of the first element of each list on the way.
pub fn first_value<'v>(root: &'v Object, steps: &[Step]) -> Option<&'v Value> {
    let Step::Key(key) = steps.first()? else {
        return None;
    };
    let mut value = root.get(key.as_str())?;
    for step in &steps[1..] {
        value = match (step, value) {
            (Step::Key(key), Value::Object(object)) => object.get(key.as_str())?,
            (Step::Each, Value::List(list)) => list.first()?,
            _ => return None,
        };
    }
    Some(value)
}

impl Case {
    /// The case that these choices make.
    pub fn random(dice: &mut Dice<'_>) -> Self {
        Generator::new(dice).case()
    }

    /// What our evaluator says.
    pub fn allows(&self) -> bool {
        self.with_context(|context| evaluate(self.layers(), &self.actions, context).is_allow())
    }

    pub fn layers(&self) -> Layers<'_> {
        Layers {
            ceiling: self.ceiling.as_ref(),
            blocks: &self.blocks,
            house: self.house.as_ref(),
            brakes: self.brakes.as_ref(),
        }
    }

    pub fn with_context<T>(&self, look: impl FnOnce(&Context<'_>) -> T) -> T {
        let Known {
            now,
            approvers,
            seen,
            tainted,
            possession,
            spent,
        } = &self.known;
        let approved_by: Vec<&[ApproverPublicKey]> = approvers.iter().map(Vec::as_slice).collect();
        let spent: Vec<Spent<'_>> = spent
            .iter()
            .map(|(origin, name, amount)| Spent {
                origin: *origin,
                name,
                amount: *amount,
            })
            .collect();
        let mut context = Context::at(*now);
        context.approved_by = &approved_by;
        context.seen = seen;
        context.tainted = *tainted;
        context.possession = *possession;
        context.spending = Spending::Known(&spent);
        look(&context)
    }
}
