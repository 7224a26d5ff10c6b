//! Changes to a scope of which it is known what they can make of it.

use std::time::Duration;

use bailiwick::scope::{
    ApprovalRule, ApproverGroup, Bounds, Budget, Capability, Closure, Condition, Constraint,
    DecimalRange, IntRange, Matcher, Measure, Pattern, Presence, Quantifier, Requirement,
    ResourcePattern, Scope, ScopeBuilder,
};

use super::Verdict;

/// A scope that was changed.
pub struct Change {
    pub what: String,
    pub scope: Scope,
    /// What a comparison with the scope before may say.
    pub possible: &'static [Verdict],
}

const EQUAL: &[Verdict] = &[Verdict::Equal];
const WIDER: &[Verdict] = &[Verdict::Wider];
const NARROWER: &[Verdict] = &[Verdict::Narrower];
/// Another line may demand the same, or grant it.
const NOT_NARROWER: &[Verdict] = &[Verdict::Wider, Verdict::Equal];
const NOT_WIDER: &[Verdict] = &[Verdict::Narrower, Verdict::Equal];

/// Every change of each kind that the scope has a place for.
pub fn of(scope: &Scope) -> Vec<Change> {
    let parts = Parts::of(scope);
    let mut all = Changes(Vec::new());
    parts.of_the_whole(&mut all);
    parts.of_lists(&mut all);
    parts.of_capabilities(&mut all);
    parts.of_requirements(&mut all);
    all.0
}

struct Changes(Vec<Change>);

impl Changes {
    /// A change after which there is no scope, as a line would stand twice, is none.
    fn add(
        &mut self,
        what: impl Into<String>,
        possible: &'static [Verdict],
        changed: &ScopeBuilder,
    ) {
        if let Ok(scope) = changed.clone().build() {
            let what = what.into();
            self.0.push(Change {
                what,
                scope,
                possible,
            });
        }
    }
}

#[derive(Clone)]
struct Parts<'s> {
    scope: &'s Scope,
    allow: Vec<Capability>,
    deny: Vec<Pattern>,
    require: Vec<Requirement>,
}

impl<'s> Parts<'s> {
    fn of(scope: &'s Scope) -> Self {
        Self {
            scope,
            allow: scope.allow().unwrap_or_default().to_vec(),
            deny: scope.deny().to_vec(),
            require: scope.require().to_vec(),
        }
    }

    fn built(self) -> ScopeBuilder {
        let mut scope = Scope::builder().allow_only(self.allow);
        scope = self.deny.into_iter().fold(scope, ScopeBuilder::deny);
        scope = self.require.into_iter().fold(scope, ScopeBuilder::require);
        let audience = self.scope.audience().unwrap_or_default();
        scope = scope.audience_only(audience.to_vec());
        if let Some(end) = self.scope.window().not_after() {
            scope = scope.not_after(end);
        }
        match self.scope.max_depth() {
            Some(depth) => scope.max_depth(depth),
            None => scope,
        }
    }

    /// The same with one part of it changed.
    fn with(&self, change: impl FnOnce(&mut Self)) -> ScopeBuilder {
        let mut parts = self.clone();
        change(&mut parts);
        parts.built()
    }

    fn of_the_whole(&self, all: &mut Changes) {
        let end = self.scope.window().not_after().unwrap();
        let same = || self.clone().built();
        let hour = Duration::from_secs(3600);
        all.add("an hour longer", WIDER, &same().not_after(end + hour));
        let shorter = end.saturating_sub(Duration::from_secs(1));
        all.add("a second shorter", NARROWER, &same().not_after(shorter));
        let signed = Requirement::new(Pattern::any(), Condition::Signature);
        all.add("always signed", NARROWER, &same().require(signed));
        let reversed = self.with(|it| {
            it.allow.reverse();
            it.deny.reverse();
            it.require.reverse();
        });
        all.add("in another order", EQUAL, &reversed);
    }

    fn of_lists(&self, all: &mut Changes) {
        for index in 0..self.deny.len() {
            let less = self.with(|it| drop(it.deny.remove(index)));
            all.add(
                format!("without deny entry {index}"),
                if self.deny.len() == 1 {
                    WIDER
                } else {
                    NOT_NARROWER
                },
                &less,
            );
        }
        for index in 0..self.require.len() {
            let less = self.with(|it| drop(it.require.remove(index)));
            all.add(format!("without requirement {index}"), NOT_NARROWER, &less);
        }
        for index in 0..self.allow.len() {
            let denied = Pattern::from(&self.allow[index]);
            let less = self.with(|it| it.deny.push(denied));
            // In doubt it denies what no capability grants, too.
            all.add(format!("denying capability {index}"), NARROWER, &less);
            if self.allow.len() > 1 {
                let less = self.with(|it| drop(it.allow.remove(index)));
                all.add(format!("without capability {index}"), NOT_WIDER, &less);
            }
        }
    }

