//! What the page is of, and how it is to be read.

use bailiwick::action::quoted;
use bailiwick::token::Token;

use super::facts::{Facts, Kind, Side};
use super::file;
use super::html::Html;
use super::words::span;
use crate::trust::Standing;

/// About one side: what a reviewer must know before anything else.
pub(super) fn side(html: &mut Html, facts: &Facts<'_>, side: &Side<'_>) {
    html.with("dl", &[("class", "short")], |html| {
        match &side.of.is {
            Kind::TaskFile(file) => file::about(html, file),
            Kind::Token(token, standing) => self::token(html, token, standing),
        }
        field(html, "Reviewed for", |html| html.text(facts.now));
        if let Kind::TaskFile(file) = &side.of.is {
            file::taken(html, file, side.sampled.are_all());
        }
    });
}

fn token(html: &mut Html, token: &Token, standing: &Standing) {
    let contents = token.unverified();
    let (info, task) = (contents.info(), contents.info().task());
    field(html, "Kind", |html| {
        html.text(match token.block_count() {
            1 => "token of 1 block".to_owned(),
            blocks => format!("token of {blocks} blocks"),
        });
    });
    field(html, "Root", |html| html.text(token.root_key_id()));
    field(html, "Trust", |html| self::standing(html, standing));
    field(html, "Task", |html| html.text(quoted(task.id().as_str())));
    field(html, "Purpose", |html| {
        html.text(quoted(task.purpose().as_str()));
    });
    field(html, "For", |html| {
        html.text(quoted(task.principal().as_str()));
    });
    field(html, "Agent", |html| {
        html.text(quoted(task.agent().as_str()));
    });
    field(html, "Lives", |html| {
        let (issued, ends) = (info.issued(), contents.not_after());
        html.text(span(ends.saturating_since(issued)));
        html.with("p", &[("class", "quiet")], |html| {
            html.text(format!("{issued} to {ends}"));
        });
    });
    let audience = contents.scopes().first().and_then(|it| it.audience());
    field(html, "Services", |html| {
        list(html, audience.unwrap_or_default());
    });
    let most = contents.scopes().iter().filter_map(|it| it.max_depth());
    field(html, "Handed on", |html| html.text(depth(most.min())));
}

/// What it means that there is no catalog.
pub(super) fn uncounted(html: &mut Html, facts: &Facts<'_>) {
    if facts.catalogs.is_empty() {
        html.with("p", &[("class", "notice")], |html| {
            html.text(
                "No catalog was given, so every action that can be written counts, and any operation may have any effect. \
                 With --catalog, only what the services can do counts.",
            );
        });
    }
}

/// Which actions count.
pub(super) fn counted(html: &mut Html, facts: &Facts<'_>) {
    html.line(
        "p",
        "The actions that these catalogs know count, and no others.",
    );
    html.with("dl", &[("class", "facts")], |html| {
        for catalog in facts.catalogs {
            html.el("div", |html| {
                html.line("dt", catalog.service());
                html.el("dd", |html| {
                    html.text(format!(
                        "{} operations, catalog ",
                        catalog.operations().len()
                    ));
                    html.line("code", catalog.digest());
                });
            });
        }
    });
}

fn standing(html: &mut Html, standing: &Standing) {
    match standing {
        Standing::NotVerified => {
            html.with("strong", &[("class", "mark undecided")], |html| {
                html.text("not verified")
            });
            html.text(" anybody could have written this");
        }
        Standing::Verified(root) => {
            html.with("strong", &[("class", "mark never")], |html| {
                html.text("verified")
            });
            html.text(format!(" signed under root {root}, and not revoked"));
        }
        Standing::Refused { code, why } => {
            html.with("strong", &[("class", "mark freely")], |html| {
                html.text("refused")
            });
            html.text(" ");
            html.line("code", code);
            html.text(format!(": {why}"));
        }
    }
}

pub(super) fn depth(most: Option<u32>) -> String {
    match most {
        None => "without limit".to_owned(),
        Some(0) => "never".to_owned(),
        Some(1) => "at most once".to_owned(),
        Some(times) => format!("at most {times} times"),
    }
}

pub(super) fn list<T: std::fmt::Display>(html: &mut Html, all: &[T]) {
    html.el("ul", |html| {
        for one in all {
            html.line("li", one);
        }
    });
}

/// A name and what stands there.
pub(super) fn field(html: &mut Html, name: &'static str, inside: impl FnOnce(&mut Html)) {
    html.el("div", |html| {
        html.line("dt", name);
        html.el("dd", inside);
    });
}

/// How the page is to be read.
pub(super) fn reading(html: &mut Html) {
    html.line("h2", "How to read this");
    html.with("dl", &[("class", "facts")], |html| {
        let all = [
            ("Freely", "some action of this kind is allowed without approval and without a budget; one is shown"),
            ("Within a budget", "none is allowed without a budget that counts it; some without approval"),
            ("With approval", "none is allowed before somebody has approved exactly that action"),
            ("Never", "it is proved that no action of this kind is allowed, whatever is approved, noted or left"),
            ("Undecided", "it would have taken too long to say, or was not asked for every value of a parameter; take it for allowed"),
        ];
        for (word, means) in all {
            field(html, word, |html| html.text(means));
        }
    });
    html.line("p", "Each example was put to the code that decides calls. What a service adds (house rules, a ceiling of the root, revocations) can only take away from what stands here. Text from a file or a token stands in quotes; what does not print in it is written out, such as \\u{202e}.");
}
