//! A case of which every literal of a conjunction is true, or that there is none.
//!
//! The parts of a case (its operation, its resource, its trees …) do not depend on one another, but
//! for the amount that a budget counts, so each is found alone.

mod approvals;
mod budgets;
mod operation;
mod resource;
mod scalar;
mod text;
mod tree;

use super::case::Case;
use super::effort::{Exhausted, Steps};
use super::literal::{Literal, Place};
use crate::action::{Action, Effect, Service};
use crate::clock::Timestamp;
use crate::scope::Possession;

/// Longer texts are not built.
const MAX_BYTES: usize = 16 << 20;

/// A case of which every literal is true. `None` if there is none, or, with a gap noted in
/// `steps`, if none was found.
pub(super) fn model(
    literals: &[Literal<'_>],
    steps: &mut Steps,
) -> Result<Option<Case>, Exhausted> {
    steps.take(literals.len())?;
    let Some((effect, tainted, possession)) = flags(literals) else {
        return Ok(None);
    };
    let Some(operation) = operation::solve(literals, steps) else {
        return Ok(None);
    };
    let (Some(service), Some(now)) = (service(literals), time(literals)) else {
        return Ok(None);
    };
    let Some(resource) = resource::solve(literals, steps)? else {
        return Ok(None);
    };
    let Some(approved_by) = approvals::solve(literals, steps)? else {
        return Ok(None);
    };
    let Some(amounts) = budgets::amounts(literals) else {
        return Ok(None);
    };
    let Some(trees) = tree::solve(literals, &amounts, steps)? else {
        return Ok(None);
    };
    let action = Action::new(service, operation, effect, resource)
        .with_arguments(trees.arguments)
        .with_attributes(trees.attributes);
    let spent = budgets::spent(literals, &action);
    let case = Case::new(action, now)
        .with_approvals(approved_by)
        .with_notes(trees.seen)
        .with_taint(tainted)
        .with_possession(possession);
    let case = spent.into_iter().fold(case, |case, (budget, amount)| {
        case.with_spent(budget, amount)
    });
    Ok(Some(case))
}

fn flags(literals: &[Literal<'_>]) -> Option<(Effect, bool, Possession)> {
    let (mut tainted, mut possession) = (None, None);
    for literal in literals {
        match *literal {
            Literal::Tainted(is) if *tainted.get_or_insert(is) != is => return None,
            Literal::Signed(is) if *possession.get_or_insert(is) != is => return None,
            _ => {}
        }
    }
    let fits = |effect: &Effect| {
        literals.iter().all(|literal| match literal {
            Literal::Effect(wanted, is) => (wanted == effect) == *is,
            _ => true,
        })
    };
    let possession = match possession {
        Some(true) => Possession::Signature,
        Some(false) | None => Possession::Session,
    };
    let effect = Effect::ALL.into_iter().find(fits)?;
    Some((effect, tainted.unwrap_or(false), possession))
}

fn service(literals: &[Literal<'_>]) -> Option<Service> {
    let sets = || {
        literals.iter().filter_map(|literal| match literal {
            Literal::Service(services, is) => Some((*services, *is)),
            _ => None,
        })
    };
    let fits = |service: &Service| sets().all(|(set, is)| set.contains(service) == is);
    let named = sets().flat_map(|(set, _)| set).find(|it| fits(it)).cloned();
    // Of one more name than all sets have together, one is in none.
    let names = 1 + sets().map(|(set, _)| set.len()).sum::<usize>();
    let fresh = || {
        let number = |n: usize| if n == 0 { String::new() } else { n.to_string() };
        let mut fresh =
            (0..names).filter_map(|n| Service::parse(&format!("service{}", number(n))).ok());
        fresh.find(|it| fits(it))
    };
    named.or_else(fresh)
}

/// Scopes change at their bounds alone.
fn time(literals: &[Literal<'_>]) -> Option<Timestamp> {
    let bounds = || {
        literals.iter().filter_map(|literal| match literal {
            Literal::Since(time, is) => Some((time.unix_seconds(), *is)),
            _ => None,
        })
    };
    let fits = |now: &u64| bounds().all(|(time, is)| (*now >= time) == is);
    let around = bounds().flat_map(|(time, _)| [time, time.saturating_sub(1)]);
    // Any time, where any will do.
    let candidates = around.chain([1_800_000_000, 0]);
    candidates
        .filter(fits)
        .find_map(|seconds| Timestamp::from_unix_seconds(seconds).ok())
}

/// The constraints on one tree.
fn wanted<'l, 'a>(
    literals: &'l [Literal<'a>],
    place: Place,
) -> impl Iterator<Item = (super::literal::Wanted<'a>, bool)> + 'l {
    literals.iter().filter_map(move |literal| match literal {
        Literal::Holds(at, wanted, is) if *at == place => Some((*wanted, *is)),
        _ => None,
    })
}
