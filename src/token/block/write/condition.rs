//! Requirements: a pattern, and what must hold where it matches.

use super::chain::{Chain, tried};
use super::doubt;
use super::place::Place;
use super::test::{tagged, tagged_kind};
use crate::keys::ApproverPublicKey;
use crate::scope::{Budget, Condition, Measure, Origin, Path, Requirement, Step, When};
use crate::token::block::budget_id;
use crate::token::block::words::{self, fact, kind};
use crate::token::datalog::{Binary, Sink, Term, Unary};

/// `check if <facts>, !(pattern) || condition`, or only the condition if it is for every action.
pub(super) fn requirement<S: Sink>(sink: &mut S, origin: Origin, requirement: &Requirement) {
    let (pattern, when) = (requirement.pattern(), requirement.when());
    let condition = requirement.condition();
    let universal = pattern.is_any() && when == When::Always;
    doubt::facts(sink, pattern, amount(condition).is_some());
    if when == When::Tainted {
        sink.predicate(fact::TAINTED, &[Term::Variable(fact::TAINTED)]);
    }
    match condition {
        Condition::Approval(_) => {
            sink.predicate(fact::APPROVED_BY, &[Term::Variable(fact::APPROVED_BY)])
        }
        Condition::Signature if universal => {
            return sink.predicate(fact::POSSESSION, &[Term::Text(words::SIGNATURE)]);
        }
        Condition::Signature => {
            sink.predicate(fact::POSSESSION, &[Term::Variable(fact::POSSESSION)])
        }
        Condition::Budget(budget) => sink.predicate(
            fact::SPENT,
            &[
                Term::Text(&budget_id(origin, budget.name())),
                Term::Text(if amount(condition).is_some() {
                    words::SUM
                } else {
                    words::USES
                }),
                Term::Integer(budget.window_s().into()),
                Term::Variable(fact::SPENT),
            ],
        ),
    }
    if universal {
        return holds(sink, &mut Chain::comma(), condition);
    }
    sink.expression(|sink| {
        doubt::outside(sink, pattern, when);
        sink.closure(None, |sink| holds(sink, &mut Chain::and(), condition));
        sink.binary(Binary::Or);
    });
}

fn holds<S: Sink>(sink: &mut S, chain: &mut Chain, condition: &Condition) {
    match condition {
        Condition::Approval(rule) => {
            for group in rule.groups() {
                chain.part(sink, |sink| {
                    sink.value(Term::Variable(fact::APPROVED_BY));
                    sink.value(Term::ByteSet(&group.approvers()));
                    sink.binary(Binary::Intersection);
                    sink.unary(Unary::Length);
                    sink.value(Term::Integer(group.threshold().into()));
                    sink.binary(Binary::GreaterOrEqual);
                });
            }
        }
        Condition::Signature => chain.part(sink, |sink| {
            sink.value(Term::Variable(fact::POSSESSION));
            sink.value(Term::Text(words::SIGNATURE));
            sink.binary(Binary::StrictEqual);
        }),
        Condition::Budget(budget) => within(sink, chain, budget),
    }
}

fn within<S: Sink>(sink: &mut S, chain: &mut Chain, budget: &Budget) {
    let spent = |sink: &mut S, operator, limit| {
        sink.value(Term::Variable(fact::SPENT));
        sink.value(Term::Integer(limit));
        sink.binary(operator);
    };
    chain.part(sink, |sink| spent(sink, Binary::GreaterOrEqual, 0));
    match budget.measure() {
        Measure::Uses => chain.part(sink, |sink| spent(sink, Binary::Less, budget.cap())),
        Measure::Int(path) => {
            let place = down(sink, chain, path);
            chain.part(sink, |sink| {
                tried(sink, false, |sink| {
                    fits(sink, &mut Chain::and(), budget, |sink| place.value(sink))
                });
            });
        }
        Measure::Decimal(path, scale) => {
            let (place, key) = (down(sink, chain, path), i64::from(*scale));
            tagged_kind(sink, chain, place, key, kind::INTEGER, Binary::StrictEqual);
            fits(sink, chain, budget, |sink| tagged(sink, place, key));
        }
    }
}

/// The place of an amount, after a guard for every object on the way.
fn down<'c, S: Sink>(sink: &mut S, chain: &mut Chain, path: &'c Path) -> Place<'c> {
    let mut place = Place::root(fact::ARGUMENTS, path);
    while let Some(Step::Key(_)) = place.next() {
        if !place.is_root() {
            chain.part(sink, |sink| {
                place.kind(sink, Binary::StrictEqual, kind::MAP)
            });
        }
        place = place.member();
    }
    place
}

/// `… > 0`, `… <= cap - $spent`; a cap is above 0 and what was spent not below, so that the difference is no error.
fn fits<S: Sink>(sink: &mut S, chain: &mut Chain, budget: &Budget, amount: impl Fn(&mut S)) {
    chain.part(sink, |sink| {
        amount(sink);
        sink.value(Term::Integer(0));
        sink.binary(Binary::Greater);
    });
    chain.part(sink, |sink| {
        amount(sink);
        sink.value(Term::Integer(budget.cap()));
        sink.value(Term::Variable(fact::SPENT));
        sink.binary(Binary::Subtract);
        sink.binary(Binary::LessOrEqual);
    });
}

/// Where the amount stands that a condition sums, if it sums one.
fn amount(condition: &Condition) -> Option<&Path> {
    match condition {
        Condition::Budget(budget) => match budget.measure() {
            Measure::Int(path) | Measure::Decimal(path, _) => Some(path),
            Measure::Uses => None,
        },
        _ => None,
    }
}

impl<'a> From<&'a ApproverPublicKey> for Term<'a> {
    fn from(key: &'a ApproverPublicKey) -> Self {
        Term::Bytes(key.as_bytes())
    }
}
