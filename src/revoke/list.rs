//! Signed lists and signed changes to them, as bytes.
//!
//! Both begin: format (1 byte, 1), purpose (1 byte: 5 a list, 6 a delta), the signer's key (32), the
//! number (8), when it was issued and when the next is to be expected (8 each, Unix milliseconds);
//! a delta goes on with the digest of the entries before and after it (32 each); then the signature
//! (64) and the entries. What is signed has the digest of the entries in their place.

use sha2::{Digest as _, Sha256};

use super::wire::{Event, WireError, read_entries};
use super::{ListError, Revocation};
use crate::clock::Timestamp;
use crate::keys::{RevocationKey, RevocationPublicKey, Signature};
use crate::signed::{Purpose, SignedMessage};
use crate::wire::Reader;

const FORMAT: u8 = 1;

/// The SHA-256 of the entries of a list, in their one spelling.
pub(super) type Digest = [u8; 32];

pub(super) fn digest(entries: &[u8]) -> Digest {
    Sha256::digest(entries).into()
}

/// What stands before the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) signer: RevocationPublicKey,
    pub(super) number: u64,
    pub(super) issued: Timestamp,
    pub(super) next_update: Timestamp,
    /// Of a delta, the digests of all entries before and after it.
    pub(super) change: Option<(Digest, Digest)>,
}

/// A list or a delta, taken apart; whether it is signed is not known yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document<'a> {
    pub(super) head: Head,
    signature: Signature,
    pub(super) entries: &'a [u8],
}

impl<'a> Document<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let is_delta = match reader.array()? {
            [FORMAT, purpose] if purpose == Purpose::RevocationList as u8 => false,
            [FORMAT, purpose] if purpose == Purpose::RevocationDelta as u8 => true,
            _ => return Err(WireError::UnknownKind),
        };
        let signer = RevocationPublicKey::without_curve_check(reader.array()?);
        let signer = signer.map_err(|_| WireError::UnknownKind)?;
        let number = reader.u64()?;
        let issued = reader.time(WireError::Time)?;
        let next_update = reader.time(WireError::Time)?;
        if next_update <= issued {
            return Err(WireError::Time);
        }
        let change = match is_delta {
            true => Some((reader.array()?, reader.array()?)),
            false => None,
        };
        let signature = Signature::from_bytes(reader.array()?);
        let head = Head {
            signer,
            number,
            issued,
            next_update,
            change,
        };
        Ok(Self {
            head,
            signature,
            entries: reader.rest(),
        })
    }

    /// The digest of the entries, if the signature holds for them.
    pub(super) fn verify(&self) -> Result<Digest, ListError> {
        let digest = digest(self.entries);
        let message = message(&self.head, &digest);
        match self.head.signer.verify(message.as_bytes(), &self.signature) {
            Ok(()) => Ok(digest),
            Err(_) => Err(ListError::Signature),
        }
    }
}

fn message(head: &Head, entries: &Digest) -> SignedMessage {
    let purpose = match head.change {
        None => Purpose::RevocationList,
        Some(_) => Purpose::RevocationDelta,
    };
    let message = SignedMessage::new(purpose)
        .field(&head.number.to_be_bytes())
        .field(&head.issued.unix_millis().to_be_bytes())
        .field(&head.next_update.unix_millis().to_be_bytes());
    let message = match &head.change {
        None => message,
        Some((before, after)) => message.field(before).field(after),
    };
    message.field(entries)
}

/// Signs entries, which are in their one spelling.
pub(super) fn sign(key: &RevocationKey, head: &Head, entries: &[u8]) -> Vec<u8> {
    let signature = key.sign_message(message(head, &digest(entries)).as_bytes());
    let purpose = match head.change {
        None => Purpose::RevocationList,
        Some(_) => Purpose::RevocationDelta,
    };
    let mut out = Vec::with_capacity(entries.len().saturating_add(256));
    out.extend_from_slice(&[FORMAT, purpose as u8]);
    out.extend_from_slice(head.signer.as_bytes());
    out.extend_from_slice(&head.number.to_be_bytes());
    out.extend_from_slice(&head.issued.unix_millis().to_be_bytes());
    out.extend_from_slice(&head.next_update.unix_millis().to_be_bytes());
    if let Some((before, after)) = &head.change {
        out.extend_from_slice(before);
        out.extend_from_slice(after);
    }
    out.extend_from_slice(signature.as_bytes());
    out.extend_from_slice(entries);
    out
}

pub(super) fn decode_entries(bytes: &[u8]) -> Result<Vec<Revocation>, WireError> {
    let mut entries = Vec::new();
    read_entries(bytes, |event| {
        if let Event::Entry(entry) = event {
            entries.push(entry);
        }
    })?;
    Ok(entries)
}

/// What a signed list says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationList {
    /// Its number: each list of a signer has a greater one than the list before.
    pub number: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it is to be replaced by another, at the latest.
    pub next_update: Timestamp,
    /// Everything that is revoked.
    pub entries: Vec<Revocation>,
}

impl RevocationList {
    /// Reads a list that this key signed, whatever the time: for tools that show one.
    ///
    /// # Errors
    ///
    /// [`ListError`] if it is malformed, a delta, or signed by another key or not at all.
    pub fn open(bytes: &[u8], signer: &RevocationPublicKey) -> Result<Self, ListError> {
        let document = Document::read(bytes)?;
        let head = document.head;
        if head.signer != *signer {
            let signer = head.signer;
            return Err(ListError::UnknownSigner { signer });
        }
        if head.change.is_some() {
            return Err(WireError::UnknownKind.into());
        }
        document.verify()?;
        Ok(Self {
            number: head.number,
            issued: head.issued,
            next_update: head.next_update,
            entries: decode_entries(document.entries)?,
        })
    }
}

macro_rules! signed_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            pub(super) number: u64,
            pub(super) bytes: Vec<u8>,
        }

        impl $name {
            /// The number of the list that a source has once it has applied this.
            pub fn number(&self) -> u64 {
                self.number
            }

            /// The bytes, for [`SignedRevocations::apply`](super::SignedRevocations::apply).
            pub fn as_bytes(&self) -> &[u8] {
                &self.bytes
            }

            /// The bytes, to send or to store.
            pub fn into_bytes(self) -> Vec<u8> {
                self.bytes
            }
        }
    };
}

signed_bytes! {
    /// A signed list: everything that its signer revokes.
    SignedList
}

signed_bytes! {
    /// A signed delta: what its signer revokes beside the list before.
    SignedDelta
}
