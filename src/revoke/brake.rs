//! Brakes: what is stopped for everybody.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::action::Service;
use crate::scope::{Pattern, Scope, ScopeError};
use crate::token::brake::{decode_deny, encode_deny};

/// Stops what a pattern matches, for every token, at one service or at all.
///
/// It matches when in doubt, like any deny entry.
///
/// ```
/// use bailiwick::action::Effect;
/// use bailiwick::revoke::Brake;
/// use bailiwick::scope::Pattern;
///
/// // Nobody sends anything at the forum, for now.
/// let sends = Brake::new(Pattern::any().with_effect(Effect::Send))?.at("forum.example".parse()?);
/// assert_eq!(sends.service().map(|service| service.as_str()), Some("forum.example"));
///
/// // To stop everything, say so.
/// assert!(Brake::new(Pattern::any()).is_err());
/// assert!(Brake::new(Pattern::any().resource("**")?).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Brake {
    service: Option<Service>,
    /// The pattern's one spelling.
    pattern: Arc<[u8]>,
}

/// Why a pattern is no brake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BrakeError {
    /// The pattern is none that a deny entry could have.
    #[error(transparent)]
    Pattern(#[from] ScopeError),
    /// The pattern is too long.
    #[error("the brake takes {found} bytes, the limit is {}", Brake::MAX_BYTES)]
    TooLong {
        /// The bytes that it takes.
        found: usize,
    },
    /// The pattern cannot be written in the format.
    #[error("the brake's pattern cannot be written in the format")]
    Encoding,
}

impl Brake {
    /// The most bytes that a pattern takes.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Stops what the pattern matches at every service.
    ///
    /// # Errors
    ///
    /// [`BrakeError`] if the pattern is [`Pattern::any`], or too long.
    pub fn new(pattern: Pattern) -> Result<Self, BrakeError> {
        let bytes = encode_deny(&pattern)?;
        if bytes.len() > Self::MAX_BYTES {
            let found = bytes.len();
            return Err(BrakeError::TooLong { found });
        }
        Self::from_bytes(None, &bytes).ok_or(BrakeError::Encoding)
    }

    /// Stops it at this service alone.
    #[must_use]
    pub fn at(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// The service, if it is for one alone.
    pub fn service(&self) -> Option<&Service> {
        self.service.as_ref()
    }

    /// What it stops.
    pub fn pattern(&self) -> Pattern {
        // The bytes were read when the brake was made.
        decode_deny(&self.pattern).unwrap_or_default()
    }

    pub(super) fn pattern_bytes(&self) -> &[u8] {
        &self.pattern
    }

    pub(super) fn from_bytes(service: Option<Service>, bytes: &[u8]) -> Option<Self> {
        let fits = bytes.len() <= Self::MAX_BYTES && decode_deny(bytes).is_some();
        fits.then(|| Self {
            service,
            pattern: bytes.into(),
        })
    }
}

impl fmt::Debug for Brake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Brake")
            .field("service", &self.service)
            .field("pattern", &self.pattern())
            .finish()
    }
}

/// Brakes, ready to be decided by: nothing but deny entries can be among them.
#[derive(Clone, Debug, Default)]
pub struct Brakes {
    brakes: Vec<Brake>,
    everywhere: Option<Arc<Scope>>,
    /// Those for one service, together with those for all.
    at: BTreeMap<Service, Arc<Scope>>,
}

impl Brakes {
    /// These brakes, each once.
    pub fn new(brakes: impl IntoIterator<Item = Brake>) -> Self {
        let mut all: Vec<_> = brakes.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        let scope = |wanted: Option<&Service>| {
            let applies = |brake: &&Brake| brake.service.is_none() || brake.service() == wanted;
            let deny: Vec<_> = all.iter().filter(applies).map(Brake::pattern).collect();
            (!deny.is_empty()).then(|| Arc::new(Scope::denying(deny)))
        };
        let everywhere = scope(None);
        let services = all.iter().filter_map(Brake::service);
        let at = services.filter_map(|service| Some((service.clone(), scope(Some(service))?)));
        let at = at.collect();
        Self {
            everywhere,
            at,
            brakes: all,
        }
    }

