//! What a reviewer should look at twice.

use bailiwick::clock::Timestamp;
use bailiwick::manifest::{Manifest, ManifestError, Parameters, Place};
use bailiwick::review::{Effort, Level, Lint, Vocabulary};
use bailiwick::scope::Scope;

/// One finding, where it stands if that is known, and what the file says to it.
pub(crate) struct Finding {
    pub(crate) lint: Lint,
    pub(crate) place: Option<Place>,
    pub(crate) excuse: Option<String>,
}

impl Finding {
    pub(crate) fn of_file(
        manifest: &Manifest,
        parameters: &Parameters,
        now: Timestamp,
    ) -> Result<Vec<Self>, ManifestError> {
        let remarks = manifest.lint(parameters, now, Effort::default())?;
        let found = remarks.into_iter().map(|it| Self {
            lint: it.lint,
            place: it.place,
            excuse: it.excuse,
        });
        Ok(found.collect())
    }

    /// Of its first block: a task begins there, and the blocks after it can only take away.
    pub(crate) fn of_token(blocks: &[Scope], vocabulary: &Vocabulary, now: Timestamp) -> Vec<Self> {
        let first = blocks.first().into_iter();
        let found = first.flat_map(|scope| vocabulary.lint(scope, now, Effort::default()));
        let found = found.map(|lint| Self {
            lint,
            place: None,
            excuse: None,
        });
        found.collect()
    }

    /// Whether it is more than a note, and the file has no words for it.
    pub(crate) fn is_grave(&self) -> bool {
        self.excuse.is_none() && self.lint.rule.level() > Level::Note
    }
}
