//! A task file that was read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::approver::Approvers;
use super::lint::Excuse;
use super::never::{self, Never};
use super::purpose::PurposeTemplate;
use super::read::{self, Source};
use super::slot::Values;
use super::template::{Demand, Grant, Match, Of};
use super::{
    Approver, Expansion, Findings, Lock, ManifestError, Name, ParameterType, Parameters, Places,
};
use crate::action::{Purpose, Service};
use crate::approve::Directory;
use crate::catalog::Catalog;
use crate::clock::Timestamp;
use crate::review::{Effort, Vocabulary};
use crate::scope::{Pattern, Requirement, Scope, When};

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
    pub(super) approvers: Approvers,
    pub(super) allow: Vec<Grant>,
    pub(super) deny: Vec<Match>,
    pub(super) require: Vec<Demand>,
    pub(super) never: Vec<Never>,
    /// The actions that there are, as far as is known now.
    pub(super) vocabulary: Arc<Vocabulary>,
    /// Whether it grants what no catalog has yet.
    pub(super) has_future: bool,
    pub(super) expansions: Vec<Expansion>,
    pub(super) excuses: Vec<Excuse>,
    pub(super) places: Places,
}

impl Manifest {
    /// The most `[[never]]` entries of a file.
    pub const MAX_NEVER: usize = 16;

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
    /// or unused, and what no action of the services can ever match. A grant of a sub-tree or of an effect is `lock_missing`,
    /// as what it covers should be reviewed: see [`Manifest::parse_locked`].
    pub fn parse(file: &str, text: &str, catalogs: &[&Catalog]) -> Result<Self, Findings> {
        read::manifest(file, text, Source::Catalogs(catalogs))
    }

    /// Reads a task file whose lines with a sub-tree or an effect are expanded: into one capability for each operation of
    /// these catalogs that they cover. The lock says which catalogs were reviewed.
    ///
    /// ```
    /// use bailiwick::catalog::Catalog;
    /// use bailiwick::manifest::{Lock, Manifest};
    ///
    /// let forum = |more: &str| Catalog::parse("forum.toml", &format!(r#"
    ///     service = "forum.example"
    ///     operation."forum.read" = {{ effect = "read", resource = "forum/front-page" }}
    ///     {more}
    /// "#));
    /// let text = r#"
    ///     task = "read"
    ///     purpose = "read the forum"
    ///     audience = ["forum.example"]
    ///     ttl = "15m"
    ///     [[allow]]
    ///     operation = "forum.*"
    ///     resource = "forum/*"
    /// "#;
    /// let reviewed = forum("")?;
    /// let lock = Lock::pin([&reviewed]);
    /// let manifest = Manifest::parse_locked("read.toml", text, &[&reviewed], &lock)?;
    /// let covered = manifest.expansions().first().map(|line| line.operations().len());
    /// assert_eq!(covered, Some(1));
    ///
    /// let grown = forum(r#"operation."forum.wipe" = { effect = "delete", resource = "forum/front-page" }"#)?;
    /// let findings = Manifest::parse_locked("read.toml", text, &[&grown], &lock).unwrap_err();
    /// assert_eq!(findings.iter().next().map(|finding| finding.code()), Some("catalog_changed"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Manifest::parse`]; and where a catalog is not the one that is pinned.
    ///
    /// # Security
    ///
    /// A capability names no service: of an operation that two services of the file have, both are granted, each as far as it
    /// has the effect that its own catalog says. Deny entries, requirements and lines with `future = true` stay patterns, and
    /// hold for operations that a catalog gets later.
    pub fn parse_locked(
        file: &str,
        text: &str,
        catalogs: &[&Catalog],
        lock: &Lock,
    ) -> Result<Self, Findings> {
        read::manifest(file, text, Source::Pinned(catalogs, lock))
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
        read::manifest(file, text, Source::Nothing)
    }