    /// What is stopped at a service, as a scope of deny entries alone.
    pub fn scope(&self, service: &Service) -> Option<&Arc<Scope>> {
        self.at.get(service).or(self.everywhere.as_ref())
    }

    /// Each of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Brake> {
        self.brakes.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.brakes.is_empty()
    }
}

/// Two sources stop what either stops.
pub(super) fn both(one: Option<Arc<Scope>>, other: Option<Arc<Scope>>) -> Option<Arc<Scope>> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let deny = one.deny().iter().chain(other.deny()).cloned().collect();
            Some(Arc::new(Scope::denying(deny)))
        }
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Effect;
    use crate::scope::{Constraint, Matcher};
    use crate::testing::forum;

    fn brake(effect: Effect) -> Brake {
        Brake::new(Pattern::any().with_effect(effect)).unwrap()
    }

    #[test]
    fn a_brake_keeps_its_pattern() {
        let to = Constraint::new("to.*", Matcher::text("*@evil.com").unwrap()).unwrap();
        for pattern in [
            Pattern::any().with_effect(Effect::Pay),
            Pattern::any().operation("mail.*").unwrap(),
            Pattern::any().resource("forum/thread/42/**").unwrap(),
            Pattern::any().with_argument(to.if_present()).unwrap(),
        ] {
            assert_eq!(Brake::new(pattern.clone()).unwrap().pattern(), pattern);
        }
    }

    #[test]
    fn a_brake_on_nothing_in_particular_is_refused() {
        let error = Brake::new(Pattern::any()).unwrap_err();
        assert_eq!(error, BrakeError::Pattern(ScopeError::EmptyDeny));
    }

    #[test]
    fn a_long_brake_is_refused() {
        let long = "x".repeat(Brake::MAX_BYTES);
        let pattern = Pattern::any().argument("text", Matcher::equals(long.as_str()));
        let error = Brake::new(pattern.unwrap()).unwrap_err();
        assert!(matches!(error, BrakeError::TooLong { .. }), "{error}");
    }

    #[test]
    fn bytes_that_deny_nothing_or_more_than_one_thing_are_no_brake() {
        let bytes = brake(Effect::Pay).pattern_bytes().to_vec();
        assert!(Brake::from_bytes(None, &bytes).is_some());
        assert!(Brake::from_bytes(None, &[]).is_none());
        for end in 0..bytes.len() {
            assert!(Brake::from_bytes(None, &bytes[..end]).is_none(), "{end}");
        }
        assert!(Brake::from_bytes(None, &[&bytes[..], &bytes[..]].concat()).is_none());
    }

    #[test]
    fn a_brake_for_one_service_stops_nothing_at_another() {
        let brakes = Brakes::new([
            brake(Effect::Send),
            brake(Effect::Pay).at(forum()),
            brake(Effect::Send),
        ]);
        assert_eq!(brakes.iter().len(), 2);
        let mail = "mail.example".parse().unwrap();
        assert_eq!(brakes.scope(&forum()).unwrap().deny().len(), 2);
        assert_eq!(brakes.scope(&mail).unwrap().deny().len(), 1);
        let brakes = Brakes::new([brake(Effect::Pay).at(forum())]);
        assert!(brakes.scope(&mail).is_none());
        assert!(Brakes::new([]).scope(&forum()).is_none());
    }

    #[test]
    fn of_two_sources_both_stop() {
        let scope = |effect| Brakes::new([brake(effect)]).scope(&forum()).cloned();
        let merged = both(scope(Effect::Send), scope(Effect::Pay)).unwrap();
        assert_eq!(merged.deny().len(), 2);
        assert!(both(None, None).is_none());
        assert_eq!(both(None, scope(Effect::Pay)), scope(Effect::Pay));
    }
}
