//! When was the server last heard of?

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::clock::Timestamp;
use crate::keys::{IssuerPublicKey, RevocationPublicKey};

/// A moment at which the server was asked, by two clocks: one is set back, the other stands still
/// while a machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contact {
    at: Timestamp,
    asked: Instant,
}

/// Of whom all that there is was last known when.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    pub(super) lists: HashMap<RevocationPublicKey, Contact>,
    pub(super) tickets: HashMap<IssuerPublicKey, Contact>,
}

impl Contact {
    pub(super) fn begins(now: Timestamp) -> Self {
        let asked = Instant::now();
        Self { at: now, asked }
    }

    pub(super) fn is_younger_than(&self, bound: Duration, now: Timestamp) -> bool {
        self.asked.elapsed() < bound && now.saturating_since(self.at) < bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, at};

    #[test]
    fn a_contact_ages_by_either_clock() {
        let bound = Duration::from_millis(200);
        let contact = Contact::begins(at(START));
        assert!(contact.is_younger_than(bound, at(START)));
        assert!(!contact.is_younger_than(bound, at(START + 1)));
        std::thread::sleep(bound);
        assert!(!contact.is_younger_than(bound, at(START)));
        assert!(!contact.is_younger_than(bound, at(START - 1)));
    }
}
