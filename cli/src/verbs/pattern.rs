//! A kind of action, as several verbs take it.

use bailiwick::action::Effect;
use bailiwick::scope::{OperationPattern, Pattern};
use clap::Args;

use crate::failure::{OrFail as _, Outcome};

/// What actions it is about: all that every flag says.
#[derive(Args)]
pub(crate) struct Kind {
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

impl Kind {
    pub(crate) fn pattern(&self) -> Outcome<Pattern> {
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
        match &self.resource {
            None => Ok(pattern),
            Some(resource) => pattern
                .resource(resource)
                .or_fail("resource_malformed", "write forum/thread/42, or **"),
        }
    }
}
