//! What layers allow, in plain sentences.

use std::cell::RefCell;
use std::fmt;

use super::effort::{Effort, Steps};
use super::formula::Formula;
use super::outlook::{Asked, Demand, Left, Reach};
use super::vocabulary::Vocabulary;
use super::wording;
use crate::scope::{Capability, Layers};

/// What layers allow, in plain sentences. See [`describe`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    grants: Vec<Grant>,
    denials: Vec<String>,
    requirements: Vec<String>,
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
    /// The same conditions, by where they stand.
    pub demands: Vec<Demand>,
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
    Vocabulary::everything().describe(layers, effort)
}

pub(super) fn describe_in(
    vocabulary: &Vocabulary,
    layers: &Layers<'_>,
    effort: Effort,
) -> Description {
    let steps = RefCell::new(Steps::new(effort));
    let allow = layers.blocks.first().and_then(|block| block.allow());
    let allow = allow.unwrap_or_default().iter().enumerate();
    let grants = allow.map(|(index, capability)| {
        let kind = vec![Formula::granted_by(capability), vocabulary.formula()];
        let asked = Asked::new(layers, kind, &steps);
        grant(index, capability, &asked)
    });
    let denials = layers.iter().flat_map(|(origin, scope)| {
        let deny = scope.deny().iter();
        deny.map(move |it| format!("{}, says {origin}", wording::pattern(it)))
    });
    let requirements = layers.iter().flat_map(|(origin, scope)| {
        let require = scope.require().iter();
        require.map(move |it| wording::requirement(it, false, origin))
    });
    let limits = layers.iter().flat_map(|(origin, scope)| {
        let limits = wording::limits(scope).into_iter();
        limits.map(move |limit| format!("{origin}: {limit}"))
    });
    Description {
        grants: grants.collect(),
        denials: denials.collect(),
        requirements: requirements.collect(),
        limits: limits.collect(),
    }
}

fn grant(index: usize, capability: &Capability, asked: &Asked<'_, '_>) -> Grant {
    let (left, _) = asked.left();
    let demands = asked.demands(left).map(|(demand, requirement)| {
        let every = demand.reach == Reach::Every;
        let words = wording::requirement(requirement, every, demand.origin);
        (demand, words)
    });
    let (demands, conditions) = demands.unzip();
    Grant {
        index,
        what: wording::capability(capability),
        left,
        conditions,
        demands,
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

    /// What is required where it applies, in words, whether or not a granted action meets it.
    pub fn requirements(&self) -> &[String] {
        &self.requirements
    }

    /// When, for which services, and how far, in words.
    pub fn limits(&self) -> &[String] {
        &self.limits
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
