//! What a block says.

use std::time::Duration;

use super::{Capability, Condition, Pattern, Requirement, ScopeError};
use crate::action::Service;
use crate::clock::Timestamp;

/// What a block says: what is allowed, what is denied, what must hold, when, for which services,
/// and how far it may be delegated.
///
/// A token permits an action when the scope of every block does, so a further scope can only
/// narrow. Leaving something out adds no restriction; the first block of a token must have
/// `allow`, an end time and an audience.
///
/// ```
/// use bailiwick::clock::Timestamp;
/// use bailiwick::scope::{Capability, Pattern, Scope, ScopeError};
/// let scope = Scope::builder()
///     .allow(Capability::operation("forum.*", "forum/thread/42/**")?)
///     .deny(Pattern::any().operation("forum.publish")?)
///     .audience("forum.example".parse()?)
///     .not_after(Timestamp::from_unix_seconds(1_800_000_000)?)
///     .build()?;
/// assert_eq!(Scope::builder().allow_only([]).build(), Err(ScopeError::EmptyAllow));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Scope {
    allow: Option<Vec<Capability>>,
    deny: Vec<Pattern>,
    require: Vec<Requirement>,
    window: Window,
    audience: Option<Vec<Service>>,
    max_depth: Option<u32>,
}

/// When a scope holds: from `not_before`, included, to `not_after`, excluded, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Window {
    not_before: Option<Timestamp>,
    not_after: Option<Timestamp>,
}

impl Window {
    /// From when on, if it says so.
    pub fn not_before(&self) -> Option<Timestamp> {
        self.not_before
    }

    /// From when on no more, if it says so.
    pub fn not_after(&self) -> Option<Timestamp> {
        self.not_after
    }

    /// The start, if it is still to come.
    pub(crate) fn not_yet(&self, now: Timestamp) -> Option<Timestamp> {
        let now = now.unix_seconds();
        self.not_before.filter(|start| now < start.unix_seconds())
    }

    /// The end, if it has come.
    pub(crate) fn over(&self, now: Timestamp) -> Option<Timestamp> {
        let now = now.unix_seconds();
        self.not_after.filter(|end| now >= end.unix_seconds())
    }
}

impl Scope {
    /// The most capabilities, deny entries, or requirements in one block.
    pub const MAX_ENTRIES: usize = 64;
    /// The most audiences in one block.
    pub const MAX_AUDIENCES: usize = 64;

    /// Begins a scope that restricts nothing.
    pub fn builder() -> ScopeBuilder {
        ScopeBuilder::default()
    }

    /// A scope that only denies. Each pattern was checked before; there may be many.
    pub(crate) fn denying(deny: Vec<Pattern>) -> Scope {
        Scope {
            deny,
            ..Self::default()
        }
    }

    /// What is granted; `None` in a later block adds no restriction.
    pub fn allow(&self) -> Option<&[Capability]> {
        self.allow.as_deref()
    }

    /// What is denied whatever else is granted.
    pub fn deny(&self) -> &[Pattern] {
        &self.deny
    }

    /// What must hold.
    pub fn require(&self) -> &[Requirement] {
        &self.require
    }

    /// When it holds.
    pub fn window(&self) -> Window {
        self.window
    }

    /// For which services; `None` in a later block adds no restriction.
    pub fn audience(&self) -> Option<&[Service]> {
        self.audience.as_deref()
    }

    /// How many blocks the whole token may have after its first.
    pub fn max_depth(&self) -> Option<u32> {
        self.max_depth
    }

    /// Turns it back into a builder, to change it.
    pub fn into_builder(self) -> ScopeBuilder {
        ScopeBuilder(self)
    }
}

/// Builds a [`Scope`]; nothing is checked before [`build`](Self::build).
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct ScopeBuilder(Scope);

impl ScopeBuilder {
    /// Grants one more capability.
    pub fn allow(mut self, capability: Capability) -> Self {
        self.0.allow.get_or_insert_default().push(capability);
        self
    }

    /// Grants exactly these capabilities.
    pub fn allow_only(mut self, capabilities: impl IntoIterator<Item = Capability>) -> Self {
        self.0.allow = Some(capabilities.into_iter().collect());
        self
    }

