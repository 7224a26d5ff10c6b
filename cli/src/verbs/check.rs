//! `check` and `explain`: what a token would allow.

use std::path::PathBuf;
use std::str::FromStr;

use bailiwick::action::{Action, quoted};
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverPublicKey;
use bailiwick::revoke::Revocations as _;
use bailiwick::scope::{
    BudgetName, Condition, Context, DueKind, Label, Layers, Origin, Possession, Reason, Seen,
    Spending, Spent, Verdict, evaluate,
};
use bailiwick::token::{Limits, Token};
use bailiwick::verify::{TokenAtRest, VerifyError};
use clap::Args;
use serde_json::{Value, json};

use super::asked::Wish;
use crate::answer::{Answer, Exit, Page, Tone};
use crate::failure::{Failure, Outcome, coded};
use crate::io::Text;
use crate::show;
use crate::trust::Trust;

/// Say whether a token allows an action, now or at another time
///
/// Its holder is taken to sign for the call itself. What is not said of approvals, notes and taint is taken not to be.
#[derive(Args)]
pub(crate) struct Check {
    /// Whom to trust, in TOML
    #[arg(long, value_name = "FILE")]
    roots: PathBuf,
    /// The token: the text itself, a file, or `-`
    #[arg(long, value_name = "TOKEN")]
    token: Text,
    #[command(flatten)]
    wish: Wish,
    /// As if this approver had approved; once for each
    #[arg(long, value_name = "KEY")]
    approved_by: Vec<ApproverPublicKey>,
    /// As if the task had read what is marked as untrusted
    #[arg(long)]
    tainted: bool,
    /// As if a service had noted this value; once for each
    #[arg(long, value_name = "LABEL=VALUE")]
    seen: Vec<SeenValue>,
    /// As if so much of this budget were spent, and nothing of those that are not named; once for each
    #[arg(long, value_name = "BUDGET=N")]
    spent: Vec<SpentOf>,
}

/// `LABEL=VALUE`.
#[derive(Clone)]
struct SeenValue(Label, String);

impl FromStr for SeenValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (label, value) = text.split_once('=').ok_or("write LABEL=VALUE")?;
        let label = Label::new(label).map_err(|error| error.to_string())?;
        Ok(Self(label, value.to_owned()))
    }
}

/// `BUDGET=N`.
#[derive(Clone)]
struct SpentOf(String, i64);

impl FromStr for SpentOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, amount) = text.split_once('=').ok_or("write BUDGET=N")?;
        let amount = amount.parse().map_err(|_| "N is a whole number")?;
        Ok(Self(name.to_owned(), amount))
    }
}

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    Verdict,
    EachHop,
}

impl Check {
    pub(crate) fn run(self, now: Timestamp) -> Outcome<Answer> {
        self.answer(Detail::Verdict, now)
    }

    pub(crate) fn explain(self, now: Timestamp) -> Outcome<Answer> {
        self.answer(Detail::EachHop, now)
    }

    fn answer(&self, detail: Detail, now: Timestamp) -> Outcome<Answer> {
        let trust = Trust::read(&self.roots, now)?;
        for approver in &self.approved_by {
            trust.check_approver(approver)?;
        }
        let token = Token::parse(&self.token.read()?, &Limits::default());
        let token = coded!(token, "ask whoever sent it for the whole token")?;
        let (service, actions) = self.wish.actions()?;

        let checked = TokenAtRest::check(token, &trust.ring, now).and_then(|checked| {
            checked.check_use(&service, now)?;
            checked.check_revocation(&trust.revocations, now)?;
            Ok(checked)
        });
        let checked = match checked {
            Ok(checked) => checked,
            Err(error) => return Ok(refused(&error, &actions)),
        };
        let key = checked.root().key();
        let brakes = trust.revocations.brakes(key, &service, now);
        let layers = Layers {
            ceiling: checked.ceiling(),
            blocks: checked.contents().scopes(),
            house: None,
            brakes: brakes.as_deref(),
        };
        let seen = self.seen_values();
        let spent = self.spent_of(layers)?;
        let all: Vec<&[ApproverPublicKey]> = vec![&self.approved_by; actions.len()];
        let mut context = Context::at(now);
        context.approved_by = &all;
        context.seen = &seen;
        context.tainted = self.tainted;
        context.possession = Possession::Signature;
        if !self.spent.is_empty() {
            context.spending = Spending::Known(&spent);
        }
        let verdict = evaluate(layers, &actions, &context);
        let mut answer = told(&verdict, &actions, detail, layers);
        self.say_given(&mut answer);
        Ok(answer)
    }

    /// What the answer rests on beside the token: it is another one if something else is so.
    fn say_given(&self, answer: &mut Answer) {
        let tainted = if self.tainted {
            "tainted"
        } else {
            "not tainted"
        };
        let budgets = match self.spent.len() {
            0 => "budgets not asked".to_owned(),
            some => format!("budgets with {some} spent from"),
        };
        let given = format!(
            "{tainted}, approvals by {}, {} noted values, {budgets}",
            self.approved_by.len(),
            self.seen.len()
        );
        answer.page.field(1, "given:", given);
        if let Some(json) = answer.json.as_object_mut() {
            let seen = self
                .seen
                .iter()
                .map(|SeenValue(label, value)| json!([label.to_string(), value]));
            let spent = self
                .spent
                .iter()
                .map(|SpentOf(name, amount)| json!([name, amount]));
            let given = json!({
                "approved_by": self.approved_by,
                "tainted": self.tainted,
                "seen": seen.collect::<Vec<_>>(),
                "spent": spent.collect::<Vec<_>>(),
            });
            json.insert("given".to_owned(), given);
        }
    }

