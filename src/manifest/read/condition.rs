//! `approval`, `budget`, `signature`, `when_tainted`.

use super::constant::{End, bound, end, scale};
use super::constraint::{MAX_CHOICES, few};
use super::context::Context;
use super::duration::duration;
use super::trial;
use super::vocabulary::{In, Vocabulary};
use super::wanted::is_integer;
use crate::catalog::Type;
use crate::document::{Node, Table};
use crate::manifest::slot::{Slot, Values};
use crate::manifest::template::{
    ApprovalTemplate, BudgetTemplate, ConditionTemplate, GroupTemplate,
};
use crate::manifest::{Manifest, ManifestError, Name};
use crate::scope::{BudgetName, Measure, When};

/// The conditions of one rule.
pub(super) struct Conditions {
    pub(super) all: Vec<ConditionTemplate>,
    pub(super) when: When,
    /// Whether there is one, even if it could not be read.
    pub(super) written: bool,
}

impl Conditions {
    pub(super) fn read(
        table: &mut Table<'_, '_>,
        context: &Context<'_, '_>,
        vocabulary: &Vocabulary<'_>,
    ) -> Self {
        let [approval, budget, signature, when_tainted] =
            ["approval", "budget", "signature", "when_tainted"].map(|key| table.take(key));
        let written = approval.or(budget).or(signature).is_some();
        let mut all = Vec::new();
        let approval = approval.and_then(|node| self::approval(node, context));
        all.extend(approval.map(ConditionTemplate::Approval));
        let budget = budget.and_then(|node| self::budget(node, context, vocabulary));
        all.extend(budget.map(ConditionTemplate::Budget));
        let signature = signature.and_then(yes);
        all.extend(signature.map(|()| ConditionTemplate::Signature));
        let when = match when_tainted {
            Some(node) if !written => {
                node.mark.fail(
                    "condition_missing",
                    "there is no condition to apply when tainted",
                );
                When::Always
            }
            Some(node) if node.boolean() == Some(true) => When::Tainted,
            _ => When::Always,
        };
        Self { all, when, written }
    }
}

/// What is either demanded or left out: `false` would read as if it forbade something.
pub(super) fn yes(node: Node<'_, '_>) -> Option<()> {
    if node.boolean()? {
        return Some(());
    }
    let noted = node.mark.fail("condition_false", "`false` demands nothing");
    noted.help("leave it out");
    None
}

/// One group of approvers, or a list of groups of which each must be satisfied.
pub(super) fn approval(node: Node<'_, '_>, context: &Context<'_, '_>) -> Option<ApprovalTemplate> {
    let groups: Vec<_> = if node.is_table() {
        vec![group(node, context)]
    } else {
        few(node, MAX_CHOICES)?
            .map(|node| group(node, context))
            .collect()
    };
    let groups = groups.into_iter().collect::<Option<Vec<_>>>()?;
    let mut names: Vec<&Name> = groups.iter().flat_map(|group| &group.of).collect();
    names.sort_unstable();
    // Names are as good as keys: no two are of one key.
    let twice = names.windows(2).find(|pair| pair.first() == pair.last());
    let message = match twice.and_then(<[_]>::first) {
        Some(name) => format!("approver `{name}` stands twice"),
        None if names.is_empty() => "there are no approvers".to_owned(),
        None => return Some(ApprovalTemplate(groups)),
    };
    node.mark.fail("approval_invalid", message);
    None
}

fn group(node: Node<'_, '_>, context: &Context<'_, '_>) -> Option<GroupTemplate> {
    let mut table = node.table()?;
    let (of, at_least) = (table.require("of"), table.require("at_least"));
    table.finish();
    let approver = |node: Node<'_, '_>| context.approver(node.mark, node.text()?);
    let of: Vec<_> = few(of?, MAX_CHOICES)?.map(approver).collect();
    let of = of.into_iter().collect::<Option<Vec<_>>>()?;
    let at_least = at_least?;
    let (threshold, most) = (at_least.integer()?, of.len());
    let threshold = u32::try_from(threshold).ok().filter(|threshold| {
        let possible = 1..=u32::try_from(most).unwrap_or(u32::MAX);
        possible.contains(threshold)
    });
    let Some(threshold) = threshold else {
        let message =
            format!("of {most} approvers, at least 1 and at most {most} can be asked for");
        at_least.mark.fail("approval_invalid", message);
        return None;
    };
    Some(GroupTemplate { threshold, of })
}

fn budget(
    node: Node<'_, '_>,
    context: &Context<'_, '_>,
    vocabulary: &Vocabulary<'_>,
) -> Option<BudgetTemplate> {
    let mut table = node.table()?;
    let [uses, sum] = ["uses", "sum"].map(|key| table.take(key));
    let name = table.require("name").and_then(|node| {
        let text = node.text()?;
        let name = BudgetName::new(text).map_err(ManifestError::from);
        trial(node.mark, "budget_invalid", &name);
        context.budget(node.mark, text);
        name.ok()
    });
    let each = table
        .take("each")
        .map(|node| duration(node, Manifest::MAX_TTL));
    let counted = match (uses, sum) {
        (Some(cap), None) => {
            let measure = Measure::Uses;
            end(cap, End::Max, None, context).map(|value| (measure, value, cap))
        }
        (None, Some(path)) => {
            let cap = table.require("at_most");
            let scale = table.take("scale");
            summed(path, cap, scale, (context, vocabulary))
        }
        _ => {
            let message = "a budget counts either `uses` or the `sum` of an argument";
            table.mark.fail("budget_invalid", message);
            None
        }
    };
    // What belongs to the one is unknown beside the other.
    if uses.is_some() != sum.is_some() {
        table.finish();
    }
    let (measure, cap, place) = counted?;
    let budget = BudgetTemplate {
        name: name?.as_str().to_owned(),
        measure,
        cap,
        each: match each {
            Some(each) => Some(each?),
            None => None,
        },
    };
    trial(place.mark, "budget_invalid", &budget.fill(&Values::new()));
    Some(budget)
}

fn summed<'r, 'd>(
    path: Node<'r, 'd>,
    cap: Option<Node<'r, 'd>>,
    digits: Option<Node<'r, 'd>>,
    (context, vocabulary): (&Context<'_, '_>, &Vocabulary<'_>),
) -> Option<(Measure, Slot<i64>, Node<'r, 'd>)> {
    let digits = match digits {
        Some(node) => Some(scale(node)?),
        None => None,
    };
    let text = path.text()?;
    let measure = match digits {
        Some(scale) => Measure::decimal(text, scale),
        None => Measure::int(text),
    };
    let measure = measure.map_err(ManifestError::from);
    trial(path.mark, "path_malformed", &measure);
    if let Ok(Measure::Int(at) | Measure::Decimal(at, _)) = &measure {
        vocabulary.at(path.mark, In::Arguments, at, |kind| match (kind, digits) {
            (Type::Any, _) => true,
            (Type::Decimal(own), Some(scale)) => *own == scale,
            (kind, None) => is_integer(kind),
            (_, Some(_)) => false,
        });
    }
    let cap = cap?;
    let value = if cap.is_text() {
        end(cap, End::Max, digits, context)?
    } else {
        Slot::Fixed(bound(cap, digits)?)
    };
    Some((measure.ok()?, value, cap))
}
