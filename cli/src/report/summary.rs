//! What may happen: by effect, and by operation.

use bailiwick::action::Effect;
use bailiwick::catalog::{Catalog, OperationSpec};
use bailiwick::review::Left;

use super::about;
use super::facts::{Facts, Side};
use super::html::Html;
use super::page::section;
use super::rows::{Row, Seen};
use super::witness;
use super::words::{demands, mark, with_values};

const ORDER: [(Left, &str, &str); 5] = [
    (Left::Freely, "group freely", "Freely"),
    (Left::WithinBudget, "group budget", "Within a budget"),
    (Left::WithApproval, "group approval", "With approval"),
    (Left::Undecided, "group undecided", "Undecided"),
    (Left::Nothing, "group never", "Never"),
];

const TAINTED: &str = "Once it has read untrusted data";

/// The effects, sorted by what becomes of them.
pub(super) fn effects(html: &mut Html, facts: &Facts<'_>, side: &Side<'_>) {
    section(html, "summary", "At a glance", |html| {
        about::uncounted(html, facts);
        html.with("div", &[("class", "groups")], |html| {
            for (left, class, title) in ORDER {
                let own: Vec<_> = side.effects.iter().filter(|it| it.left() == left).collect();
                if !own.is_empty() {
                    html.with("div", &[("class", class)], |html| {
                        html.line("h3", title);
                        match left {
                            Left::Nothing => never(html, &own),
                            _ => possible(html, side, &own),
                        }
                    });
                }
            }
        });
    });
}

/// It is proved, so there is nothing to show.
fn never(html: &mut Html, own: &[&Row<Effect>]) {
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
}

fn possible(html: &mut Html, side: &Side<'_>, own: &[&Row<Effect>]) {
    html.with("ul", &[("class", "effects")], |html| {
        for row in own {
            html.el("li", |html| {
                html.line("strong", row.kind);
                html.el("div", |html| {
                    values(html, side, &row.clean);
                    demands(html, side.view_at(&row.clean), &row.clean.outlook);
                    if row.is_changed_by_taint() {
                        tainted(html, side, &row.tainted);
                    }
                    if let Some(it) = &row.clean.outlook.example {
                        witness::folded(html, side.view_at(&row.clean), it);
                    }
                });
            });
        }
    });
}

pub(super) fn tainted(html: &mut Html, side: &Side<'_>, seen: &Seen) {
    html.with("div", &[("class", "tainted")], |html| {
        html.text("once it has read untrusted data: ");
        outlook(html, side, seen);
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
            let columns = ["Operation", "Effect", "May happen", TAINTED, "For one"];
            let columns = columns
                .into_iter()
                .enumerate()
                .filter(|(index, _)| taints || *index != 3);
            heads(html, columns.map(|(_, it)| it));
            html.el("tbody", |html| {
                // What happens stands before what does not.
                for (left, ..) in ORDER {
                    for row in side.operations.iter().filter(|it| it.left() == left) {
                        html.el("tr", |html| operation(html, side, row, taints));
                    }
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
        match row.is_changed_by_taint() {
            true => cell(html, TAINTED, |html| outlook(html, side, &row.tainted)),
            false => empty(html, TAINTED, "the same"),
        }
    }
    match &row.clean.outlook.example {
        Some(it) => cell(html, "For one", |html| {
            witness::folded_resource(html, side.view_at(&row.clean), it);
        }),
        None => empty(html, "For one", "none"),
    }
}

pub(super) type OperationRow<'a> = Row<(&'a Catalog, &'a OperationSpec)>;

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

pub(super) fn outlook(html: &mut Html, side: &Side<'_>, seen: &Seen) {
    mark(html, seen.outlook.left);
    values(html, side, seen);
    demands(html, side.view_at(seen), &seen.outlook);
}

/// For which values so much is left, where the rest of the page is of others.
fn values(html: &mut Html, side: &Side<'_>, seen: &Seen) {
    with_values(html, side.values_at(seen).into_iter());
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

/// A cell that says nothing new: left out where there is little room.
fn empty(html: &mut Html, column: &'static str, text: &str) {
    let attributes = [("class", "empty"), ("data-column", column)];
    html.with("td", &attributes, |html| html.text(text));
}

#[cfg(test)]
mod tests {
    use bailiwick::clock::Timestamp;
    use bailiwick::keys::RootKeyId;
    use bailiwick::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};
    use bailiwick::mint::Issuer;
    use bailiwick::review::{Effort, Taint, Vocabulary};
    use bailiwick::scope::{Capability, Pattern, Scope};

    use super::*;
    use crate::report::{Kind, Subject};
    use crate::trust::Standing;

    /// Says what the page says of an effect that was asked about with so much effort, clean and tainted.
    fn said(clean: Effort, tainted: Effort) -> String {
        let now = Timestamp::from_unix_seconds(1_800_000_000).unwrap();
        let scope = Scope::builder()
            .allow(Capability::operation("forum.read", "forum/**").unwrap())
            .deny(Pattern::any().with_effect(Effect::Delete))
            .audience("forum.example".parse().unwrap())
            .not_after(now.saturating_add(std::time::Duration::from_secs(900)))
            .build()
            .unwrap();
        let task = bailiwick::action::Task::new("t", "p", "ada", "helper").unwrap();
        let holder = holder_key_from_seed(&[2; 32]).public_key();
        let issuer = Issuer::new(issuer_key_from_seed(&[1; 32]), RootKeyId::new(1));
        let token = issuer.mint(&task, scope, &holder, now).unwrap().token;
        let subject = Subject {
            name: "token",
            scopes: token.unverified().scopes(),
            is: Kind::Token(&token, Standing::NotVerified),
            findings: Vec::new(),
        };
        let everything = Vocabulary::everything();
        let layers = subject.view().layers();
        let deleting = Pattern::any().with_effect(Effect::Delete);
        let outlook = |taint, effort| Seen {
            outlook: everything.outlook(&layers, &deleting, taint, effort),
            sample: 0,
        };
        let row = Row {
            kind: Effect::Delete,
            clean: outlook(Taint::Clean, clean),
            tainted: outlook(Taint::Tainted, tainted),
        };
        let mut side = Side::new(subject, &everything, &[], now);
        side.effects = vec![row];
        let facts = Facts {
            now,
            catalogs: &[],
            sides: Vec::new(),
            compared: None,
        };
        Html::page("t", "", |html| effects(html, &facts, &side))
    }

    #[test]
    fn what_is_not_decided_is_never_called_never() {
        let (enough, nothing) = (Effort::default(), Effort::steps(0));
        assert!(said(enough, enough).contains("<h3>Never</h3>"));
        for (clean, tainted) in [(nothing, nothing), (nothing, enough), (enough, nothing)] {
            let page = said(clean, tainted);
            assert!(page.contains("<h3>Undecided</h3>"), "{page}");
            assert!(!page.contains("<h3>Never</h3>"), "{page}");
        }
    }
}
