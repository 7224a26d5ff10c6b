//! Reviewing task files whatever their parameters are.
//!
//! In come task files and blocks of tokens; out goes what [`crate::review`] says of them for every set of values. A value
//! matters only by what it is compared with, so a few values stand for all; where they do not, that is said.

mod candidates;
mod places;
mod resources;
mod texts;

use candidates::{Candidates, Kinds};
use places::Places;

use super::{Manifest, ManifestError, Name, Parameters};
use crate::action::Value;
use crate::clock::Timestamp;
use crate::review::{Beyond, Claim, Comparison, Effort, Proof, Vocabulary};
use crate::scope::{Layers, Scope};

/// What is reviewed.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A task file, with whatever values.
    Manifest(&'a Manifest),
    /// The blocks of a token.
    Blocks(&'a [Scope]),
}

/// Sets of values for the parameters of task files, as few as stand for every set that one of the files admits.
///
/// ```
/// use bailiwick::clock::Timestamp;
/// use bailiwick::manifest::{Manifest, Parameters, Samples, Subject};
/// use bailiwick::review::{Comparison, Effort, Vocabulary};
///
/// let file = |rooms: &str| Manifest::parse_unchecked("room.toml", &format!(r#"
///     task = "book"
///     purpose = "book a room"
///     audience = ["rooms.example"]
///     ttl = "15m"
///     [parameters]
///     room = {{ type = "enum", values = {rooms} }}
///     [[allow]]
///     operation = "rooms.book"
///     resource = "room/{{room}}"
/// "#));
/// let (old, new) = (file(r#"["a", "b"]"#)?, file(r#"["a", "b", "c"]"#)?);
/// let sides = [Subject::Manifest(&old), Subject::Manifest(&new)];
/// let vocabulary = Vocabulary::everything();
/// let samples = Samples::of(&sides, &[], &vocabulary, &Parameters::new());
/// assert!(samples.are_all());
///
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let compared = samples.compare(sides[0], sides[1], &vocabulary, now, Effort::default());
/// assert!(matches!(compared.comparison, Comparison::Wider(_)));
/// assert_eq!(compared.gained_for, Some(Parameters::new().with("room", "c")));
///
/// let same = samples.compare(sides[0], sides[0], &vocabulary, now, Effort::default());
/// assert_eq!(same.comparison, Comparison::Equal);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Samples {
    sets: Vec<Parameters>,
    are_all: bool,
}

/// How two subjects compare, over all samples.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Compared {
    /// How. Equal and narrower are said only of samples that stand for all values.
    pub comparison: Comparison,
    /// For which values something is lost.
    pub lost_for: Option<Parameters>,
    /// For which values something is gained.
    pub gained_for: Option<Parameters>,
}

/// What became of a claim, over all samples.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Proved {
    /// What. Proved is said only of samples that stand for all values.
    pub proof: Proof,
    /// For which values it is refuted.
    pub refuted_for: Option<Parameters>,
}

impl Samples {
    /// The most sets of values.
    pub const MOST: usize = 256;

