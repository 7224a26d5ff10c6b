//! `diff`: which of two allows more.

use std::path::PathBuf;

use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::review::Comparison;
use clap::Args;
use serde_json::json;

use super::catalog;
use super::reviewed::{Reviewed, compared, exit, say_samples, vocabulary, witness};
use super::task_file::With;
use crate::answer::{Answer, Page, Tone};
use crate::failure::Outcome;
use crate::io::Text;

/// Say whether a task file or token allows more than another, with an action that shows it
///
/// Exit codes: 0 if the new one allows no more, 2 if it does, 4 if that is not decided. Of a parameter without --param, every value
/// counts.
#[derive(Args)]
pub(crate) struct Diff {
    /// The old task file or token
    old: Text,
    /// The new task file or token
    new: Text,
    /// The catalogs of the old task file, where they are other ones; once for each
    #[arg(long = "old-catalog", value_name = "FILE", requires = "catalogs")]
    old_catalogs: Vec<PathBuf>,
    #[command(flatten)]
    with: With,
}

impl Diff {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let mut catalogs = self.with.catalogs()?;
        let before = self.old_catalogs.iter().map(|file| catalog::read(file));
        let before = before.collect::<Outcome<Vec<Catalog>>>()?;
        let known = if before.is_empty() {
            &catalogs
        } else {
            &before
        };
        let old = Reviewed::read(&self.old, &self.with, known, now)?;
        let new = Reviewed::read(&self.new, &self.with, &catalogs, now)?;
        // What only one of them knows counts too.
        catalogs.extend(before);
        let vocabulary = vocabulary(&catalogs);
        let (compared, samples) = compared((&old, &new), &vocabulary, &self.with, now)?;
        let comparison = &compared.comparison;

        let mut page = Page::default();
        let (verdict, tone) = match comparison {
            Comparison::Equal => ("equal", Tone::Good),
            Comparison::Narrower(_) => ("narrower", Tone::Good),
            Comparison::Wider(_) => ("wider", Tone::Bad),
            Comparison::Incomparable { .. } => ("incomparable", Tone::Bad),
            // It grew, whether or not it also shrank.
            Comparison::Undecided {
                gained: Some(_), ..
            } => ("wider_or_incomparable", Tone::Bad),
            Comparison::Undecided { gained: None, .. } => ("undecided", Tone::Doubt),
        };
        page.push(0, tone, verdict, "");
        let (lost, gained) = (comparison.lost(), comparison.gained());
        let gained = gained.map(|it| {
            witness(
                &mut page,
                &format!("only `{}` allows, for one:", new.name),
                it,
                compared.gained_for.as_ref(),
            )
        });
        let lost = lost.map(|it| {
            witness(
                &mut page,
                &format!("only `{}` allows, for one:", old.name),
                it,
                compared.lost_for.as_ref(),
            )
        });
        say_samples(&mut page, &samples);
        let json = json!({ "comparison": verdict, "gained": gained, "lost": lost });
        Ok(Answer::new(page, json).ending(exit(comparison)))
    }
}
