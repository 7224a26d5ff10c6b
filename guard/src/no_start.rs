//! Why a guard does not start.

use std::io;
use std::path::PathBuf;

use bailiwick::catalog::{Findings, ImportError};
use bailiwick::keys::KeyError;
use bailiwick::ledger::RedbError;
use bailiwick::roots::RootsError;

/// Why a guard does not start. Nothing was served, and no message has a credential in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoStart {
    /// A file cannot be read.
    #[error("`{}` cannot be read: {error}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file is larger than one of its kind.
    #[error("`{}` has more than {limit} bytes", .file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// The most that there may be.
        limit: usize,
    },
    /// The catalog is none: everything that is wrong with it, each with its place.
    #[error("{0}")]
    Catalog(Findings),
    /// The catalog reaches nothing in the way that this guard is asked.
    #[error("the catalog has no {what}, so that every call would be denied")]
    NothingMapped {
        /// What there is none of.
        what: &'static str,
    },
    /// The file of trusted roots is none.
    #[error("`{}`: {error}", .file.display())]
    Roots {
        /// The file.
        file: PathBuf,
        /// What is wrong, with its place.
        error: RootsError,
    },
    /// A file that the file of roots names says nothing that counts.
    #[error("`{}`: {message}", .file.display())]
    Signed {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A credential cannot be used.
    #[error("the credential in `{}` {why}", .file.display())]
    Credential {
        /// Its file.
        file: PathBuf,
        /// Why not, in words that do not show it.
        why: &'static str,
    },
    /// A private key cannot be used.
    #[error("`{}`: {error}", .file.display())]
    Key {
        /// Its file.
        file: PathBuf,
        /// What is wrong.
        error: KeyError,
    },
    /// The name of a variable or a header is none that a credential may have.
    #[error("`{name}` {why}")]
    Name {
        /// The name, escaped.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// The ledger cannot be opened.
    #[error("the ledger `{}` cannot be opened: {error}", .file.display())]
    Ledger {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        error: RedbError,
    },
    /// What stands behind the guard is given in a way that cannot be used.
    #[error("the upstream {why}")]
    Upstream {
        /// Why not.
        why: &'static str,
    },
    /// What stands behind the guard does not answer as it should.
    #[error("the upstream does not answer: {why}")]
    Silent {
        /// What happened.
        why: String,
    },
    /// The address to listen at cannot be had.
    #[error("cannot listen: {0}")]
    Listen(io::Error),
    /// There is no draft of a catalog.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The system refuses something that the guard needs.
    #[error("the system refuses: {0}")]
    System(io::Error),
}

impl NoStart {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file_unreadable",
            Self::TooLarge { .. } => "file_too_large",
            Self::Catalog(_) => "catalog_invalid",
            Self::NothingMapped { .. } => "catalog_maps_nothing",
            Self::Roots { .. } => "roots_invalid",
            Self::Signed { .. } => "signed_file_invalid",
            Self::Credential { .. } => "credential_unusable",
            Self::Key { .. } => "key_unusable",
            Self::Name { .. } => "name_invalid",
            Self::Ledger { error, .. } => error.code(),
            Self::Upstream { .. } => "upstream_invalid",
            Self::Silent { .. } => "upstream_silent",
            Self::Listen(_) => "cannot_listen",
            Self::Import(_) => "no_draft",
            Self::System(_) => "system",
        }
    }

    /// As a person reads it on standard error.
    pub fn report(&self) -> String {
        match self {
            // Each finding has its own code.
            Self::Catalog(findings) => findings.to_string(),
            _ => format!("error[{}]: {self}", self.code()),
        }
    }
}
