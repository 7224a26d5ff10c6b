//! What may happen: by effect, and by operation.

use bailiwick::action::Effect;
use bailiwick::review::{Left, Outlook};

use super::about;
use super::facts::{Facts, Row, Side};
use super::html::Html;
use super::page::section;
use super::witness;
use super::words::{demands, mark};

const ORDER: [(Left, &str, &str); 5] = [
    (Left::Freely, "group freely", "Freely"),
    (Left::WithinBudget, "group budget", "Within a budget"),
    (Left::WithApproval, "group approval", "With approval"),
    (Left::Undecided, "group undecided", "Undecided"),
    (Left::Nothing, "group never", "Never"),
];

/// The effects, sorted by what becomes of them.
pub(super) fn effects(html: &mut Html, facts: &Facts<'_>, side: &Side<'_>) {
    section(html, "summary", "At a glance", |html| {
        about::uncounted(html, facts);
        html.with("div", &[("class", "groups")], |html| {
            for (left, class, title) in ORDER {
                let own: Vec<_> = side
                    .effects
                    .iter()
                    .filter(|it| it.clean.left == left)
                    .collect();
                if !own.is_empty() {
                    html.with("div", &[("class", class)], |html| {
                        group(html, side, title, &own)
                    });
                }
            }
        });
    });
}

fn group(html: &mut Html, side: &Side<'_>, title: &str, own: &[&Row<Effect>]) {
    html.line("h3", title);
    if own.iter().all(|it| it.is_never()) {
        html.el("div", |html| {
            html.with("ul", &[("class", "words")], |html| {
                for row in own {
                    html.el("li", |html| html.line("strong", row.kind));
                }
            });
            html.with("p", &[("class", "quiet")], |html| {
                html.text("proved: whatever is approved, noted or left of a budget");
            });
        });
        return;
    }
    html.with("ul", &[("class", "effects")], |html| {
        for row in own {
            html.el("li", |html| {
                html.line("strong", row.kind);
                html.el("div", |html| {
                    demands(html, &side.of, &row.clean);
                    if row.is_changed_by_taint() {
                        tainted(html, side, &row.tainted);
                    }
                    if let Some(it) = &row.clean.example {
                        witness::folded(html, &side.of, it);
                    }
                });
            });
        }
    });
}

pub(super) fn tainted(html: &mut Html, side: &Side<'_>, outlook: &Outlook) {
    html.with("div", &[("class", "tainted")], |html| {
        html.text("once it has read untrusted data: ");
        mark(html, outlook.left);
        demands(html, &side.of, outlook);
    });
}

/// Every operation of the catalogs.
pub(super) fn operations(html: &mut Html, facts: &Facts<'_>, side: &Side<'_>) {
    if facts.catalogs.is_empty() {
        return;
    }
    let taints = side.operations.iter().any(Row::is_changed_by_taint);
    section(html, "operations", "Every operation", |html| {
        html.el("table", |html| {
            html.line(
                "caption",
                "What becomes of each operation that the catalogs know",
            );
            let columns = [
                "Operation",
                "Effect",
                "May happen",
                "Once it has read untrusted data",
                "For one",
            ];
            let columns = columns
                .into_iter()
                .enumerate()
                .filter(|(index, _)| taints || *index != 3);
            heads(html, columns.map(|(_, it)| it));
            html.el("tbody", |html| {
                for row in &side.operations {
                    html.el("tr", |html| operation(html, side, row, taints));
                }
            });
        });
    });
}

fn operation(html: &mut Html, side: &Side<'_>, row: &OperationRow<'_>, taints: bool) {
    named(html, row, false);
    cell(html, "Effect", |html| html.text(row.kind.1.effect()));
    cell(html, "May happen", |html| outlook(html, side, &row.clean));
    if taints {
        cell(html, "Once it has read untrusted data", |html| {
            match row.is_changed_by_taint() {
                true => outlook(html, side, &row.tainted),
                false => html.text("the same"),
            }
        });
    }
    cell(html, "For one", |html| match &row.clean.example {
        Some(it) => witness::folded_resource(html, &side.of, it),
        None => html.text("none"),
    });
}

pub(super) type OperationRow<'a> = Row<(
    &'a bailiwick::catalog::Catalog,
    &'a bailiwick::catalog::OperationSpec,
)>;

/// The head of an operation's row.
pub(super) fn named(html: &mut Html, row: &OperationRow<'_>, is_changed: bool) {
    html.with("th", &[("scope", "row")], |html| {
        html.line("code", row.kind.1.operation());
        html.with("span", &[("class", "quiet")], |html| {
            html.text(format!(" at {}", row.kind.0.service()))
        });
        changed(html, is_changed);
    });
}

/// Says that a row is not the same on both sides.
pub(super) fn changed(html: &mut Html, is_changed: bool) {
    if is_changed {
        html.text(" ");
        html.with("span", &[("class", "mark changed")], |html| {
            html.text("changed")
        });
    }
}

pub(super) fn outlook(html: &mut Html, side: &Side<'_>, outlook: &Outlook) {
    mark(html, outlook.left);
    demands(html, &side.of, outlook);
}

/// The head of a table.
pub(super) fn heads<'h>(html: &mut Html, columns: impl Iterator<Item = &'h str>) {
    html.el("thead", |html| {
        html.el("tr", |html| {
            for column in columns {
                html.with("th", &[("scope", "col")], |html| html.text(column));
            }
        });
    });
}

/// A cell, which says its column where the table is too narrow for columns.
pub(super) fn cell(html: &mut Html, column: &'static str, inside: impl FnOnce(&mut Html)) {
    html.with("td", &[("data-column", column)], inside);
}
