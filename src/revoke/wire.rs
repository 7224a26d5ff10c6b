//! Entries as bytes: one spelling for a set of them.
//!
//! Sections in the order of their kinds: the kind (1 byte), how many (4 bytes, at least 1), and the
//! entries, each greater than the one before. So nothing stands twice.

use super::{BlockId, Brake, Revocation, RevocationKind};
use crate::action::{Principal, Service, TaskId};
use crate::keys::{ApproverPublicKey, HolderPublicKey, IssuerPublicKey, PublicKeyError};
use crate::wire::{Reader, WrongLength, put_short};

/// Why bytes are no list. It says where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The bytes end before what they announce.
    #[error("it ends too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("it has {0} bytes too many")]
    TooLong(usize),
    /// The first bytes are those of nothing that this version knows.
    #[error("it is of no known kind")]
    UnknownKind,
    /// A time is after the year 9999, or an end before its start.
    #[error("a time in it is out of range")]
    Time,
    /// An entry is not well-formed.
    #[error("entry {0} is malformed")]
    Entry(usize),
    /// An entry stands twice, or not in its place.
    #[error("entry {0} stands twice or out of order")]
    Order(usize),
}

impl From<WrongLength> for WireError {
    fn from(error: WrongLength) -> Self {
        match error {
            WrongLength::TooShort => Self::TooShort,
            WrongLength::TooLong(rest) => Self::TooLong(rest),
        }
    }
}

/// What is told while entries are read.
pub(super) enum Event {
    /// So many entries of a kind follow. There are bytes enough for them.
    Section(RevocationKind, usize),
    Entry(Revocation),
}

/// Reads entries, and tells what it finds. What was told before an error must be forgotten.
pub(super) fn read_entries(bytes: &[u8], mut tell: impl FnMut(Event)) -> Result<(), WireError> {
    let mut reader = Reader::new(bytes);
    let (mut index, mut last) = (0, None);
    while !reader.rest().is_empty() {
        let byte = reader.byte()?;
        let kind = RevocationKind::ALL
            .into_iter()
            .find(|kind| *kind as u8 == byte);
        let kind = kind.ok_or(WireError::Entry(index))?;
        if last >= Some(kind) {
            return Err(WireError::Order(index));
        }
        last = Some(kind);
        let count = reader.length()?;
        if count == 0 {
            return Err(WireError::Entry(index));
        }
        if count > reader.rest().len() / shortest(kind) {
            return Err(WireError::TooShort);
        }
        tell(Event::Section(kind, count));
        let mut before: &[u8] = &[];
        for _ in 0..count {
            let start = reader.rest();
            let entry = read_entry(kind, &mut reader, index)?;
            let length = start.len().saturating_sub(reader.rest().len());
            let bytes = start.get(..length).unwrap_or_default();
            if bytes <= before {
                return Err(WireError::Order(index));
            }
            before = bytes;
            tell(Event::Entry(entry));
            index += 1;
        }
    }
    Ok(())
}

/// The fewest bytes that an entry takes.
fn shortest(kind: RevocationKind) -> usize {
    match kind {
        RevocationKind::Brake => 4,
        _ => 32,
    }
}

fn read_entry(
    kind: RevocationKind,
    reader: &mut Reader<'_>,
    index: usize,
) -> Result<Revocation, WireError> {
    let malformed = WireError::Entry(index);
    // A key that is no point of the curve is in no chain, so that revoking it does nothing; a
    // million curve checks would take many seconds.
    let key = |_: PublicKeyError| malformed;
    Ok(match kind {
        RevocationKind::Root => Revocation::Root(read_root(reader, malformed)?),
        RevocationKind::IssuedBefore => Revocation::IssuedBefore {
            root: read_root(reader, malformed)?,
            time: reader.time(WireError::Time)?,
        },
        RevocationKind::Principal => Revocation::Principal {
            root: read_root(reader, malformed)?,
            principal: name(reader.short()?, malformed, Principal::parse)?,
        },
        RevocationKind::Task => Revocation::Task {
            root: read_root(reader, malformed)?,
            task: name(reader.short()?, malformed, TaskId::parse)?,
        },
        RevocationKind::Holder => {
            Revocation::Holder(HolderPublicKey::without_curve_check(reader.array()?).map_err(key)?)
        }
        RevocationKind::Block => Revocation::Block(BlockId::from_bytes(reader.array()?)),
        RevocationKind::Approver => Revocation::Approver(
            ApproverPublicKey::without_curve_check(reader.array()?).map_err(key)?,
        ),
        RevocationKind::Brake => {
            // No service has an empty name: that is every service.
            let service = match reader.short()? {
                [] => None,
                service => Some(name(service, malformed, Service::parse)?),
            };
            let brake = Brake::from_bytes(service, reader.short()?);
            Revocation::Brake(brake.ok_or(malformed)?)
        }
    })
}

fn read_root(reader: &mut Reader<'_>, malformed: WireError) -> Result<IssuerPublicKey, WireError> {
    IssuerPublicKey::without_curve_check(reader.array()?).map_err(|_| malformed)
}

/// A name out of its bytes.
pub(super) fn name<T, E>(
    bytes: &[u8],
    malformed: WireError,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, WireError> {
    let text = std::str::from_utf8(bytes).map_err(|_| malformed)?;
    parse(text).map_err(|_| malformed)
}

/// The bytes of one entry, without its kind.
pub(super) fn entry_bytes(entry: &Revocation) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    match entry {
        Revocation::Root(root) => out.extend_from_slice(root.as_bytes()),
        Revocation::IssuedBefore { root, time } => {
            out.extend_from_slice(root.as_bytes());
            out.extend_from_slice(&time.unix_millis().to_be_bytes());
        }
        Revocation::Principal { root, principal } => {
            out.extend_from_slice(root.as_bytes());
            put_short(&mut out, principal.as_str().as_bytes());
        }
        Revocation::Task { root, task } => {
            out.extend_from_slice(root.as_bytes());
            put_short(&mut out, task.as_str().as_bytes());
        }
        Revocation::Holder(holder) => out.extend_from_slice(holder.as_bytes()),
        Revocation::Block(block) => out.extend_from_slice(block.as_bytes()),
        Revocation::Approver(approver) => out.extend_from_slice(approver.as_bytes()),
        Revocation::Brake(brake) => {
            put_short(
                &mut out,
                brake.service().map_or("", Service::as_str).as_bytes(),
            );
            put_short(&mut out, brake.pattern_bytes());
        }
    }
    out
}

/// The bytes of entries in their order, each with its kind.
pub(super) fn write_entries<'a>(
    entries: impl Iterator<Item = (RevocationKind, &'a [u8])>,
) -> Vec<u8> {
    let mut out = Vec::new();
    // Of the section that is being written: its kind, how many entries, and their bytes.
    let mut section: (Option<RevocationKind>, u32, Vec<u8>) = (None, 0, Vec::new());
    for (kind, bytes) in entries {
        if section.0 != Some(kind) {
            put_section(&mut out, &section);
            section = (Some(kind), 0, Vec::new());
        }
        section.1 = section.1.saturating_add(1);
        section.2.extend_from_slice(bytes);
    }
    put_section(&mut out, &section);
    out
}

fn put_section(out: &mut Vec<u8>, section: &(Option<RevocationKind>, u32, Vec<u8>)) {
    if let (Some(kind), count, bytes) = section {
        out.push(*kind as u8);
        out.extend_from_slice(&count.to_be_bytes());
        out.extend_from_slice(bytes);
    }
}
