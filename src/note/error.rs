//! Why bytes are not a note.

use super::{Note, OpenedNote};
use crate::keys::PublicKeyError;
use crate::present::NoRandomness;
use crate::token::TextError;
use crate::wire::WrongLength;

/// Why bytes are not a note, or not one that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteWireError {
    /// The bytes end before what they announce.
    #[error("the note ends too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("the note has {0} bytes too many")]
    TooLong(usize),
    /// A key in it is none.
    #[error("a key of the note: {0}")]
    Key(#[from] PublicKeyError),
    /// A name in it is none: of the service, of the task, the label, or the object.
    #[error("the {0} of the note is none")]
    Name(&'static str),
    /// A time is after the year 9999.
    #[error("a time of the note is out of range")]
    Time,
    /// It ends before it begins, or lasts longer than [`Note::LONGEST`].
    #[error("the note lasts for less than a millisecond, or for more than 30 days")]
    Lifetime,
    /// It is of no value, or of more than [`Note::MAX_VALUES`].
    #[error("the note has {found} values: 1 to {} are possible", Note::MAX_VALUES)]
    Values {
        /// How many it says it has.
        found: usize,
    },
    /// A value is no text, or longer than [`Note::MAX_VALUE_BYTES`].
    #[error(
        "value {index} of the note is no text of at most {} bytes",
        Note::MAX_VALUE_BYTES
    )]
    Value {
        /// Which one, from 0.
        index: usize,
    },
    /// It has the same value twice.
    #[error("the note has the same value twice")]
    DuplicateValue,
    /// The values are not those that it was signed for.
    #[error("the values are not those that the note was signed for")]
    WrongValues,
    /// It shows no value, or more than [`OpenedNote::MAX_OPENINGS`].
    #[error(
        "the note shows {found} values: 1 to {} are possible",
        OpenedNote::MAX_OPENINGS
    )]
    Openings {
        /// How many it says it shows.
        found: usize,
    },
    /// The values that it shows are not in the order of their places, or of places that it does not
    /// have.
    #[error("the note shows values out of order, or of places that it does not have")]
    Order,
}

impl NoteWireError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Values { .. } | Self::Value { .. } | Self::Openings { .. } => "note_too_large",
            _ => "note_malformed",
        }
    }
}

impl From<WrongLength> for NoteWireError {
    fn from(error: WrongLength) -> Self {
        match error {
            WrongLength::TooShort => Self::TooShort,
            WrongLength::TooLong(rest) => Self::TooLong(rest),
        }
    }
}

/// Why a text is not a note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteTextError {
    /// The text form is damaged.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The bytes in it are.
    #[error(transparent)]
    Wire(#[from] NoteWireError),
}

impl NoteTextError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text(_) => "note_malformed",
            Self::Wire(error) => error.code(),
        }
    }
}

/// Why a service signs no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteSignError {
    /// There is no value.
    #[error("there is no value to note")]
    NoValues,
    /// There are more values than [`Note::MAX_VALUES`].
    #[error("there are more than {} values to note", Note::MAX_VALUES)]
    TooManyValues,
    /// A value is longer than [`Note::MAX_VALUE_BYTES`].
    #[error("value {index} has {bytes} bytes, more than {}", Note::MAX_VALUE_BYTES)]
    ValueTooLong {
        /// Which one, from 0.
        index: usize,
        /// Its length.
        bytes: usize,
    },
    /// The values are longer than [`Note::MAX_BYTES`] together.
    #[error("the values have more than {} bytes together", Note::MAX_BYTES)]
    TooLarge,
    /// The label names an object: the permit says what the values came from.
    #[error("the label names an object, which is the permit's to say")]
    BoundLabel,
    /// The permit is of nobody.
    #[error("the permit has no holder")]
    NoHolder,
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// More notes than a presentation carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotesError {
    /// More than [`OpenedNote::MAX_NOTES`].
    #[error("{found} notes are more than {}", OpenedNote::MAX_NOTES)]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// They show more values than [`OpenedNote::MAX_OPENINGS`] together.
    #[error("the notes show more than {} values", OpenedNote::MAX_OPENINGS)]
    TooManyOpenings,
    /// They are longer than [`OpenedNote::MAX_BYTES`] together.
    #[error("the notes have more than {} bytes", OpenedNote::MAX_BYTES)]
    TooLarge,
    /// A note is damaged.
    #[error("note {index}: {source}")]
    Note {
        /// Which one, from 0.
        index: usize,
        /// What is wrong with it.
        source: NoteWireError,
    },
}

impl NotesError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooMany { .. } | Self::TooManyOpenings => "notes_too_many",
            Self::TooLarge => "note_too_large",
            Self::Note { source, .. } => source.code(),
        }
    }
}
