//! One action, and all that is known when it is decided.

use crate::action::Action;
use crate::clock::Timestamp;
use crate::keys::ApproverPublicKey;
use crate::scope::{
    Budget, BudgetName, Condition, Context, Layers, Measure, Origin, Possession, Reason, Seen,
    Spending, Spent, Verdict, evaluate,
};

/// One action, and all that is known when it is decided: what a review speaks of.
///
/// It begins strictest: nobody approved, nothing was noted, the task is tainted, a session proves
/// possession; and no budget has spent anything.
///
/// ```
/// use bailiwick::action::{Action, Effect};
/// use bailiwick::clock::Timestamp;
/// use bailiwick::review::Case;
/// use bailiwick::scope::{Capability, Layers, Scope};
/// let blocks = [Scope::builder().allow(Capability::operation("forum.read", "forum/**")?).build()?];
/// let read = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Read, "forum/1".parse()?);
/// let case = Case::new(read.clone(), Timestamp::from_unix_seconds(1_800_000_000)?);
/// assert!(case.is_allowed_by(&Layers::blocks(&blocks)));
///
/// let other = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Read, "mail/1".parse()?);
/// assert!(!Case::new(other, case.now()).is_allowed_by(&Layers::blocks(&blocks)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    action: Action,
    now: Timestamp,
    approved_by: Vec<ApproverPublicKey>,
    seen: Seen,
    tainted: bool,
    possession: Possession,
    spent: Vec<(Purse, i64)>,
}

/// What a budget counts in, whoever names it: two budgets of one name, measure and window share
/// it, whatever their caps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Purse {
    name: BudgetName,
    measure: Measure,
    window_s: u32,
}

impl Purse {
    pub(super) fn of(budget: &Budget) -> Self {
        Self {
            name: budget.name().clone(),
            measure: budget.measure().clone(),
            window_s: budget.window_s(),
        }
    }

    pub(super) fn is_of(&self, budget: &Budget) -> bool {
        self.name == *budget.name()
            && self.measure == *budget.measure()
            && self.window_s == budget.window_s()
    }

    pub(super) fn name(&self) -> &BudgetName {
        &self.name
    }
}

impl Case {
    /// This action at this time, and nothing else is known.
    pub fn new(action: Action, now: Timestamp) -> Self {
        Self {
            action,
            now,
            approved_by: Vec::new(),
            seen: Seen::new(),
            tainted: true,
            possession: Possession::Session,
            spent: Vec::new(),
        }
    }

    /// The same, of another action.
    pub fn with_action(mut self, action: Action) -> Self {
        self.action = action;
        self
    }

    /// The same, at another time.
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// The keys whose approval of exactly this action is there.
    pub fn with_approvals(mut self, by: impl IntoIterator<Item = ApproverPublicKey>) -> Self {
        self.approved_by = by.into_iter().collect();
        self
    }

    /// What services noted as given to the task.
    pub fn with_notes(mut self, seen: Seen) -> Self {
        self.seen = seen;
        self
    }

    /// Whether the task has read what a service marks as untrusted.
    pub fn with_taint(mut self, tainted: bool) -> Self {
        self.tainted = tainted;
        self
    }

    /// How possession is proved.
    pub fn with_possession(mut self, possession: Possession) -> Self {
        self.possession = possession;
        self
    }

    /// What is spent of this budget, and of every other of its name, measure and window.
    pub fn with_spent(mut self, budget: &Budget, amount: i64) -> Self {
        self.spent.retain(|(purse, _)| !purse.is_of(budget));
        self.spent.push((Purse::of(budget), amount.max(0)));
        self
    }

    /// The action.
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The keys that approved.
    pub fn approved_by(&self) -> &[ApproverPublicKey] {
        &self.approved_by
    }

    /// What services noted.
    pub fn notes(&self) -> &Seen {
        &self.seen
    }

    /// Whether the task is tainted.
    pub fn is_tainted(&self) -> bool {
        self.tainted
    }

    /// How possession is proved.
    pub fn possession(&self) -> Possession {
        self.possession
    }

    /// What is spent of this budget.
    pub fn spent(&self, budget: &Budget) -> i64 {
        let own = self.spent.iter().find(|(purse, _)| purse.is_of(budget));
        own.map_or(0, |(_, amount)| *amount)
    }

    pub(super) fn purses(&self) -> &[(Purse, i64)] {
        &self.spent
    }

    /// Whether the evaluator permits it.
    pub fn is_allowed_by(&self, layers: &Layers<'_>) -> bool {
        self.ask(layers, |verdict| verdict.is_allow())
    }

    /// Why the evaluator refuses it; nothing if it does not.
    pub fn reasons(&self, layers: &Layers<'_>) -> Vec<Reason> {
        self.ask(layers, |verdict| match verdict {
            Verdict::Allow(_) => Vec::new(),
            Verdict::Deny(reasons) => reasons,
        })
    }

    fn ask<R>(&self, layers: &Layers<'_>, answer: impl FnOnce(Verdict<'_>) -> R) -> R {
        self.with_context(layers, |context| {
            answer(evaluate(
                *layers,
                std::slice::from_ref(&self.action),
                context,
            ))
        })
    }

    /// Lends all that is known beside the action, as the evaluator takes it for these layers.
    pub fn with_context<R>(&self, layers: &Layers<'_>, ask: impl FnOnce(&Context<'_>) -> R) -> R {
        let spent: Vec<_> = budgets(layers)
            .map(|(origin, budget)| Spent {
                origin,
                name: budget.name(),
                amount: self.spent(budget),
            })
            .collect();
        let approved_by = [self.approved_by.as_slice()];
        let mut context = Context::at(self.now);
        context.approved_by = &approved_by;
        context.seen = &self.seen;
        context.tainted = self.tainted;
        context.possession = self.possession;
        context.spending = Spending::Known(&spent);
        ask(&context)
    }
}

/// Every budget, with the scope that names it.
pub(super) fn budgets<'a>(layers: &Layers<'a>) -> impl Iterator<Item = (Origin, &'a Budget)> {
    layers.iter().flat_map(|(origin, scope)| {
        let conditions = scope.require().iter().map(|it| it.condition());
        conditions.filter_map(move |condition| match condition {
            Condition::Budget(budget) => Some((origin, budget)),
            _ => None,
        })
    })
}
