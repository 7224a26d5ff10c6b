//! `report`: a page for reviewers.

use std::path::PathBuf;

use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::manifest::Parameters;
use clap::Args;
use serde_json::json;

use super::reviewed::{Kind as Reading, Reviewed, compared, exit, given, vocabulary};
use super::task_file::With;
use crate::answer::{Answer, Exit, Page};
use crate::failure::Outcome;
use crate::io::{Text, create};
use crate::report::{Facts, File, Kind, Side, Subject, page};
use crate::trust::{Standing, Trust};

/// Write a page for reviewers, in HTML: what a task file or token allows, or how two of them differ
///
/// The page runs nothing and fetches nothing. Exit codes: 0 if it was written, 2 if the new one allows more or a token is refused,
/// 4 if that is not decided. Of a parameter without --param, every value counts.
#[derive(Args)]
pub(crate) struct Report {
    /// The task file or token; of two, the old one
    of: Text,
    /// The new one
    new: Option<Text>,
    #[command(flatten)]
    with: With,
    /// Verify tokens: whom to trust, in TOML
    #[arg(long, value_name = "FILE")]
    roots: Option<PathBuf>,
    /// Write the page to a new file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Report {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let catalogs = self.with.catalogs()?;
        let read = |text: &Text| Reviewed::read(text, &self.with, &catalogs, now);
        let reviewed = [Some(&self.of), self.new.as_ref()].into_iter().flatten();
        let reviewed = reviewed.map(read).collect::<Outcome<Vec<_>>>()?;
        let trust = self
            .roots
            .as_deref()
            .map(|it| Trust::read(it, now))
            .transpose()?;
        let vocabulary = vocabulary(&catalogs);
        let given = given(&reviewed.iter().collect::<Vec<_>>(), &self.with)?;
        let sides = reviewed.iter().map(|it| {
            let subject = subject(it, &given, &catalogs, trust.as_ref(), now)?;
            Ok(Side::new(subject, &vocabulary, &catalogs, now))
        });
        let facts = Facts {
            now,
            catalogs: &catalogs,
            sides: sides.collect::<Outcome<Vec<_>>>()?,
            compared: match reviewed.as_slice() {
                [old, new] => Some(compared((old, new), &vocabulary, &self.with, now)?),
                _ => None,
            },
        };
        let exit = worst(&facts);
        let html = page(&facts);
        let mut page = Page::default();
        let json = match &self.out {
            Some(file) => {
                create(file, html.as_bytes())?;
                page.field(0, "wrote", format!("`{}`", file.display()));
                json!({ "wrote": file.display().to_string() })
            }
            None => {
                html.lines().for_each(|line| page.copy(line));
                json!({ "html": html })
            }
        };
        Ok(Answer::new(page, json).ending(exit))
    }
}

fn subject<'a>(
    of: &'a Reviewed,
    given: &'a Parameters,
    catalogs: &[Catalog],
    trust: Option<&Trust>,
    now: Timestamp,
) -> Outcome<Subject<'a>> {
    let is = match &of.is {
        Reading::File {
            manifest,
            purpose,
            parameters,
            taken,
            lock,
        } => Kind::TaskFile(File {
            manifest,
            purpose,
            lock: lock.as_ref(),
            values: parameters,
            given,
            taken,
        }),
        Reading::Token(token) => Kind::Token(token, Standing::of(token, trust, now)),
    };
    Ok(Subject {
        name: &of.name,
        scopes: &of.scopes,
        is,
        findings: of.findings(catalogs, now)?,
    })
}

/// What is worst counts.
fn worst(facts: &Facts<'_>) -> Exit {
    match &facts.compared {
        _ if facts.has_refused() => Exit::Deny,
        Some((compared, _)) => exit(&compared.comparison),
        None => Exit::Clean,
    }
}
