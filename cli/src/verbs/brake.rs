//! `brake`: what is stopped for every token.

use bailiwick::action::Service;
use bailiwick::clock::Timestamp;
use bailiwick::revoke::{Brake, Revocation};
use clap::Args;

use super::kill_list::KillList;
use super::pattern::Kind;
use crate::answer::Answer;
use crate::failure::{OrFail as _, Outcome};
use crate::show;

/// Stop a kind of action for every token, until it is released
#[derive(Args)]
pub(crate) struct BrakeVerb {
    #[command(flatten)]
    list: KillList,
    /// At this service alone
    #[arg(long, value_name = "SERVICE")]
    service: Option<Service>,
    #[command(flatten)]
    kind: Kind,
}

impl BrakeVerb {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let pattern = self.kind.pattern()?;
        let shown = show::inline(&show::pattern(&pattern).into());
        let brake = Brake::new(pattern).or_fail(
            "brake_invalid",
            "name an operation, an effect or a resource; `--resource '**'` is everything",
        )?;
        let brake = match self.service {
            Some(service) => brake.at(service),
            None => brake,
        };
        let mut answer = self.list.change(vec![Revocation::Brake(brake)], now)?;
        answer.page.field(1, "brake", shown);
        Ok(answer)
    }
}
