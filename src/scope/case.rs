//! One action against one scope.

use std::ops::ControlFlow;

use super::doubt::pattern_matches;
use super::strict::capability_matches;
use super::{
    ApproverGroup, Budget, Capability, Condition, Context, Due, DueKind, Layers, Measure, Origin,
    Path, Pattern, Possession, Reason, Requirement, Scope, Spending, Step, When,
};
use crate::action::{Action, Object, Service, Value};
use crate::clock::Timestamp;

/// All that is known when a call is decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) layers: Layers<'a>,
    pub(super) actions: &'a [Action],
    pub(super) context: &'a Context<'a>,
}

/// One action of a call, against one of the scopes.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) call: Call<'a>,
    pub(super) index: usize,
    pub(super) action: &'a Action,
    pub(super) origin: Origin,
    pub(super) scope: &'a Scope,
}

/// A clause that failed. Entries and requirements come with their index.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure<'a> {
    NotYetValid(Timestamp),
    Expired(Timestamp),
    Audience(&'a [Service]),
    Depth(u32),
    NotAllowed(&'a [Capability]),
    Denied(usize, &'a Pattern),
    Unmet(usize, Unmet<'a>),
}

/// Why a condition does not hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unmet<'a> {
    /// Of several groups that lack approvals, the one that lacks most.
    Approval(&'a ApproverGroup),
    Signature,
    AmountInvalid(&'a Budget),
    BudgetUnknown(&'a Budget),
    BudgetExceeded {
        budget: &'a Budget,
        /// Unless it is too much for 64 bits.
        spent: Option<i64>,
        amount: i64,
    },
}

impl<'a> Call<'a> {
    pub(super) fn cases(self) -> impl Iterator<Item = Case<'a>> {
        let actions = self.actions.iter().enumerate();
        actions.flat_map(move |(index, action)| self.cases_of(index, action))
    }

    /// Whether every case permits. Plain loops, as every decision goes through here.
    pub(super) fn permits(self) -> bool {
        let mut actions = self.actions.iter().enumerate();
        actions.all(|(index, action)| self.cases_of(index, action).all(|case| case.permits()))
    }

    #[inline]
    fn cases_of(self, index: usize, action: &'a Action) -> impl Iterator<Item = Case<'a>> {
        self.layers.iter().map(move |(origin, scope)| Case {
            call: self,
            index,
            action,
            origin,
            scope,
        })
    }

    fn applies(&self, requirement: &Requirement, action: &Action) -> bool {
        let awake = match requirement.when() {
            When::Always => true,
            When::Tainted => self.context.tainted,
        };
        awake && pattern_matches(requirement.pattern(), action, self.context.seen)
    }
}

impl<'a> Case<'a> {
    pub(super) fn permits(&self) -> bool {
        self.failures(|_| ControlFlow::Break(())).is_continue()
    }

    pub(super) fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let _ = self.failures(|failure| {
            reasons.push(self.reason(failure));
            ControlFlow::Continue(())
        });
        reasons
    }

    pub(super) fn dues(self) -> impl Iterator<Item = Due<'a>> {
        let applying = self.applying().map(|(_, requirement)| requirement);
        applying.filter_map(move |requirement| {
            let kind = match requirement.condition() {
                Condition::Approval(rule) => DueKind::Approval(rule),
                Condition::Budget(budget) => DueKind::Spend(budget, amount(budget, self.action)?),
                Condition::Signature => return None,
            };
            Some(Due {
                action: self.index,
                origin: self.origin,
                kind,
            })
        })
    }

    /// Hands each clause that fails to `failed`, which says whether to go on.
    fn failures(&self, mut failed: impl FnMut(Failure<'a>) -> ControlFlow<()>) -> ControlFlow<()> {
        let seen = self.call.context.seen;
        let (now, window) = (self.call.context.now, self.scope.window());
        if let Some(start) = window.not_yet(now) {
            failed(Failure::NotYetValid(start))?;
        }
        if let Some(end) = window.over(now) {
            failed(Failure::Expired(end))?;
        }
        if let Some(services) = self.scope.audience()
            && !services.contains(self.action.service())
        {
            failed(Failure::Audience(services))?;
        }
        if let Some(limit) = self.scope.max_depth()
            && self.call.layers.depth() > limit
        {
            failed(Failure::Depth(limit))?;
        }
        if let Some(allow) = self.scope.allow() {
            let grants = |one: &Capability| capability_matches(one, self.action, seen).is_ok();
            if !allow.iter().any(grants) {
                failed(Failure::NotAllowed(allow))?;
            }
        }
        for (index, pattern) in self.scope.deny().iter().enumerate() {
            if pattern_matches(pattern, self.action, seen) {
                failed(Failure::Denied(index, pattern))?;
            }
        }
        for (index, requirement) in self.applying() {
            if let Err(unmet) = self.holds(requirement) {
                failed(Failure::Unmet(index, unmet))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The requirements that speak of this action.
    fn applying(self) -> impl Iterator<Item = (usize, &'a Requirement)> {
        let all = self.scope.require().iter().enumerate();
        all.filter(move |(_, requirement)| self.call.applies(requirement, self.action))
    }

    fn holds(&self, requirement: &'a Requirement) -> Result<(), Unmet<'a>> {
        match requirement.condition() {
            Condition::Approval(rule) => {
                let given = self.call.context.approvers(self.index);
                let lacks = |group: &&ApproverGroup| group.lacks(given);
                // Reversed, as `max_by_key` takes the last of equals.
                match rule.groups().iter().rev().max_by_key(lacks) {
                    Some(group) if lacks(&group) > 0 => Err(Unmet::Approval(group)),
                    _ => Ok(()),
                }
            }
            Condition::Signature => match self.call.context.possession {
                Possession::Signature => Ok(()),
                Possession::Session => Err(Unmet::Signature),
            },
            Condition::Budget(budget) => self.within(requirement, budget),
        }
    }

    fn within(&self, requirement: &Requirement, budget: &'a Budget) -> Result<(), Unmet<'a>> {
        let amount_now = amount(budget, self.action).ok_or(Unmet::AmountInvalid(budget))?;
        let spent = match self.call.context.spending {
            Spending::Deferred => 0,
            Spending::Known(all) => {
                let own = |spent: &&super::Spent<'_>| {
                    spent.origin == self.origin && spent.name == budget.name()
                };
                let spent = all.iter().find(own).map(|spent| spent.amount);
                spent
                    .filter(|spent| *spent >= 0)
                    .ok_or(Unmet::BudgetUnknown(budget))?
            }
        };
        // What the earlier actions of this call would spend is spent for the later ones. One whose
        // amount is invalid is denied itself.
        let earlier = self.call.actions.iter().take(self.index);
        let spent = earlier
            .filter(|action| self.call.applies(requirement, action))
            .filter_map(|action| amount(budget, action))
            .try_fold(spent, i64::checked_add);
        // An overflow is over any cap.
        let total = spent.and_then(|spent| spent.checked_add(amount_now));
        if total.is_some_and(|total| total <= budget.cap()) {
            return Ok(());
        }
        Err(Unmet::BudgetExceeded {
            budget,
            spent,
            amount: amount_now,
        })
    }
}

/// What an action would spend; `None` if that is absent, mistyped, zero or negative.
pub(crate) fn amount(budget: &Budget, action: &Action) -> Option<i64> {
    let root = action.arguments().root();
    let amount = match budget.measure() {
        Measure::Uses => 1,
        Measure::Int(path) => match value_at(root, path)? {
            Value::Int(int) => *int,
            _ => return None,
        },
        Measure::Decimal(path, scale) => match value_at(root, path)? {
            Value::Decimal(decimal) if decimal.scale() == *scale => decimal.units(),
            _ => return None,
        },
    };
    (amount > 0).then_some(amount)
}

/// The value at a path without `*`.
pub(super) fn value_at<'v>(root: &'v Object, path: &Path) -> Option<&'v Value> {
    let (first, rest) = path.steps().split_first()?;
    let member = |object: &'v Object, step: &Step| match step {
        Step::Key(key) => object.get(key.as_str()),
        Step::Each => None,
    };
    rest.iter()
        .try_fold(member(root, first)?, |value, step| match value {
            Value::Object(object) => member(object, step),
            _ => None,
        })
}
