//! One case in full: the action, and all that must be known.

use std::fmt::Display;

use bailiwick::action::{Tree, quoted};
use bailiwick::keys::ApproverPublicKey;
use bailiwick::review::{Case, Witness, explain};
use bailiwick::scope::{Condition, Possession};
use serde_json::Value;

use super::facts::View;
use super::html::Html;
use crate::show;

/// More of a value than this is folded away.
const LONG: usize = 160;

/// Under a line that says what it does.
pub(super) fn folded(html: &mut Html, of: View<'_>, witness: &Witness) {
    under(html, of, witness, |html| {
        html.text("for one, ");
        html.line("code", witness.action().operation());
        html.text(" on ");
    });
}

/// Under a line that says to what it is done, where the rest stands beside it.
pub(super) fn folded_resource(html: &mut Html, of: View<'_>, witness: &Witness) {
    under(html, of, witness, |html| html.text("on "));
}

fn under(html: &mut Html, of: View<'_>, witness: &Witness, before: impl FnOnce(&mut Html)) {
    html.el("details", |html| {
        html.el("summary", |html| {
            before(html);
            let resource = witness.action().resource();
            html.line("code", quoted(&resource.to_string()));
        });
        case(html, of, witness);
    });
}

/// In full.
pub(super) fn case(html: &mut Html, of: View<'_>, case: &Case) {
    let action = case.action();
    html.with("dl", &[("class", "case")], |html| {
        item(
            html,
            "operation",
            format!("{} ({})", action.operation(), action.effect()),
        );
        item(html, "resource", quoted(&action.resource().to_string()));
        item(html, "service", quoted(action.service().as_str()));
        tree(html, "argument", action.arguments());
        tree(html, "attribute", action.attributes());
        item(html, "time", case.now());
        for key in case.approved_by() {
            item(html, "approved by", approved_by(of, key));
        }
        for (label, values) in case.notes().iter() {
            for value in values {
                item(
                    html,
                    "noted",
                    format!("{} under {}", quoted(value), quoted(&label.to_string())),
                );
            }
        }
        let conditions = of
            .scopes
            .iter()
            .flat_map(|it| it.require())
            .map(|it| it.condition());
        for condition in conditions {
            if let Condition::Budget(budget) = condition
                && case.spent(budget) > 0
            {
                let name = quoted(&budget.name().to_string());
                let spent = format!("{} of budget {name}", case.spent(budget));
                item(html, "spent", spent);
            }
        }
        item(
            html,
            "has read untrusted data",
            if case.is_tainted() { "yes" } else { "no" },
        );
        item(
            html,
            "proof of possession",
            match case.possession() {
                Possession::Signature => "a signature",
                Possession::Session => "a session",
            },
        );
    });
}

fn approved_by(of: View<'_>, key: &ApproverPublicKey) -> String {
    match of.name_of(key) {
        Some(name) => format!("{name}, {key}"),
        None => key.to_string(),
    }
}

/// Why these scopes refuse it.
pub(super) fn refusal(html: &mut Html, of: View<'_>, case: &Case) {
    let explanation = explain(&of.layers(), case);
    html.with("ul", &[("class", "demands")], |html| {
        for hop in explanation.hops() {
            for reason in &hop.reasons {
                refusal_item(html, reason.code.as_str(), reason);
            }
        }
    });
}

/// Why there are no scopes at all.
pub(super) fn refused(html: &mut Html, code: &str, why: impl Display) {
    html.with("ul", &[("class", "demands")], |html| {
        refusal_item(html, code, why)
    });
}

fn refusal_item(html: &mut Html, code: &str, why: impl Display) {
    html.el("li", |html| {
        html.line("code", code);
        html.text(format!(" {why}"));
    });
}

fn tree(html: &mut Html, what: &'static str, tree: &Tree) {
    if let Value::Object(members) = show::tree(tree) {
        for (key, value) in &members {
            item(
                html,
                what,
                format!("{} = {}", quoted(key), show::inline(value)),
            );
        }
    }
}

fn item(html: &mut Html, name: &'static str, text: impl ToString) {
    let text = text.to_string();
    html.el("div", |html| {
        html.line("dt", name);
        html.el("dd", |html| long(html, &text));
    });
}

/// A text that may be too long to be read past.
fn long(html: &mut Html, text: &str) {
    let Some((at, _)) = text.char_indices().nth(LONG) else {
        return html.line("code", text);
    };
    let (start, _) = text.split_at(at);
    html.el("details", |html| {
        html.el("summary", |html| {
            html.line("code", format!("{start}…"));
            html.text(format!(" all {} characters", text.chars().count()));
        });
        html.line("code", text);
    });
}
