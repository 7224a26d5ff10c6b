//! What a reviewer should look at twice in a task file, and what its writers say to it.

use super::{Manifest, ManifestError, Parameters, Place, Samples, Subject};
use crate::clock::Timestamp;
use crate::review::{Effort, Lint, Rule};
use crate::scope::Scope;

/// Of more sets of values the first ones count: a lint is advice.
const MOST_SETS: usize = 32;

/// Something in a task file that a reviewer should look at twice. See [`Manifest::lint`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remark {
    /// What was found in its scope.
    pub lint: Lint,
    /// The rule of the file that it is about; none if it is about the whole.
    pub place: Option<Place>,
    /// Why the file says that it is right so, in words of its writers, on one line.
    pub excuse: Option<String>,
}

/// Words of the file for a finding that it wants to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excuse {
    pub(super) rule: Rule,
    pub(super) words: String,
    /// The rule of the file that it stands on; none at the top.
    pub(super) of: Option<Place>,
    /// Where it stands itself.
    pub(super) place: Place,
}

impl Manifest {
    /// Finds what a reviewer should look at twice in a task of this kind, at this time, with these values and whatever values its
    /// other parameters have.
    ///
    /// A line is idle, unreachable, redundant or overlaps if it is so for all of them; anything else is found if it is so for
    /// some.
    ///
    /// As [`Vocabulary::lint`](crate::review::Vocabulary::lint), of the actions that the catalogs of the file can make, each
    /// with its place. What the file excuses is there too, with its words. An excuse that excuses nothing is found as
    /// [`Rule::IdleExcuse`]. What `[[never]]` entries say is not proved here.
    ///
    /// ```
    /// use bailiwick::clock::Timestamp;
    /// use bailiwick::manifest::{Manifest, Parameters};
    /// use bailiwick::review::Effort;
    ///
    /// let manifest = Manifest::parse_unchecked("read.toml", r#"
    ///     task = "read"
    ///     purpose = "read the forum"
    ///     audience = ["forum.example"]
    ///     ttl = "15m"
    ///     [[allow]]
    ///     operation = "forum.read"
    ///     resource = "**"
    ///     excuse = { wide_resource = "the whole forum is public" }
    /// "#)?;
    /// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
    /// let remarks = manifest.lint(&Parameters::new(), now, Effort::default())?;
    /// assert_eq!(remarks.len(), 1);
    /// assert_eq!(remarks[0].lint.rule.id(), "wide_resource");
    /// assert_eq!(remarks[0].place.map(|place| place.line()), Some(6));
    /// assert_eq!(remarks[0].excuse.as_deref(), Some("the whole forum is public"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Manifest::scope`], but for what is proved.
    ///
    /// # Limits
    ///
    /// What would take more than the effort is passed over, and an excuse for it then seems to be idle.
    pub fn lint(
        &self,
        given: &Parameters,
        now: Timestamp,
        effort: Effort,
    ) -> Result<Vec<Remark>, ManifestError> {
        let mut remarks: Vec<Remark> = Vec::new();
        for lint in self.lints(given, now, effort)? {
            let place = lint.clause.and_then(|clause| self.places.of(clause));
            let same = |it: &Remark| it.lint.rule == Rule::WideResource && it.place == place;
            // What a line was expanded to is as wide as the line, which is said once.
            if lint.rule == Rule::WideResource && remarks.iter().any(same) {
                continue;
            }
            let excuse = self.excuses.iter().find(|it| it.is_for(lint.rule, place));
            let excuse = excuse.map(|it| it.words.clone());
            remarks.push(Remark {
                lint,
                place,
                excuse,
            });
        }
        let idle = self.excuses.iter().filter(|excuse| {
            let mut excused = remarks.iter();
            !excused.any(|it| excuse.is_for(it.lint.rule, it.place))
        });
        let idle: Vec<_> = idle.map(Excuse::idle).collect();
        remarks.extend(idle);
        Ok(remarks)
    }

    /// What is found of the scopes that different values make.
    fn lints(
        &self,
        given: &Parameters,
        now: Timestamp,
        effort: Effort,
    ) -> Result<Vec<Lint>, ManifestError> {
        let samples = Samples::of(&[Subject::Manifest(self)], &[], &self.vocabulary, given);
        let filled = samples.sets().iter().take(MOST_SETS);
        let filled = filled.map(|set| self.fill(&set.check(&self.parameters)?, now));
        let (mut scopes, mut refused): (Vec<Scope>, _) = (Vec::new(), None);
        for scope in filled {
            match scope {
                Ok(scope) if scopes.contains(&scope) => {}
                Ok(scope) => scopes.push(scope),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        if let (true, Some(error)) = (scopes.is_empty(), refused) {
            return Err(error);
        }
        let share = effort.share(scopes.len());
        let found = scopes.iter().map(|it| self.vocabulary.lint(it, now, share));
        let found: Vec<Vec<Lint>> = found.collect();
        let is_same =
            |one: &Lint, other: &Lint| (one.rule, one.clause) == (other.rule, other.clause);
        let has = |all: &[Lint], lint: &Lint| all.iter().any(|it| is_same(it, lint));
        let mut all: Vec<Lint> = Vec::new();
        for lint in found.iter().flatten() {
            let counts = !lint.rule.is_of_all() || found.iter().all(|own| has(own, lint));
            if counts && !has(&all, lint) {
                all.push(lint.clone());
            }
        }
        Ok(all)
    }
}

impl Excuse {
    fn is_for(&self, rule: Rule, place: Option<Place>) -> bool {
        self.rule == rule && self.of == place
    }

    fn idle(&self) -> Remark {
        let lint = Lint {
            rule: Rule::IdleExcuse,
            clause: None,
            message: format!("nothing here is `{}`", self.rule),
        };
        Remark {
            lint,
            place: Some(self.place),
            excuse: None,
        }
    }
}
