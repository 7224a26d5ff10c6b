//! What a reviewer should look at twice.

mod overlap;
mod rule;

pub use rule::{Level, Rule};

use std::cell::RefCell;

use super::compare::{Beyond, search};
use super::effort::{Effort, Steps};
use super::formula::Formula;
use super::literal::Literal;
use super::vocabulary::Vocabulary;
use super::wording;
use crate::action::Effect;
use crate::clock::Timestamp;
use crate::scope::{Capability, Clause, Condition, Layers, Pattern, Requirement, Scope, Tail};

/// Something in a scope that a reviewer should look at twice. See [`lint`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lint {
    /// Which rule says so.
    pub rule: Rule,
    /// Of which part of the scope; none if of the whole.
    pub clause: Option<Clause>,
    /// What was found, on one line, with text from the scope escaped.
    pub message: String,
}

/// Finds what a reviewer should look at twice in the scope of a first block, at the time when it
/// would be minted.
///
/// Nothing is found by how it looks where it can be decided what it does: a line is called
/// unreachable if no action whatever passes it. All questions share the effort, and what would take
/// more is passed over, as a lint is advice.
///
/// ```
/// use bailiwick::clock::Timestamp;
/// use bailiwick::review::{Effort, Rule, lint};
/// use bailiwick::scope::{Capability, Clause, Pattern, Scope};
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let scope = Scope::builder()
///     .allow(Capability::operation("forum.read", "forum/**")?)
///     .allow(Capability::operation("forum.read", "forum/thread/42")?)
///     .max_depth(0)
///     .not_after(Timestamp::from_unix_seconds(1_800_000_900)?)
///     .build()?;
/// let found = lint(&scope, now, Effort::default());
/// assert_eq!(found.len(), 1);
/// assert_eq!((found[0].rule, found[0].clause), (Rule::Redundant, Some(Clause::Allow(1))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lint(scope: &Scope, now: Timestamp, effort: Effort) -> Vec<Lint> {
    Vocabulary::everything().lint(scope, now, effort)
}

/// Effects that others see, that cost, or that cannot be taken back.
const GRAVE: [Effect; 5] = [
    Effect::Publish,
    Effect::Send,
    Effect::Delete,
    Effect::Pay,
    Effect::Admin,
];

/// Longer tasks outlive what they were granted for.
const LONG_S: u64 = 24 * 60 * 60;
/// In less time hardly anybody answers.
const SHORT_S: u64 = 5 * 60;

pub(super) fn lint_in(
    vocabulary: &Vocabulary,
    scope: &Scope,
    now: Timestamp,
    effort: Effort,
) -> Vec<Lint> {
    let blocks = std::slice::from_ref(scope);
    let linter = Linter {
        vocabulary,
        scope,
        layers: Layers::blocks(blocks),
        steps: RefCell::new(Steps::new(effort)),
        found: Vec::new(),
    };
    linter.run(now)
}

struct Linter<'a> {
    vocabulary: &'a Vocabulary,
    scope: &'a Scope,
    layers: Layers<'a>,
    steps: RefCell<Steps>,
    found: Vec<Lint>,
}

impl<'a> Linter<'a> {
    fn run(mut self, now: Timestamp) -> Vec<Lint> {
        let allow = self.scope.allow().unwrap_or_default();
        for (index, capability) in allow.iter().enumerate() {
            self.capability(index, capability, allow);
        }
        self.deny_entries();
        for (index, requirement) in self.scope.require().iter().enumerate() {
            self.requirement(index, requirement);
        }
        self.whole(now);
        self.overlaps(allow);
        self.found
    }

