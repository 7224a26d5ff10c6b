//! A note of which some values are shown.

use std::fmt;
use std::sync::Arc;

use super::note::read_value;
use super::tree::{Hash, Salt, leaf, path_length, root_from};
use super::{NoteStatement, NoteWireError};
use crate::wire::{Reader, put_count, put_short};

/// What a service signed, with some of the values that it was signed for, and the way from each to the
/// signed root: what travels in a [`Presentation`](crate::present::Presentation).
///
/// Nothing of it is verified before a [`Verifier`](crate::verify::Verifier) does.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedNote {
    pub(super) statement: Arc<NoteStatement>,
    pub(super) openings: Vec<Opening>,
}

/// One value, and the hashes beside its way to the root.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) index: u32,
    pub(super) salt: Salt,
    pub(super) value: Box<str>,
    pub(super) path: Vec<Hash>,
}

impl OpenedNote {
    /// The most notes of one presentation.
    pub const MAX_NOTES: usize = 16;
    /// The most values that all notes of one presentation show together.
    pub const MAX_OPENINGS: usize = 256;
    /// The most bytes of all notes of one presentation together.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// What was signed.
    pub fn statement(&self) -> &NoteStatement {
        &self.statement
    }

    pub(crate) fn shared_statement(&self) -> &Arc<NoteStatement> {
        &self.statement
    }

    /// The values that it shows.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> {
        self.openings.iter().map(|opening| opening.value.as_ref())
    }

    /// Whether every value is one of those that the note was signed for.
    pub(crate) fn openings_hold(&self) -> bool {
        let NoteStatement { count, hash, .. } = &*self.statement;
        self.openings.iter().all(|it| {
            let leaf = leaf(&it.salt, &it.value);
            root_from(leaf, it.index, *count, &it.path).as_ref() == Some(hash)
        })
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1024);
        self.statement.write(&mut bytes);
        put_count(&mut bytes, self.openings.len());
        for opening in &self.openings {
            bytes.extend_from_slice(&opening.index.to_be_bytes());
            bytes.extend_from_slice(&opening.salt);
            put_short(&mut bytes, opening.value.as_bytes());
            opening
                .path
                .iter()
                .for_each(|it| bytes.extend_from_slice(it));
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, NoteWireError> {
        let mut reader = Reader::new(bytes);
        let statement = NoteStatement::read(&mut reader)?;
        let found = reader.count()?;
        if found == 0 || found > Self::MAX_OPENINGS {
            return Err(NoteWireError::Openings { found });
        }
        let mut openings: Vec<Opening> = Vec::with_capacity(found);
        for place in 0..found {
            let index = u32::from_be_bytes(reader.array()?);
            let ascends = openings.last().is_none_or(|before| before.index < index);
            if !ascends || index >= statement.count {
                return Err(NoteWireError::Order);
            }
            openings.push(Opening {
                index,
                salt: reader.array()?,
                value: read_value(&mut reader, place)?.into(),
                // As long as it must be in a tree of this size: the bytes do not say.
                path: (0..path_length(index, statement.count))
                    .map(|_| reader.array())
                    .collect::<Result<_, _>>()?,
            });
        }
        reader.finish()?;
        Ok(Self {
            statement: Arc::new(statement),
            openings,
        })
    }
}

/// Leaves the values out.
impl fmt::Debug for OpenedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedNote")
            .field("statement", &self.statement)
            .field("values", &self.openings.len())
            .finish()
    }
}
