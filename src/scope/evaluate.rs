//! Scopes × actions × context → verdict.

use super::doubt::pattern_matches;
use super::explain::{Explain, Failure};
use super::strict::capability_matches;
use super::{
    ApprovalRule, Budget, Condition, Context, Layers, Measure, Origin, Possession, Reason,
    Requirement, Scope, Spending, Step, When,
};
use crate::action::{Action, Object, Value};

/// What the scopes say of the actions.
#[derive(Debug)]
#[must_use = "a verdict that nobody looks at protects nothing"]
pub enum Verdict<'a> {
    /// Every scope permits every action, once these dues are settled.
    Allow(Dues<'a>),
    /// Why not: one or more reasons, in the order of the actions, then of the scopes.
    Deny(Vec<Reason>),
}

impl Verdict<'_> {
    /// Whether it is [`Verdict::Allow`].
    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

/// Decides whether every scope of `layers` permits every action of one call.
///
/// Pure, linear in scopes and actions, and without allocation where the verdict is to allow. A
/// call without actions is denied nothing and granted nothing: callers refuse it before.
///
/// ```
/// use bailiwick::action::{Action, Effect};
/// use bailiwick::clock::Timestamp;
/// use bailiwick::scope::{evaluate, Capability, Context, Layers, ReasonCode, Scope, Verdict};
/// let scope = [Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?).build()?];
/// let context = Context::at(Timestamp::from_unix_seconds(1_800_000_000)?);
/// let read = |thread: &str| {
///     Action::new("forum.example".parse()?, "forum.read".parse()?, Effect::Read, thread.parse()?)
///         .pipe_ok()
/// };
/// # trait PipeOk: Sized { fn pipe_ok(self) -> Result<Self, Box<dyn std::error::Error>> { Ok(self) } }
/// # impl<T> PipeOk for T {}
/// assert!(evaluate(Layers::blocks(&scope), &[read("forum/thread/42")?], &context).is_allow());
/// match evaluate(Layers::blocks(&scope), &[read("forum/thread/43")?], &context) {
///     Verdict::Deny(reasons) => assert_eq!(reasons[0].code, ReasonCode::ResourceOutside),
///     Verdict::Allow(_) => panic!(),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate<'a>(
    layers: Layers<'a>,
    actions: &'a [Action],
    context: &'a Context<'a>,
) -> Verdict<'a> {
    let call = Call {
        layers,
        actions,
        context,
    };
    let permits = |index: usize| {
        layers
            .iter()
            .all(|(origin, scope)| call.check(origin, scope, index, |_| false))
    };
    if (0..actions.len()).all(permits) {
        Verdict::Allow(Dues { call })
    } else {
        Verdict::Deny(call.reasons())
    }
}

/// What an allow must still settle, in the order of actions, scopes and requirements.
///
/// Computed as it is read, so that an allow without dues costs nothing.
#[derive(Clone, Copy, Debug)]
pub struct Dues<'a> {
    call: Call<'a>,
}

/// One thing that an allow must still settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due<'a> {
    /// Which action of the call it is for, from 0.
    pub action: usize,
    /// Whose requirement it is.
    pub origin: Origin,
    /// What is to be settled.
    pub kind: DueKind<'a>,
}

