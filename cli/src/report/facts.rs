//! What a report is of, with all that the review engine says of it.

use bailiwick::action::{Effect, Purpose, Value};
use bailiwick::catalog::{Catalog, OperationSpec};
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverPublicKey;
use bailiwick::manifest::{
    Compared, Lock, Manifest, ManifestError, Parameters, Place, Samples, Subject as Review,
};
use bailiwick::review::{Comparison, Description, Effort, Vocabulary};
use bailiwick::scope::{Clause, Layers, Pattern, Scope};
use bailiwick::token::Token;

use super::rows::{Ask, EFFORT, Row, Sample, Sampled, Seen, own};
use crate::finding::Finding;
use crate::trust::Standing;

/// What the page says.
pub(crate) struct Facts<'a> {
    pub(crate) now: Timestamp,
    pub(crate) catalogs: &'a [Catalog],
    /// One, or the old one and the new one.
    pub(crate) sides: Vec<Side<'a>>,
    /// Of two, and whether these values stand for all.
    pub(crate) compared: Option<(Compared, Samples)>,
}

/// A task file or a token.
pub(crate) struct Subject<'a> {
    /// By which name it was given.
    pub(crate) name: &'a str,
    pub(crate) scopes: &'a [Scope],
    pub(crate) is: Kind<'a>,
    pub(crate) findings: Vec<Finding>,
}

/// What it is.
pub(crate) enum Kind<'a> {
    TaskFile(File<'a>),
    Token(&'a Token, Standing),
}

/// A task file, with values for its parameters.
pub(crate) struct File<'a> {
    pub(crate) manifest: &'a Manifest,
    /// With the values in it.
    pub(crate) purpose: &'a Purpose,
    pub(crate) lock: Option<&'a Lock>,
    pub(crate) values: &'a Parameters,
    /// Those of the values that somebody gave.
    pub(crate) given: &'a Parameters,
    /// The others.
    pub(crate) taken: &'a [(String, String)],
}

/// The same, reviewed.
pub(crate) struct Side<'a> {
    pub(super) of: Subject<'a>,
    pub(super) effects: Vec<Row<Effect>>,
    pub(super) operations: Vec<Row<(&'a Catalog, &'a OperationSpec)>>,
    pub(super) description: Description,
    pub(super) sampled: Sampled,
    /// What each block but the first takes away from those before it.
    pub(super) taken_away: Vec<Comparison>,
}

/// Some scopes of one side, with what their approvers are called.
#[derive(Clone, Copy)]
pub(super) struct View<'s> {
    manifest: Option<&'s Manifest>,
    pub(super) scopes: &'s [Scope],
}

impl<'a> Subject<'a> {
    /// With the values that were given or taken.
    pub(super) fn view(&self) -> View<'a> {
        self.view_of(self.scopes)
    }

    /// With other values.
    pub(super) fn view_of<'s>(&self, scopes: &'s [Scope]) -> View<'s>
    where
        'a: 's,
    {
        let manifest = self.file().map(|it| it.manifest);
        View { manifest, scopes }
    }

    pub(super) fn file(&self) -> Option<&File<'a>> {
        match &self.is {
            Kind::TaskFile(file) => Some(file),
            Kind::Token(..) => None,
        }
    }

    /// What is allowed for these values; or why the file refuses them.
    pub(super) fn scopes_for(
        &self,
        values: &Parameters,
        now: Timestamp,
    ) -> Result<Vec<Scope>, ManifestError> {
        match self.file() {
            Some(File { manifest, .. }) => {
                let scope = manifest.scope(&own(manifest, values), now)?;
                Ok(vec![scope])
            }
            None => Ok(self.scopes.to_vec()),
        }
    }

    /// Whatever values its parameters have that nobody gave.
    fn sampled(&self, vocabulary: &Vocabulary, now: Timestamp) -> Sampled {
        let Some(file) = self.file().filter(|it| !it.taken.is_empty()) else {
            return Sampled::only(self.scopes);
        };
        let manifest = file.manifest;
        let samples = Samples::of(&[Review::Manifest(manifest)], &[], vocabulary, file.given);
        let taken = Sample {
            values: file.values.clone(),
            scopes: self.scopes.to_vec(),
        };
        Sampled::beside(taken, &samples, |set| self.scopes_for(set, now))
    }

    /// Where a rule of the first block stands in the task file.
    pub(super) fn place_of(&self, clause: Clause) -> Option<Place> {
        self.file()?.manifest.places().of(clause)
    }
}

impl<'s> View<'s> {
    pub(super) fn layers(&self) -> Layers<'s> {
        Layers::blocks(self.scopes)
    }

    /// What an approver is called, if the task file says so.
    pub(super) fn name_of(&self, key: &ApproverPublicKey) -> Option<&'s str> {
        let mut all = self.manifest?.approvers();
        all.find(|(_, own)| own.key() == Some(key))
            .map(|(name, _)| name.as_str())
    }
}

impl<'a> Side<'a> {
    pub(crate) fn new(
        of: Subject<'a>,
        vocabulary: &Vocabulary,
        catalogs: &'a [Catalog],
        now: Timestamp,
    ) -> Self {
        let sampled = of.sampled(vocabulary, now);
        let ask = Ask::sharing(&sampled, Effect::ALL.len());
        let effects = Effect::ALL
            .map(|effect| ask.row(effect, vocabulary, &Pattern::any().with_effect(effect)));
        let all = catalogs.iter().flat_map(|catalog| {
            let all = catalog.operations();
            all.map(move |spec| (catalog, spec))
        });
        let all: Vec<_> = all.collect();
        let ask = Ask::sharing(&sampled, all.len());
        let operations = all.into_iter().map(|(catalog, spec)| {
            // By itself, as two services may have operations of one name.
            let own = Vocabulary::of_operation(catalog.service(), spec);
            ask.row((catalog, spec), &own, &Pattern::any())
        });
        Self {
            effects: effects.into(),
            operations: operations.collect(),
            description: vocabulary.describe(&of.view().layers(), Effort::steps(EFFORT)),
            taken_away: taken_away(of.scopes, vocabulary),
            sampled,
            of,
        }
    }

    /// The scopes that an outlook is of.
    pub(super) fn view_at(&self, seen: &Seen) -> View<'_> {
        let sample = self.sampled.get(seen.sample);
        let scopes = sample.map_or(self.of.scopes, |it| &it.scopes);
        self.of.view_of(scopes)
    }

    /// The values that an outlook is of, where they are not those of the rest of the page.
    pub(super) fn values_at(&self, seen: &Seen) -> Vec<(&str, &Value)> {
        let own = self.of.file().zip(self.sampled.get(seen.sample));
        let Some((file, sample)) = own else {
            return Vec::new();
        };
        let differs = |(name, value): &(&str, &Value)| file.values.get(name) != Some(*value);
        sample.values.iter().filter(differs).collect()
    }
}

fn taken_away(scopes: &[Scope], vocabulary: &Vocabulary) -> Vec<Comparison> {
    let upto = |end: usize| Layers::blocks(scopes.get(..end).unwrap_or_default());
    let later = 1..scopes.len();
    later
        .map(|index| {
            vocabulary.compare(
                &upto(index),
                &upto(index.saturating_add(1)),
                Effort::default(),
            )
        })
        .collect()
}

impl Facts<'_> {
    /// Whether no service would take one of the tokens.
    pub(crate) fn has_refused(&self) -> bool {
        let mut all = self.sides.iter();
        all.any(|side| matches!(side.of.is, Kind::Token(_, Standing::Refused { .. })))
    }
}
