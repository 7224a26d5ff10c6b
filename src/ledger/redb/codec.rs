//! Entries as bytes. A record's key is its end and its name, so that what ends together lies
//! together; its value is a tag and fields of fixed length.

use crate::clock::Timestamp;
use crate::decide::DecisionId;
use crate::ledger::entry::Entry;
use crate::ledger::{BudgetShape, EntryKey, Receipt};

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
    let mut key = Reader(key);
    let until = match u64::from_be_bytes(key.array()?) {
        NEVER => None,
        millis => Some(Timestamp::from_unix_millis(millis).ok()?),
    };
    let name = EntryKey::from_bytes(key.array()?);
    let mut value = Reader(value);
    let [tag] = value.array()?;
    let entry = match tag {
        ATTEMPT => Entry::Attempt {
            content: EntryKey::from_bytes(value.array()?),
            receipt: Receipt {
                decision: DecisionId::from_bytes(value.array()?),
                at: value.time()?,
            },
            refunded: match value.array()? {
                [0] => false,
                [1] => true,
                _ => return None,
            },
            until: until?,
        },
        APPROVAL => Entry::Approval { until: until? },
        BUDGET => {
            let window_s = u64::from_be_bytes(value.array()?);
            let measure = u16::from_be_bytes(value.array()?);
            let window = u64::from_be_bytes(value.array()?);
            let spent = i64::from_be_bytes(value.array()?);
            // A window has an end.
            if spent < 0 || (window_s == 0 && window != 0) || (window_s > 0 && until.is_none()) {
                return None;
            }
            Entry::Budget {
                shape: BudgetShape::from_parts(window_s, measure),
                window,
                spent,
                until,
            }
        }
        TAINTED if until.is_none() => Entry::Tainted,
        _ => return None,
    };
    value.0.is_empty().then_some((name, entry))
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    fn time(&mut self) -> Option<Timestamp> {
        Timestamp::from_unix_millis(u64::from_be_bytes(self.array()?)).ok()
    }
}

#[cfg(test)]
mod tests;
