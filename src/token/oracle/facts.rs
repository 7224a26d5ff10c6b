//! What a verifier supplies: exactly one fact of each predicate, and one `spent` a budget.

use std::collections::{BTreeMap, BTreeSet};

use biscuit_auth::builder::{Fact, MapKey, Term, bytes, int, string};

use crate::action::{Action, Object, Value};
use crate::scope::{BudgetName, Condition, Context, Layers, Measure, Origin, Possession, Spending};
use crate::token::block::{budget_id, fact};

/// The facts for one action of a call. `pending` says what earlier actions of the call would spend of a budget.
pub(super) fn supplied(
    layers: Layers<'_>,
    action: &Action,
    index: usize,
    context: &Context<'_>,
    pending: impl Fn(Origin, &BudgetName) -> i64,
) -> Vec<Fact> {
    let approvers = context
        .approvers(index)
        .iter()
        .map(|key| bytes(key.as_bytes()));
    let possession = match context.possession {
        Possession::Signature => "signature",
        Possession::Session => "session",
    };
    let seen = context.seen.iter().map(|(label, values)| {
        (
            MapKey::Str(label.as_str().to_owned()),
            Term::Array(values.map(string).collect()),
        )
    });
    let segments = action.resource().segments().iter();
    let one = |name: &str, term| Fact::new(name.to_owned(), vec![term]);
    let mut facts = vec![
        one(fact::OPERATION, string(action.operation().as_str())),
        one(fact::EFFECT, string(action.effect().as_str())),
        one(
            fact::RESOURCE,
            Term::Array(segments.map(|segment| string(segment.as_str())).collect()),
        ),
        one(fact::SERVICE, string(action.service().as_str())),
        one(fact::TIME, Term::Date(context.now.unix_seconds())),
        one(fact::ARGUMENTS, object(action.arguments().root())),
        one(fact::ATTRIBUTES, object(action.attributes().root())),
        one(fact::DEPTH, int(layers.depth().into())),
        one(
            fact::APPROVED_BY,
            Term::Set(approvers.collect::<BTreeSet<_>>()),
        ),
        one(fact::SEEN, Term::Map(seen.collect())),
        one(fact::TAINTED, Term::Bool(context.tainted)),
        one(fact::POSSESSION, string(possession)),
    ];
    for (origin, scope) in layers.iter() {
        for requirement in scope.require() {
            if let Condition::Budget(budget) = requirement.condition() {
                let kind = if *budget.measure() == Measure::Uses {
                    "uses"
                } else {
                    "sum"
                };
                let spent = spent(context, origin, budget.name());
                let spent = if spent < 0 {
                    spent
                } else {
                    spent.saturating_add(pending(origin, budget.name()))
                };
                facts.push(Fact::new(
                    fact::SPENT.to_owned(),
                    vec![
                        string(&budget_id(origin, budget.name())),
                        string(kind),
                        int(budget.window().map_or(0, |window| window.as_secs()) as i64),
                        int(spent),
                    ],
                ));
            }
        }
    }
    facts
}

/// What a budget has spent before the call; -1, which no check admits, if that is not known.
fn spent(context: &Context<'_>, origin: Origin, name: &BudgetName) -> i64 {
    match context.spending {
        Spending::Deferred => 0,
        Spending::Known(all) => all
            .iter()
            .find(|spent| spent.origin == origin && spent.name == name)
            .map_or(-1, |spent| spent.amount),
    }
}

fn object(object: &Object) -> Term {
    Term::Map(
        object
            .iter()
            .map(|(key, member)| (MapKey::Str(key.as_str().to_owned()), value(member)))
            .collect(),
    )
}

fn value(argument: &Value) -> Term {
    match argument {
        Value::Null => Term::Null,
        Value::Bool(truth) => Term::Bool(*truth),
        Value::Int(integer) => int(*integer),
        Value::Decimal(decimal) => tagged(decimal.scale().into(), int(decimal.units())),
        Value::Number(number) => tagged(-1, string(number.as_str())),
        Value::Text(text) => string(text),
        Value::Bytes(content) => bytes(content),
        Value::List(elements) => Term::Array(elements.iter().map(value).collect()),
        Value::Object(inner) => object(inner),
    }
}

/// An integer key, which no caller can write, says that a map is a number.
fn tagged(key: i64, term: Term) -> Term {
    Term::Map(BTreeMap::from([(MapKey::Integer(key), term)]))
}
