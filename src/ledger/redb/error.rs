//! Why a ledger could not be opened.

/// Why a [`RedbLedger`](super::RedbLedger) could not be opened. It never starts empty in place of
/// a file that it cannot read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedbError {
    /// Another ledger has the file open, in this process or another.
    #[error("the ledger's file is in use: two processes cannot share it")]
    InUse,
    /// The file is of another program.
    #[error("the file is no ledger")]
    Foreign,
    /// The file was written by another version.
    #[error("the ledger's file has format {found}, and {known} is known")]
    Version {
        /// What the file says.
        found: u32,
        /// What this version reads and writes.
        known: u32,
    },
    /// An entry is damaged. Restore the file, or start a new one.
    #[error("the ledger's file is damaged: {}", .0.escape_debug())]
    Corrupt(String),
    /// The disk failed.
    #[error("the ledger's file cannot be opened: {}", .0.escape_debug())]
    Storage(String),
}

impl RedbError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InUse => "ledger_in_use",
            Self::Foreign => "ledger_foreign",
            Self::Version { .. } => "ledger_version",
            Self::Corrupt(_) => "ledger_corrupt",
            Self::Storage(_) => "ledger_unavailable",
        }
    }

    pub(super) fn of(error: impl Into<redb::Error>) -> Self {
        match error.into() {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => Self::InUse,
            redb::Error::Corrupted(what) => Self::Corrupt(what),
            redb::Error::TableTypeMismatch { .. } => Self::Foreign,
            redb::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Self::Foreign
            }
            error => Self::Storage(error.to_string()),
        }
    }
}
