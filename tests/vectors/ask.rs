//! What is asked of a token, and what is known beside it.

use bailiwick::action::Action;
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverPublicKey;
use bailiwick::scope::{
    BudgetName, Condition, Context, Label, Layers, Measure, Origin, Possession, Seen, Spending,
    Spent,
};

use crate::{json, world};

/// The actions of one call, and what is known beside them.
#[derive(Clone, Debug)]
pub struct Ask {
    pub actions: Vec<Action>,
    pub now: Timestamp,
    pub approved: Vec<Vec<ApproverPublicKey>>,
    pub seen: Seen,
    pub tainted: bool,
    pub possession: Possession,
    /// What is not the default, which is that nothing is spent.
    pub spent: Vec<(&'static str, Option<i64>)>,
}

/// What budgets have spent, or, if it is not known, nothing.
pub type SpentLines = Vec<(Origin, BudgetName, i64)>;

impl Ask {
    pub fn new(action: Action) -> Self {
        Self {
            actions: vec![action],
            now: world::seconds(world::NOW),
            approved: Vec::new(),
            seen: Seen::new(),
            tainted: false,
            possession: Possession::Signature,
            spent: Vec::new(),
        }
    }

    /// One more action of the same call.
    pub fn and(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    pub fn at(mut self, now: u64) -> Self {
        self.now = world::seconds(now);
        self
    }

    pub fn approved(mut self, approvers: &[u8]) -> Self {
        self.approved.push(
            approvers
                .iter()
                .map(|number| world::approver(*number))
                .collect(),
        );
        self
    }

    pub fn seen(mut self, label: &str, value: &str) -> Self {
        self.seen.note(Label::new(label).unwrap(), value);
        self
    }

    pub fn tainted(mut self) -> Self {
        self.tainted = true;
        self
    }

    pub fn session(mut self) -> Self {
        self.possession = Possession::Session;
        self
    }

    pub fn spent(mut self, budget: &'static str, amount: i64) -> Self {
        self.spent.push((budget, Some(amount)));
        self
    }

    /// Nobody knows what this budget has spent.
    pub fn unknown(mut self, budget: &'static str) -> Self {
        self.spent.push((budget, None));
        self
    }

    /// What every budget of the scopes has spent.
    pub fn spending(&self, layers: Layers<'_>) -> SpentLines {
        let budgets = layers.iter().flat_map(|(origin, scope)| {
            let conditions = scope
                .require()
                .iter()
                .map(|requirement| requirement.condition());
            conditions.filter_map(move |condition| match condition {
                Condition::Budget(budget) => Some((origin, budget.name().clone())),
                _ => None,
            })
        });
        let amount = |name: &BudgetName| {
            let own = self
                .spent
                .iter()
                .find(|(budget, _)| *budget == name.as_str());
            own.map_or(Some(0), |(_, amount)| *amount)
        };
        budgets
            .filter_map(|(origin, name)| amount(&name).map(|amount| (origin, name, amount)))
            .collect()
    }

    pub fn with_context<T>(&self, spent: &SpentLines, look: impl FnOnce(&Context<'_>) -> T) -> T {
        let approved: Vec<&[ApproverPublicKey]> = self.approved.iter().map(Vec::as_slice).collect();
        let spent: Vec<Spent<'_>> = spent
            .iter()
            .map(|(origin, name, amount)| Spent {
                origin: *origin,
                name,
                amount: *amount,
            })
            .collect();
        let mut context = Context::at(self.now);
        context.approved_by = &approved;
        context.seen = &self.seen;
        context.tainted = self.tainted;
        context.possession = self.possession;
        context.spending = Spending::Known(&spent);
        look(&context)
    }
}

/// An action with these arguments.
pub fn with(arguments: &str) -> Ask {
    Ask::new(world::send().with_arguments(json::tree(arguments)))
}

/// An action with these attributes.
pub fn having(attributes: &str) -> Ask {
    Ask::new(world::send().with_attributes(json::tree(attributes)))
}

/// The id under which a budget's `spent` fact is supplied.
pub fn budget_id(origin: Origin, name: &BudgetName) -> String {
    match origin {
        Origin::Ceiling => format!("ceiling/{name}"),
        Origin::Block(index) => format!("{index}/{name}"),
        Origin::House => format!("house/{name}"),
        Origin::Brake => format!("brake/{name}"),
    }
}

/// The id, the kind and the window that the `spent` fact of every budget has.
pub fn budgets(layers: Layers<'_>) -> Vec<(Origin, BudgetName, String)> {
    let mut found = Vec::new();
    for (origin, scope) in layers.iter() {
        for requirement in scope.require() {
            if let Condition::Budget(budget) = requirement.condition() {
                let kind = if *budget.measure() == Measure::Uses {
                    "uses"
                } else {
                    "sum"
                };
                let window = budget.window().map_or(0, |window| window.as_secs());
                let id = budget_id(origin, budget.name());
                found.push((
                    origin,
                    budget.name().clone(),
                    format!("{id} {kind} {window}"),
                ));
            }
        }
    }
    found
}
