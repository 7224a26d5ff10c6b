//! The page as a whole: its parts, and in which order.

use super::facts::{Facts, Kind, Side};
use super::html::Html;
use super::{about, chain, compared, file, findings, rules, summary};

const STYLE: &str = include_str!("style.css");

/// The page. The same facts give the same bytes.
pub(crate) fn page(facts: &Facts<'_>) -> String {
    Html::page(title(facts), STYLE, |html| {
        html.el("header", |html| {
            html.with("p", &[("class", "eyebrow")], |html| {
                html.text("bailiwick report");
            });
            html.line("h1", title(facts));
            if let [side] = facts.sides.as_slice() {
                about::side(html, facts, side);
            }
        });
        html.el("main", |html| {
            match facts.sides.as_slice() {
                [old, new] => {
                    compared::verdict(html, facts, old, new);
                    compared::side_by_side(html, facts, old, new);
                    for (side, names) in [(old, &OLD), (new, &NEW)] {
                        let title = format!("{}: {}", names.word, side.of.name);
                        section(html, names.whole, &title, |html| {
                            about::side(html, facts, side);
                            parts(html, side, names);
                        });
                    }
                }
                sides => {
                    for side in sides {
                        summary::effects(html, facts, side);
                        summary::operations(html, facts, side);
                        parts(html, side, &ONLY);
                    }
                }
            }
            if !facts.catalogs.is_empty() {
                section(html, "counted", "What was counted", |html| {
                    about::counted(html, facts);
                });
            }
        });
        html.el("footer", about::reading);
    })
}

fn title(facts: &Facts<'_>) -> String {
    match facts.sides.as_slice() {
        [old, new] => format!("From {} to {}", old.of.name, new.of.name),
        sides => {
            let names = sides.iter().map(|it| it.of.name);
            format!("What {} allows", names.collect::<String>())
        }
    }
}

/// The names of the parts that each side has, so that no two on a page are the same.
pub(super) struct Names {
    word: &'static str,
    whole: &'static str,
    rules: &'static str,
    findings: &'static str,
    chain: &'static str,
    approvers: &'static str,
    covered: &'static str,
    /// The heading of a part, and that of what is in it.
    pub(super) levels: [&'static str; 2],
}

const ONLY: Names = Names {
    word: "",
    whole: "side",
    rules: "rules",
    findings: "findings",
    chain: "chain",
    approvers: "approvers",
    covered: "covered",
    levels: ["h2", "h3"],
};
const OLD: Names = Names {
    word: "Old",
    whole: "old",
    rules: "old-rules",
    findings: "old-findings",
    chain: "old-chain",
    approvers: "old-approvers",
    covered: "old-covered",
    levels: ["h3", "h4"],
};
const NEW: Names = Names {
    word: "New",
    whole: "new",
    rules: "new-rules",
    findings: "new-findings",
    chain: "new-chain",
    approvers: "new-approvers",
    covered: "new-covered",
    levels: ["h3", "h4"],
};

fn parts(html: &mut Html, side: &Side<'_>, names: &Names) {
    let part = |html: &mut Html, id, title: &str, inside: &dyn Fn(&mut Html)| {
        html.with("section", &[("id", id)], |html| {
            html.line(names.levels[0], title);
            inside(html);
        });
    };
    part(html, names.rules, "Rule by rule", &|html| {
        file::taken_values(html, side);
        rules::rules(html, side, names)
    });
    part(html, names.findings, "To look at twice", &|html| {
        file::taken_values(html, side);
        findings::findings(html, side)
    });
    if let Kind::TaskFile(file) = &side.of.is {
        let manifest = file.manifest;
        if !manifest.expansions().is_empty() {
            part(html, names.covered, "What a line covers", &|html| {
                file::covered(html, manifest);
            });
        }
        if manifest.approvers().len() > 0 {
            part(html, names.approvers, "Who approves", &|html| {
                file::approvers(html, manifest);
            });
        }
    }
    if let Kind::Token(token, _) = &side.of.is {
        part(html, names.chain, "Who handed it on", &|html| {
            chain::chain(html, side, token, names)
        });
    }
}

/// A part of the page with its heading.
pub(super) fn section(
    html: &mut Html,
    id: &'static str,
    title: &str,
    inside: impl FnOnce(&mut Html),
) {
    html.with("section", &[("id", id)], |html| {
        html.line("h2", title);
        inside(html);
    });
}
