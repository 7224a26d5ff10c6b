//! `report`: a page for reviewers.

use std::path::PathBuf;

use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::review::{Comparison, Effort, Vocabulary};
use bailiwick::scope::Layers;
use clap::Args;
use serde_json::json;

use super::reviewed::{Reviewed, vocabulary};
use super::task_file::With;
use crate::answer::{Answer, Exit, Page};
use crate::failure::Outcome;
use crate::io::{Text, create};
use crate::report::{Facts, Kind, Side, Subject, page};
use crate::trust::{Standing, Trust};

/// Write a page for reviewers, in HTML: what a task file or token allows, or how two of them differ
///
/// The page runs nothing and fetches nothing. Exit codes: 0 if it was written, 2 if the new one allows more or a token is refused,
/// 4 if that is not decided. A parameter without --param stands for one value, which is said.
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
        let facts = facts(&reviewed, &catalogs, trust.as_ref(), now);
        let exit = exit(&facts);
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

fn facts<'a>(
    reviewed: &'a [Reviewed],
    catalogs: &'a [Catalog],
    trust: Option<&Trust>,
    now: Timestamp,
) -> Facts<'a> {
    let vocabulary = vocabulary(catalogs);
    let sides = reviewed.iter().filter_map(|it| {
        let is = match (&it.manifest, &it.purpose, &it.token) {
            (Some(manifest), Some(purpose), _) => Kind::TaskFile(manifest, purpose),
            (_, _, Some(token)) => Kind::Token(token, Standing::of(token, trust, now)),
            _ => return None,
        };
        let subject = Subject {
            name: &it.name,
            scopes: &it.scopes,
            is,
            taken: &it.taken,
        };
        Some(Side::new(subject, &vocabulary, catalogs, now))
    });
    Facts {
        now,
        catalogs,
        sides: sides.collect(),
        comparison: comparison(reviewed, &vocabulary),
    }
}

fn comparison(reviewed: &[Reviewed], vocabulary: &Vocabulary) -> Option<Comparison> {
    let [old, new] = reviewed else {
        return None;
    };
    let (before, after) = (Layers::blocks(&old.scopes), Layers::blocks(&new.scopes));
    Some(vocabulary.compare(&before, &after, Effort::default()))
}

/// What is worst counts.
fn exit(facts: &Facts<'_>) -> Exit {
    match &facts.comparison {
        _ if facts.has_refused() => Exit::Deny,
        Some(comparison) if comparison.gained().is_some() => Exit::Deny,
        Some(Comparison::Undecided { .. }) => Exit::Undecided,
        _ => Exit::Clean,
    }
}
