//! What a book consists of.

use super::{BudgetShape, EntryKey, Receipt};
use crate::clock::Timestamp;

/// From when on a book knows what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch {
    /// Which proofs were presented.
    pub(super) proofs: Timestamp,
    /// Which approvals were used and what was spent; `None` since ever.
    pub(super) dues: Option<Timestamp>,
}

/// One thing that a book remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Proof {
        service: EntryKey,
        issued: Timestamp,
        until: Timestamp,
    },
    Attempt {
        content: EntryKey,
        receipt: Receipt,
        refunded: bool,
        until: Timestamp,
    },
    Approval {
        until: Timestamp,
    },
    Budget {
        shape: BudgetShape,
        window: u64,
        spent: i64,
        /// From when on nobody spends of it any more, if there is such a time.
        until: Option<Timestamp>,
    },
    Tainted,
}

impl Entry {
    pub(super) fn until(&self) -> Option<Timestamp> {
        match *self {
            Self::Proof { until, .. } | Self::Attempt { until, .. } | Self::Approval { until } => {
                Some(until)
            }
            Self::Budget { until, .. } => until,
            Self::Tainted => None,
        }
    }
}

/// One entry that is written, written over, or dropped because it is past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) key: EntryKey,
    pub(super) before: Option<Entry>,
    pub(super) after: Option<Entry>,
}
