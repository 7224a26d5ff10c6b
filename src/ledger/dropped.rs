//! What a book had, and has no more.

use std::collections::HashMap;

use super::EntryKey;
use super::entry::Entry;
use crate::clock::Timestamp;

/// What was dropped because it was past, and comes into reach again when the clock is set back, or
/// at a gate with a longer window.
#[derive(Default)]
pub(super) struct Dropped {
    /// For each service, when the youngest proof was made whose claim was dropped.
    pub(super) proofs: HashMap<EntryKey, Timestamp>,
    /// The last end of an approval whose claim was dropped.
    pub(super) approvals: Option<Timestamp>,
    /// The last end of a budget, or of one of its windows, that was dropped.
    pub(super) budgets: Option<Timestamp>,
}

impl Dropped {
    pub(super) fn note(&mut self, entry: &Entry) {
        match *entry {
            Entry::Proof {
                service, issued, ..
            } => {
                let youngest = self.proofs.entry(service).or_insert(issued);
                *youngest = issued.max(*youngest);
            }
            Entry::Approval { until } => self.approvals = self.approvals.max(Some(until)),
            Entry::Budget { until, .. } => self.budgets = self.budgets.max(until),
            // A retry after its end is charged again.
            Entry::Attempt { .. } | Entry::Tainted => {}
        }
    }
}
