//! What a report is of, with all that the review engine says of it.

use bailiwick::action::{Effect, Purpose};
use bailiwick::catalog::{Catalog, OperationSpec};
use bailiwick::clock::Timestamp;
use bailiwick::keys::ApproverPublicKey;
use bailiwick::manifest::{Manifest, Place};
use bailiwick::review::{Comparison, Description, Effort, Left, Lint, Outlook, Taint, Vocabulary};
use bailiwick::scope::{Clause, Layers, Pattern, Scope};
use bailiwick::token::Token;

use crate::trust::Standing;

/// What all questions about effects cost together, at most; so much again those about operations, and about rules.
const EFFORT: u64 = 20_000_000;
/// What one of them may cost in any case.
const LEAST: u64 = 20_000;

/// What the page says.
pub(crate) struct Facts<'a> {
    pub(crate) now: Timestamp,
    pub(crate) catalogs: &'a [Catalog],
    /// One, or the old one and the new one.
    pub(crate) sides: Vec<Side<'a>>,
    /// Of two.
    pub(crate) comparison: Option<Comparison>,
}

/// A task file or a token.
pub(crate) struct Subject<'a> {
    /// By which name it was given.
    pub(crate) name: &'a str,
    pub(crate) scopes: &'a [Scope],
    pub(crate) is: Kind<'a>,
    /// The values that stand for parameters that nobody gave.
    pub(crate) taken: &'a [(String, String)],
}

/// What it is.
pub(crate) enum Kind<'a> {
    /// With its purpose, values filled in.
    TaskFile(&'a Manifest, &'a Purpose),
    Token(&'a Token, Standing),
}

/// The same, reviewed.
pub(crate) struct Side<'a> {
    pub(super) of: Subject<'a>,
    pub(super) effects: Vec<Row<Effect>>,
    pub(super) operations: Vec<Row<(&'a Catalog, &'a OperationSpec)>>,
    pub(super) description: Description,
    pub(super) lints: Vec<Lint>,
    /// What each block but the first takes away from those before it.
    pub(super) taken_away: Vec<Comparison>,
}

/// What becomes of one kind of action.
pub(super) struct Row<T> {
    pub(super) kind: T,
    pub(super) clean: Outlook,
    /// Once the task has read untrusted data.
    pub(super) tainted: Outlook,
}

impl<'a> Subject<'a> {
    pub(super) fn layers(&self) -> Layers<'a> {
        Layers::blocks(self.scopes)
    }

    fn manifest(&self) -> Option<&'a Manifest> {
        match self.is {
            Kind::TaskFile(manifest, _) => Some(manifest),
            Kind::Token(..) => None,
        }
    }

    /// What an approver is called, if the task file says so.
    pub(super) fn name_of(&self, key: &ApproverPublicKey) -> Option<&'a str> {
        let mut all = self.manifest()?.approvers();
        all.find(|(_, own)| own.key() == Some(key))
            .map(|(name, _)| name.as_str())
    }

    /// Whether it names approvers.
    pub(super) fn has_approvers(&self) -> bool {
        self.manifest().is_some_and(|it| it.approvers().len() > 0)
    }

    /// Where a rule of the first block stands in the task file.
    pub(super) fn place_of(&self, clause: Clause) -> Option<Place> {
        self.manifest()?.places().of(clause)
    }
}

impl<'a> Side<'a> {
    pub(crate) fn new(
        of: Subject<'a>,
        vocabulary: &Vocabulary,
        catalogs: &'a [Catalog],
        now: Timestamp,
    ) -> Self {
        let layers = of.layers();
        let asked = 2 * Effect::ALL.len();
        let ask = Ask::sharing(&layers, asked);
        let effects = Effect::ALL
            .map(|effect| ask.row(effect, vocabulary, &Pattern::any().with_effect(effect)));
        let all = catalogs.iter().flat_map(|catalog| {
            let all = catalog.operations();
            all.map(move |spec| (catalog, spec))
        });
        let all: Vec<_> = all.collect();
        let ask = Ask::sharing(&layers, all.len().saturating_mul(2));
        let operations = all.into_iter().map(|(catalog, spec)| {
            // By itself, as two services may have operations of one name.
            let own = Vocabulary::of_operation(catalog.service(), spec);
            ask.row((catalog, spec), &own, &Pattern::any())
        });
        let lints = of
            .scopes
            .first()
            .map(|scope| vocabulary.lint(scope, now, Effort::default()));
        Self {
            effects: effects.into(),
            operations: operations.collect(),
            description: vocabulary.describe(&layers, Effort::steps(EFFORT)),
            lints: lints.unwrap_or_default(),
            taken_away: taken_away(of.scopes, vocabulary),
            of,
        }
    }
}

/// Questions about one side.
struct Ask<'a> {
    layers: &'a Layers<'a>,
    effort: Effort,
}

impl<'a> Ask<'a> {
    fn sharing(layers: &'a Layers<'a>, questions: usize) -> Self {
        let questions = u64::try_from(questions).unwrap_or(u64::MAX).max(1);
        let effort = Effort::steps((EFFORT / questions).max(LEAST));
        Self { layers, effort }
    }

    fn row<T>(&self, kind: T, vocabulary: &Vocabulary, pattern: &Pattern) -> Row<T> {
        let outlook = |taint| vocabulary.outlook(self.layers, pattern, taint, self.effort);
        Row {
            kind,
            clean: outlook(Taint::Clean),
            tainted: outlook(Taint::Tainted),
        }
    }
}

impl<T> Row<T> {
    /// Whether untrusted data changes anything.
    pub(super) fn is_changed_by_taint(&self) -> bool {
        (self.clean.left, &self.clean.demands) != (self.tainted.left, &self.tainted.demands)
    }

    /// What becomes of it before anything untrusted is read; but only what never happens at all is never.
    pub(super) fn left(&self) -> Left {
        match (self.clean.left, self.tainted.left) {
            (Left::Nothing, tainted) => tainted,
            (clean, _) => clean,
        }
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
