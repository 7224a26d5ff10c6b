//! What a reviewer should look at twice.

use bailiwick::action::quoted;
use bailiwick::review::Level;

use super::facts::Side;
use super::html::Html;
use super::rules::place;

pub(super) fn findings(html: &mut Html, side: &Side<'_>) {
    if side.of.findings.is_empty() {
        html.line("p", "Nothing was found.");
        return;
    }
    html.with("ul", &[("class", "findings")], |html| {
        for found in &side.of.findings {
            let rule = found.lint.rule;
            let class = match rule.level() {
                Level::Error => "mark error",
                Level::Warning => "mark warning",
                Level::Note => "mark note",
            };
            html.el("li", |html| {
                html.with("span", &[("class", class)], |html| html.text(rule.level()));
                if found.excuse.is_some() {
                    html.text(" ");
                    html.with("span", &[("class", "mark good")], |html| {
                        html.text("excused")
                    });
                }
                html.text(" ");
                html.line("code", rule.id());
                html.text(format!(" {}", found.lint.message));
                place(html, found.place);
                html.with("p", &[("class", "quiet")], |html| html.text(rule.reason()));
                if let Some(words) = &found.excuse {
                    html.with("p", &[("class", "excuse")], |html| {
                        html.text(format!("The file says: {}", quoted(words)));
                    });
                }
            });
        }
    });
}
