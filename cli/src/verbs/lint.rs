//! `lint`: what a reviewer should look at twice.

use bailiwick::clock::Timestamp;
use bailiwick::review::Rule;
use clap::Args;
use serde_json::{Value, json};

use super::reviewed::Reviewed;
use super::task_file::With;
use crate::answer::{Answer, Exit, Page, Tone};
use crate::failure::Outcome;
use crate::finding::Finding;
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

impl Lint {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let catalogs = self.with.catalogs()?;
        let reviewed = Reviewed::read(&self.of, &self.with, &catalogs, now)?;
        let all = reviewed.findings(&catalogs, now)?;
        let exit = match all.iter().any(Finding::is_grave) {
            true => Exit::Findings,
            false => Exit::Clean,
        };
        let mut page = Page::default();
        for at in &all {
            let rule = at.lint.rule;
            let label = format!("{}[{}]:", rule.level(), rule.id());
            let tone = if at.is_grave() {
                Tone::Bad
            } else {
                Tone::Doubt
            };
            page.push(0, tone, &label, &at.lint.message);
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
        if self.sarif {
            return Ok(Answer::new(page, sarif(&reviewed.name, &all))
                .ending(exit)
                .always_json());
        }
        let json = all.iter().map(|at| {
            json!({
                "rule": at.lint.rule.id(),
                "level": at.lint.rule.level().as_str(),
                "message": at.lint.message,
                "line": at.place.map(|it| it.line()),
                "column": at.place.map(|it| it.column()),
                "excuse": at.excuse,
            })
        });
        Ok(Answer::new(page, json!({ "findings": json.collect::<Vec<_>>() })).ending(exit))
    }
}

fn sarif(file: &str, all: &[Finding]) -> Value {
    let rules = Rule::ALL.iter().map(|rule| {
        json!({ "id": rule.id(), "shortDescription": { "text": rule.reason() }, "defaultConfiguration": { "level": rule.level().as_str() } })
    });
    let results = all.iter().map(
        |Finding {
             lint,
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
                "ruleId": lint.rule.id(),
                "level": lint.rule.level().as_str(),
                "message": { "text": lint.message },
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
