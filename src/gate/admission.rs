//! What comes of asking a gate: a permit, or word that it was given before.

use super::{Permit, Refusal, RefusalKind};
use crate::decide::DecisionId;
use crate::verify::Verified;

/// A call that is permitted.
///
/// An agent that got no answer tries again, with the same attempt and a new proof. It is charged
/// once. Whether the service also *acts* once is for the service to say, so the two are told apart
/// here: match on them, or take [`first`](Self::first) where there are no retries.
#[derive(Debug)]
#[must_use = "an admission is for acting"]
pub enum Admission {
    /// For the first time: act.
    First(Permit),
    /// A retry of an attempt that was admitted before: answer what was answered then.
    Again(Repeat),
}

/// A retry of an attempt that was admitted before.
///
/// It is no [`Permit`], so that nothing acts twice by accident.
#[derive(Debug)]
pub struct Repeat {
    pub(super) permit: Permit,
}

impl Admission {
    /// The permit, for a service that does not know retries.
    ///
    /// # Errors
    ///
    /// [`Refusal`] with the code `attempt_repeated` if it is a retry.
    pub fn first(self) -> Result<Permit, Refusal> {
        match self {
            Self::First(permit) => Ok(permit),
            Self::Again(repeat) => Err(repeat.refusal()),
        }
    }

    /// Everything that was verified.
    pub fn verified(&self) -> &Verified {
        match self {
            Self::First(permit) => permit.verified(),
            Self::Again(repeat) => repeat.verified(),
        }
    }
}

impl Repeat {
    /// For a service that cannot say what it answered then.
    pub(crate) fn refusal(&self) -> Refusal {
        let (id, root) = (self.permit.decision_id(), self.permit.root());
        Refusal::new(Some(id), RefusalKind::Repeated).under(root)
    }

    /// Names the decision by which the attempt was admitted first: what was done and answered then
    /// can be looked up by it.
    pub fn decision_id(&self) -> DecisionId {
        self.permit.decision_id()
    }

    /// Everything that was verified.
    pub fn verified(&self) -> &Verified {
        self.permit.verified()
    }

    /// The permit of the first try, for a service that has made sure that the action did not
    /// happen: it stopped between being charged and acting.
    ///
    /// # Security
    ///
    /// The ledger cannot know whether the action happened. If it did, this lets it happen twice.
    pub fn act_after_all(self) -> Permit {
        self.permit
    }
}
