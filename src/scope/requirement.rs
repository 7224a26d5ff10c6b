//! Conditions that must hold where a pattern matches.

use std::time::Duration;

use super::{BudgetName, Path, Pattern, ScopeError};
use crate::action::Decimal;
use crate::keys::ApproverPublicKey;

/// Where the pattern matches, the condition must hold.
///
/// Conditions are conjunctive: of several that apply, all must hold, so the strictest wins.
///
/// ```
/// use bailiwick::keys::ApproverKey;
/// use bailiwick::scope::{ApprovalRule, Condition, Pattern, Requirement};
/// let editor = ApproverKey::generate()?;
/// let publish = Pattern::any().operation("forum.publish")?;
/// let rule = ApprovalRule::any_of([editor.public_key()])?;
/// let requirement = Requirement::new(publish, Condition::Approval(rule));
/// assert!(ApprovalRule::any_of([]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    pattern: Pattern,
    when: When,
    condition: Condition,
}

/// When a requirement applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// At all times.
    Always,
    /// Once the task has read what a service marks as untrusted.
    Tainted,
}

/// What a requirement demands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// People (or programs) approve exactly these actions, once.
    Approval(ApprovalRule),
    /// Something is counted, and the count stays within a cap.
    Budget(Budget),
    /// The proof of possession is a signature; a session's shared-key proof is not enough.
    Signature,
}

impl Requirement {
    /// `condition` must hold for every action that `pattern` matches.
    pub fn new(pattern: Pattern, condition: Condition) -> Self {
        Self {
            pattern,
            when: When::Always,
            condition,
        }
    }

    /// Applies only once the task is tainted.
    pub fn when_tainted(mut self) -> Self {
        self.when = When::Tainted;
        self
    }

    /// The actions that it speaks of.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// When it applies.
    pub fn when(&self) -> When {
        self.when
    }

    /// What it demands.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }
}

/// So many of a set of approver keys; several disjoint sets must each be satisfied.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApprovalRule {
    groups: Vec<ApproverGroup>,
}

/// At least `threshold` of these keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApproverGroup {
    threshold: u32,
    approvers: Vec<ApproverPublicKey>,
}

impl ApproverGroup {
    /// At least `threshold` of `approvers`, whose order says nothing: they are kept sorted.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Approvers`] if the threshold is 0 or over their number, or if a key stands
    /// twice.
    pub fn new(
        threshold: u32,
        approvers: impl IntoIterator<Item = ApproverPublicKey>,
    ) -> Result<Self, ScopeError> {
        let mut approvers: Vec<_> = approvers.into_iter().collect();
        approvers.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        if approvers.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(ScopeError::Approvers("a key stands twice"));
        }
        if threshold == 0 {
            return Err(ScopeError::Approvers("the threshold is 0"));
        }
        if threshold as usize > approvers.len() {
            return Err(ScopeError::Approvers("the threshold is over their number"));
        }
        Ok(Self {
            threshold,
            approvers,
        })
    }

    /// How many must approve.
    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    /// The keys, sorted by their bytes.
    pub fn approvers(&self) -> &[ApproverPublicKey] {
        &self.approvers
    }

    /// How many more must approve when these have. A key that is given twice counts once.
    pub(crate) fn lacks(&self, given: &[ApproverPublicKey]) -> u32 {
        let approved = self.approvers.iter().filter(|key| given.contains(key));
        let approved = u32::try_from(approved.count()).unwrap_or(u32::MAX);
        self.threshold.saturating_sub(approved)
    }
}

impl ApprovalRule {
    /// Each of these groups must be satisfied.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Approvers`] if there is no group, or if a key stands in two.
    pub fn new(groups: Vec<ApproverGroup>) -> Result<Self, ScopeError> {
        if groups.is_empty() {
            return Err(ScopeError::Approvers("there are none"));
        }
        let shared = |(index, group): (usize, &ApproverGroup)| {
            let mut later = groups.iter().skip(index + 1);
            later.any(|other| {
                group
                    .approvers
                    .iter()
                    .any(|key| other.approvers.contains(key))
            })
        };
        if groups.iter().enumerate().any(shared) {
            return Err(ScopeError::Approvers("a key stands in two groups"));
        }
        Ok(Self { groups })
    }

    /// One of these approvers.
    ///
    /// # Errors
    ///
    /// As [`ApproverGroup::new`].
    pub fn any_of(
        approvers: impl IntoIterator<Item = ApproverPublicKey>,
    ) -> Result<Self, ScopeError> {
        Self::new(vec![ApproverGroup::new(1, approvers)?])
    }

