//! What budgets have spent, and what amounts fit.
//!
//! Budgets of one name, measure and window count the same amounts in the same purse: so of the
//! total after the action, only the least cap that holds it and the greatest that does not matter.

use super::super::case::Purse;
use super::super::literal::Literal;
use crate::action::Action;
use crate::scope::{Budget, Constraint, DecimalRange, IntRange, Matcher, Measure, amount};

/// What must hold of the arguments, as constraints that a capability could have, each with whether
/// it holds. `None` if no amount could do.
pub(super) fn amounts(literals: &[Literal<'_>]) -> Option<Vec<(Constraint, bool)>> {
    let mut all = Vec::new();
    for literal in literals {
        let (budget, most, is) = match *literal {
            Literal::Amount(budget, is) => (budget, None, is),
            Literal::Within(budget) => (budget, Some(budget.cap()), true),
            Literal::Over(budget) => (budget, None, true),
            _ => continue,
        };
        match budget.measure() {
            Measure::Uses if !is => return None,
            Measure::Uses => {}
            Measure::Int(path) => {
                let range = IntRange::new(Some(1), most).ok()?;
                all.push((Constraint::at(path.clone(), Matcher::Int(range)), is));
            }
            Measure::Decimal(path, scale) => {
                let range = IntRange::new(Some(1), most).ok()?;
                let range = DecimalRange::new(*scale, range).ok()?;
                all.push((Constraint::at(path.clone(), Matcher::Decimal(range)), is));
            }
        }
    }
    let possible = |budget: &Budget| match caps(literals, budget) {
        (Some(held), Some(passed)) => passed < held,
        _ => true,
    };
    named(literals).all(possible).then_some(all)
}

/// What each purse has spent, given the action.
pub(super) fn spent<'a>(literals: &[Literal<'a>], action: &Action) -> Vec<(&'a Budget, i64)> {
    let mut all: Vec<(&Budget, i64)> = Vec::new();
    for budget in named(literals) {
        if all.iter().any(|(other, _)| Purse::of(other).is_of(budget)) {
            continue;
        }
        let spent = match caps(literals, budget) {
            (_, None) => 0,
            (None, Some(passed)) => passed,
            (Some(held), Some(_)) => held.saturating_sub(amount(budget, action).unwrap_or(0)),
        };
        all.push((budget, spent));
    }
    all
}

/// The least cap that the total is within, and the greatest that it is over.
fn caps(literals: &[Literal<'_>], of: &Budget) -> (Option<i64>, Option<i64>) {
    let purse = Purse::of(of);
    let (mut held, mut passed) = (None, None);
    for literal in literals {
        match literal {
            Literal::Within(budget) if purse.is_of(budget) => {
                let cap = budget.cap();
                held = Some(held.map_or(cap, |held: i64| held.min(cap)));
            }
            Literal::Over(budget) if purse.is_of(budget) => {
                passed = passed.max(Some(budget.cap()));
            }
            _ => {}
        }
    }
    (held, passed)
}

fn named<'l, 'a>(literals: &'l [Literal<'a>]) -> impl Iterator<Item = &'a Budget> + 'l {
    literals.iter().filter_map(|literal| match literal {
        Literal::Within(budget) | Literal::Over(budget) => Some(*budget),
        _ => None,
    })
}
