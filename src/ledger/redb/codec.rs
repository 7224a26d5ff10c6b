//! Entries as bytes. A record's key is its end and its name, so that what ends together lies
//! together; its value is a tag and fields of fixed length.

use crate::clock::Timestamp;
use crate::decide::DecisionId;
use crate::ledger::entry::Entry;
use crate::ledger::{BudgetShape, EntryKey, Receipt};
use crate::wire::{Reader, WrongLength};

pub(super) type DiskKey = [u8; 24];

const ATTEMPT: u8 = 1;
const APPROVAL: u8 = 2;
const BUDGET: u8 = 3;
const TAINTED: u8 = 4;

/// What does not end comes last.
const NEVER: u64 = u64::MAX;

/// Where an entry lies.
pub(super) fn disk_key(key: EntryKey, entry: &Entry) -> DiskKey {
    let end = entry.until().map_or(NEVER, Timestamp::unix_millis);
    let mut bytes = [0; 24];
    let parts = end.to_be_bytes().into_iter().chain(*key.as_bytes());
    bytes
        .iter_mut()
        .zip(parts)
        .for_each(|(to, from)| *to = from);
    bytes
}

/// The least key of whatever ends after this.
pub(super) fn first_key_after(end: Timestamp) -> DiskKey {
    let mut bytes = [0; 24];
    let next = end.unix_millis().saturating_add(1).to_be_bytes();
    bytes.iter_mut().zip(next).for_each(|(to, from)| *to = from);
    bytes
}

/// `None` for proofs, which are not kept.
pub(super) fn encode(entry: &Entry) -> Option<Vec<u8>> {
    Some(match entry {
        Entry::Proof { .. } => return None,
        Entry::Attempt {
            content,
            receipt,
            refunded,
            ..
        } => [
            &[ATTEMPT][..],
            content.as_bytes(),
            receipt.decision.as_bytes(),
            &receipt.at.unix_millis().to_be_bytes(),
            &[u8::from(*refunded)],
        ]
        .concat(),
        Entry::Approval { .. } => vec![APPROVAL],
        Entry::Budget {
            shape,
            window,
            spent,
            ..
        } => [
            &[BUDGET][..],
            &shape.window_s().to_be_bytes(),
            &shape.measure().to_be_bytes(),
            &window.to_be_bytes(),
            &spent.to_be_bytes(),
        ]
        .concat(),
        Entry::Tainted => vec![TAINTED],
    })
}

/// Exactly what [`encode`] writes.
pub(super) fn decode(key: &DiskKey, value: &[u8]) -> Option<(EntryKey, Entry)> {
    read(key, value).ok()
}

/// The bytes are no record.
struct Corrupt;

impl From<WrongLength> for Corrupt {
    fn from(_: WrongLength) -> Self {
        Self
    }
}

fn read(key: &DiskKey, value: &[u8]) -> Result<(EntryKey, Entry), Corrupt> {
    let mut key = Reader::new(key);
    let until = match key.u64()? {
        NEVER => None,
        millis => Some(Timestamp::from_unix_millis(millis).map_err(|_| Corrupt)?),
    };
    let name = EntryKey::from_bytes(key.array()?);
    let mut value = Reader::new(value);
    let entry = match value.byte()? {
        ATTEMPT => Entry::Attempt {
            content: EntryKey::from_bytes(value.array()?),
            receipt: Receipt {
                decision: DecisionId::from_bytes(value.array()?),
                at: value.time(Corrupt)?,
            },
            refunded: match value.byte()? {
                0 => false,
                1 => true,
                _ => return Err(Corrupt),
            },
            until: until.ok_or(Corrupt)?,
        },
        APPROVAL => Entry::Approval {
            until: until.ok_or(Corrupt)?,
        },
        BUDGET => {
            let window_s = value.u64()?;
            let measure = u16::from_be_bytes(value.array()?);
            let window = value.u64()?;
            let spent = i64::from_be_bytes(value.array()?);
            // A window has an end.
            if spent < 0 || (window_s == 0 && window != 0) || (window_s > 0 && until.is_none()) {
                return Err(Corrupt);
            }
            Entry::Budget {
                shape: BudgetShape::from_parts(window_s, measure),
                window,
                spent,
                until,
            }
        }
        TAINTED if until.is_none() => Entry::Tainted,
        _ => return Err(Corrupt),
    };
    value.finish()?;
    Ok((name, entry))
}

#[cfg(test)]
mod tests;
