//! `completions`: for shells.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde_json::json;

use crate::answer::{Answer, Page};
use crate::args::Asked;
use crate::failure::{OrFail as _, Outcome};

/// Print completions for a shell
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Outcome<Answer> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Asked::command(), "bailiwick", &mut script);
        let script = String::from_utf8(script).or_fail("completions", "report a bug")?;
        let mut page = Page::default();
        script.lines().for_each(|line| page.copy(line));
        Ok(Answer::new(
            page,
            json!({ "shell": self.shell.to_string(), "script": script }),
        ))
    }
}
