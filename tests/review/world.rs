//! Small worlds of cases: a few values for each of a few things that scopes speak of.

use bailiwick::action::{Action, Decimal, Effect, Object, Tree, Value};
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverPublicKey;
use bailiwick::keys::dangerous::approver_key_from_seed;
use bailiwick::review::Case;
use bailiwick::scope::{Budget, Label, Layers, Measure, Possession, Seen};

use super::dice::Dice;

/// What scopes of this world speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Operation,
    Effect,
    Resource,
    Service,
    Time,
    Taint,
    Possession,
    Approvals,
    Spent,
    Notes,
    Text,
    Attribute,
    Int,
    Decimal,
    List,
    Object,
    Items,
    Extra,
}

pub const HEADS: [Topic; 4] = [
    Topic::Operation,
    Topic::Effect,
    Topic::Resource,
    Topic::Service,
];
pub const CONTEXTS: [Topic; 4] = [
    Topic::Time,
    Topic::Possession,
    Topic::Approvals,
    Topic::Spent,
];
pub const TREES: [Topic; 8] = [
    Topic::Text,
    Topic::Attribute,
    Topic::Int,
    Topic::Decimal,
    Topic::List,
    Topic::Object,
    Topic::Items,
    Topic::Extra,
];

/// The most cases of a world, so that many are enumerated in a short time.
const LARGEST: usize = 400;

#[derive(Debug)]
pub struct World {
    pub topics: Vec<Topic>,
    pub budget: Budget,
    cases: Vec<Case>,
}

pub fn approvers() -> [ApproverPublicKey; 3] {
    [1, 2, 3].map(|n| approver_key_from_seed(&[n; 32]).public_key())
}

pub fn seconds(second: u64) -> Timestamp {
    Timestamp::from_unix_seconds(second).unwrap()
}

impl World {
    pub fn random(dice: &mut Dice<'_>) -> Self {
        let mut topics = vec![dice.pick(&HEADS)];
        let mut add = |topic: Topic| {
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        };
        for _ in 0..dice.below(3) {
            add(dice.pick(&TREES));
        }
        if dice.percent(50) {
            add(dice.pick(&CONTEXTS));
        }
        if dice.percent(25) {
            add(Topic::Taint);
        }
        if topics
            .iter()
            .any(|it| matches!(it, Topic::Text | Topic::List))
            && dice.percent(50)
        {
            topics.push(Topic::Notes);
        }
        let measure = match topics.contains(&Topic::Int) {
            true if dice.percent(70) => Measure::int("n").unwrap(),
            _ if topics.contains(&Topic::Decimal) => Measure::decimal("d", 2).unwrap(),
            _ => Measure::Uses,
        };
        let budget = Budget::sum("one", measure, 5).unwrap();
        let Some(cases) = cases(&topics, &budget) else {
            return Self::random(dice);
        };
        Self {
            topics,
            budget,
            cases,
        }
    }

    pub fn has(&self, topic: Topic) -> bool {
        self.topics.contains(&topic)
    }

    /// Of each case, whether these layers allow it.
    pub fn allowed(&self, layers: &Layers<'_>) -> Vec<bool> {
        let cases = self.cases.iter();
        cases.map(|case| case.is_allowed_by(layers)).collect()
    }

    /// Every case.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }
}

/// Every case, unless there are too many.
fn cases(topics: &[Topic], budget: &Budget) -> Option<Vec<Case>> {
    let choose = |topic: Topic, all: &[&'static str]| {
        let count = if topics.contains(&topic) {
            all.len()
        } else {
            1
        };
        all[..count].to_vec()
    };
    let operations = choose(Topic::Operation, &["a.b", "a.c", "a", "a.b.c", "c.d"]);
    let effects = choose(Topic::Effect, &["read", "send", "pay"]);
    let resources = choose(
        Topic::Resource,
        &["x", "x/y", "y", "x/z", "xab/y", "xb", "x/y/z", "xa/y/z"],
    );
    let services = choose(Topic::Service, &["s", "t", "u"]);
    let mut contexts = vec![
        Case::new(
            Action::new(
                "s".parse().unwrap(),
                "a.b".parse().unwrap(),
                Effect::Read,
                "x".parse().unwrap(),
            ),
            seconds(100),
        )
        .with_taint(false),
    ];
    let mut each = |topic: Topic, count: usize, change: &dyn Fn(Case, usize) -> Case| {
        if topics.contains(&topic) {
            contexts = contexts
                .iter()
                .flat_map(|case| (0..count).map(|n| change(case.clone(), n)))
                .collect();
        }
    };
    let set = |n: usize| {
        let keys = approvers().into_iter().enumerate();
        keys.filter(move |(index, _)| n & (1 << index) != 0)
            .map(|(_, key)| key)
    };
    each(Topic::Taint, 2, &|case, n| case.with_taint(n == 1));
    each(Topic::Possession, 2, &|case, n| {
        case.with_possession([Possession::Session, Possession::Signature][n])
    });
    each(Topic::Approvals, 8, &|case, n| case.with_approvals(set(n)));
    each(Topic::Spent, 7, &|case, n| {
        case.with_spent(budget, n as i64)
    });
    each(Topic::Notes, 5, &|case, n| case.with_notes(notes(n)));
    each(Topic::Time, 5, &|case, n| {
        case.at(seconds([97, 99, 100, 102, 104][n]))
    });
    let arguments = trees(
        topics,
        &[
            (Topic::Text, "t", texts()),
            (Topic::Int, "n", ints()),
            (Topic::Decimal, "d", decimals()),
            (Topic::List, "l", lists()),
            (Topic::Object, "o", objects()),
            (Topic::Items, "i", items()),
            (Topic::Extra, "z", vec![Value::Null]),
        ],
    );
    let attributes = trees(topics, &[(Topic::Attribute, "t", texts())]);
    let heads = operations.len() * effects.len() * resources.len() * services.len();
    if heads * arguments.len() * attributes.len() * contexts.len() > LARGEST {
        return None;
    }
    let mut all = Vec::new();
    for operation in &operations {
        for effect in &effects {
            for resource in &resources {
                for service in &services {
                    for arguments in &arguments {
                        for attributes in &attributes {
                            let action = Action::new(
                                service.parse().unwrap(),
                                operation.parse().unwrap(),
                                effect.parse().unwrap(),
                                resource.parse().unwrap(),
                            )
                            .with_arguments(arguments.clone())
                            .with_attributes(attributes.clone());
                            let with = |case: &Case| case.clone().with_action(action.clone());
                            all.extend(contexts.iter().map(with));
                        }
                    }
                }
            }
        }
    }
    Some(all)
}

