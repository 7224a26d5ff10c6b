//! Which requests were answered.

use std::collections::BTreeMap;

use super::{ApproveError, RequestId};
use crate::clock::Timestamp;

/// The requests that were answered and have not ended: one is answered once.
#[derive(Debug, Default)]
pub(super) struct Answered(BTreeMap<RequestId, Timestamp>);

impl Answered {
    /// The most that are remembered. More would be refused, never forgotten.
    pub(super) const MAX: usize = 10_000;

    pub(super) fn contains(&self, id: RequestId) -> bool {
        self.0.contains_key(&id)
    }

    /// Remembers that a request was answered, until it is refused for its end anyway.
    pub(super) fn insert(
        &mut self,
        id: RequestId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), ApproveError> {
        if self.contains(id) {
            return Err(ApproveError::Replayed);
        }
        if self.0.len() >= Self::MAX {
            self.0.retain(|_, until| now < *until);
        }
        if self.0.len() >= Self::MAX {
            return Err(ApproveError::MemoryFull);
        }
        self.0.insert(id, until);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    fn id(number: usize) -> RequestId {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        RequestId::from_bytes(bytes)
    }

    #[test]
    fn a_request_is_answered_once() {
        let mut answered = Answered::default();
        assert_eq!(answered.insert(id(1), at(10), at(1)), Ok(()));
        assert!(answered.contains(id(1)));
        let again = answered.insert(id(1), at(10), at(1));
        assert_eq!(again, Err(ApproveError::Replayed));
    }

    #[test]
    fn a_full_memory_forgets_what_has_ended_and_nothing_else() {
        let mut answered = Answered::default();
        for number in 0..Answered::MAX {
            let until = if number == 7 { at(5) } else { at(10) };
            answered.insert(id(number), until, at(1)).unwrap();
        }
        let more = answered.insert(id(Answered::MAX), at(10), at(4));
        assert_eq!(more, Err(ApproveError::MemoryFull));
        assert_eq!(answered.insert(id(Answered::MAX), at(10), at(5)), Ok(()));
        assert!(!answered.contains(id(7)) && answered.contains(id(8)));
    }
}