    /// The sets of values for these subjects, where questions are about these claims and this vocabulary. Parameters that are given
    /// keep their values.
    #[must_use]
    pub fn of(
        subjects: &[Subject<'_>],
        claims: &[&Claim],
        vocabulary: &Vocabulary,
        given: &Parameters,
    ) -> Self {
        let mut places = Places::default();
        let mut kinds = Kinds::new();
        for subject in subjects {
            match subject {
                Subject::Manifest(manifest) => {
                    places.manifest(manifest);
                    for (name, kind) in manifest.parameters() {
                        kinds.entry(name).or_default().push(kind);
                    }
                }
                Subject::Blocks(blocks) => blocks.iter().for_each(|it| places.scope(it)),
            }
        }
        claims.iter().for_each(|it| places.pattern(it.pattern()));
        places.arguments(vocabulary.argument_constraints());
        places.attributes(vocabulary.attribute_constraints());

        let open = kinds.keys().filter(|it| given.get(it.as_str()).is_none());
        let open = open.map(|name| (*name, Candidates::of(name, &kinds, &places)));
        let open: Vec<(&Name, Candidates)> = open.collect();
        let are_all = open.iter().all(|(_, it)| it.are_all);
        let (sets, is_product) = combined(given, &open);
        Self {
            sets,
            are_all: are_all && is_product,
        }
    }

    /// The sets. The first is the one to show: its values are like no others, or let most through.
    #[must_use]
    pub fn sets(&self) -> &[Parameters] {
        &self.sets
    }

    /// Whether these stand for every set of values.
    #[must_use]
    pub const fn are_all(&self) -> bool {
        self.are_all
    }

    /// Compares what two subjects allow, for each set of values. Values that a file refuses allow nothing.
    pub fn compare(
        &self,
        old: Subject<'_>,
        new: Subject<'_>,
        vocabulary: &Vocabulary,
        now: Timestamp,
        effort: Effort,
    ) -> Compared {
        let scopes = self
            .scopes(old, now, effort)
            .zip(self.scopes(new, now, effort));
        let Some((old, new)) = scopes else {
            return Compared {
                comparison: Comparison::of(Beyond::Undecided, Beyond::Undecided),
                lost_for: None,
                gained_for: None,
            };
        };
        let pairs = |one: &'_ [Vec<Scope>], other: &'_ [Vec<Scope>]| {
            let pairs = one.iter().zip(other);
            let pairs = pairs.map(|(one, other)| (Layers::blocks(one), Layers::blocks(other)));
            vocabulary.beyond_any(pairs, effort)
        };
        let ((lost, lost_at), (gained, gained_at)) = (pairs(&new, &old), pairs(&old, &new));
        let at = |beyond: &Beyond, index| match beyond {
            Beyond::Case(_) => self.sets.get(index).cloned(),
            Beyond::Nothing | Beyond::Undecided => None,
        };
        Compared {
            lost_for: at(&lost, lost_at),
            gained_for: at(&gained, gained_at),
            comparison: Comparison::of(self.unless_guessed(lost), self.unless_guessed(gained)),
        }
    }

    /// Proves a claim about a subject, for each set of values.
    pub fn prove(
        &self,
        subject: Subject<'_>,
        claim: &Claim,
        vocabulary: &Vocabulary,
        now: Timestamp,
        effort: Effort,
    ) -> Proved {
        let Some(scopes) = self.scopes(subject, now, effort) else {
            return Proved {
                proof: Proof::Undecided,
                refuted_for: None,
            };
        };
        let layers = scopes.iter().map(|scopes| Layers::blocks(scopes));
        let (proof, index) = vocabulary.prove_all(layers, claim, effort);
        match proof {
            Proof::Refuted(_) => Proved {
                proof,
                refuted_for: self.sets.get(index).cloned(),
            },
            Proof::Proved if !self.are_all => Proved {
                proof: Proof::Undecided,
                refuted_for: None,
            },
            _ => Proved {
                proof,
                refuted_for: None,
            },
        }
    }

    /// That there is nothing for these sets says little, unless they stand for all.
    fn unless_guessed(&self, beyond: Beyond) -> Beyond {
        match beyond {
            Beyond::Nothing if !self.are_all => Beyond::Undecided,
            other => other,
        }
    }

    /// For each set of values what is allowed; nothing if the file refuses the values, or what it says of them is refuted. `None` if
    /// that is not known: of an approver without a key, or of a proof that takes more than its share of the effort.
    fn scopes(
        &self,
        subject: Subject<'_>,
        now: Timestamp,
        effort: Effort,
    ) -> Option<Vec<Vec<Scope>>> {
        let share = effort.share(self.sets.len());
        let each = self.sets.iter().map(|set| match subject {
            Subject::Blocks(blocks) => Some(blocks.to_vec()),
            Subject::Manifest(manifest) => {
                let own = manifest.parameters().filter_map(|(name, _)| {
                    let name = name.as_str();
                    Some((name, set.get(name)?.clone()))
                });
                let own = own.fold(Parameters::new(), |all, (name, value)| {
                    all.with(name, value)
                });
                match manifest.proved_with(&own, now, share) {
                    Ok(scope) => Some(vec![scope]),
                    Err(ManifestError::Approver(_) | ManifestError::NeverUndecided { .. }) => None,
                    Err(_) => Some(Vec::new()),
                }
            }
        });
        each.collect()
    }
}

impl Manifest {
    /// Every parameter with a value, so that a scope can be looked at: the one that is given, or one that is like no other or
    /// lets most through.
    ///
    /// ```
    /// use bailiwick::manifest::{Manifest, Parameters};
    ///
    /// let manifest = Manifest::parse_unchecked("read.toml", r#"
    ///     task = "read"
    ///     purpose = "read thread {thread} with {stars} stars"
    ///     audience = ["forum.example"]
    ///     ttl = "15m"
    ///     [parameters]
    ///     thread = "segment"
    ///     stars = { type = "integer", max = 5 }
    ///     [[allow]]
    ///     operation = "forum.read"
    ///     resource = "forum/{thread}"
    /// "#)?;
    /// let expected = Parameters::new().with("thread", "any-thread").with("stars", 5);
    /// assert_eq!(manifest.sample(&Parameters::new()), expected);
    /// # Ok::<(), bailiwick::manifest::Findings>(())
    /// ```
    ///
    /// What holds with one set of values need not hold with another: [`Samples`] has as many as stand for all.
    #[must_use]
    pub fn sample(&self, given: &Parameters) -> Parameters {
        let samples = Samples::of(&[Subject::Manifest(self)], &[], &self.vocabulary, given);
        let first = samples.sets().first();
        first.unwrap_or(given).clone()
    }
}

/// Every combination, or, if these are too many, each value beside the first ones of all others. And whether it is every one.
fn combined(given: &Parameters, open: &[(&Name, Candidates)]) -> (Vec<Parameters>, bool) {
    let sizes = open.iter().map(|(_, it)| it.values.len());
    let product = sizes.fold(1_usize, |all, size| all.saturating_mul(size));
    if (1..=Samples::MOST).contains(&product) {
        let mut sets = vec![given.clone()];
        for (name, candidates) in open {
            let with =
                |set: &Parameters, value: &Value| set.clone().with(name.as_str(), value.clone());
            let more = sets
                .iter()
                .flat_map(|set| candidates.values.iter().map(move |it| with(set, it)));
            sets = more.collect();
        }
        return (sets, true);
    }
    let first = open.iter().fold(given.clone(), |set, (name, it)| {
        it.values
            .first()
            .into_iter()
            .fold(set, |set, value| set.with(name.as_str(), value.clone()))
    });
    let others = open.iter().flat_map(|(name, it)| {
        let values = it.values.iter().skip(1);
        values.map(|value| first.clone().with(name.as_str(), value.clone()))
    });
    let sets = std::iter::once(first.clone()).chain(others);
    (sets.take(Samples::MOST).collect(), false)
}
