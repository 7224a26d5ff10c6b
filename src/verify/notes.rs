//! Notes that came along with a proof.

use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;

use super::CheckedToken;
use crate::clock::Timestamp;
use crate::keys::NotePublicKey;
use crate::note::{NoteSigners, NoteStatement, OpenedNote, SignerStanding};
use crate::scope::{Label, Scope, Seen};

/// A note whose signature and times hold, for this task and a holder of the token that was presented, by
/// somebody who may note values under its label; with the values that it shows.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedNote {
    note: OpenedNote,
}

impl VerifiedNote {
    /// What was signed.
    pub fn statement(&self) -> &NoteStatement {
        self.note.statement()
    }

    /// The values that it shows.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> {
        self.note.values()
    }

    /// What may have changed while a service looked something up.
    pub(super) fn check_again(&self, now: Timestamp) -> Result<(), NoteError> {
        not_over(self.statement(), now)
    }
}

/// Leaves the values out.
impl std::fmt::Debug for VerifiedNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("VerifiedNote").field(&self.note).finish()
    }
}

/// Why a note that came along does not count. Each names who signed it, by its own word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// Its signer is not one of those who may note values under its label.
    #[error("signer {signer} may not note values under `{label}`")]
    SignerUnknown {
        /// Who signed it.
        signer: NotePublicKey,
        /// The label.
        label: Label,
    },
    /// It is of another task, or was given to nobody whom the token comes from.
    #[error("the note by {signer} is of another task, or of another holder")]
    Foreign {
        /// Who signed it.
        signer: NotePublicKey,
    },
    /// It was made in the future.
    #[error("the note by {signer} was made at {issued}, and it is {now}")]
    NotYetValid {
        /// Who signed it.
        signer: NotePublicKey,
        /// When.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// It has ended.
    #[error("the note by {signer} ended at {until}, and it is {now}")]
    Expired {
        /// Who signed it.
        signer: NotePublicKey,
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// Its signature does not hold.
    #[error("the signature of the note by {signer} does not hold")]
    SignatureInvalid {
        /// Who signed it.
        signer: NotePublicKey,
    },
    /// It shows a value that it was not signed for.
    #[error("the note by {signer} shows a value that it was not signed for")]
    OpeningInvalid {
        /// Who signed it.
        signer: NotePublicKey,
    },
}

impl NoteError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignerUnknown { .. } => "note_signer_unknown",
            Self::Foreign { .. } => "note_foreign",
            Self::NotYetValid { .. } => "note_not_yet_valid",
            Self::Expired { .. } => "note_expired",
            Self::SignatureInvalid { .. } => "note_signature_invalid",
            Self::OpeningInvalid { .. } => "note_opening_invalid",
        }
    }
}

/// Statements whose signature held, by their signature: what else depends on the token and the time is
/// checked each time.
pub(super) type SignedNotes = Cache<[u8; 64], Arc<NoteStatement>>;

/// What notes are checked against.
pub(super) struct NoteChecks<'a> {
    pub(super) token: &'a CheckedToken,
    pub(super) skew: Duration,
    pub(super) now: Timestamp,
    pub(super) signers: &'a NoteSigners,
    pub(super) signed: &'a SignedNotes,
}

impl NoteChecks<'_> {
    /// All of them, or the first error. Left out are those alone whose label says nothing to this
    /// verifier: they are of use elsewhere.
    pub(super) fn verify(&self, notes: &[OpenedNote]) -> Result<Vec<VerifiedNote>, NoteError> {
        let verified = notes.iter().map(|note| self.verify_one(note));
        verified.filter_map(Result::transpose).collect()
    }

    fn verify_one(&self, note: &OpenedNote) -> Result<Option<VerifiedNote>, NoteError> {
        let (statement, now) = (note.statement(), self.now);
        let signer = *statement.signer();
        match self.signers.standing(statement) {
            SignerStanding::Unasked => return Ok(None),
            SignerStanding::Unknown => {
                let label = statement.label().clone();
                return Err(NoteError::SignerUnknown { signer, label });
            }
            SignerStanding::Named => {}
        }
        if !self.is_of_this_task(statement) {
            return Err(NoteError::Foreign { signer });
        }
        let issued = statement.issued();
        if issued > now.saturating_add(self.skew) {
            return Err(NoteError::NotYetValid {
                signer,
                issued,
                now,
            });
        }
        not_over(statement, now)?;
        if !self.is_signed(note) {
            return Err(NoteError::SignatureInvalid { signer });
        }
        if !note.openings_hold() {
            return Err(NoteError::OpeningInvalid { signer });
        }
        Ok(Some(VerifiedNote { note: note.clone() }))
    }

    /// Down a chain, and never up or across.
    fn is_of_this_task(&self, statement: &NoteStatement) -> bool {
        let task = self.token.contents().info().task().id();
        *statement.root() == self.token.root
            && statement.task() == task
            && self.token.holders.contains(statement.holder())
    }

    fn is_signed(&self, note: &OpenedNote) -> bool {
        let (statement, key) = (note.statement(), note.statement().signature().as_bytes());
        // Another statement may carry the same signature, and was not verified.
        if self.signed.get(key).is_some_and(|had| *had == *statement) {
            return true;
        }
        let holds = statement.is_signed();
        if holds {
            self.signed
                .insert(*key, Arc::clone(note.shared_statement()));
        }
        holds
    }
}

fn not_over(statement: &NoteStatement, now: Timestamp) -> Result<(), NoteError> {
    let (signer, until) = (*statement.signer(), statement.until());
    if now >= until {
        return Err(NoteError::Expired { signer, until, now });
    }
    Ok(())
}

/// What notes say was given, by label: also by that of the object that it came from.
///
/// Left out is what a deny entry or a requirement of these scopes reads.
pub(super) fn seen<'a>(notes: &[VerifiedNote], scopes: impl Iterator<Item = &'a Scope>) -> Seen {
    let mut seen = Seen::new();
    if notes.is_empty() {
        return seen;
    }
    let in_doubt: Vec<&Label> = scopes.flat_map(Scope::labels_in_doubt).collect();
    for note in notes {
        for label in note.statement().labels() {
            if !in_doubt.contains(&&label) {
                let values = note.values();
                values.for_each(|value| seen.note(label.clone(), value));
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests;
