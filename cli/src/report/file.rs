//! What only a task file has: values, approvers, and lines that cover more than they name.

use bailiwick::action::quoted;
use bailiwick::manifest::Manifest;

use super::about::{depth, field, list};
use super::facts::{File, Side};
use super::html::Html;
use super::rules::place;
use super::words::{span, with_values};
use crate::show;

/// What a reviewer must know before anything else.
pub(super) fn about(html: &mut Html, file: &File<'_>) {
    let manifest = file.manifest;
    field(html, "Kind", |html| html.text("task file"));
    field(html, "Task", |html| html.text(manifest.name()));
    field(html, "Purpose", |html| {
        html.text(quoted(file.purpose.as_str()));
    });
    field(html, "Services", |html| list(html, manifest.audience()));
    field(html, "Lives", |html| html.text(span(manifest.ttl())));
    field(html, "Handed on", |html| {
        html.text(depth(Some(manifest.max_depth())));
    });
    field(html, "Lock", |html| {
        html.text(match file.lock {
            Some(_) => "its catalogs are the pinned ones",
            None => "none: its catalogs are not pinned",
        });
    });
}

/// The values that stand for those that nobody gave, and what is of them.
pub(super) fn taken(html: &mut Html, file: &File<'_>, are_all: bool) {
    if file.taken.is_empty() {
        return;
    }
    field(html, "Taken, as nobody gave it", |html| {
        html.el("ul", |html| {
            for (name, value) in file.taken {
                html.line("li", format!("{name} = {}", quoted(value)));
            }
        });
        html.with("p", &[("class", "quiet")], |html| {
            html.text(
                "The purpose, the rules in words and what to look at twice are of these values. What becomes of an effect or an \
                 operation is the most that any value leaves, which stands there if it is another one.",
            );
            if !are_all {
                html.text(
                    " Not every value could be tried: what is not free for one of them is undecided. With --param, one value counts.",
                );
            }
        });
    });
}

/// The same in one line, where what follows is of these values alone.
pub(super) fn taken_values(html: &mut Html, side: &Side<'_>) {
    let Some(file) = side.of.file() else {
        return;
    };
    let taken = file.values.iter();
    let taken: Vec<_> = taken
        .filter(|(name, _)| file.given.get(name).is_none())
        .collect();
    with_values(html, taken.into_iter());
}

/// What is proved of it, whatever the values are.
pub(super) fn never(html: &mut Html, manifest: &Manifest) {
    html.with("ol", &[("class", "rules")], |html| {
        for at in manifest.places().never() {
            html.el("li", |html| {
                html.text("Proved each time it is minted");
                place(html, Some(*at));
            });
        }
    });
}

/// What lines with a sub-tree or an effect cover.
pub(super) fn covered(html: &mut Html, manifest: &Manifest) {
    html.with("dl", &[("class", "facts")], |html| {
        for line in manifest.expansions() {
            html.el("div", |html| {
                html.el("dt", |html| {
                    html.text(show::target(line));
                    place(html, Some(line.place()));
                });
                html.el("dd", |html| {
                    html.el("ul", |html| {
                        for (operation, effect) in line.operations() {
                            html.el("li", |html| {
                                html.line("code", operation);
                                html.text(format!(" ({effect})"));
                            });
                        }
                    });
                });
            });
        }
    });
    html.with("p", &[("class", "quiet")], |html| {
        html.text(
            "What a catalog gets later is not covered before the file is reviewed again with it.",
        );
    });
}

/// Whose keys the names stand for.
pub(super) fn approvers(html: &mut Html, manifest: &Manifest) {
    html.with("dl", &[("class", "facts")], |html| {
        for (name, approver) in manifest.approvers() {
            html.el("div", |html| {
                html.line("dt", name);
                html.el("dd", |html| {
                    if let Some(listed) = approver.listed() {
                        html.text(format!("{} in the directory ", quoted(listed.as_str())));
                    }
                    if let Some(key) = approver.key() {
                        html.line("code", key);
                    }
                });
            });
        }
    });
}