    /// Denies what the pattern matches, even in doubt.
    pub fn deny(mut self, pattern: Pattern) -> Self {
        self.0.deny.push(pattern);
        self
    }

    /// Demands one more thing.
    pub fn require(mut self, requirement: Requirement) -> Self {
        self.0.require.push(requirement);
        self
    }

    /// Demands `condition` of exactly what `capability` grants, and grants it.
    pub fn allow_with(self, capability: Capability, condition: Condition) -> Self {
        let pattern = Pattern::from(&capability);
        self.allow(capability)
            .require(Requirement::new(pattern, condition))
    }

    /// Not before this time, rounded up to whole seconds.
    pub fn not_before(mut self, time: Timestamp) -> Self {
        self.0.window.not_before = Some(ceil_to_second(time));
        self
    }

    /// No more from this time on, rounded down to whole seconds.
    pub fn not_after(mut self, time: Timestamp) -> Self {
        self.0.window.not_after = Some(floor_to_second(time));
        self
    }

    /// One more service that may accept it.
    pub fn audience(mut self, service: Service) -> Self {
        self.0.audience.get_or_insert_default().push(service);
        self
    }

    /// Exactly these services may accept it.
    pub fn audience_only(mut self, services: impl IntoIterator<Item = Service>) -> Self {
        self.0.audience = Some(services.into_iter().collect());
        self
    }

    /// At most so many blocks after the first in the whole token; 0 forbids delegation.
    pub fn max_depth(mut self, blocks: u32) -> Self {
        self.0.max_depth = Some(blocks);
        self
    }

    /// The scope.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] says what contradicts itself, stands twice, or is too much.
    pub fn build(self) -> Result<Scope, ScopeError> {
        let mut scope = self.0;
        if let Some(allow) = &mut scope.allow {
            if allow.is_empty() {
                return Err(ScopeError::EmptyAllow);
            }
            limit("capabilities", allow.len(), Scope::MAX_ENTRIES)?;
            allow.iter_mut().for_each(Capability::normalize);
            once(allow, |_| "a capability".to_owned())?;
        }
        limit("deny entries", scope.deny.len(), Scope::MAX_ENTRIES)?;
        if scope.deny.iter().any(Pattern::is_any) {
            return Err(ScopeError::EmptyDeny);
        }
        once(&scope.deny, |_| "a deny entry".to_owned())?;
        limit("requirements", scope.require.len(), Scope::MAX_ENTRIES)?;
        once(&scope.require, |_| "a requirement".to_owned())?;
        once(&scope.budget_names(), |name| (*name).to_owned())?;
        if let Some(audience) = &scope.audience {
            if audience.is_empty() {
                return Err(ScopeError::EmptyAudience);
            }
            limit("audiences", audience.len(), Scope::MAX_AUDIENCES)?;
            once(audience, ToString::to_string)?;
        }
        match scope.window {
            Window {
                not_before: Some(start),
                not_after: Some(end),
            } if start >= end => Err(ScopeError::EmptyWindow),
            _ => Ok(scope),
        }
    }
}

impl Scope {
    fn budget_names(&self) -> Vec<&str> {
        self.require
            .iter()
            .filter_map(|requirement| match requirement.condition() {
                Condition::Budget(budget) => Some(budget.name().as_str()),
                _ => None,
            })
            .collect()
    }
}

fn floor_to_second(time: Timestamp) -> Timestamp {
    Timestamp::from_unix_seconds(time.unix_seconds()).unwrap_or(time)
}

fn ceil_to_second(time: Timestamp) -> Timestamp {
    let floor = floor_to_second(time);
    if floor == time {
        return time;
    }
    floor_to_second(floor.saturating_add(Duration::from_secs(1)))
}

fn limit(what: &'static str, found: usize, limit: usize) -> Result<(), ScopeError> {
    if found > limit {
        return Err(ScopeError::TooMany { what, found, limit });
    }
    Ok(())
}

fn once<T: PartialEq>(all: &[T], name: impl Fn(&T) -> String) -> Result<(), ScopeError> {
    for (index, one) in all.iter().enumerate() {
        if all.iter().skip(index + 1).any(|other| other == one) {
            return Err(ScopeError::Duplicate(name(one)));
        }
    }
    Ok(())
}
