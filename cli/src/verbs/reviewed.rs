//! What is reviewed: a task file with values, or all blocks of a token.

use bailiwick::action::Purpose;
use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::manifest::Manifest;
use bailiwick::review::{Vocabulary, Witness};
use bailiwick::scope::Scope;
use bailiwick::token::{Limits, TextKind, Token};
use serde_json::{Value, json};

use super::task_file::With;
use crate::answer::Page;
use crate::failure::{Outcome, coded};
use crate::io::Text;
use crate::show;

/// The scopes of one side, and what was taken for parameters that nobody gave.
pub(crate) struct Reviewed {
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    /// Of a task file: itself, for the places of its lines.
    pub(crate) manifest: Option<Manifest>,
    /// Of a task file: its purpose with the values in it.
    pub(crate) purpose: Option<Purpose>,
    /// Of a token: itself.
    pub(crate) token: Option<Token>,
    /// What was taken for parameters that nobody gave.
    pub(crate) taken: Vec<(String, String)>,
}

impl Reviewed {
    pub(crate) fn read(side: &Text, with: &With, now: Timestamp) -> Outcome<Self> {
        let name = side.name();
        let text = side.read()?;
        if text.starts_with(TextKind::Token.prefix()) {
            let token = coded!(
                Token::parse(&text, &Limits::default()),
                "give the whole token, as it came"
            )?;
            return Ok(Self {
                name,
                scopes: token.unverified().scopes().to_vec(),
                manifest: None,
                purpose: None,
                token: Some(token),
                taken: Vec::new(),
            });
        }
        let manifest = with.manifest(&name, &text)?;
        let (parameters, taken) = with.sampled(&manifest)?;
        let scope = manifest.scope(&parameters, now);
        let scope = coded!(
            scope,
            "give each parameter with --param NAME=VALUE, as the task file asks"
        )?;
        let purpose = manifest.purpose(&parameters);
        Ok(Self {
            name,
            purpose: Some(coded!(purpose, "give a shorter --param")?),
            scopes: vec![scope],
            manifest: Some(manifest),
            token: None,
            taken,
        })
    }

    /// Says which values stand for parameters: the answer is about these.
    pub(crate) fn say_taken(&self, page: &mut Page) {
        for (name, value) in &self.taken {
            let of = format!("{name} = {value} in `{}`", self.name);
            page.field(1, "taken:", of);
        }
    }
}

/// The actions that count: those that the catalogs know, or all.
pub(crate) fn vocabulary(catalogs: &[Catalog]) -> Vocabulary {
    match catalogs {
        [] => Vocabulary::everything(),
        some => Vocabulary::of(some),
    }
}

/// A witness as lines, and as JSON.
pub(crate) fn witness(page: &mut Page, head: &str, it: &Witness) -> Value {
    page.head(1, head);
    for line in it.to_string().lines() {
        page.field(2, "", line);
    }
    let lines: Vec<String> = it.to_string().lines().map(str::to_owned).collect();
    json!({ "action": show::action(it.case().action()), "case": lines })
}