    fn of_capabilities(&self, all: &mut Changes) {
        for (index, capability) in self.allow.iter().enumerate() {
            let everywhere: ResourcePattern = "**".parse().unwrap();
            let wide = rebuilt(capability, everywhere, None);
            let more = self.with(|it| it.allow.push(wide));
            all.add(
                format!("capability {index} on everything"),
                NOT_NARROWER,
                &more,
            );
            let arguments = capability.arguments().len();
            for place in 0..arguments + capability.attributes().len() {
                let own = capability.resource().clone();
                let looser = rebuilt(capability, own, Some(place));
                if looser != *capability {
                    let more = self.with(|it| it.allow[index] = looser);
                    let what = format!("capability {index} with limit {place} raised");
                    all.add(what, NOT_NARROWER, &more);
                }
            }
        }
    }

    fn of_requirements(&self, all: &mut Changes) {
        for (index, own) in self.require.iter().enumerate() {
            let replaced = |requirement| self.with(|it| it.require[index] = requirement);
            let tainted = replaced(own.clone().when_tainted());
            all.add(
                format!("requirement {index} when tainted"),
                NOT_NARROWER,
                &tainted,
            );
            if let Some(condition) = eased(own.condition()) {
                let mut easier = Requirement::new(own.pattern().clone(), condition);
                if own.when() == bailiwick::scope::When::Tainted {
                    easier = easier.when_tainted();
                }
                let what = format!("requirement {index} eased");
                all.add(what, NOT_NARROWER, &replaced(easier));
            }
        }
    }
}

/// One approval less, or one more of a budget.
fn eased(condition: &Condition) -> Option<Condition> {
    match condition {
        Condition::Approval(rule) => {
            let mut groups = rule.groups().to_vec();
            let last = groups.pop()?;
            match last.threshold() {
                1 => {}
                more => groups.push(ApproverGroup::new(more - 1, last.approvers().to_vec()).ok()?),
            }
            ApprovalRule::new(groups).ok().map(Condition::Approval)
        }
        Condition::Budget(budget) => {
            let (name, cap) = (budget.name().as_str(), budget.cap() + 1);
            let more = match budget.measure() {
                Measure::Uses => Budget::uses(name, cap),
                measure => Budget::sum(name, measure.clone(), cap),
            };
            let more = more.ok()?;
            match budget.window() {
                Some(window) => more.each(window).ok(),
                None => Some(more),
            }
            .map(Condition::Budget)
        }
        _ => None,
    }
}

/// The capability on this resource, with one of its constraints looser.
fn rebuilt(capability: &Capability, resource: ResourcePattern, loose: Option<usize>) -> Capability {
    let mut new = Capability::new(capability.target().clone(), resource);
    let arguments = capability.arguments().iter();
    for (place, constraint) in arguments.enumerate() {
        let constraint = loosened(constraint, loose == Some(place));
        new = new.with_argument(constraint).unwrap();
    }
    let before = capability.arguments().len();
    let attributes = capability.attributes().iter();
    for (place, constraint) in attributes.enumerate() {
        let constraint = loosened(constraint, loose == Some(before + place));
        new = new.with_attribute(constraint).unwrap();
    }
    match capability.closure() {
        Closure::Open => new.open_arguments(),
        Closure::Closed => new,
    }
}

fn loosened(constraint: &Constraint, is_meant: bool) -> Constraint {
    let matcher = Some(constraint.matcher()).filter(|_| is_meant);
    let Some(matcher) = matcher.and_then(looser) else {
        return constraint.clone();
    };
    let mut new = Constraint::at(constraint.path().clone(), matcher);
    if constraint.presence() == Presence::Optional {
        new = new.optional();
    }
    match constraint.quantifier() {
        Quantifier::Some => new.some().unwrap(),
        Quantifier::Every => new,
    }
}

/// What lets one more value through; of a label, any text.
fn looser(matcher: &Matcher) -> Option<Matcher> {
    let range = |own: &IntRange| match (own.min(), own.max()) {
        (min, Some(max)) => IntRange::new(min, max.checked_add(1)).ok(),
        (Some(min), None) => IntRange::new(min.checked_sub(1), None).ok(),
        (None, None) => None,
    };
    let bounds = |own: &Bounds| match own.max() {
        Some(max) => Bounds::new(own.min(), max.checked_add(1)).ok(),
        None => Bounds::new(own.min().checked_sub(1)?, None).ok(),
    };
    match matcher {
        Matcher::Int(own) => range(own).map(Matcher::Int),
        Matcher::Decimal(own) => {
            let range = DecimalRange::new(own.scale(), range(own.units())?);
            range.ok().map(Matcher::Decimal)
        }
        Matcher::TextLength(own) => bounds(own).map(Matcher::TextLength),
        Matcher::Count(own) => bounds(own).map(Matcher::Count),
        Matcher::Text(_) | Matcher::From(_) => Matcher::text_length(0, None).ok(),
        _ => None,
    }
}
