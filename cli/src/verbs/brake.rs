//! `brake`: what is stopped for every token.

use bailiwick::action::{Effect, Service};
use bailiwick::clock::Timestamp;
use bailiwick::revoke::{Brake, Revocation};
use bailiwick::scope::{OperationPattern, Pattern};
use clap::Args;

use super::kill_list::KillList;
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
    /// This operation, or all below it (`forum.*`)
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,
    /// This effect
    #[arg(long, value_name = "EFFECT")]
    effect: Option<Effect>,
    /// What is touched here; `**` is everything
    #[arg(long, value_name = "RESOURCE")]
    resource: Option<String>,
}

impl BrakeVerb {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let mut pattern = Pattern::any();
        if let Some(operation) = &self.operation {
            let operation: OperationPattern = operation
                .parse()
                .or_fail("operation_malformed", "write forum.send, or forum.*")?;
            pattern = pattern.with_operation(operation);
        }
        if let Some(effect) = self.effect {
            pattern = pattern.with_effect(effect);
        }
        if let Some(resource) = &self.resource {
            pattern = pattern
                .resource(resource)
                .or_fail("resource_malformed", "write forum/thread/42, or **")?;
        }
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
