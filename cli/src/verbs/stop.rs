//! `stop`: one task, by its ticket.

use std::path::PathBuf;

use bailiwick::action::quoted;
use bailiwick::clock::Timestamp;
use bailiwick::revoke::StopTicket;
use clap::Args;
use serde_json::json;

use crate::answer::{Answer, Page, Tone};
use crate::failure::{Failure, Outcome, coded};
use crate::io::{Text, file_text, lock, replace};
use crate::trust::Trust;

/// Stop a task by its ticket: verify it, and put it where services look
#[derive(Args)]
pub(crate) struct StopVerb {
    /// The stop ticket that minting gave: the text itself, a file, or `-`
    #[arg(default_value = "-")]
    ticket: Text,
    /// Whom to trust, in TOML
    #[arg(long, value_name = "FILE")]
    roots: PathBuf,
    /// The file of tickets, one a line [default: the one that the roots name]
    #[arg(long, value_name = "FILE")]
    tickets: Option<PathBuf>,
}

impl StopVerb {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let trust = Trust::read(&self.roots, now)?;
        let text = self.ticket.read()?;
        let ticket = coded!(StopTicket::parse(&text), "give the whole ticket")?;
        let stop = coded!(
            ticket.verify(&trust.ring, now),
            "revoke the task, if it must be stopped: `bailiwick revoke`"
        )?;
        let file = self.tickets.or(trust.stops).ok_or_else(|| {
            let help = "give --tickets, or add a `[stops]` to the roots";
            Failure::new("tickets_missing", "the roots name no file of tickets", help)
        })?;
        // Two tickets at once must both be there afterwards.
        let _lock = lock(&file)?;
        let known = match file.try_exists() {
            Ok(false) => String::new(),
            _ => file_text(&file)?,
        };
        let already = known.lines().any(|line| line.trim() == text);
        if !already {
            let end = if known.is_empty() || known.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            replace(&file, format!("{known}{end}{text}\n").as_bytes())?;
        }
        let mut page = Page::default();
        let label = if already {
            "stopped already:"
        } else {
            "stopped:"
        };
        page.push(
            0,
            Tone::Good,
            label,
            format!("task {}", quoted(stop.task.as_str())),
        );
        page.field(1, "ticket in", format!("`{}`", file.display()));
        page.field(1, "it would have ended at", stop.ends);
        let json = json!({
            "task": stop.task,
            "ends": stop.ends,
            "already": already,
            "tickets": file.display().to_string(),
        });
        Ok(Answer::new(page, json))
    }
}
