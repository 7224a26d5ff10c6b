//! What a reviewer should look at twice.

use bailiwick::review::Level;

use super::facts::Side;
use super::html::Html;
use super::rules::place;

pub(super) fn findings(html: &mut Html, side: &Side<'_>) {
    if side.lints.is_empty() {
        html.line("p", "Nothing was found.");
        return;
    }
    html.with("ul", &[("class", "findings")], |html| {
        for found in &side.lints {
            let rule = found.rule;
            let class = match rule.level() {
                Level::Error => "mark error",
                Level::Warning => "mark warning",
                Level::Note => "mark note",
            };
            html.el("li", |html| {
                html.with("span", &[("class", class)], |html| html.text(rule.level()));
                html.text(" ");
                html.line("code", rule.id());
                html.text(format!(" {}", found.message));
                place(html, side, found.clause);
                html.with("p", &[("class", "quiet")], |html| html.text(rule.reason()));
            });
        }
    });
}
