//! Who the approvers are.

mod error;

use std::collections::BTreeMap;
use std::fmt;

pub use error::DirectoryError;

use super::{ApproverStanding, Approvers};
use crate::action::ApproverName;
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, DirectoryKey, DirectoryPublicKey, Signature};
use crate::signed::{Purpose, SignedMessage};
use crate::verify::Verifier;
use crate::wire::{Reader, put_bytes};

/// A list of approver keys with their names, which of them are revoked, and until when that is known.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use bailiwick::approve::{Directory, DirectoryEntry};
/// use bailiwick::clock::Timestamp;
/// use bailiwick::keys::{ApproverKey, DirectoryKey};
///
/// let (office, ada) = (DirectoryKey::generate()?, ApproverKey::generate()?.public_key());
/// let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let tomorrow = now + Duration::from_secs(86_400);
/// let signed = Directory::sign(&office, 7, now, tomorrow, [DirectoryEntry::active(ada, "Ada".parse()?)])?;
///
/// let directory = Directory::verify(signed.as_bytes(), &office.public_key(), now, 7)?;
/// assert_eq!(directory.name_of(&ada).map(|name| name.as_str()), Some("Ada"));
///
/// // Once number 8 was seen, 7 is refused.
/// let again = Directory::verify(signed.as_bytes(), &office.public_key(), now, 8);
/// assert_eq!(again.unwrap_err().code(), "directory_rolled_back");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    number: u64,
    issued: Timestamp,
    next_update: Timestamp,
    entries: BTreeMap<ApproverPublicKey, (ApproverName, EntryState)>,
}

/// One approver of a [`Directory`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// The key.
    pub approver: ApproverPublicKey,
    /// Who has it.
    pub name: ApproverName,
    /// Whether its approvals count.
    pub state: EntryState,
}

/// Whether the approvals of a key count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryState {
    /// They do.
    Active,
    /// They do not, whenever they were made.
    Revoked,
}

impl DirectoryEntry {
    /// An approver whose approvals count.
    pub fn active(approver: ApproverPublicKey, name: ApproverName) -> Self {
        let state = EntryState::Active;
        Self {
            approver,
            name,
            state,
        }
    }

    /// One whose approvals count no more.
    pub fn revoked(approver: ApproverPublicKey, name: ApproverName) -> Self {
        let state = EntryState::Revoked;
        Self {
            approver,
            name,
            state,
        }
    }
}

/// The bytes of a directory with their signature: public, to be copied anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedDirectory(Vec<u8>);

impl SignedDirectory {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SignedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedDirectory({} bytes)", self.0.len())
    }
}

/// What the bytes of a directory of format 1 begin with.
const HEAD: &[u8] = b"bailiwick-approvers-1\n";

impl Directory {
    /// The most entries.
    pub const MAX_ENTRIES: usize = 10_000;

    /// Signs a list of approvers, in any order, with a number above that of every list before it.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if a key stands twice, there are too many, or the next update is not after
    /// the issue.
    pub fn sign(
        key: &DirectoryKey,
        number: u64,
        issued: Timestamp,
        next_update: Timestamp,
        entries: impl IntoIterator<Item = DirectoryEntry>,
    ) -> Result<SignedDirectory, DirectoryError> {
        let mut directory = Self {
            number,
            issued,
            next_update,
            entries: BTreeMap::new(),
        };
        directory.check_window()?;
        for entry in entries {
            let value = (entry.name, entry.state);
            if directory.entries.insert(entry.approver, value).is_some() {
                return Err(DirectoryError::Order(entry.approver));
            }
        }
        let found = directory.entries.len();
        if found > Self::MAX_ENTRIES {
            return Err(DirectoryError::TooManyEntries { found });
        }
        let mut bytes = directory.to_bytes(&key.public_key());
        let signature = key.sign_message(message(&bytes).as_bytes());
        bytes.extend_from_slice(signature.as_bytes());
        Ok(SignedDirectory(bytes))
    }

