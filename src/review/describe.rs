//! What layers allow, in plain sentences.

use std::cell::RefCell;
use std::fmt;

use super::compare::{Beyond, search};
use super::effort::{Effort, Steps};
use super::formula::Formula;
use super::literal::Literal;
use super::witness::Witness;
use super::wording;
use crate::scope::{Capability, Condition, Layers, Origin, Requirement};

/// What layers allow, in plain sentences. See [`describe`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    grants: Vec<Grant>,
    denials: Vec<String>,
    limits: Vec<String>,
}

/// What becomes of one capability of the first block, under all that stands in its way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grant {
    /// Its index in the block.
    pub index: usize,
    /// What it grants, in words.
    pub what: String,
    /// How much is left of it.
    pub left: Left,
    /// The conditions that an action of it can meet, in words, each with whose it is. One that
    /// every such action meets does not say where.
    pub conditions: Vec<String>,
}

/// How much of a capability is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Left {
    /// Something happens without any approval, and without a budget.
    Freely,
    /// Something happens without any approval, and nothing without a budget.
    WithinBudget,
    /// Nothing happens before somebody approves.
    WithApproval,
    /// Nothing at all.
    Nothing,
    /// It would take more effort to say.
    Undecided,
}

/// Says what layers allow: what freely, what within a budget, what with approval, and what of all
/// that is granted can never happen.
///
/// ```
/// use bailiwick::review::{Effort, Left, describe};
/// use bailiwick::scope::{Budget, Capability, Condition, Layers, Pattern, Scope};
/// let send = Capability::operation("mail.send", "outbox/*")?;
/// let blocks = [Scope::builder()
///     .allow(Capability::operation("mail.read", "inbox/**")?)
///     .allow_with(send, Condition::Budget(Budget::uses("mail", 20)?))
///     .allow(Capability::operation("mail.delete", "inbox/**")?)
///     .deny(Pattern::any().operation("mail.delete")?)
///     .build()?];
/// let description = describe(&Layers::blocks(&blocks), Effort::default());
/// let left: Vec<Left> = description.grants().iter().map(|grant| grant.left).collect();
/// assert_eq!(left, [Left::Freely, Left::WithinBudget, Left::Nothing]);
/// assert!(description.to_string().starts_with("freely:\n  `mail.read` on `inbox/**`\n"));
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
///
/// # Limits
///
/// A few questions for each capability and requirement share the effort.
pub fn describe(layers: &Layers<'_>, effort: Effort) -> Description {
    let steps = RefCell::new(Steps::new(effort));
    let allow = layers.blocks.first().and_then(|block| block.allow());
    let allow = allow.unwrap_or_default().iter().enumerate();
    let grants = allow.map(|(index, capability)| grant(layers, index, capability, &steps));
    let denials = layers.iter().flat_map(|(origin, scope)| {
        let deny = scope.deny().iter();
        deny.map(move |it| format!("{}, says {origin}", wording::pattern(it)))
    });
    let limits = layers.iter().flat_map(|(origin, scope)| {
        let limits = wording::limits(scope).into_iter();
        limits.map(move |limit| format!("{origin}: {limit}"))
    });
    Description {
        grants: grants.collect(),
        denials: denials.collect(),
        limits: limits.collect(),
    }
}

fn grant(
    layers: &Layers<'_>,
    index: usize,
    capability: &Capability,
    steps: &RefCell<Steps>,
) -> Grant {
    let is_possible = |more: Vec<Formula<'_>>| {
        let mut all = vec![Formula::granted_by(capability), Formula::allowed_by(layers)];
        all.extend(more);
        let real = |it: &Witness| it.is_allowed_by(layers);
        match search(&Formula::All(all), &mut steps.borrow_mut(), real) {
            Beyond::Case(_) => Some(true),
            Beyond::Nothing => Some(false),
            Beyond::Undecided => None,
        }
    };
    let requirements = || {
        layers.iter().flat_map(|(origin, scope)| {
            scope
                .require()
                .iter()
                .map(move |requirement| (origin, requirement))
        })
    };
    let budgets = requirements().filter(|(_, it)| matches!(it.condition(), Condition::Budget(_)));
    let unbudgeted = budgets.map(|(_, it)| Formula::applies(it).negation());
    let alone = || Formula::Is(Literal::Nobody);
    let freely = unbudgeted.chain([alone()]).collect();
    let left = match is_possible(freely) {
        Some(true) => Some(Left::Freely),
        Some(false) => is_possible(vec![alone()]).and_then(|unapproved| match unapproved {
            true => Some(Left::WithinBudget),
            false => is_possible(Vec::new()).map(|any| match any {
                true => Left::WithApproval,
                false => Left::Nothing,
            }),
        }),
        None => None,
    };
    let condition = |(origin, requirement): (Origin, &Requirement)| {
        let applies = || Formula::applies(requirement);
        let sometimes = is_possible(vec![applies()]) != Some(false);
        let always = || is_possible(vec![applies().negation()]) == Some(false);
        sometimes.then(|| wording::requirement(requirement, always(), origin))
    };
    let left = left.unwrap_or(Left::Undecided);
    let conditions = match left {
        Left::Nothing => Vec::new(),
        _ => requirements().filter_map(condition).collect(),
    };
    Grant {
        index,
        what: wording::capability(capability),
        left,
        conditions,
    }
}

impl Description {
    /// What becomes of each capability of the first block.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// What is denied whatever is granted, in words.
    pub fn denials(&self) -> &[String] {
        &self.denials
    }

    /// When, for which services, and how far, in words.
    pub fn limits(&self) -> &[String] {
        &self.limits
    }
}

impl Left {
    const ALL: [Self; 5] = [
        Self::Freely,
        Self::WithinBudget,
        Self::WithApproval,
        Self::Nothing,
        Self::Undecided,
    ];

    fn heading(self) -> &'static str {
        match self {
            Self::Freely => "freely",
            Self::WithinBudget => "within a budget",
            Self::WithApproval => "with approval",
            Self::Nothing => "granted, and never possible",
            Self::Undecided => "granted, and not decided",
        }
    }
}

/// Headings and one line an item; what comes from a scope is escaped.
impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        for left in Left::ALL {
            let mut own = self.grants.iter().filter(|it| it.left == left).peekable();
            if own.peek().is_some() {
                lines.push(format!("{}:", left.heading()));
            }
            for grant in own {
                lines.push(format!("  {}", grant.what));
                lines.extend(grant.conditions.iter().map(|it| format!("    {it}")));
            }
        }
        for (heading, items) in [("never", &self.denials), ("limits", &self.limits)] {
            if !items.is_empty() {
                lines.push(format!("{heading}:"));
            }
            lines.extend(items.iter().map(|it| format!("  {it}")));
        }
        f.write_str(&lines.join("\n"))
    }
}
