//! `[[never]]`.

use super::condition::approval;
use super::constraint::Side;
use super::context::unknown;
use super::rule::{Known, Parts, Rules, once};
use crate::action::preview_text;
use crate::document::{Node, Table};
use crate::manifest::Manifest;
use crate::manifest::never::{Never, Unless};
use crate::manifest::template::{BudgetTemplate, ConditionTemplate};

impl Rules {
    /// After all other rules, whose budgets it can speak of.
    pub(super) fn nevers(&mut self, node: Node<'_, '_>, known: Known<'_, '_, '_, '_>) {
        let Some(list) = node.list() else { return };
        for (index, table) in list.filter_map(Node::table).enumerate() {
            if index == Manifest::MAX_NEVER {
                let message = format!("a file has at most {} of these", Manifest::MAX_NEVER);
                table.mark.fail("too_many", message);
                return;
            }
            self.never(table, known);
        }
    }

    fn never(&mut self, mut table: Table<'_, '_>, known: Known<'_, '_, '_, '_>) {
        let mark = table.mark;
        let pattern = Parts::read(&mut table, Side::Match, known);
        let [approved, within] = ["without_approval", "beyond_budget"].map(|key| table.take(key));
        table.finish();
        let unless = match (approved, within) {
            (None, None) if pattern.written == 0 => {
                let message = "an entry that names nothing forbids what the file allows";
                mark.fail("never_empty", message);
                None
            }
            (None, None) => Some(Unless::Nothing),
            (Some(node), None) => without_approval(node, known),
            (None, Some(node)) => self.beyond_budget(node, known),
            (Some(_), Some(_)) => {
                let message = "an entry says `without_approval` or `beyond_budget`";
                let noted = mark.fail("never_ambiguous", message);
                noted.help("write two entries: each of them is proved");
                None
            }
        };
        let Some(unless) = unless else { return };
        let pattern = pattern.into_match();
        let never = Never { pattern, unless };
        once(mark, &self.never, &never);
        self.never.push(never);
        self.places.never.push(mark.place());
    }

    fn beyond_budget(
        &self,
        node: Node<'_, '_>,
        (context, _): Known<'_, '_, '_, '_>,
    ) -> Option<Unless> {
        let name = node.text()?;
        let budgets = self.require.iter().filter_map(|it| match &it.condition {
            ConditionTemplate::Budget(budget) => Some(budget),
            _ => None,
        });
        let found = budgets.clone().find(|it: &&BudgetTemplate| it.name == name);
        // What was not read, and is noted, has a name too.
        if found.is_none() && !context.has_budget(name) {
            let message = format!("no budget is called `{}`", preview_text(name));
            let names = budgets.map(|it| it.name.as_str());
            return unknown(node.mark, "budget_unknown", message, name, names);
        }
        found.cloned().map(Unless::Within)
    }
}

/// `true`, or whose.
fn without_approval(node: Node<'_, '_>, (context, _): Known<'_, '_, '_, '_>) -> Option<Unless> {
    if node.is_boolean() {
        return super::condition::yes(node).map(|()| Unless::Approved(None));
    }
    let rule = approval(node, context)?;
    Some(Unless::Approved(Some(rule)))
}
