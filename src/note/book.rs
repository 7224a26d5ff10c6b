//! The notes that a task has gathered.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::signers::SignerStanding;
use super::{Note, NoteSigners, NoteStatement, OpenedNote, texts};
use crate::action::Call;
use crate::clock::Timestamp;
use crate::scope::{Label, Scope};
use crate::token::Token;

/// The notes that a task has gathered, in its agent's runtime: of each call it shows the values that the
/// call uses, and that the token asks for.
///
/// It keeps a bounded number, and forgets the oldest first; a note that has ended is forgotten too.
/// Delegates may be handed its notes, which count for them as well.
pub struct NoteBook {
    notes: Mutex<VecDeque<Note>>,
    capacity: usize,
    signers: Option<NoteSigners>,
}

/// Why a note is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteBookError {
    /// Its signature does not hold.
    #[error("the signature of the note does not hold")]
    Invalid,
    /// It has ended.
    #[error("the note ended at {until}, and it is {now}")]
    Expired {
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// Its signer is not one of those that the book takes notes of.
    #[error("the signer of the note is not known for its label")]
    SignerUnknown,
}

impl NoteBookError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid => "note_signature_invalid",
            Self::Expired { .. } => "note_expired",
            Self::SignerUnknown => "note_signer_unknown",
        }
    }
}

impl NoteBook {
    /// How many notes it keeps unless [`with_capacity`](Self::with_capacity) says otherwise.
    pub const DEFAULT_CAPACITY: usize = 64;

    /// An empty book.
    pub fn new() -> Self {
        Self::with_capacity(Self::DEFAULT_CAPACITY)
    }

    /// An empty book for at most so many notes.
    pub fn with_capacity(notes: usize) -> Self {
        Self {
            notes: Mutex::default(),
            capacity: notes,
            signers: None,
        }
    }

    /// Keeps the notes of these signers alone.
    ///
    /// # Security
    ///
    /// A verifier refuses a presentation with a note by somebody whom it does not know for the label. A
    /// service that signs under the label of another can make an agent carry such notes, unless the agent
    /// knows the signers too.
    #[must_use]
    pub fn with_signers(mut self, signers: NoteSigners) -> Self {
        self.signers = Some(signers);
        self
    }

    /// Keeps a note. One that it has already changes nothing.
    ///
    /// # Errors
    ///
    /// [`NoteBookError`] if it is forged, has ended, or is by somebody else than the book's signers.
    pub fn add(&self, note: Note, now: Timestamp) -> Result<(), NoteBookError> {
        let (statement, until) = (note.statement(), note.statement().until());
        let named = |signers: &NoteSigners| signers.standing(statement) == SignerStanding::Named;
        if !self.signers.as_ref().is_none_or(named) {
            return Err(NoteBookError::SignerUnknown);
        }
        if now >= until {
            return Err(NoteBookError::Expired { until, now });
        }
        if !statement.is_signed() {
            return Err(NoteBookError::Invalid);
        }
        let mut notes = self.notes();
        notes.retain(|had| now < had.statement().until());
        if !notes.contains(&note) {
            notes.push_back(note);
        }
        while notes.len() > self.capacity {
            notes.pop_front();
        }
        Ok(())
    }

    /// The notes, the oldest first: to hand to a delegate.
    pub fn to_notes(&self) -> Vec<Note> {
        self.notes().iter().cloned().collect()
    }

    /// Opens what a call uses, and these texts: see [`open_texts`](Self::open_texts). The texts of a call
    /// are those of its arguments, or the segments of its path and the values of its query, decoded.
    pub fn open_for<'a>(
        &self,
        token: &Token,
        call: &Call,
        more: impl IntoIterator<Item = &'a str>,
        now: Timestamp,
    ) -> Vec<OpenedNote> {
        let texts = texts::of_call(call);
        let more = more.into_iter().map(|text| -> &str { text });
        self.open_texts(token, texts.iter().map(AsRef::as_ref).chain(more), now)
    }

    /// Opens, of the notes that count for this token, exactly these texts, for the labels that a
    /// capability of the token asks for: of several notes with a text under one label the newest.
    pub fn open_texts<'a>(
        &self,
        token: &Token,
        texts: impl IntoIterator<Item = &'a str>,
        now: Timestamp,
    ) -> Vec<OpenedNote> {
        let contents = token.unverified();
        let asked: BTreeSet<&Label> = contents.scopes().iter().flat_map(Scope::labels).collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let holders: Vec<_> = token.holders().collect();
        let counts = |note: &&Note| {
            let statement = note.statement();
            now < statement.until()
                && statement.task() == contents.info().task().id()
                && holders.contains(statement.holder())
        };
        let notes = self.notes();
        let usable: Vec<&Note> = notes.iter().rev().filter(counts).collect();
        let mut places = vec![BTreeSet::new(); usable.len()];
        let texts: BTreeSet<&str> = texts.into_iter().collect();
        for text in texts {
            for label in &asked {
                let found = usable.iter().zip(&mut places).find_map(|(note, places)| {
                    let index = note
                        .index_of(text)
                        .filter(|_| answers(note.statement(), label))?;
                    Some((index, places))
                });
                if let Some((index, places)) = found {
                    places.insert(index);
                }
            }
        }
        let open = |(note, places): (&Note, BTreeSet<u32>)| {
            note.open_at(&places.into_iter().collect::<Vec<_>>())
        };
        usable.into_iter().zip(places).filter_map(open).collect()
    }

    fn notes(&self) -> MutexGuard<'_, VecDeque<Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether values of the note are noted under this label.
fn answers(statement: &NoteStatement, label: &Label) -> bool {
    statement.labels().any(|own| own == *label)
}

impl Default for NoteBook {
    fn default() -> Self {
        Self::new()
    }
}

/// Leaves the notes out.
impl fmt::Debug for NoteBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteBook")
            .field("notes", &self.notes().len())
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
