//! `prove`: what can never happen.

use bailiwick::clock::Timestamp;
use bailiwick::review::{Claim, Effort, Proof};
use bailiwick::scope::{Budget, Condition, Scope};
use clap::Args;
use serde_json::json;

use super::pattern::Kind;
use super::reviewed::{Reviewed, samples, say_samples, vocabulary, witness};
use super::task_file::With;
use crate::answer::{Answer, Exit, Page, Tone};
use crate::failure::{Failure, Outcome};
use crate::io::Text;
use crate::show;

/// Prove that a task file or token never allows something, or show an action that it allows
///
/// Exit codes: 0 if it is proved, 2 if an action breaks it, 4 if that is not decided. Of a parameter without --param, every value
/// counts.
#[derive(Args)]
pub(crate) struct Prove {
    /// The task file or token
    of: Text,
    #[command(flatten)]
    claim: Claimed,
    #[command(flatten)]
    kind: Kind,
    #[command(flatten)]
    with: With,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Claimed {
    /// It is never allowed
    #[arg(long)]
    never: bool,
    /// It is never allowed before somebody has approved it
    #[arg(long)]
    only_with_approval: bool,
    /// It is never allowed but within this budget
    #[arg(long, value_name = "BUDGET")]
    within_budget: Option<String>,
}

impl Prove {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        let catalogs = self.with.catalogs()?;
        let vocabulary = vocabulary(&catalogs);
        let reviewed = Reviewed::read(&self.of, &self.with, &catalogs, now)?;
        let pattern = self.kind.pattern()?;
        let about = show::inline(&show::pattern(&pattern).into());
        let (claim, said) = match &self.claim {
            Claimed {
                within_budget: Some(name),
                ..
            } => {
                let budget = budget(&reviewed.scopes, name)?;
                (
                    Claim::WithinBudget(pattern, budget),
                    "only within its budget:",
                )
            }
            Claimed {
                only_with_approval: true,
                ..
            } => (
                Claim::OnlyWithApproval(pattern, None),
                "only with approval:",
            ),
            _ => (Claim::Never(pattern), "never:"),
        };
        let samples = samples(&[&reviewed], &[&claim], &vocabulary, &self.with)?;
        let subject = reviewed.subject();
        let proved = samples.prove(subject, &claim, &vocabulary, now, Effort::default());
        let proof = &proved.proof;
        let mut page = Page::default();
        let (verdict, tone, exit) = match proof {
            Proof::Proved => ("proved", Tone::Good, Exit::Clean),
            Proof::Refuted(_) => ("refuted", Tone::Bad, Exit::Deny),
            Proof::Undecided => ("undecided", Tone::Doubt, Exit::Undecided),
        };
        page.push(0, tone, verdict, "");
        page.field(1, said, about);
        let shown = match proof {
            Proof::Refuted(it) => Some(witness(
                &mut page,
                "it allows, for one:",
                it,
                proved.refuted_for.as_ref(),
            )),
            _ => None,
        };
        say_samples(&mut page, &samples);
        Ok(Answer::new(page, json!({ "proof": verdict, "witness": shown })).ending(exit))
    }
}

fn budget(scopes: &[Scope], name: &str) -> Outcome<Budget> {
    let conditions = scopes
        .iter()
        .flat_map(|scope| scope.require())
        .map(|it| it.condition());
    let mut budgets = conditions.filter_map(|it| match it {
        Condition::Budget(budget) => Some(budget),
        _ => None,
    });
    let found = budgets.find(|it| it.name().to_string() == name).cloned();
    found.ok_or_else(|| {
        let what = format!("there is no budget `{name}`");
        Failure::new("budget_unknown", what, "name one of its budgets")
    })
}