fn notes(n: usize) -> Seen {
    let label = Label::new("m").unwrap();
    let mut seen = Seen::new();
    for text in [&[][..], &["v"], &["w"], &["v", "w"], &["?"]][n] {
        seen.note(label.clone(), *text);
    }
    seen
}

/// Every tree in which each of these members is absent or has one of its values.
fn trees(topics: &[Topic], members: &[(Topic, &str, Vec<Value>)]) -> Vec<Tree> {
    let mut all = vec![Object::new()];
    for (_, key, values) in members.iter().filter(|(topic, ..)| topics.contains(topic)) {
        let mut more = all.clone();
        for value in values {
            for object in &all {
                let mut object = object.clone();
                object.insert(key, value.clone()).unwrap();
                more.push(object);
            }
        }
        all = more;
    }
    all.into_iter().map(|it| Tree::new(it).unwrap()).collect()
}

fn texts() -> Vec<Value> {
    let texts = ["", "v", "w", "q", "vw", "vaw", "vq", "vaaaaw"];
    let texts = texts.into_iter().map(Value::from);
    texts.chain([Value::Null]).collect()
}

fn ints() -> Vec<Value> {
    let ints = [-1, 0, 1, 2, 3, 4, 6].into_iter().map(Value::Int);
    ints.chain([Value::from("v"), Value::Bool(true)]).collect()
}

fn decimals() -> Vec<Value> {
    let of = |scale, units| Value::Decimal(Decimal::new(scale, units).unwrap());
    let two = [0, 1, 2, 3, 5].into_iter().map(|units| of(2, units));
    two.chain([of(3, 2), Value::Int(2)]).collect()
}

fn lists() -> Vec<Value> {
    let of = |texts: &[&str]| Value::List(texts.iter().map(|it| Value::from(*it)).collect());
    vec![
        of(&[]),
        of(&["v"]),
        of(&["w"]),
        of(&["q"]),
        of(&["vw"]),
        of(&["v", "w"]),
        of(&["v", "q"]),
        of(&["v", "w", "q"]),
        of(&["v", "v", "v", "v"]),
        Value::List(vec![Value::Int(1)]),
        Value::List(vec![Value::Int(1), Value::from("v")]),
        Value::from("v"),
    ]
}

fn object(members: &[(&str, Value)]) -> Value {
    Value::Object(Object::from_pairs(members.iter().cloned()).unwrap())
}

fn objects() -> Vec<Value> {
    vec![
        object(&[]),
        object(&[("k", Value::Int(1))]),
        object(&[("k", Value::Int(3))]),
        object(&[("k", Value::from("v"))]),
        object(&[("k", Value::Int(1)), ("z", Value::Null)]),
        object(&[("j", Value::Bool(true))]),
        object(&[("k", Value::Int(3)), ("j", Value::Bool(false))]),
        Value::Int(1),
    ]
}

fn items() -> Vec<Value> {
    let item = |k: i64, tags: Option<&[&str]>| {
        let mut members = vec![("k", Value::Int(k))];
        if let Some(tags) = tags {
            let tags = tags.iter().map(|it| Value::from(*it)).collect();
            members.push(("g", Value::List(tags)));
        }
        object(&members)
    };
    let list = |items: &[Value]| Value::List(items.to_vec());
    let (one, three) = (item(1, None), item(3, None));
    vec![
        list(&[]),
        list(std::slice::from_ref(&one)),
        list(std::slice::from_ref(&three)),
        list(&[one.clone(), three.clone()]),
        list(&[item(1, Some(&[]))]),
        list(&[item(1, Some(&["v"]))]),
        list(&[item(3, Some(&["v", "w"]))]),
        list(&[item(1, Some(&["w"])), item(1, Some(&["v", "q"]))]),
        list(&[object(&[("z", Value::Null)]), one.clone()]),
        list(&[Value::Int(1)]),
        one,
    ]
}
