//! What is known beside the token and the actions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{BudgetName, Label, Scope};
use crate::clock::Timestamp;
use crate::keys::ApproverPublicKey;

/// Whose scope it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The ceiling that the key ring sets for the root.
    Ceiling,
    /// The block of the token with this index; the first is 0.
    Block(u32),
    /// The service's own house rules.
    House,
    /// What stops every token for now, whatever it says.
    Brake,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ceiling => f.write_str("ceiling"),
            Self::Block(index) => write!(f, "block {index}"),
            Self::House => f.write_str("house rules"),
            Self::Brake => f.write_str("brakes"),
        }
    }
}

/// All scopes that must permit an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers<'a> {
    /// The ceiling of the root, if it has one.
    pub ceiling: Option<&'a Scope>,
    /// The blocks of the token, the first one first.
    pub blocks: &'a [Scope],
    /// The service's house rules, if it has any.
    pub house: Option<&'a Scope>,
    /// What is stopped for every token now, if anything is: a scope of deny entries alone.
    pub brakes: Option<&'a Scope>,
}

impl<'a> Layers<'a> {
    /// A token's blocks alone.
    pub fn blocks(blocks: &'a [Scope]) -> Self {
        Self {
            ceiling: None,
            blocks,
            house: None,
            brakes: None,
        }
    }

    /// Each scope with its origin.
    pub fn iter(&self) -> impl Iterator<Item = (Origin, &'a Scope)> + use<'a> {
        let blocks = (0u32..).map(Origin::Block).zip(self.blocks);
        let ceiling = self.ceiling.map(|scope| (Origin::Ceiling, scope));
        let house = self.house.map(|scope| (Origin::House, scope));
        let brakes = self.brakes.map(|scope| (Origin::Brake, scope));
        let beside = house.into_iter().chain(brakes);
        ceiling.into_iter().chain(blocks).chain(beside)
    }

    /// How many blocks follow the first.
    pub fn depth(&self) -> u32 {
        u32::try_from(self.blocks.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }
}

/// How the holder proved that it holds the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Possession {
    /// By a signature over this call.
    Signature,
    /// By the shared key of a session that a signature opened.
    Session,
}

/// What is known beside the token and the actions. Everything is an argument: no clock, no store.
///
/// [`Context::at`] knows the time and nothing else: no approval, no note, no signature, and a task
/// that counts as tainted until the ledger says otherwise. What budgets have spent is left to the
/// ledger, as dues.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The time, compared in whole seconds, rounded down.
    pub now: Timestamp,
    /// For each action, in order, the keys whose approval of exactly it was verified. An action
    /// without an entry has none.
    pub approved_by: &'a [&'a [ApproverPublicKey]],
    /// What services have noted as given to this task.
    pub seen: &'a Seen,
    /// Whether the task has read what a service marks as untrusted.
    pub tainted: bool,
    /// How possession was proved.
    pub possession: Possession,
    /// What budgets have spent.
    pub spending: Spending<'a>,
}

impl<'a> Context<'a> {
    /// Only the time is known.
    pub fn at(now: Timestamp) -> Self {
        static NOTHING: Seen = Seen::new();
        Self {
            now,
            approved_by: &[],
            seen: &NOTHING,
            tainted: true,
            possession: Possession::Session,
            spending: Spending::Deferred,
        }
    }

    pub(crate) fn approvers(&self, action: usize) -> &'a [ApproverPublicKey] {
        self.approved_by.get(action).copied().unwrap_or_default()
    }
}

/// What budgets have spent before this call.
#[derive(Clone, Copy, Debug)]
pub enum Spending<'a> {
    /// The ledger will say: a decision yields a due, and settling it refuses what is over the cap.
    /// What could never be within the cap is denied at once.
    Deferred,
    /// Known now; a budget without an entry is denied.
    Known(&'a [Spent<'a>]),
}

/// What one budget has spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent<'a> {
    /// Whose budget it is.
    pub origin: Origin,
    /// Its name.
    pub name: &'a BudgetName,
    /// How much, in its current window.
    pub amount: i64,
}

/// Values that services noted, under their signature, as given to this task, by label.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Seen(BTreeMap<Label, BTreeSet<String>>);

impl Seen {
    /// Nothing was noted.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Notes one value under a label.
    pub fn note(&mut self, label: Label, value: impl Into<String>) {
        self.0.entry(label).or_default().insert(value.into());
    }

    /// Whether `value` was noted under `label`; `None` if nothing ever was.
    pub fn contains(&self, label: &Label, value: &str) -> Option<bool> {
        self.0.get(label).map(|values| values.contains(value))
    }

    /// Every label with its values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Label, impl Iterator<Item = &str>)> {
        self.0
            .iter()
            .map(|(label, values)| (label, values.iter().map(String::as_str)))
    }
}
