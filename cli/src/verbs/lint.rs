//! `lint`: what a reviewer should look at twice.

use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::manifest::Place;
use bailiwick::review::{Effort, Level, Lint as Found, Rule};
use clap::Args;
use serde_json::{Value, json};

use super::reviewed::{Reviewed, vocabulary};
use super::task_file::{With, unmade};
use crate::answer::{Answer, Exit, Page, Tone};
use crate::failure::Outcome;
use crate::io::Text;

/// Say what a reviewer of a task file or token should look at twice
///
/// Exit code 3 if there is a warning or an error that the file does not excuse; notes are only said.
#[derive(Args)]
pub(crate) struct Lint {
    /// The task file or token
    of: Text,
    #[command(flatten)]
    with: With,
    /// Write SARIF 2.1.0 to standard output, for code review tools
    #[arg(long)]
    sarif: bool,
}

/// One finding, where it stands if that is known, and what the file says to it.
struct At {
    found: Found,
    place: Option<Place>,
    excuse: Option<String>,
}

impl Lint {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let catalogs = self.with.catalogs()?;
        let reviewed = Reviewed::read(&self.of, &self.with, &catalogs, now)?;
        let all = found(&reviewed, &catalogs, now)?;
        let is_grave = |it: &At| it.excuse.is_none() && it.found.rule.level() > Level::Note;
        let exit = match all.iter().any(is_grave) {
            true => Exit::Findings,
            false => Exit::Clean,
        };
        let mut page = Page::default();
        for at in &all {
            let rule = at.found.rule;
            let label = format!("{}[{}]:", rule.level(), rule.id());
            let tone = if is_grave(at) { Tone::Bad } else { Tone::Doubt };
            page.push(0, tone, &label, &at.found.message);
            page.field(1, "why:", rule.reason());
            if let Some(words) = &at.excuse {
                page.field(1, "excused:", words);
            }
            if let Some(place) = at.place {
                page.field(
                    1,
                    "at",
                    format!("{}:{}:{}", reviewed.name, place.line(), place.column()),
                );
            }
        }
        if all.is_empty() {
            page.push(0, Tone::Good, "ok", format!("`{}`", reviewed.name));
        }
        reviewed.say_taken(&mut page);
        if self.sarif {
            return Ok(Answer::new(page, sarif(&reviewed.name, &all))
                .ending(exit)
                .always_json());
        }
        let json = all.iter().map(|at| {
            json!({
                "rule": at.found.rule.id(),
                "level": at.found.rule.level().as_str(),
                "message": at.found.message,
                "line": at.place.map(|it| it.line()),
                "column": at.place.map(|it| it.column()),
                "excuse": at.excuse,
            })
        });
        Ok(Answer::new(page, json!({ "findings": json.collect::<Vec<_>>() })).ending(exit))
    }
}

/// Of a token, its first block: a task begins there, and the blocks after it can only take away.
fn found(reviewed: &Reviewed, catalogs: &[Catalog], now: Timestamp) -> Outcome<Vec<At>> {
    if let Some(manifest) = &reviewed.manifest {
        let remarks = manifest.lint(&reviewed.parameters, now, Effort::default());
        let remarks = remarks.map_err(|error| unmade(error.code(), &error))?;
        let at = remarks.into_iter().map(|it| At {
            found: it.lint,
            place: it.place,
            excuse: it.excuse,
        });
        return Ok(at.collect());
    }
    let first = reviewed.scopes.first();
    let found = first.map(|scope| vocabulary(catalogs).lint(scope, now, Effort::default()));
    let found = found.unwrap_or_default().into_iter();
    let at = found.map(|found| At {
        found,
        place: None,
        excuse: None,
    });
    Ok(at.collect())
}

fn sarif(file: &str, all: &[At]) -> Value {
    let rules = Rule::ALL.iter().map(|rule| {
        json!({ "id": rule.id(), "shortDescription": { "text": rule.reason() }, "defaultConfiguration": { "level": rule.level().as_str() } })
    });
    let results = all.iter().map(
        |At {
             found,
             place,
             excuse,
         }| {
            let mut location = json!({ "artifactLocation": { "uri": uri(file) } });
            if let (Some(location), Some(place)) = (location.as_object_mut(), place) {
                let region = json!({ "startLine": place.line(), "startColumn": place.column() });
                location.insert("region".to_owned(), region);
            }
            let suppressions = excuse.iter();
            let suppressions =
                suppressions.map(|it| json!({ "kind": "inSource", "justification": it }));
            json!({
                "ruleId": found.rule.id(),
                "level": found.rule.level().as_str(),
                "message": { "text": found.message },
                "locations": [{ "physicalLocation": location }],
                "suppressions": suppressions.collect::<Vec<_>>(),
            })
        },
    );
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "bailiwick", "rules": rules.collect::<Vec<_>>() } },
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

/// A path as a relative reference: what is not plain is in its hexadecimal form.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let bytes = path.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    bytes.collect()
}
