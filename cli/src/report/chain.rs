//! The blocks of a token, drawn as a chain: a list, so that it can be read aloud and copied.

use bailiwick::action::quoted;
use bailiwick::review::Comparison;
use bailiwick::revoke::BlockId;
use bailiwick::scope::Scope;
use bailiwick::token::Token;

use super::about::field;
use super::facts::Side;
use super::html::Html;
use super::page::Names;
use super::witness;
use crate::answer::Page;
use crate::show;

pub(super) fn chain(html: &mut Html, side: &Side<'_>, token: &Token, names: &Names) {
    let contents = token.unverified();
    let agents = std::iter::once(contents.info().task().agent()).chain(contents.delegates());
    let links = agents
        .zip(contents.scopes())
        .zip(token.holders())
        .zip(token.signatures());
    html.with("ol", &[("class", "chain")], |html| {
        for (index, (((agent, scope), holder), signature)) in links.enumerate() {
            let by = match index.checked_sub(1) {
                None => format!("root {}", token.root_key_id()),
                Some(before) => format!("the holder of block {before}"),
            };
            html.el("li", |html| {
                html.line(
                    names.levels[1],
                    format!("Block {index}, for {}", quoted(agent.as_str())),
                );
                html.with("dl", &[("class", "facts")], |html| {
                    field(html, "Signed by", |html| {
                        html.text(format!("{by}, Ed25519"))
                    });
                    field(html, "Holder", |html| html.line("code", holder));
                    field(html, "Revocation id", |html| {
                        html.line("code", BlockId::from(&signature))
                    });
                    field(html, "Says", |html| says(html, scope));
                    if let Some(taken) = index.checked_sub(1).and_then(|it| side.taken_away.get(it))
                    {
                        field(html, "Takes away", |html| takes_away(html, side, taken));
                    }
                });
            });
        }
    });
    html.with("p", &[("class", "quiet")], |html| {
        html.text("A block can only take away from those before it. The name of an agent after the first is what the one before says of it.");
    });
}

fn takes_away(html: &mut Html, side: &Side<'_>, taken: &Comparison) {
    match taken {
        Comparison::Equal => html.text("nothing"),
        Comparison::Narrower(lost) => witness::folded(html, side.of.view(), lost),
        _ => html.text("undecided"),
    }
}

/// In the words of a task file.
fn says(html: &mut Html, scope: &Scope) {
    let mut page = Page::default();
    show::scope_lines(&mut page, 0, &show::scope(scope));
    if page.lines.is_empty() {
        return html.text("nothing of its own");
    }
    html.with("ul", &[("class", "says")], |html| {
        for line in &page.lines {
            let class = if line.depth == 0 { "rule" } else { "below" };
            html.with("li", &[("class", class)], |html| {
                html.with("span", &[("class", "word")], |html| html.text(&line.label));
                html.text(" ");
                html.line("code", &line.text);
            });
        }
    });
}
