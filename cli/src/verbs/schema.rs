//! `schema`: what editors complete from.

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::answer::{Answer, Page};
use crate::failure::{OrFail as _, Outcome};

/// Print a JSON Schema, for editors that complete task files and catalogs
#[derive(Args)]
pub(crate) struct Schema {
    /// Of what
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// Task files
    Manifest,
    /// Catalogs
    Catalog,
}

impl Schema {
    pub(crate) fn run(self) -> Outcome<Answer> {
        let text = match self.of {
            Of::Manifest => include_str!("../../schema/manifest.schema.json"),
            Of::Catalog => include_str!("../../schema/catalog.schema.json"),
        };
        let json: Value = serde_json::from_str(text).or_fail("schema", "report a bug")?;
        let mut page = Page::default();
        text.lines().for_each(|line| page.copy(line));
        Ok(Answer::new(page, json))
    }
}
