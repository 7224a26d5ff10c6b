//! All the values that a service gave in one field, as their holder keeps them.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::statement::Given;
use super::tree::{HashTree, leaf, salt};
use super::{
    DetachedNote, NoteSignError, NoteStatement, NoteTextError, NoteWireError, OpenedNote, Opening,
    ValuePath,
};
use crate::keys::NoteKey;
use crate::token::{TextKind, text};
use crate::wire::{Reader, put_short};

/// Values that a service gave to a task in one field, under its signature: what a holder keeps, and
/// shows of it no more than what it uses.
///
/// A [`NoteSigner`](super::NoteSigner) makes one, and a [`NoteBook`](super::NoteBook) keeps it. Nothing of
/// it is verified before a [`Verifier`](crate::verify::Verifier) does.
///
/// # Security
///
/// It is as confidential as its values are: send it to nobody but the holder that it names. Whoever is
/// shown some of the values learns how many there are, and nothing of the others.
#[derive(Clone)]
pub struct Note {
    statement: Arc<NoteStatement>,
    seed: [u8; 32],
    values: Vec<Box<str>>,
    /// The places of the values, in the order of the values.
    order: Vec<u32>,
    tree: Arc<HashTree>,
}

impl Note {
    /// The most values of one note.
    pub const MAX_VALUES: usize = 10_000;
    /// The most bytes of one value.
    pub const MAX_VALUE_BYTES: usize = 4_096;
    /// The most bytes of all values of a note together.
    pub const MAX_BYTES: usize = 1 << 20;
    /// The longest that a note lasts: 30 days.
    pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

    pub(super) fn sign(
        key: &NoteKey,
        given: Given,
        seed: [u8; 32],
        values: Vec<Box<str>>,
    ) -> Result<Self, NoteSignError> {
        let (tree, count) = (hash_tree(&seed, &values), values.len());
        let count = u32::try_from(count).map_err(|_| NoteSignError::TooManyValues)?;
        let root = tree.root().ok_or(NoteSignError::NoValues)?;
        let statement = NoteStatement::sign(key, given, count, root);
        Ok(Self::new(statement, seed, values, tree))
    }

    fn new(
        statement: NoteStatement,
        seed: [u8; 32],
        values: Vec<Box<str>>,
        tree: HashTree,
    ) -> Self {
        let value = |index: &u32| usize::try_from(*index).ok().and_then(|it| values.get(it));
        let mut order: Vec<u32> = (0..statement.count).collect();
        order.sort_unstable_by(|one, other| value(one).cmp(&value(other)));
        Self {
            statement: Arc::new(statement),
            seed,
            values,
            order,
            tree: Arc::new(tree),
        }
    }

    /// What was signed.
    pub fn statement(&self) -> &NoteStatement {
        &self.statement
    }

    /// The values, each once, as the service gave them.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> {
        self.values.iter().map(AsRef::as_ref)
    }

    /// Where a value stands, if it was given.
    pub(super) fn index_of(&self, value: &str) -> Option<u32> {
        let place = self
            .order
            .binary_search_by(|index| self.value(*index).cmp(&Some(value)));
        self.order.get(place.ok()?).copied()
    }

    fn value(&self, index: u32) -> Option<&str> {
        let index = usize::try_from(index).ok()?;
        self.values.get(index).map(AsRef::as_ref)
    }

    /// Shows these of the values; `None` if none of them was given.
    pub fn open<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> Option<OpenedNote> {
        let places = values.into_iter().filter_map(|value| self.index_of(value));
        let mut places: Vec<u32> = places.collect();
        places.sort_unstable();
        places.dedup();
        self.open_at(&places)
    }

    /// Shows the values at these places, which ascend.
    pub(super) fn open_at(&self, places: &[u32]) -> Option<OpenedNote> {
        let opening = |index: &u32| {
            Some(Opening {
                index: *index,
                salt: salt(&self.seed, *index),
                value: self.value(*index)?.into(),
                path: self.tree.path(usize::try_from(*index).ok()?),
            })
        };
        let openings: Vec<_> = places.iter().filter_map(opening).collect();
        let statement = Arc::clone(&self.statement);
        (!openings.is_empty()).then_some(OpenedNote {
            statement,
            openings,
        })
    }

    /// The text form, `bwn1_…`.
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::new();
        self.statement.write(&mut bytes);
        bytes.extend_from_slice(&self.seed);
        for value in &self.values {
            put_short(&mut bytes, value.as_bytes());
        }
        text::encode(TextKind::Note, &bytes)
    }

    /// Reads the text form, and checks that the values are those that were signed for.
    ///
    /// # Errors
    ///
    /// [`NoteTextError`] says whether the text is truncated, damaged, or something else.
    pub fn parse(text: &str) -> Result<Self, NoteTextError> {
        let bytes = text::decode(TextKind::Note, text, LONGEST_NOTE)?;
        Ok(Self::read(&bytes)?)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, NoteWireError> {
        let mut reader = Reader::new(bytes);
        let statement = NoteStatement::read(&mut reader)?;
        let seed = reader.array()?;
        let count = usize::try_from(statement.count).unwrap_or(usize::MAX);
        let mut values: Vec<Box<str>> = Vec::new();
        for index in 0..count {
            values.push(read_value(&mut reader, index)?.into());
        }
        reader.finish()?;
        if values.iter().collect::<HashSet<_>>().len() != values.len() {
            return Err(NoteWireError::DuplicateValue);
        }
        Self::of(statement, seed, values)
    }

    /// A note of these values, which are distinct, if it was signed for them.
    pub(super) fn of(
        statement: NoteStatement,
        seed: [u8; 32],
        values: Vec<Box<str>>,
    ) -> Result<Self, NoteWireError> {
        let tree = hash_tree(&seed, &values);
        let same = tree.root() == Some(statement.hash)
            && u32::try_from(values.len()) == Ok(statement.count);
        match same {
            true => Ok(Self::new(statement, seed, values, tree)),
            false => Err(NoteWireError::WrongValues),
        }
    }

    /// The note without its values, which stand at this path of the answer that it travels with.
    pub fn detach(&self, at: ValuePath) -> DetachedNote {
        DetachedNote::new(NoteStatement::clone(&self.statement), self.seed, at)
    }
}

/// Values are no more than their limit, and each has its length in 2 bytes.
const LONGEST_NOTE: usize = NoteStatement::MAX_BYTES + 32 + Note::MAX_BYTES + 2 * Note::MAX_VALUES;

fn hash_tree(seed: &[u8; 32], values: &[Box<str>]) -> HashTree {
    let leaves = (0..)
        .zip(values)
        .map(|(index, value)| leaf(&salt(seed, index), value));
    HashTree::new(leaves.collect())
}

/// A text of at most [`Note::MAX_VALUE_BYTES`], with its length in 2 bytes before it.
pub(super) fn read_value<'a>(
    reader: &mut Reader<'a>,
    index: usize,
) -> Result<&'a str, NoteWireError> {
    let bytes = reader.short()?;
    let value = std::str::from_utf8(bytes).ok();
    let value = value.filter(|value| value.len() <= Note::MAX_VALUE_BYTES);
    value.ok_or(NoteWireError::Value { index })
}

/// The same signed statement over the same values.
impl PartialEq for Note {
    fn eq(&self, other: &Self) -> bool {
        self.statement == other.statement && self.seed == other.seed
    }
}

impl Eq for Note {}

/// Leaves the seed and the values out.
impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("statement", &self.statement)
            .finish_non_exhaustive()
    }
}
