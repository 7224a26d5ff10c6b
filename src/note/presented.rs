//! The notes of one presentation.

use super::{NotesError, OpenedNote};
use crate::wire::{Reader, WrongLength, put_bytes, put_count};

/// The notes of one presentation, within their limits.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct PresentedNotes(Vec<OpenedNote>);

impl PresentedNotes {
    /// Their number, and each with its length: so many bytes at the most.
    pub(crate) const MAX_WIRE_BYTES: usize = 2 + OpenedNote::MAX_NOTES * 4 + OpenedNote::MAX_BYTES;

    /// All of them, or an error.
    pub(crate) fn new(notes: impl IntoIterator<Item = OpenedNote>) -> Result<Self, NotesError> {
        let (mut presented, mut room) = (Self::default(), Room::default());
        for note in notes {
            room.take(note.openings.len(), note.to_bytes().len())?;
            presented.0.push(note);
        }
        Ok(presented)
    }

    /// As many as there is room for.
    pub(crate) fn fitting(notes: impl IntoIterator<Item = OpenedNote>) -> Self {
        let (mut presented, mut room) = (Self::default(), Room::default());
        for note in notes {
            let with_it = room.and(note.openings.len(), note.to_bytes().len());
            if let Ok(with_it) = with_it {
                room = with_it;
                presented.0.push(note);
            }
        }
        presented
    }

    pub(crate) fn as_slice(&self) -> &[OpenedNote] {
        &self.0
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        put_count(out, self.0.len());
        for note in &self.0 {
            put_bytes(out, &note.to_bytes());
        }
    }

    /// A malformed note is an error, and never no note.
    pub(crate) fn read<E: From<WrongLength> + From<NotesError>>(
        reader: &mut Reader<'_>,
    ) -> Result<Self, E> {
        let found = reader.count()?;
        if found > OpenedNote::MAX_NOTES {
            return Err(NotesError::TooMany { found }.into());
        }
        let (mut presented, mut room) = (Self::default(), Room::default());
        for index in 0..found {
            let bytes = reader.bytes()?;
            let note = OpenedNote::from_bytes(bytes)
                .map_err(|source| NotesError::Note { index, source })?;
            room.take(note.openings.len(), bytes.len())?;
            presented.0.push(note);
        }
        Ok(presented)
    }
}

/// What is used of the limits.
#[derive(Clone, Copy, Default)]
struct Room {
    notes: usize,
    openings: usize,
    bytes: usize,
}

impl Room {
    fn and(self, openings: usize, bytes: usize) -> Result<Self, NotesError> {
        let with_it = Self {
            notes: self.notes + 1,
            openings: self.openings.saturating_add(openings),
            bytes: self.bytes.saturating_add(bytes),
        };
        let Self { notes, .. } = with_it;
        match with_it {
            _ if notes > OpenedNote::MAX_NOTES => Err(NotesError::TooMany { found: notes }),
            _ if with_it.openings > OpenedNote::MAX_OPENINGS => Err(NotesError::TooManyOpenings),
            _ if with_it.bytes > OpenedNote::MAX_BYTES => Err(NotesError::TooLarge),
            _ => Ok(with_it),
        }
    }

    fn take(&mut self, openings: usize, bytes: usize) -> Result<(), NotesError> {
        *self = self.and(openings, bytes)?;
        Ok(())
    }
}
