//! Who a task file asks.

use std::collections::BTreeMap;

use super::Name;
use crate::action::{ApproverName, preview_text};
use crate::approve::{Directory, EntryState};
use crate::clock::Timestamp;
use crate::keys::ApproverPublicKey;

/// Somebody whom a task file asks: by a key, or by the name that a signed directory has for one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Approver {
    /// Whoever has this key.
    Key(ApproverPublicKey),
    /// Whoever a directory lists under this name. It is not known yet who that is:
    /// [`Manifest::with_directory`](super::Manifest::with_directory) says it.
    Listed(ApproverName),
    /// Whom a directory listed under this name.
    Found(ApproverName, ApproverPublicKey),
}

impl Approver {
    /// The key, if it is known.
    #[must_use]
    pub const fn key(&self) -> Option<&ApproverPublicKey> {
        match self {
            Self::Key(key) | Self::Found(_, key) => Some(key),
            Self::Listed(_) => None,
        }
    }

    /// The name in the directory, if the file gives one.
    #[must_use]
    pub const fn listed(&self) -> Option<&ApproverName> {
        match self {
            Self::Key(_) => None,
            Self::Listed(name) | Self::Found(name, _) => Some(name),
        }
    }

    /// Whether both are certainly one person.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let same_key = self.key().is_some() && self.key() == other.key();
        same_key || (self.listed().is_some() && self.listed() == other.listed())
    }
}

/// Why the approvers of a task file are not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApproverError {
    /// The file names one as a directory does, and no directory was looked into.
    #[error("who approver `{name}` is stands in a directory, and none was looked into")]
    Unresolved {
        /// The name in the file.
        name: Name,
    },
    /// The directory lists nobody of that name.
    #[error("the directory lists nobody as `{}`, who is approver `{name}`", preview_text(listed.as_str()))]
    NotListed {
        /// The name in the file.
        name: Name,
        /// The name that is looked for.
        listed: ApproverName,
    },
    /// All keys of that name are revoked.
    #[error("every key of `{}`, who is approver `{name}`, is revoked", preview_text(listed.as_str()))]
    Revoked {
        /// The name in the file.
        name: Name,
        /// The name that is looked for.
        listed: ApproverName,
    },
    /// The directory has several keys of that name. Two keys of one person must not count as two people, and two people of
    /// one name not as one.
    #[error("the directory has several keys of `{}`, who is approver `{name}`", preview_text(listed.as_str()))]
    Ambiguous {
        /// The name in the file.
        name: Name,
        /// The name that is looked for.
        listed: ApproverName,
    },
    /// Two names of the file are of one key.
    #[error("approvers `{name}` and `{other}` have the same key")]
    Duplicate {
        /// The one name.
        name: Name,
        /// The other name.
        other: Name,
    },
    /// The directory that was looked into no longer counts.
    #[error("the directory of the approvers ended at {next_update}, and it is {now}")]
    Stale {
        /// When the next one was due.
        next_update: Timestamp,
        /// The time here.
        now: Timestamp,
    },
}

impl ApproverError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unresolved { .. } => "approver_unresolved",
            Self::NotListed { .. } => "approver_not_listed",
            Self::Revoked { .. } => "approver_revoked",
            Self::Ambiguous { .. } => "approver_ambiguous",
            Self::Duplicate { .. } => "approver_duplicate",
            Self::Stale { .. } => "directory_stale",
        }
    }
}

/// The approvers of a file, by the names that its rules use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Approvers {
    pub(super) all: BTreeMap<Name, Approver>,
    /// Until when the directory counts that some were found in.
    until: Option<Timestamp>,
}

impl Approvers {
    pub(super) fn new(all: BTreeMap<Name, Approver>) -> Self {
        Self { all, until: None }
    }

    /// All keys, which no two names share.
    pub(super) fn found_in(self, directory: &Directory) -> Result<Self, ApproverError> {
        let found = |(name, approver): (Name, Approver)| {
            let approver = match approver {
                Approver::Key(key) => Approver::Key(key),
                Approver::Listed(listed) | Approver::Found(listed, _) => {
                    let key = key_of(&name, &listed, directory)?;
                    Approver::Found(listed, key)
                }
            };
            Ok((name, approver))
        };
        let all = self.all.into_iter().map(found);
        let all: BTreeMap<Name, Approver> = all.collect::<Result<_, ApproverError>>()?;
        let mut before: BTreeMap<&ApproverPublicKey, &Name> = BTreeMap::new();
        for (name, approver) in &all {
            let Some(key) = approver.key() else { continue };
            if let Some(other) = before.insert(key, name) {
                let (name, other) = (name.clone(), other.clone());
                return Err(ApproverError::Duplicate { name, other });
            }
        }
        let listed = all.values().any(|approver| approver.listed().is_some());
        let until = listed.then(|| directory.next_update());
        Ok(Self { all, until })
    }

    /// That the directory, if one was looked into, counts still.
    pub(super) fn check(&self, now: Timestamp) -> Result<(), ApproverError> {
        match self.until {
            Some(next_update) if now >= next_update => {
                Err(ApproverError::Stale { next_update, now })
            }
            _ => Ok(()),
        }
    }

    /// The key of a name. That the file has the name was found when it was read.
    pub(super) fn key(&self, name: &Name) -> Result<ApproverPublicKey, ApproverError> {
        let key = self.all.get(name).and_then(Approver::key).copied();
        key.ok_or_else(|| ApproverError::Unresolved { name: name.clone() })
    }
}

/// The one key of a name that is not revoked.
fn key_of(
    name: &Name,
    listed: &ApproverName,
    directory: &Directory,
) -> Result<ApproverPublicKey, ApproverError> {
    let (name, listed) = (name.clone(), listed.clone());
    let own = directory.entries().filter(|entry| entry.name == listed);
    let (active, revoked): (Vec<_>, Vec<_>) = own.partition(|it| it.state == EntryState::Active);
    match active.as_slice() {
        [one] => Ok(one.approver),
        [] if revoked.is_empty() => Err(ApproverError::NotListed { name, listed }),
        [] => Err(ApproverError::Revoked { name, listed }),
        _ => Err(ApproverError::Ambiguous { name, listed }),
    }
}
