//! What each rule says, in sentences.

use bailiwick::manifest::Place;
use bailiwick::review::Left;
use bailiwick::scope::{Clause, Layers, Scope};

use super::facts::Side;
use super::file;
use super::html::Html;
use super::page::Names;
use super::words::{conditions, items, mark};

pub(super) fn rules(html: &mut Html, side: &Side<'_>, names: &Names) {
    let said = &side.description;
    let heading = names.levels[1];
    html.line(heading, "Allowed");
    html.with("ol", &[("class", "rules")], |html| {
        for grant in said.grants() {
            html.el("li", |html| {
                mark(html, grant.left);
                html.text(format!(" {}", grant.what));
                place(html, side.of.place_of(Clause::Allow(grant.index)));
                if grant.left == Left::Nothing {
                    items(html, &["nothing is left of it".to_owned()]);
                }
                conditions(html, side.of.view(), &grant.demands);
            });
        }
    });
    let layers = side.of.view().layers();
    let deny = each(&layers, |it| it.deny().len(), Clause::Deny);
    list(
        html,
        side,
        heading,
        "Denied, whatever else is allowed",
        said.denials(),
        deny,
    );
    let require = each(&layers, |it| it.require().len(), Clause::Require);
    list(
        html,
        side,
        heading,
        "Required, where it applies",
        said.requirements(),
        require,
    );
    list(
        html,
        side,
        heading,
        "Limits",
        said.limits(),
        std::iter::empty(),
    );
    if let Some(file) = side.of.file()
        && !file.manifest.places().never().is_empty()
    {
        html.line(heading, "What it says never happens");
        file::never(html, file.manifest);
    }
}

/// The clauses of the first block, in the order in which they are described. Those of later blocks stand in no file.
fn each<'l>(
    layers: &'l Layers<'_>,
    count: fn(&Scope) -> usize,
    clause: fn(usize) -> Clause,
) -> impl Iterator<Item = Clause> + 'l {
    let first = layers.blocks.first();
    (0..first.map_or(0, count)).map(clause)
}

fn list(
    html: &mut Html,
    side: &Side<'_>,
    heading: &'static str,
    title: &str,
    all: &[String],
    mut clauses: impl Iterator<Item = Clause>,
) {
    if all.is_empty() {
        return;
    }
    html.line(heading, title);
    html.with("ol", &[("class", "rules")], |html| {
        for one in all {
            html.el("li", |html| {
                html.text(one);
                place(html, clauses.next().and_then(|it| side.of.place_of(it)));
            });
        }
    });
}

/// Where it stands in the task file.
pub(super) fn place(html: &mut Html, place: Option<Place>) {
    if let Some(place) = place {
        html.text(" ");
        html.with("span", &[("class", "place")], |html| {
            html.text(format!("line {}", place.line()))
        });
    }
}