/// What is to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DueKind<'a> {
    /// Claim the approvals that satisfied this rule.
    Approval(&'a ApprovalRule),
    /// Spend this much of this budget.
    Spend(&'a Budget, i64),
}

impl<'a> Dues<'a> {
    /// The dues.
    pub fn iter(&self) -> impl Iterator<Item = Due<'a>> + use<'a> {
        let call = self.call;
        (0..call.actions.len()).flat_map(move |action| {
            call.layers.iter().flat_map(move |(origin, scope)| {
                scope.require().iter().filter_map(move |requirement| {
                    let kind = call.due(requirement, action)?;
                    Some(Due {
                        action,
                        origin,
                        kind,
                    })
                })
            })
        })
    }

    /// Whether there is nothing to settle.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) layers: Layers<'a>,
    pub(super) actions: &'a [Action],
    pub(super) context: &'a Context<'a>,
}

impl<'a> Call<'a> {
    /// Checks one action against one scope. Each failed clause is handed to `failed`, which says
    /// whether to go on; `false` without it means that nothing failed after the last.
    fn check(
        &self,
        origin: Origin,
        scope: &'a Scope,
        index: usize,
        mut failed: impl FnMut(Failure<'a>) -> bool,
    ) -> bool {
        let Some(action) = self.actions.get(index) else {
            return false;
        };
        let mut permits = true;
        let mut fail = |failure| {
            permits = false;
            failed(failure)
        };
        let now = self.context.now.unix_seconds();
        let window = scope.window();
        if let Some(start) = window
            .not_before()
            .filter(|start| now < start.unix_seconds())
        {
            if !fail(Failure::NotYetValid(start)) {
                return false;
            }
        }
        if let Some(end) = window.not_after().filter(|end| now >= end.unix_seconds()) {
            if !fail(Failure::Expired(end)) {
                return false;
            }
        }
        if let Some(audience) = scope
            .audience()
            .filter(|all| !all.contains(action.service()))
        {
            if !fail(Failure::Audience(audience)) {
                return false;
            }
        }
        if let Some(limit) = scope
            .max_depth()
            .filter(|limit| self.layers.depth() > *limit)
        {
            if !fail(Failure::Depth(limit)) {
                return false;
            }
        }
        if let Some(allow) = scope.allow() {
            let seen = self.context.seen;
            let granted = |capability| capability_matches(capability, action, seen).is_ok();
            if !allow.iter().any(granted) && !fail(Failure::NotAllowed(allow)) {
                return false;
            }
        }
        for (position, pattern) in scope.deny().iter().enumerate() {
            if pattern_matches(pattern, action, self.context.seen)
                && !fail(Failure::Denied(position, pattern))
            {
                return false;
            }
        }
        for (position, requirement) in scope.require().iter().enumerate() {
            if self.applies(requirement, action) {
                if let Err(unmet) = self.condition(origin, requirement, index) {
                    if !fail(Failure::Unmet(position, requirement, unmet)) {
                        return false;
                    }
                }
            }
        }
        permits
    }

    fn applies(&self, requirement: &Requirement, action: &Action) -> bool {
        let awake = match requirement.when() {
            When::Always => true,
            When::Tainted => self.context.tainted,
        };
        awake && pattern_matches(requirement.pattern(), action, self.context.seen)
    }

    fn condition(
        &self,
        origin: Origin,
        requirement: &'a Requirement,
        index: usize,
    ) -> Result<(), Unmet> {
        match requirement.condition() {
            Condition::Approval(rule) => {
                let given = self.context.approvers(index);
                let satisfied = rule.groups().iter().all(|group| {
                    let approved = group.approvers().iter().filter(|key| given.contains(key));
                    approved.count() >= group.threshold() as usize
                });
                satisfied.then_some(()).ok_or(Unmet::Approval)
            }
            Condition::Signature => match self.context.possession {
                Possession::Signature => Ok(()),
                Possession::Session => Err(Unmet::Signature),
            },
            Condition::Budget(budget) => self.within(origin, requirement, budget, index),
        }
    }

    fn within(
        &self,
        origin: Origin,
        requirement: &'a Requirement,
        budget: &Budget,
        index: usize,
    ) -> Result<(), Unmet> {
        let amount = self.amount(budget, index).ok_or(Unmet::Amount)?;
        let before = match self.context.spending {
            Spending::Deferred => 0,
            Spending::Known(all) => {
                let own =
                    |spent: &&super::Spent| spent.origin == origin && spent.name == budget.name();
                all.iter().find(own).ok_or(Unmet::Unknown)?.amount
            }
        };
        if before < 0 {
            return Err(Unmet::Unknown);
        }
        // What the earlier actions of this call would spend is spent for the later ones. An
        // overflow is over any cap.
        let pending = (0..index)
            .filter(|earlier| {
                let action = self.actions.get(*earlier);
                action.is_some_and(|action| self.applies(requirement, action))
            })
            .try_fold(before, |sum, earlier| {
                sum.checked_add(self.amount(budget, earlier)?)
            });
        let spent = pending.ok_or(Unmet::Over(None, amount))?;
        match spent.checked_add(amount) {
            Some(total) if total <= budget.cap() => Ok(()),
            _ => Err(Unmet::Over(Some(spent), amount)),
        }
    }

    /// What an action would spend; `None` if that is absent, mistyped, zero or negative.
    fn amount(&self, budget: &Budget, index: usize) -> Option<i64> {
        let root = self.actions.get(index)?.arguments().root();
        let amount = match budget.measure() {
            Measure::Uses => 1,
            Measure::Int(path) => match at(root, path.steps())? {
                Value::Int(int) => *int,
                _ => return None,
            },
            Measure::Decimal(path, scale) => match at(root, path.steps())? {
                Value::Decimal(decimal) if decimal.scale() == *scale => decimal.units(),
                _ => return None,
            },
        };
        (amount > 0).then_some(amount)
    }

    fn due(&self, requirement: &'a Requirement, index: usize) -> Option<DueKind<'a>> {
        if !self.applies(requirement, self.actions.get(index)?) {
            return None;
        }
        match requirement.condition() {
            Condition::Approval(rule) => Some(DueKind::Approval(rule)),
            Condition::Budget(budget) => Some(DueKind::Spend(budget, self.amount(budget, index)?)),
            Condition::Signature => None,
        }
    }

    fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for index in 0..self.actions.len() {
            for (origin, scope) in self.layers.iter() {
                let explain = Explain {
                    call: *self,
                    origin,
                    index,
                };
                self.check(origin, scope, index, |failure| {
                    reasons.extend(explain.reason(failure));
                    true
                });
            }
        }
        reasons
    }
}

/// Why a condition does not hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unmet {
    Approval,
    Signature,
    Amount,
    Unknown,
    /// What is spent (if it can be said), and what this action would spend.
    Over(Option<i64>, i64),
}

/// The value at a path without `*`.
pub(super) fn at<'v>(root: &'v Object, steps: &[Step]) -> Option<&'v Value> {
    let (Step::Key(key), rest) = steps.split_first()? else {
        return None;
    };
    match (root.get(key.as_str())?, rest) {
        (value, []) => Some(value),
        (Value::Object(object), rest) => at(object, rest),
        _ => None,
    }
}
