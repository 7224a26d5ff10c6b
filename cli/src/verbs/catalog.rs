//! `catalog check` and `catalog import`.

use std::path::{Path, PathBuf};

use bailiwick::action::{Service, quoted};
use bailiwick::catalog::{Catalog, import};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::answer::{Answer, Page, Tone};
use crate::failure::{OrFail as _, Outcome};
use crate::io::{Text, create, file_text};

/// Check a service's catalog, or draft one
#[derive(Args)]
pub(crate) struct CatalogVerb {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Check(CheckCatalog),
    Import(ImportCatalog),
}

/// Say what a catalog has, or what is wrong with it
#[derive(Args)]
struct CheckCatalog {
    /// The catalog, in TOML
    file: PathBuf,
}

/// Draft a catalog from what an MCP server says of its tools, for you to correct
#[derive(Args)]
struct ImportCatalog {
    /// The name of the service
    service: Service,
    /// The result of `tools/list`, as JSON: a file, or `-`
    #[arg(default_value = "-")]
    tools: Text,
    /// Write the draft to a new file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Reads a catalog.
pub(crate) fn read(file: &Path) -> Outcome<Catalog> {
    let text = file_text(file)?;
    Ok(Catalog::parse(&file.display().to_string(), &text)?)
}

impl CatalogVerb {
    pub(crate) fn run(self) -> Outcome<Answer> {
        match self.what {
            What::Check(verb) => verb.run(),
            What::Import(verb) => verb.run(),
        }
    }
}

impl CheckCatalog {
    fn run(self) -> Outcome<Answer> {
        let catalog = read(&self.file)?;
        let digest = catalog.digest().to_string();
        let mut page = Page::default();
        page.push(0, Tone::Good, "ok", format!("`{}`", self.file.display()));
        page.field(1, "service", quoted(catalog.service().as_str()));
        page.field(1, "digest", &digest);
        for it in catalog.operations() {
            let of = format!("{} on {}", it.effect(), quoted(&it.resource().to_string()));
            page.field(1, it.operation().as_str(), of);
        }
        let operations = catalog.operations().map(|it| {
            json!({
                "operation": it.operation(),
                "effect": it.effect().as_str(),
                "resource": it.resource().to_string(),
            })
        });
        let json = json!({
            "service": catalog.service(),
            "digest": digest,
            "operations": operations.collect::<Vec<_>>(),
        });
        Ok(Answer::new(page, json))
    }
}

impl ImportCatalog {
    fn run(self) -> Outcome<Answer> {
        let text = self.tools.read()?;
        let tools: Value = serde_json::from_str(&text)
            .or_fail("not_json", "give what the server answers to `tools/list`")?;
        let draft = import(&self.service, &tools).or_fail(
            "no_draft",
            "give the result of `tools/list`: an object with a list `tools`",
        )?;
        let mut notes = Page::default();
        notes.push(
            0,
            Tone::Doubt,
            "a draft:",
            "correct each line that is marked `# guessed:`",
        );
        let mut page = Page::default();
        match &self.out {
            Some(file) => {
                create(file, draft.as_bytes())?;
                page.field(0, "wrote", format!("`{}`", file.display()));
            }
            None => draft.lines().for_each(|line| page.copy(line)),
        }
        Ok(Answer::new(page, json!({ "catalog": draft })).with_notes(notes))
    }
}
