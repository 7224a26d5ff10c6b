//! Notes that travel beside an answer.

use std::fmt;

use serde_json::Value;

use super::signer::distinct;
use super::{Note, NoteStatement, NoteTextError, NoteWireError, ValuePath};
use crate::token::{TextKind, text};
use crate::wire::{Reader, put_short};

/// A [`Note`] without its values: these stand in the answer that it comes with, at a path. It is a few hundred bytes, however
/// many values there are.
///
/// A service's adapter sends one ([`Notary`](crate::catalog::Notary)); an agent's adapter attaches the values again.
///
/// # Security
///
/// Whoever has it and the answer has the note: it goes to the holder that it names, as the answer does.
#[derive(Clone, PartialEq, Eq)]
pub struct DetachedNote {
    statement: NoteStatement,
    seed: [u8; 32],
    at: ValuePath,
}

impl DetachedNote {
    /// The most notes of one answer. What would be more is left out.
    pub const MAX_OF_ANSWER: usize = 16;

    pub(super) const fn new(statement: NoteStatement, seed: [u8; 32], at: ValuePath) -> Self {
        Self {
            statement,
            seed,
            at,
        }
    }

    /// What was signed.
    pub const fn statement(&self) -> &NoteStatement {
        &self.statement
    }

    /// Where in the answer the values stand.
    pub const fn at(&self) -> &ValuePath {
        &self.at
    }

    /// The note with its values, out of the answer that it came with.
    ///
    /// # Errors
    ///
    /// [`NoteWireError`] if they are not the values that it was signed for.
    pub fn attach(&self, answer: &Value) -> Result<Note, NoteWireError> {
        let values = distinct(self.at.texts(answer)).map_err(|_| NoteWireError::WrongValues)?;
        Note::of(self.statement.clone(), self.seed, values)
    }

    /// The text form, `bwd1_…`.
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::new();
        self.statement.write(&mut bytes);
        bytes.extend_from_slice(&self.seed);
        put_short(&mut bytes, self.at.to_string().as_bytes());
        text::encode(TextKind::DetachedNote, &bytes)
    }

    /// Reads the text form.
    ///
    /// # Errors
    ///
    /// [`NoteTextError`] says whether the text is truncated, damaged, or something else.
    pub fn parse(text: &str) -> Result<Self, NoteTextError> {
        let bytes = text::decode(TextKind::DetachedNote, text, Self::MAX_BYTES)?;
        Ok(Self::read(&bytes)?)
    }

    const MAX_BYTES: usize = NoteStatement::MAX_BYTES + 32 + 2 + ValuePath::MAX_BYTES;

    fn read(bytes: &[u8]) -> Result<Self, NoteWireError> {
        let mut reader = Reader::new(bytes);
        let statement = NoteStatement::read(&mut reader)?;
        let seed = reader.array()?;
        let at = std::str::from_utf8(reader.short()?).ok();
        let at = at
            .and_then(|at| at.parse().ok())
            .ok_or(NoteWireError::Name("path"))?;
        reader.finish()?;
        Ok(Self::new(statement, seed, at))
    }
}

/// Leaves the seed out.
impl fmt::Debug for DetachedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DetachedNote")
            .field("statement", &self.statement)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
