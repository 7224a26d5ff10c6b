//! A task file that was read.

use std::collections::BTreeMap;
use std::time::Duration;

use super::purpose::PurposeTemplate;
use super::slot::Values;
use super::template::{Demand, Grant, Match, Of};
use super::{Findings, ManifestError, Name, ParameterType, Parameters, Place, read};
use crate::action::{Purpose, Service};
use crate::catalog::Catalog;
use crate::clock::Timestamp;
use crate::keys::ApproverPublicKey;
use crate::scope::{Clause, Pattern, Requirement, Scope, When};

/// What one kind of task may do, as a person reviewed it.
///
/// ```
/// use bailiwick::clock::Timestamp;
/// use bailiwick::manifest::{Manifest, Parameters};
///
/// let text = r#"
/// task     = "answer-thread"
/// purpose  = "answer the question in thread {thread}"
/// audience = ["forum.example"]
/// ttl      = "15m"
///
/// [parameters]
/// thread = "segment"
///
/// [[allow]]
/// operation = "forum.read"
/// resource  = "forum/thread/{thread}"
/// "#;
/// let manifest = Manifest::parse_unchecked("answer-thread.toml", text)?;
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
///
/// let scope = manifest.scope(&Parameters::new().with("thread", "42"), now)?;
/// let allow = scope.allow().unwrap_or_default();
/// assert_eq!(allow[0].resource().to_string(), "forum/thread/42");
///
/// // A value is one segment, and never a pattern.
/// let scope = manifest.scope(&Parameters::new().with("thread", "*"), now)?;
/// let allow = scope.allow().unwrap_or_default();
/// assert_eq!(allow[0].resource().to_string(), r"forum/thread/\*");
/// let refused = manifest.scope(&Parameters::new().with("thread", "42/../43"), now).unwrap_err();
/// assert_eq!(refused.code(), "parameter_not_canonical");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub(super) name: Name,
    pub(super) purpose: PurposeTemplate,
    pub(super) audience: Vec<Service>,
    pub(super) ttl: Duration,
    pub(super) max_depth: u32,
    pub(super) parameters: BTreeMap<Name, ParameterType>,
    pub(super) approvers: BTreeMap<Name, ApproverPublicKey>,
    pub(super) allow: Vec<Grant>,
    pub(super) deny: Vec<Match>,
    pub(super) require: Vec<Demand>,
    pub(super) places: Places,
}

/// Where the clauses of a manifest's scope stand in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    pub(super) allow: Vec<Place>,
    pub(super) deny: Vec<Place>,
    pub(super) require: Vec<Place>,
}

impl Manifest {
    /// The longest time that a task has: 365 days.
    pub const MAX_TTL: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    /// Reads a task file, for the services whose catalogs these are. `file` is for messages.
    ///
    /// ```
    /// use bailiwick::catalog::Catalog;
    /// use bailiwick::manifest::Manifest;
    ///
    /// let forum = Catalog::parse("forum.toml", r#"
    ///     service = "forum.example"
    ///     [operation."forum.read"]
    ///     effect = "read"
    ///     resource = "forum/thread/{id}"
    ///     arguments.id = "text"
    /// "#)?;
    /// let task = |operation: &str| format!(r#"
    ///     task = "read"
    ///     purpose = "read the forum"
    ///     audience = ["forum.example"]
    ///     ttl = "15m"
    ///     [[allow]]
    ///     operation = "{operation}"
    ///     resource = "forum/thread/*"
    /// "#);
    /// assert!(Manifest::parse("read.toml", &task("forum.read"), &[&forum]).is_ok());
    ///
    /// let findings = Manifest::parse("read.toml", &task("forum.raed"), &[&forum]).unwrap_err();
    /// let finding = findings.iter().next().unwrap();
    /// assert_eq!((finding.code(), finding.line()), ("operation_unknown", 7));
    /// assert_eq!(finding.help(), Some("did you mean `forum.read`?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Findings`] has everything that is wrong, each with a code and its place: what is malformed, unknown, contradictory
    /// or unused, and what no action of the services can ever match.
    pub fn parse(file: &str, text: &str, catalogs: &[&Catalog]) -> Result<Self, Findings> {
        read::manifest(file, text, Some(catalogs))
    }