    fn seen_values(&self) -> Seen {
        let mut seen = Seen::new();
        for SeenValue(label, value) in &self.seen {
            seen.note(label.clone(), value.as_str());
        }
        seen
    }

    /// Every budget of the layers, with what was said of it or nothing.
    fn spent_of<'a>(&self, layers: Layers<'a>) -> Outcome<Vec<Spent<'a>>> {
        let budgets: Vec<(Origin, &BudgetName)> = layers
            .iter()
            .flat_map(|(origin, scope)| scope.require().iter().map(move |it| (origin, it)))
            .filter_map(|(origin, it)| match it.condition() {
                Condition::Budget(budget) => Some((origin, budget.name())),
                _ => None,
            })
            .collect();
        let unknown = |name: &&SpentOf| budgets.iter().all(|(_, it)| it.to_string() != name.0);
        if let Some(SpentOf(name, _)) = self.spent.iter().find(unknown) {
            let what = format!("there is no budget `{name}`");
            return Err(Failure::new(
                "budget_unknown",
                what,
                "see `bailiwick inspect` for its budgets",
            ));
        }
        let said = |name: &BudgetName| {
            let said = self.spent.iter().rev().find(|it| it.0 == name.to_string());
            said.map_or(0, |it| it.1)
        };
        let each = budgets.iter().map(|(origin, name)| Spent {
            origin: *origin,
            name,
            amount: said(name),
        });
        Ok(each.collect())
    }
}

/// The token is of no use here and now, whatever it says.
fn refused(error: &VerifyError, actions: &[Action]) -> Answer {
    let (mut page, code) = (Page::default(), error.code());
    page.push(0, Tone::Bad, "deny", format!("[{code}] {error}"));
    for action in actions {
        show::action_lines(&mut page, 1, action);
    }
    let json = json!({
        "decision": "deny",
        "code": code,
        "message": error.to_string(),
        "actions": actions.iter().map(show::action).collect::<Vec<_>>(),
        "reasons": [],
    });
    Answer::new(page, json).ending(Exit::Deny)
}

fn told(verdict: &Verdict<'_>, actions: &[Action], detail: Detail, layers: Layers<'_>) -> Answer {
    let mut page = Page::default();
    let (exit, mut json) = match verdict {
        Verdict::Allow(dues) => {
            page.push(0, Tone::Good, "allow", "");
            let dues = dues.iter().map(|due| {
                let what = match due.kind {
                    DueKind::Approval(_) => "the approval is used up".to_owned(),
                    DueKind::Spend(budget, amount) => {
                        format!(
                            "{amount} of budget {} is spent",
                            quoted(&budget.name().to_string())
                        )
                    }
                    _ => "something else is settled".to_owned(),
                };
                format!("{what} ({})", due.origin)
            });
            let dues: Vec<String> = dues.collect();
            dues.iter().for_each(|due| page.field(1, "due:", due));
            (Exit::Clean, json!({ "decision": "allow", "dues": dues }))
        }
        Verdict::Deny(reasons) => {
            let code = reasons
                .first()
                .map_or("denied", |reason| reason.code.as_str());
            page.push(0, Tone::Bad, "deny", format!("[{code}]"));
            for reason in reasons {
                page.field(1, "because", because(reason, actions.len()));
            }
            (
                Exit::Deny,
                json!({ "decision": "deny", "code": code, "reasons": reasons }),
            )
        }
    };
    for action in actions {
        show::action_lines(&mut page, 1, action);
    }
    if let Some(json) = json.as_object_mut() {
        let shown: Vec<Value> = actions.iter().map(show::action).collect();
        json.insert("actions".to_owned(), shown.into());
        if detail == Detail::EachHop {
            json.insert(
                "hops".to_owned(),
                hops(&mut page, verdict, layers, actions.len()),
            );
        }
    }
    Answer::new(page, json).ending(exit)
}

fn because(reason: &Reason, actions: usize) -> String {
    match actions {
        0 | 1 => reason.to_string(),
        _ => format!("action {}: {reason}", reason.action.saturating_add(1)),
    }
}

/// What each hop says, from the ceiling of the root to what is stopped for everybody.
fn hops(page: &mut Page, verdict: &Verdict<'_>, layers: Layers<'_>, actions: usize) -> Value {
    let reasons = match verdict {
        Verdict::Deny(reasons) => reasons.as_slice(),
        Verdict::Allow(_) => &[],
    };
    let hop = |(origin, _): (Origin, _)| {
        let own: Vec<&Reason> = reasons
            .iter()
            .filter(|reason| reason.origin == origin)
            .collect();
        let label = format!("{origin}:");
        match own.is_empty() {
            true => page.push(1, Tone::Good, &label, "allows"),
            false => page.push(1, Tone::Bad, &label, "denies"),
        }
        for reason in &own {
            page.field(2, &format!("[{}]", reason.code), because(reason, actions));
            let missing = serde_json::to_value(&reason.missing).unwrap_or_default();
            page.field(2, "missing", show::inline(&missing));
        }
        json!({ "origin": origin, "allows": own.is_empty(), "reasons": own })
    };
    layers.iter().map(hop).collect()
}
