//! Why a directory does not count.

use super::Directory;
use crate::action::NameError;
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, DirectoryPublicKey, PublicKeyError};
use crate::wire::WrongLength;

/// Why bytes are not a directory that counts now, or none can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// The bytes end before what they announce.
    #[error("the directory ends too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("the directory has {0} bytes too many")]
    TooLong(usize),
    /// The bytes are those of another thing, or of another format.
    #[error("the bytes are not those of a directory of format 1")]
    NotADirectory,
    /// A time is after the year 9999.
    #[error("a time of the directory is out of range")]
    Time,
    /// The next update is not after the issue.
    #[error("the directory ends at {next_update}, and is of {issued}")]
    Window {
        /// When it was issued.
        issued: Timestamp,
        /// When the next one is due.
        next_update: Timestamp,
    },
    /// There are more entries than [`Directory::MAX_ENTRIES`].
    #[error(
        "the directory has {found} entries, more than {}",
        Directory::MAX_ENTRIES
    )]
    TooManyEntries {
        /// How many.
        found: usize,
    },
    /// A key stands twice, or before one that it comes after.
    #[error("the keys of the directory are not in order, each once: {0}")]
    Order(ApproverPublicKey),
    /// A key is none.
    #[error("a key of the directory: {0}")]
    Key(#[from] PublicKeyError),
    /// A name is none.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A name is not UTF-8, or a state unknown.
    #[error("an entry of the directory is malformed")]
    Entry,
    /// It is signed by another key than the one that is trusted.
    #[error("the directory is signed by {found}, not by {expected}")]
    WrongSigner {
        /// The key that is trusted.
        expected: DirectoryPublicKey,
        /// The key that it names.
        found: DirectoryPublicKey,
    },
    /// Its signature does not hold.
    #[error("the signature of the directory does not hold")]
    SignatureInvalid,
    /// It is older than one that was seen.
    #[error("the directory has number {found}, and number {at_least} was seen")]
    RolledBack {
        /// Its number.
        found: u64,
        /// The lowest that is accepted.
        at_least: u64,
    },
    /// It was issued in the future.
    #[error("the directory was issued at {issued}, and it is {now}")]
    FromTheFuture {
        /// When it says it was issued.
        issued: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// The next one is due.
    #[error("the directory ended at {next_update}, and it is {now}")]
    Expired {
        /// When the next one was due.
        next_update: Timestamp,
        /// The time here.
        now: Timestamp,
    },
}

impl From<WrongLength> for DirectoryError {
    fn from(error: WrongLength) -> Self {
        match error {
            WrongLength::TooShort => Self::TooShort,
            WrongLength::TooLong(rest) => Self::TooLong(rest),
        }
    }
}

impl DirectoryError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongSigner { .. } => "directory_wrong_signer",
            Self::SignatureInvalid => "directory_signature_invalid",
            Self::RolledBack { .. } => "directory_rolled_back",
            Self::FromTheFuture { .. } => "directory_from_the_future",
            Self::Expired { .. } => "directory_stale",
            _ => "directory_malformed",
        }
    }
}
