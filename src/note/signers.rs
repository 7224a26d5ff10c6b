//! Whose notes count.

use std::collections::{BTreeMap, BTreeSet};

use super::NoteStatement;
use crate::keys::NotePublicKey;
use crate::scope::Label;

/// Who may note values under which label.
///
/// ```
/// use bailiwick::keys::NoteKey;
/// use bailiwick::note::NoteSigners;
/// use bailiwick::scope::Label;
///
/// let calendar = NoteKey::generate()?;
/// let signers = NoteSigners::new().with(Label::new("calendar:attendees")?, calendar.public_key());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// A label is a promise about a field: name a key for it only if its service keeps that promise. A label
/// that names an object counts for nothing here: who notes a field does so for all of its objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteSigners(BTreeMap<Label, BTreeSet<NotePublicKey>>);

/// What is known of the signer of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignerStanding {
    /// It may note values under the label.
    Named,
    /// Others may.
    Unknown,
    /// Nobody may: what is noted under it says nothing here.
    Unasked,
}

impl NoteSigners {
    /// Nobody may note anything.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Names one more key for a label.
    #[must_use]
    pub fn with(mut self, label: Label, signer: NotePublicKey) -> Self {
        self.0.entry(label).or_default().insert(signer);
        self
    }

    pub(crate) fn standing(&self, statement: &NoteStatement) -> SignerStanding {
        match self.0.get(statement.label()) {
            None => SignerStanding::Unasked,
            Some(named) if named.contains(statement.signer()) => SignerStanding::Named,
            Some(_) => SignerStanding::Unknown,
        }
    }
}