    /// Reads a task file for services that have no catalog.
    ///
    /// # Errors
    ///
    /// As [`Manifest::parse`], as far as it can be known.
    ///
    /// # Security
    ///
    /// Nobody checks whether the operations, arguments and attributes that the file names exist. A grant of what does not
    /// exist grants nothing; a *deny entry* with a slip in it denies nothing either.
    pub fn parse_unchecked(file: &str, text: &str) -> Result<Self, Findings> {
        read::manifest(file, text, None)
    }

    /// The name of the kind of task.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The services that a token of this kind is for.
    #[must_use]
    pub fn audience(&self) -> &[Service] {
        &self.audience
    }

    /// How long a task of this kind has.
    #[must_use]
    pub const fn ttl(&self) -> Duration {
        self.ttl
    }

    /// How many blocks may follow the first; 0 forbids delegation, as does a file that says nothing of it.
    #[must_use]
    pub const fn max_depth(&self) -> u32 {
        self.max_depth
    }

    /// The parameters, in the order of their names.
    pub fn parameters(&self) -> impl ExactSizeIterator<Item = (&Name, &ParameterType)> {
        self.parameters.iter()
    }

    /// The approvers by their names, in the order of these.
    pub fn approvers(&self) -> impl ExactSizeIterator<Item = (&Name, &ApproverPublicKey)> {
        self.approvers.iter()
    }

    /// Where its clauses stand in the file.
    #[must_use]
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// What the task is for, with the values in it. A value that is more than letters, digits and `-_.@+` stands in quotes,
    /// escaped, so that it is not taken for words of the reviewer's.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Parameter`]; [`ManifestError::Purpose`] if it gets too long.
    pub fn purpose(&self, parameters: &Parameters) -> Result<Purpose, ManifestError> {
        self.purpose.fill(&parameters.check(&self.parameters)?)
    }

    /// What a task of this kind may do, with these values, from `now` on. The same manifest, values and time give the same
    /// scope.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Parameter`] if a value cannot be used, if one is missing, or if there is one too many;
    /// [`ManifestError::Scope`] if the scope contradicts itself with these values.
    pub fn scope(&self, parameters: &Parameters, now: Timestamp) -> Result<Scope, ManifestError> {
        self.fill(&parameters.check(&self.parameters)?, now)
    }

    /// The values are checked.
    pub(super) fn fill(&self, values: &Values, now: Timestamp) -> Result<Scope, ManifestError> {
        let mut scope = Scope::builder()
            .audience_only(self.audience.iter().cloned())
            .not_after(now.saturating_add(self.ttl))
            .max_depth(self.max_depth);
        let allow = self.allow.iter().map(|grant| grant.fill(values));
        let allow = allow.collect::<Result<Vec<_>, _>>()?;
        for entry in &self.deny {
            scope = scope.deny(entry.fill(values)?);
        }
        for demand in &self.require {
            let pattern = match &demand.of {
                Of::Grant(index) => allow.get(*index).map(Pattern::from).unwrap_or_default(),
                Of::Match(pattern) => pattern.fill(values)?,
            };
            let requirement = Requirement::new(pattern, demand.condition.fill(values)?);
            scope = scope.require(match demand.when {
                When::Always => requirement,
                When::Tainted => requirement.when_tainted(),
            });
        }
        Ok(scope.allow_only(allow).build()?)
    }
}

impl Places {
    /// The capabilities of the scope.
    #[must_use]
    pub fn allow(&self) -> &[Place] {
        &self.allow
    }

    /// The deny entries of the scope.
    #[must_use]
    pub fn deny(&self) -> &[Place] {
        &self.deny
    }

    /// The requirements of the scope; of a condition on an allow line, the place of that line.
    #[must_use]
    pub fn require(&self) -> &[Place] {
        &self.require
    }

    /// What a denial's clause points to, if it is a rule of the file.
    #[must_use]
    pub fn of(&self, clause: Clause) -> Option<Place> {
        match clause {
            Clause::Allow(index) => self.allow.get(index).copied(),
            Clause::Deny(index) => self.deny.get(index).copied(),
            Clause::Require(index) => self.require.get(index).copied(),
            Clause::Window | Clause::Audience | Clause::Depth => None,
        }
    }
}
