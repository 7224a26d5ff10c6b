//! Two of them: which allows more, and what each makes of every kind of action.

use bailiwick::clock::Timestamp;
use bailiwick::manifest::Parameters;
use bailiwick::review::{Comparison, Witness};

use super::about;
use super::facts::{Facts, Side};
use super::html::Html;
use super::page::section;
use super::rows::{Row, Seen};
use super::summary::{cell, changed, heads, named, outlook};
use super::witness;
use super::words::{demanded, with_values};

/// Which allows more, with an action for each way.
pub(super) fn verdict(html: &mut Html, facts: &Facts<'_>, old: &Side<'_>, new: &Side<'_>) {
    let Some((compared, samples)) = &facts.compared else {
        return;
    };
    let comparison = &compared.comparison;
    let (class, word, means) = match comparison {
        Comparison::Equal => (
            "verdict same",
            "Equal",
            "Both allow exactly the same: it is proved.",
        ),
        Comparison::Narrower(_) => (
            "verdict same",
            "Narrower",
            "The new one allows less, and nothing that the old one does not: it is proved.",
        ),
        Comparison::Wider(_) => (
            "verdict more",
            "Wider",
            "The new one allows all that the old one does, and more.",
        ),
        Comparison::Incomparable { .. } => (
            "verdict more",
            "Incomparable",
            "Each allows something that the other does not.",
        ),
        Comparison::Undecided {
            gained: Some(_), ..
        } => (
            "verdict more",
            "Wider or incomparable",
            "The new one allows more. Whether it also allows less is not decided.",
        ),
        Comparison::Undecided { gained: None, .. } => (
            "verdict unknown",
            "Undecided",
            "That is not decided. Take it for wider.",
        ),
    };
    section(html, "verdict", "Verdict", |html| {
        about::uncounted(html, facts);
        html.with("p", &[("class", class)], |html| {
            html.line("strong", word);
            html.text(format!(" {means}"));
        });
        if !samples.are_all() {
            let tried = samples.sets().len();
            html.with("p", &[("class", "notice")], |html| {
                html.text(format!(
                    "{tried} sets of values were tried, which do not stand for all: --param decides for one."
                ));
            });
        }
        let (lost, gained) = (comparison.lost(), comparison.gained());
        html.with("div", &[("class", "pair")], |html| {
            if let Some(gained) = gained {
                let values = compared.gained_for.as_ref();
                let found = Found {
                    witness: gained,
                    values,
                    now: facts.now,
                };
                only(html, "Only the new one allows, for one", (new, old), found);
            }
            if let Some(lost) = lost {
                let values = compared.lost_for.as_ref();
                let found = Found {
                    witness: lost,
                    values,
                    now: facts.now,
                };
                only(html, "Only the old one allows, for one", (old, new), found);
            }
        });
    });
}

/// An action that only one of them allows, and the values with which it does.
struct Found<'f> {
    witness: &'f Witness,
    values: Option<&'f Parameters>,
    now: Timestamp,
}

fn only(html: &mut Html, title: &str, (allows, refuses): (&Side<'_>, &Side<'_>), found: Found<'_>) {
    let scopes = |side: &Side<'_>| match found.values {
        Some(values) => side.of.scopes_for(values, found.now),
        None => Ok(side.of.scopes.to_vec()),
    };
    html.el("div", |html| {
        html.line("h3", title);
        if let Some(values) = found.values {
            with_values(html, values.iter());
        }
        let own = scopes(allows).unwrap_or_default();
        witness::case(html, allows.of.view_of(&own), found.witness);
        match scopes(refuses) {
            Ok(own) => {
                html.line("p", format!("{} refuses it:", refuses.of.name));
                witness::refusal(html, refuses.of.view_of(&own), found.witness);
            }
            Err(why) => {
                html.line("p", format!("{} refuses these values:", refuses.of.name));
                witness::refused(html, why.code(), why);
            }
        }
    });
}

/// What becomes of every effect, and of every operation, on both sides.
pub(super) fn side_by_side(html: &mut Html, facts: &Facts<'_>, old: &Side<'_>, new: &Side<'_>) {
    section(html, "side-by-side", "Side by side", |html| {
        let rows: Vec<_> = old.effects.iter().zip(&new.effects).collect();
        table(
            html,
            "What becomes of each effect",
            "Effect",
            (old, new),
            &rows,
            |html, row, is_changed| {
                html.with("th", &[("scope", "row")], |html| {
                    html.text(row.kind);
                    changed(html, is_changed);
                });
            },
        );
        if !facts.catalogs.is_empty() {
            let rows: Vec<_> = old.operations.iter().zip(&new.operations).collect();
            table(
                html,
                "What becomes of each operation",
                "Operation",
                (old, new),
                &rows,
                named,
            );
        }
        html.with("p", &[("class", "quiet")], |html| {
            html.text("A row is changed if its outlook is. Which of two allows more stands in the verdict, also where no row is changed.");
        });
    });
}

fn table<T>(
    html: &mut Html,
    caption: &str,
    first: &'static str,
    (old, new): (&Side<'_>, &Side<'_>),
    rows: &[(&Row<T>, &Row<T>)],
    head: impl Fn(&mut Html, &Row<T>, bool),
) {
    html.el("table", |html| {
        html.line("caption", caption);
        heads(html, [first, "Old", "New"].into_iter());
        html.el("tbody", |html| {
            for (before, after) in rows {
                html.el("tr", |html| {
                    head(html, before, differs((old, before), (new, after)));
                    for (column, side, row) in [("Old", old, before), ("New", new, after)] {
                        cell(html, column, |html| {
                            outlook(html, side, &row.clean);
                            if row.is_changed_by_taint() {
                                super::summary::tainted(html, side, &row.tainted);
                            }
                        });
                    }
                });
            }
        });
    });
}

/// By what is said of it: a budget that grew stands at the same place on both sides.
fn differs<T>(old: (&Side<'_>, &Row<T>), new: (&Side<'_>, &Row<T>)) -> bool {
    let said = |(side, row): (&Side<'_>, &Row<T>)| {
        let one = |seen: &Seen| {
            (
                seen.outlook.left,
                demanded(side.view_at(seen), &seen.outlook),
            )
        };
        [&row.clean, &row.tainted].map(one)
    };
    said(old) != said(new)
}