    fn capability(&mut self, index: usize, capability: &'a Capability, allow: &'a [Capability]) {
        let clause = Some(Clause::Allow(index));
        let granted = || Formula::granted_by(capability);
        if self.is_impossible(vec![granted(), Formula::allowed_by(&self.layers)]) {
            let mut message = wording::capability(capability);
            let taken = |deny: &&Pattern| {
                self.is_impossible(vec![granted(), Formula::matched_by(deny).negation()])
            };
            if let Some(index) = self.scope.deny().iter().position(|it| taken(&it)) {
                message.push_str(&format!("; deny entry {index} takes back all of it"));
            }
            self.add(Rule::Unreachable, clause, message);
            return;
        }
        // A line with a condition of its own is a limit: the condition is.
        let own = Pattern::from(capability);
        let is_condition = |it: &Requirement| *it.pattern() == own;
        let has_condition = self.scope.require().iter().any(is_condition);
        let others = allow
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index && !has_condition);
        for (other, wider) in others {
            // Of two that are the same, the later one is too much.
            let beyond = |a, b| vec![Formula::granted_by(a), Formula::granted_by(b).negation()];
            if self.is_impossible(beyond(capability, wider))
                && (other < index || !self.is_impossible(beyond(wider, capability)))
            {
                let message = format!("all of it is granted by capability {other}");
                self.add(Rule::Redundant, clause, message);
                break;
            }
        }
        let resource = capability.resource();
        if resource.segments().is_empty() && resource.tail() == Tail::Open {
            self.add(Rule::WideResource, clause, wording::capability(capability));
        }
        self.grave(index, capability);
    }

    /// What is worse than others if it is wrong.
    fn grave(&mut self, index: usize, capability: &'a Capability) {
        let clause = Some(Clause::Allow(index));
        let named = capability.target().effect();
        if named.is_none() && self.vocabulary.is_everything() {
            // Without a catalog any operation could have any effect.
            return;
        }
        let vocabulary = self.vocabulary;
        let grave = GRAVE.map(|effect| {
            let is_one = Formula::Is(Literal::Effect(effect, true));
            (effect, is_one, effect.to_string())
        });
        let irreversible = vocabulary.irreversible().map(|(effect, is_one)| {
            let said = format!("{effect}, irreversible");
            (effect, is_one, said)
        });
        for (effect, is_one, said) in grave.into_iter().chain(irreversible) {
            if named.is_some_and(|named| named != effect) {
                continue;
            }
            let budgets = self.scope.require().iter().filter(|it| is_budget(it));
            let mut free = vec![
                is_one,
                Formula::granted_by(capability),
                Formula::allowed_by(&self.layers),
                Formula::Is(Literal::Nobody),
            ];
            free.extend(budgets.map(|it| Formula::applies(it).negation()));
            if let Beyond::Case(witness) = self.ask(free) {
                let operation = wording::operation(witness.action().operation());
                let message = format!("{operation} ({said}) needs neither approval nor budget");
                self.add(Rule::Unguarded, clause, message);
                if capability.closure() == crate::scope::Closure::Open {
                    let message = format!("{operation} ({said}) takes any arguments");
                    self.add(Rule::OpenArguments, clause, message);
                }
                return;
            }
        }
    }

    fn deny_entries(&mut self) {
        for (index, pattern) in self.scope.deny().iter().enumerate() {
            if self.is_impossible(vec![self.granted(), Formula::matched_by(pattern)]) {
                let message = wording::pattern(pattern);
                self.add(Rule::Idle, Some(Clause::Deny(index)), message);
            }
        }
    }

    fn requirement(&mut self, index: usize, requirement: &'a Requirement) {
        let clause = Some(Clause::Require(index));
        if self.is_impossible(vec![self.granted(), Formula::applies(requirement)]) {
            let message = wording::pattern(requirement.pattern());
            self.add(Rule::Idle, clause, message);
        }
        if let Condition::Approval(rule) = requirement.condition() {
            let alone = rule.groups().iter().find(|it| it.approvers().len() == 1);
            if let Some(key) = alone.and_then(|group| group.approvers().first()) {
                let message = format!("nobody but {key} can approve");
                self.add(Rule::SingleApprover, clause, message);
            }
        }
    }

    fn whole(&mut self, now: Timestamp) {
        if self.scope.max_depth().is_none() {
            let message = "it may be handed on without end".to_owned();
            self.add(Rule::NoDepthLimit, None, message);
        }
        let Some(end) = self.scope.window().not_after() else {
            return;
        };
        let life = end.saturating_since(now).as_secs();
        let clause = Some(Clause::Window);
        if life > LONG_S {
            let message = format!("it lives for {} hours", life / 3600);
            self.add(Rule::LongLife, clause, message);
        }
        let asks = |it: &Requirement| matches!(it.condition(), Condition::Approval(_));
        if life < SHORT_S && self.scope.require().iter().any(asks) {
            let message = format!("it lives for {life} seconds, and asks people");
            self.add(Rule::ShortToAsk, clause, message);
        }
    }

    /// What the capabilities grant, before anything denies it.
    fn granted(&self) -> Formula<'a> {
        let allow = self.scope.allow().unwrap_or_default().iter();
        Formula::Any(allow.map(Formula::granted_by).collect())
    }

    fn is_impossible(&self, all: Vec<Formula<'a>>) -> bool {
        self.ask(all) == Beyond::Nothing
    }

    fn ask(&self, mut all: Vec<Formula<'a>>) -> Beyond {
        all.push(self.vocabulary.formula());
        search(&Formula::All(all), &mut self.steps.borrow_mut(), |_| true)
    }

    fn add(&mut self, rule: Rule, clause: Option<Clause>, message: String) {
        self.found.push(Lint {
            rule,
            clause,
            message,
        });
    }
}

fn is_budget(requirement: &Requirement) -> bool {
    matches!(requirement.condition(), Condition::Budget(_))
}