    /// The same with the keys of its approvers that stand in a directory.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use bailiwick::approve::{Directory, DirectoryEntry};
    /// use bailiwick::clock::Timestamp;
    /// use bailiwick::keys::{ApproverKey, DirectoryKey};
    /// use bailiwick::manifest::{Manifest, Parameters};
    ///
    /// let manifest = Manifest::parse_unchecked("publish.toml", r#"
    ///     task = "publish"
    ///     purpose = "publish the front page"
    ///     audience = ["forum.example"]
    ///     ttl = "15m"
    ///     approvers.ada = { directory = "Ada Lovelace" }
    ///     [[allow]]
    ///     operation = "forum.publish"
    ///     resource = "forum/front-page"
    ///     approval = { of = ["ada"], at_least = 1 }
    /// "#)?;
    /// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
    /// let unknown = manifest.scope(&Parameters::new(), now).unwrap_err();
    /// assert_eq!(unknown.code(), "approver_unresolved");
    ///
    /// let (office, key) = (DirectoryKey::generate()?, ApproverKey::generate()?.public_key());
    /// let tomorrow = Timestamp::from_unix_seconds(1_800_086_400)?;
    /// let ada = DirectoryEntry::active(key, "Ada Lovelace".parse()?);
    /// let signed = Directory::sign(&office, 1, now, tomorrow, [ada])?;
    /// let directory = Directory::verify(signed.as_bytes(), &office.public_key(), now, 1)?;
    /// assert!(manifest.with_directory(&directory)?.scope(&Parameters::new(), now).is_ok());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ManifestError::Approver`] if one of them is not listed, is revoked, has several keys, or is another one of the file.
    ///
    /// # Security
    ///
    /// The keys are used for as long as the directory counts: past its next update, [`Manifest::scope`] refuses.
    pub fn with_directory(self, directory: &Directory) -> Result<Self, ManifestError> {
        let approvers = self.approvers.found_in(directory)?;
        Ok(Self { approvers, ..self })
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
    pub fn approvers(&self) -> impl ExactSizeIterator<Item = (&Name, &Approver)> {
        self.approvers.all.iter()
    }

    /// What its lines with a sub-tree or an effect cover, in the order of the file.
    #[must_use]
    pub fn expansions(&self) -> &[Expansion] {
        &self.expansions
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
    /// [`ManifestError::Scope`] if the scope contradicts itself with these values; [`ManifestError::Approver`] if the key of
    /// an approver is not known; [`ManifestError::NeverRefuted`] and [`ManifestError::NeverUndecided`] if what a `[[never]]`
    /// entry says is not proved of it.
    pub fn scope(&self, parameters: &Parameters, now: Timestamp) -> Result<Scope, ManifestError> {
        self.proved_with(parameters, now, Effort::default())
    }

    pub(super) fn proved_with(
        &self,
        parameters: &Parameters,
        now: Timestamp,
        effort: Effort,
    ) -> Result<Scope, ManifestError> {
        let values = parameters.check(&self.parameters)?;
        let scope = self.fill(&values, now)?;
        let filled = (&values, &self.approvers);
        let entries = (self.never.as_slice(), self.places.never.as_slice());
        let everything = Vocabulary::everything();
        let vocabulary = match self.has_future {
            true => &everything,
            false => &*self.vocabulary,
        };
        never::prove(entries, &scope, filled, (vocabulary, effort))?;
        Ok(scope)
    }

    /// The values are checked. Nothing is proved.
    pub(super) fn fill(&self, values: &Values, now: Timestamp) -> Result<Scope, ManifestError> {
        self.approvers.check(now)?;
        let mut scope = Scope::builder()
            .audience_only(self.audience.iter().cloned())
            .not_after(now.saturating_add(self.ttl))
            .max_depth(self.max_depth);
        for entry in &self.deny {
            scope = scope.deny(entry.fill(values)?);
        }
        for demand in &self.require {
            let pattern = match &demand.of {
                Of::Grant(grant) => Pattern::from(&grant.fill(values)?),
                Of::Match(pattern) => pattern.fill(values)?,
            };
            let requirement =
                Requirement::new(pattern, demand.condition.fill(values, &self.approvers)?);
            scope = scope.require(match demand.when {
                When::Always => requirement,
                When::Tainted => requirement.when_tainted(),
            });
        }
        let allow = self.allow.iter().map(|grant| grant.fill(values));
        let allow = allow.collect::<Result<Vec<_>, _>>()?;
        Ok(scope.allow_only(allow).build()?)
    }
}
