//! What becomes of each kind of action, whatever values the parameters of a task file have.

use bailiwick::manifest::{Manifest, ManifestError, Parameters, Samples};
use bailiwick::review::{Effort, Left, Outlook, Reach, Taint, Vocabulary};
use bailiwick::scope::{Layers, Pattern, Scope};

/// What all questions about effects cost together, at most; so much again those about operations, and about rules.
pub(super) const EFFORT: u64 = 20_000_000;
/// What one kind of action may cost in any case.
const LEAST: u64 = 20_000;
/// What one set of values may cost of that.
const LEAST_EACH: u64 = 2_000;

/// What is allowed for some values.
pub(super) struct Sample {
    pub(super) values: Parameters,
    pub(super) scopes: Vec<Scope>,
}

/// What is allowed for all values: the same scopes stand here once.
pub(super) struct Sampled {
    /// Of the values that the rest of the page is about.
    first: Sample,
    others: Vec<Sample>,
    /// Whether no other values allow anything else.
    are_all: bool,
}

/// What becomes of one kind of action, for the values that leave most of it.
pub(super) struct Seen {
    pub(super) outlook: Outlook,
    /// Which of [`Sampled::get`].
    pub(super) sample: usize,
}

/// What becomes of one kind of action.
pub(super) struct Row<T> {
    pub(super) kind: T,
    pub(super) clean: Seen,
    /// Once the task has read untrusted data.
    pub(super) tainted: Seen,
}

impl Sampled {
    /// Of what has no parameters.
    pub(super) fn only(scopes: &[Scope]) -> Self {
        Self {
            first: Sample {
                values: Parameters::new(),
                scopes: scopes.to_vec(),
            },
            others: Vec::new(),
            are_all: true,
        }
    }

    /// These values, and those that stand for all others. Values that the file refuses allow nothing.
    pub(super) fn beside(
        first: Sample,
        samples: &Samples,
        mut scopes: impl FnMut(&Parameters) -> Result<Vec<Scope>, ManifestError>,
    ) -> Self {
        let mut all = Self {
            first,
            others: Vec::new(),
            are_all: samples.are_all(),
        };
        for values in samples.sets() {
            let scopes = match scopes(values) {
                Ok(scopes) => scopes,
                // What is not known may be anything.
                Err(ManifestError::Approver(_) | ManifestError::NeverUndecided { .. }) => {
                    all.are_all = false;
                    break;
                }
                Err(_) => continue,
            };
            let mut before = std::iter::once(&all.first).chain(&all.others);
            if before.all(|it| it.scopes != scopes) {
                let values = values.clone();
                all.others.push(Sample { values, scopes });
            }
        }
        all
    }

    pub(super) fn get(&self, sample: usize) -> Option<&Sample> {
        match sample.checked_sub(1) {
            None => Some(&self.first),
            Some(other) => self.others.get(other),
        }
    }

    pub(super) const fn are_all(&self) -> bool {
        self.are_all
    }
}

/// Of the values of a set, those of this file: another file may have more.
pub(super) fn own(manifest: &Manifest, set: &Parameters) -> Parameters {
    let names = manifest.parameters().map(|(name, _)| name.as_str());
    let own = names.filter_map(|name| Some((name, set.get(name)?.clone())));
    own.fold(Parameters::new(), |all, (name, value)| {
        all.with(name, value)
    })
}

/// Questions about one side.
pub(super) struct Ask<'a> {
    sampled: &'a Sampled,
    effort: Effort,
}

impl<'a> Ask<'a> {
    pub(super) fn sharing(sampled: &'a Sampled, kinds: usize) -> Self {
        let share = |all: u64, among: usize| all / u64::try_from(among).unwrap_or(u64::MAX).max(1);
        let kind = share(EFFORT, kinds.saturating_mul(2)).max(LEAST);
        let each = share(kind, sampled.others.len().saturating_add(1)).max(LEAST_EACH);
        Self {
            sampled,
            effort: Effort::steps(each),
        }
    }

    pub(super) fn row<T>(&self, kind: T, vocabulary: &Vocabulary, pattern: &Pattern) -> Row<T> {
        let seen = |taint| {
            let outlook = |it: &Sample| {
                vocabulary.outlook(&Layers::blocks(&it.scopes), pattern, taint, self.effort)
            };
            let mut most = Seen {
                outlook: outlook(&self.sampled.first),
                sample: 0,
            };
            for (index, other) in self.sampled.others.iter().enumerate() {
                // Nothing leaves more than the one, and no other value decides the other.
                if matches!(most.outlook.left, Left::Freely | Left::Undecided) {
                    break;
                }
                let outlook = outlook(other);
                if rank(outlook.left) < rank(most.outlook.left) {
                    let sample = index.saturating_add(1);
                    most = Seen { outlook, sample };
                }
            }
            match self.sampled.are_all {
                true => most,
                false => unless_guessed(most),
            }
        };
        Row {
            kind,
            clean: seen(Taint::Clean),
            tainted: seen(Taint::Tainted),
        }
    }
}

/// Where these are not all, others may leave more.
fn unless_guessed(mut seen: Seen) -> Seen {
    if seen.outlook.left != Left::Freely {
        seen.outlook.left = Left::Undecided;
    }
    let every = seen.outlook.demands.iter_mut();
    for demand in every.filter(|it| it.reach == Reach::Every) {
        demand.reach = Reach::Some;
    }
    seen
}

impl<T> Row<T> {
    /// Whether untrusted data changes anything.
    pub(super) fn is_changed_by_taint(&self) -> bool {
        let said = |seen: &Seen| (seen.outlook.left, seen.outlook.demands.clone(), seen.sample);
        said(&self.clean) != said(&self.tainted)
    }

    /// What becomes of it before anything untrusted is read; but only what never happens at all is never.
    pub(super) fn left(&self) -> Left {
        match (self.clean.outlook.left, self.tainted.outlook.left) {
            (Left::Nothing, tainted) => tainted,
            (clean, _) => clean,
        }
    }
}

/// The less stands in its way, the less; and what is not decided may be anything.
fn rank(left: Left) -> u8 {
    match left {
        Left::Freely => 0,
        Left::WithinBudget => 2,
        Left::WithApproval => 3,
        Left::Nothing => 4,
        _ => 1,
    }
}
