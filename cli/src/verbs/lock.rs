//! `lock`: which catalogs a task file is reviewed with.

use std::path::PathBuf;

use bailiwick::catalog::Catalog;
use bailiwick::manifest::{Expansion, Lock as Pinned, Manifest};
use clap::Args;
use serde_json::{Value, json};

use super::catalog;
use super::task_file::{beside, lock_file};
use crate::answer::{Answer, Page, Tone};
use crate::failure::Outcome;
use crate::io::{file_text, replace};
use crate::show;

/// Pin the catalogs that a task file is reviewed with, and say which operations its lines cover
///
/// The lock is written beside the task file: `task.lock` for `task.toml`. Keep both together.
#[derive(Args)]
pub(crate) struct Lock {
    /// The task file, in TOML
    #[arg(value_name = "TASK-FILE")]
    file: PathBuf,
    /// The catalog of a service that the task is for; once for each
    #[arg(long = "catalog", value_name = "FILE", required = true)]
    catalogs: Vec<PathBuf>,
    /// Write the lock here instead of beside the task file
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
}

impl Lock {
    pub(crate) fn run(self) -> Outcome<Answer> {
        let catalogs = self.catalogs.iter().map(|file| catalog::read(file));
        let catalogs = catalogs.collect::<Outcome<Vec<Catalog>>>()?;
        let all: Vec<&Catalog> = catalogs.iter().collect();
        let lock = Pinned::pin(&catalogs);
        let name = self.file.display().to_string();
        // Nothing is pinned for a file that is wrong.
        let manifest = Manifest::parse_locked(&name, &file_text(&self.file)?, &all, &lock)?;

        let path = self.lock.clone().unwrap_or_else(|| beside(&self.file));
        let old = path.exists().then(|| lock_file(&path)).transpose()?;
        let changes = changes(&old.clone().unwrap_or_default(), &lock);
        let mut page = Page::default();
        for line in manifest.expansions() {
            let place = line.place();
            let at = format!("{name}:{}:{}", place.line(), place.column());
            page.push(
                0,
                Tone::Head,
                &at,
                format!("{} covers:", show::target(line)),
            );
            for (operation, effect) in line.operations() {
                page.field(1, "", format!("{operation} ({effect})"));
            }
        }
        for (what, service) in &changes {
            page.field(0, &format!("{what} catalog:"), service);
        }
        let shown = format!("`{}`", path.display());
        if old.as_ref() == Some(&lock) {
            page.push(0, Tone::Good, "unchanged", shown);
        } else {
            replace(&path, lock.to_string().as_bytes())?;
            page.field(0, "wrote", shown);
        }
        let lines = manifest.expansions().iter().map(json_of);
        let changes = changes.iter();
        let changes = changes.map(|(what, service)| json!({ "what": what, "service": service }));
        Ok(Answer::new(
            page,
            json!({
                "lock": path.display().to_string(),
                "lines": lines.collect::<Vec<_>>(),
                "changes": changes.collect::<Vec<_>>(),
            }),
        ))
    }
}

/// What is pinned anew, otherwise, or no more.
fn changes(old: &Pinned, new: &Pinned) -> Vec<(&'static str, String)> {
    let now = new.iter().filter_map(|(service, digest)| {
        let what = match old.digest_of(service) {
            Some(before) if before == digest => return None,
            Some(_) => "changed",
            None => "new",
        };
        Some((what, service.to_string()))
    });
    let gone = old.iter().filter(|(it, _)| new.digest_of(it).is_none());
    let gone = gone.map(|(service, _)| ("gone", service.to_string()));
    now.chain(gone).collect()
}

fn json_of(line: &Expansion) -> Value {
    let operations = line.operations();
    let operations = operations.map(
        |(operation, effect)| json!({ "operation": operation.as_str(), "effect": effect.as_str() }),
    );
    json!({
        "line": line.place().line(),
        "column": line.place().column(),
        "operation": line.target().operation().map(ToString::to_string),
        "effect": line.target().effect().map(|it| it.as_str()),
        "covers": operations.collect::<Vec<_>>(),
    })
}