    /// Reads a directory that this key signed, that counts now, and whose number is `at_least` this:
    /// the highest that was ever seen.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`]: malformed, by another signer, rolled back, from the future, or stale.
    pub fn verify(
        bytes: &[u8],
        signer: &DirectoryPublicKey,
        now: Timestamp,
        at_least: u64,
    ) -> Result<Self, DirectoryError> {
        let Some((body, signature)) = bytes.split_last_chunk::<64>() else {
            return Err(DirectoryError::TooShort);
        };
        let mut reader = Reader::new(body);
        if reader.take(HEAD.len())? != HEAD {
            return Err(DirectoryError::NotADirectory);
        }
        let found = DirectoryPublicKey::without_curve_check(reader.array()?)?;
        if found != *signer {
            let expected = *signer;
            return Err(DirectoryError::WrongSigner { expected, found });
        }
        let signature = Signature::from_bytes(*signature);
        // What is not signed is not read further.
        if signer.verify(message(body).as_bytes(), &signature).is_err() {
            return Err(DirectoryError::SignatureInvalid);
        }
        let directory = Self::read(reader)?;
        directory.check_window()?;
        if directory.number < at_least {
            let found = directory.number;
            return Err(DirectoryError::RolledBack { found, at_least });
        }
        let (issued, next_update) = (directory.issued, directory.next_update);
        if issued > now.saturating_add(Verifier::DEFAULT_SKEW) {
            return Err(DirectoryError::FromTheFuture { issued, now });
        }
        if now >= next_update {
            return Err(DirectoryError::Expired { next_update, now });
        }
        Ok(directory)
    }

    /// The name of an approver, revoked or not.
    pub fn name_of(&self, approver: &ApproverPublicKey) -> Option<&ApproverName> {
        self.entries.get(approver).map(|(name, _)| name)
    }

    /// Whether the approver is listed and not revoked.
    pub fn is_active(&self, approver: &ApproverPublicKey) -> bool {
        let entry = self.entries.get(approver);
        entry.is_some_and(|(_, state)| *state == EntryState::Active)
    }

    /// Its number: the highest is the newest.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// When it was issued.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// When the next one is due: from then on this one is stale.
    pub fn next_update(&self) -> Timestamp {
        self.next_update
    }

    /// Its approvers, in the order of their keys.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = DirectoryEntry> {
        let entries = self.entries.iter();
        entries.map(|(approver, (name, state))| DirectoryEntry {
            approver: *approver,
            name: name.clone(),
            state: *state,
        })
    }

    fn check_window(&self) -> Result<(), DirectoryError> {
        let (issued, next_update) = (self.issued, self.next_update);
        if next_update <= issued {
            return Err(DirectoryError::Window {
                issued,
                next_update,
            });
        }
        Ok(())
    }

    /// Everything but the signature.
    fn to_bytes(&self, signer: &DirectoryPublicKey) -> Vec<u8> {
        let mut bytes = HEAD.to_vec();
        bytes.extend_from_slice(signer.as_bytes());
        bytes.extend_from_slice(&self.number.to_be_bytes());
        bytes.extend_from_slice(&self.issued.unix_millis().to_be_bytes());
        bytes.extend_from_slice(&self.next_update.unix_millis().to_be_bytes());
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&count.to_be_bytes());
        for (approver, (name, state)) in &self.entries {
            bytes.extend_from_slice(approver.as_bytes());
            bytes.push(match state {
                EntryState::Active => ACTIVE,
                EntryState::Revoked => REVOKED,
            });
            put_bytes(&mut bytes, name.as_str().as_bytes());
        }
        bytes
    }

    /// Reads on after the signer.
    fn read(mut reader: Reader<'_>) -> Result<Self, DirectoryError> {
        let mut directory = Self {
            number: reader.u64()?,
            issued: reader.time(DirectoryError::Time)?,
            next_update: reader.time(DirectoryError::Time)?,
            entries: BTreeMap::new(),
        };
        let found = reader.length()?;
        if found > Self::MAX_ENTRIES {
            return Err(DirectoryError::TooManyEntries { found });
        }
        for _ in 0..found {
            let approver = ApproverPublicKey::from_bytes(reader.array()?)?;
            let state = match reader.byte()? {
                ACTIVE => EntryState::Active,
                REVOKED => EntryState::Revoked,
                _ => return Err(DirectoryError::Entry),
            };
            let name = std::str::from_utf8(reader.bytes()?).map_err(|_| DirectoryError::Entry)?;
            let name = ApproverName::parse(name)?;
            let last = directory.entries.last_key_value();
            if last.is_some_and(|(last, _)| *last >= approver) {
                return Err(DirectoryError::Order(approver));
            }
            directory.entries.insert(approver, (name, state));
        }
        reader.finish()?;
        Ok(directory)
    }
}

impl Approvers for Directory {
    fn standing(&self, approver: &ApproverPublicKey, now: Timestamp) -> ApproverStanding {
        if now >= self.next_update {
            return ApproverStanding::Stale(Some(self.next_update));
        }
        match self.entries.get(approver) {
            None => ApproverStanding::Unknown,
            Some((_, EntryState::Revoked)) => ApproverStanding::Revoked,
            Some((name, EntryState::Active)) => ApproverStanding::Active(name.clone()),
        }
    }
}

const ACTIVE: u8 = 1;
const REVOKED: u8 = 2;

fn message(body: &[u8]) -> SignedMessage {
    SignedMessage::new(Purpose::ApproverDirectory).field(body)
}

#[cfg(test)]
mod tests;
