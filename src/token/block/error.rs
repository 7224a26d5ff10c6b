//! Why bytes are no block of format 1.

use std::fmt;

use crate::scope::ScopeError;

/// Why bytes are no block of format 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// The bytes are no Biscuit block at all.
    #[error("not the bytes of a Biscuit block")]
    Malformed,
    /// The block is of a version that format 1 does not write.
    #[error("block version {found}, where format 1 writes 6")]
    Version {
        /// The version that the block states; 0 if it states none.
        found: u64,
    },
    /// A rule derives facts, and only a verifier supplies facts.
    #[error("the block has a rule")]
    Rule,
    /// `trusting …` on the block.
    #[error("the block has a scope annotation")]
    ScopeAnnotation,
    /// The block names public keys, as only third-party blocks and scope annotations need.
    #[error("the block lists public keys")]
    PublicKeys,
    /// Free text that no check sees.
    #[error("the block has a context")]
    Context,
    /// `check all` or `reject if`, which pass where a fact is absent.
    #[error("check {check}: only `check if` is in the grammar of format 1")]
    CheckKind {
        /// Which check, from 0.
        check: usize,
    },
    /// Something that the encoder never writes.
    #[error("{place}: not in the grammar of format 1")]
    NotInGrammar {
        /// Where.
        place: Place,
    },
    /// A budget whose id claims to stand in another block.
    #[error("check {check}: the budget id `{}` does not stand in block {block}", .id.escape_debug())]
    BudgetPosition {
        /// Which check, from 0.
        check: usize,
        /// The id.
        id: String,
        /// The block in which it stands.
        block: usize,
    },
    /// Each part is in the grammar, and together they are no scope.
    #[error("the block's scope is refused: {0}")]
    Scope(#[from] ScopeError),
    /// A first block must say what it allows, for whom, and until when.
    #[error("the first block has no {missing}")]
    Unbounded {
        /// What it lacks.
        missing: &'static str,
    },
}

/// A part of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The list of new symbols.
    Symbols,
    /// A fact, from 0.
    Fact(usize),
    /// A check, from 0.
    Check(usize),
    /// How the parts of the block are put together.
    Layout,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbols => f.write_str("symbols"),
            Self::Fact(index) => write!(f, "fact {index}"),
            Self::Check(index) => write!(f, "check {index}"),
            Self::Layout => f.write_str("block"),
        }
    }
}
