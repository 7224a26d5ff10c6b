//! The smallest things that a scope says of a case, and their opposites.

use super::case::Case;
use super::formula::Formula;
use crate::action::{Action, Effect, Object, Service};
use crate::clock::Timestamp;
use crate::scope::{
    ApproverGroup, Budget, Constraint, OperationPattern, Possession, ResourcePattern, amount,
    holds, may_hold, unnamed,
};

/// One thing that is said of a case. The flag says whether it is so, or is not.
#[derive(Clone, Copy, Debug)]
pub(super) enum Literal<'a> {
    Operation(&'a OperationPattern, bool),
    Effect(Effect, bool),
    Resource(&'a ResourcePattern, bool),
    Service(&'a [Service], bool),
    /// A constraint on one of the trees holds.
    Holds(Place, Wanted<'a>, bool),
    /// Every member of a tree is named by these constraints.
    Named(Place, &'a [Constraint], bool),
    /// It is this time, or later.
    Since(Timestamp, bool),
    Tainted(bool),
    /// Possession is proved by a signature.
    Signed(bool),
    /// This group has approved.
    Approved(&'a ApproverGroup, bool),
    /// Nobody has approved.
    Nobody,
    /// There is an amount that the budget can count.
    Amount(&'a Budget, bool),
    /// There is one, and it fits what is left.
    Within(&'a Budget),
    /// There is one, and it does not.
    Over(&'a Budget),
}

/// Which tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Arguments,
    Attributes,
}

impl Place {
    fn of(self, action: &Action) -> &Object {
        match self {
            Self::Arguments => action.arguments().root(),
            Self::Attributes => action.attributes().root(),
        }
    }
}

/// A constraint, among those that it stands with, and how it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) constraint: &'a Constraint,
    pub(super) all: &'a [Constraint],
    pub(super) reading: Reading,
}

/// How a constraint is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// In a capability: it must definitely hold.
    Strict,
    /// In a deny entry or a requirement: it holds unless it definitely fails.
    Doubt,
}

impl<'a> Literal<'a> {
    /// What the evaluator says of it.
    pub(super) fn is_true_of(&self, case: &Case) -> bool {
        let action = case.action();
        match *self {
            Self::Operation(pattern, is) => pattern.matches(action.operation()) == is,
            Self::Effect(effect, is) => (effect == action.effect()) == is,
            Self::Resource(pattern, is) => pattern.matches(action.resource()) == is,
            Self::Service(services, is) => services.contains(action.service()) == is,
            Self::Holds(place, wanted, is) => wanted.is_true_of(place.of(action), case) == is,
            Self::Named(place, all, is) => unnamed(all, place.of(action)).is_none() == is,
            Self::Since(time, is) => (case.now().unix_seconds() >= time.unix_seconds()) == is,
            Self::Tainted(is) => case.is_tainted() == is,
            Self::Signed(is) => (case.possession() == Possession::Signature) == is,
            Self::Approved(group, is) => (group.lacks(case.approved_by()) == 0) == is,
            Self::Nobody => case.approved_by().is_empty(),
            Self::Amount(budget, is) => amount(budget, action).is_some() == is,
            Self::Within(budget) => fits(budget, case) == Some(true),
            Self::Over(budget) => fits(budget, case) == Some(false),
        }
    }

    /// What is so where this is not.
    pub(super) fn negation(self) -> Formula<'a> {
        Formula::Is(match self {
            Self::Operation(pattern, is) => Self::Operation(pattern, !is),
            Self::Effect(effect, is) => Self::Effect(effect, !is),
            Self::Resource(pattern, is) => Self::Resource(pattern, !is),
            Self::Service(services, is) => Self::Service(services, !is),
            Self::Holds(place, wanted, is) => Self::Holds(place, wanted, !is),
            Self::Named(place, all, is) => Self::Named(place, all, !is),
            Self::Since(time, is) => Self::Since(time, !is),
            Self::Tainted(is) => Self::Tainted(!is),
            Self::Signed(is) => Self::Signed(!is),
            Self::Approved(group, is) => Self::Approved(group, !is),
            Self::Amount(budget, is) => Self::Amount(budget, !is),
            Self::Within(budget) => return Self::either(budget, Self::Over(budget)),
            Self::Over(budget) => return Self::either(budget, Self::Within(budget)),
            // Only claims say it, and only beside all else: to know less is never wrong.
            Self::Nobody => return Formula::always(),
        })
    }

    fn either(budget: &'a Budget, other: Self) -> Formula<'a> {
        Formula::Any(vec![
            Formula::Is(other),
            Formula::Is(Self::Amount(budget, false)),
        ])
    }
}

impl Wanted<'_> {
    fn is_true_of(&self, root: &Object, case: &Case) -> bool {
        match self.reading {
            Reading::Strict => holds(self.constraint, self.all, root, case.notes()),
            Reading::Doubt => may_hold(self.constraint, self.all, root, case.notes()),
        }
    }
}

/// Whether what the action spends fits what is left; `None` if there is no amount.
fn fits(budget: &Budget, case: &Case) -> Option<bool> {
    let amount = amount(budget, case.action())?;
    let total = case.spent(budget).checked_add(amount);
    Some(total.is_some_and(|total| total <= budget.cap()))
}