    /// At least `threshold` of these approvers.
    ///
    /// # Errors
    ///
    /// As [`ApproverGroup::new`].
    pub fn at_least(
        threshold: u32,
        approvers: impl IntoIterator<Item = ApproverPublicKey>,
    ) -> Result<Self, ScopeError> {
        Self::new(vec![ApproverGroup::new(threshold, approvers)?])
    }

    /// The groups.
    pub fn groups(&self) -> &[ApproverGroup] {
        &self.groups
    }
}

/// A count that stays within a cap, over the whole life of the task or over fixed windows.
///
/// ```
/// use std::time::Duration;
/// use bailiwick::scope::{Budget, Measure};
/// let mails = Budget::uses("mail", 20)?.each(Duration::from_secs(3600))?;
/// let spend = Budget::sum("spend", Measure::decimal("amount", 2)?, 50_000)?; // 500.00
/// assert!(Budget::uses("mail", 0).is_err());
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Budget {
    name: BudgetName,
    measure: Measure,
    cap: i64,
    window_s: u32,
}

/// What a budget counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Each action counts 1.
    Uses,
    /// The integer argument at this path.
    Int(Path),
    /// The decimal argument at this path, of this scale, in units.
    Decimal(Path, u8),
}

impl Measure {
    /// The integer argument at `path`.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`] if it is no path, or goes through a list.
    pub fn int(path: &str) -> Result<Self, ScopeError> {
        Ok(Self::Int(amount_path(path)?))
    }

    /// The decimal argument of this scale at `path`.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`] if it is no path, or goes through a list; [`ScopeError::Scale`].
    pub fn decimal(path: &str, scale: u8) -> Result<Self, ScopeError> {
        Decimal::new(scale, 0).map_err(|_| ScopeError::Scale(scale))?;
        Ok(Self::Decimal(amount_path(path)?, scale))
    }
}

fn amount_path(text: &str) -> Result<Path, ScopeError> {
    let path: Path = text.parse()?;
    if path.has_each() {
        return Err(ScopeError::Path(text.to_owned()));
    }
    Ok(path)
}

impl Budget {
    /// At most `cap` actions.
    ///
    /// # Errors
    ///
    /// [`ScopeError::BudgetName`]; [`ScopeError::Cap`] if the cap is below 1.
    pub fn uses(name: &str, cap: i64) -> Result<Self, ScopeError> {
        Self::sum(name, Measure::Uses, cap)
    }

    /// A sum of at most `cap` (units, for a decimal). An amount that is absent, mistyped, zero or
    /// negative is denied where the pattern matches.
    ///
    /// # Errors
    ///
    /// [`ScopeError::BudgetName`]; [`ScopeError::Cap`] if the cap is below 1; [`ScopeError::Path`]
    /// if the measure's path goes through a list.
    pub fn sum(name: &str, measure: Measure, cap: i64) -> Result<Self, ScopeError> {
        if cap < 1 {
            return Err(ScopeError::Cap(cap));
        }
        match &measure {
            Measure::Int(path) | Measure::Decimal(path, _) if path.has_each() => {
                return Err(ScopeError::Path(path.to_string()));
            }
            Measure::Decimal(_, scale) => {
                Decimal::new(*scale, 0).map_err(|_| ScopeError::Scale(*scale))?;
            }
            _ => {}
        }
        Ok(Self {
            name: BudgetName::new(name)?,
            measure,
            cap,
            window_s: 0,
        })
    }

    /// Starts anew in every window of this length; windows start at multiples of it since the
    /// Unix epoch.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Window`] unless it is a whole number of seconds, from 1 to `u32::MAX`.
    pub fn each(mut self, window: Duration) -> Result<Self, ScopeError> {
        let whole = window.subsec_nanos() == 0 && window.as_secs() > 0;
        match u32::try_from(window.as_secs()) {
            Ok(seconds) if whole => self.window_s = seconds,
            _ => return Err(ScopeError::Window(window)),
        }
        Ok(self)
    }

    /// Its name.
    pub fn name(&self) -> &BudgetName {
        &self.name
    }

    /// What it counts.
    pub fn measure(&self) -> &Measure {
        &self.measure
    }

    /// The most.
    pub fn cap(&self) -> i64 {
        self.cap
    }

    /// The length of its windows, or `None` for the whole life of the task.
    pub fn window(&self) -> Option<Duration> {
        (self.window_s > 0).then(|| Duration::from_secs(self.window_s.into()))
    }

    /// The length of its windows in seconds, 0 for the whole life of the task.
    pub(crate) fn window_s(&self) -> u32 {
        self.window_s
    }
}
