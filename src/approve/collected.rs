//! Approvals that wait for the call that they are for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Approval;
use crate::action::{Call, CallDigest};

/// Approvals that people have given, each kept until the agent makes the call that it is for: what adapters for agents have
/// between a person's answer and a model's next try. Clones share them.
///
/// ```
/// use bailiwick::{action::{Call, Tree}, approve::Collected};
///
/// let collected = Collected::default();
/// let call = Call::tool("delete_mail".parse()?, Tree::from_pairs([("id", "7")])?);
/// collected.keep(&call, []); // what approvers have signed
/// assert!(collected.take(&call).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Collected(Arc<Mutex<HashMap<CallDigest, Vec<Approval>>>>);

impl Collected {
    /// Keeps these for the next time that this call is made, in the place of any that were kept for it.
    pub fn keep(&self, call: &Call, approvals: impl IntoIterator<Item = Approval>) {
        let approvals = approvals.into_iter().collect();
        self.lock().insert(call.digest(), approvals);
    }

    /// What was kept for this call, once.
    pub fn take(&self, call: &Call) -> Vec<Approval> {
        self.lock().remove(&call.digest()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<CallDigest, Vec<Approval>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collected").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Tree;
    use crate::testing::{approval, holder, scope};

    #[test]
    fn an_approval_waits_for_its_call_and_goes_along_once() {
        let call = |id| {
            Call::tool(
                "delete".parse().unwrap(),
                Tree::from_pairs([("id", id)]).unwrap(),
            )
        };
        let yes = approval(51, &holder(scope()), vec![]);
        let (kept, taken) = (Collected::default(), Collected::default());
        kept.keep(&call("7"), [yes.clone()]);
        assert!(taken.take(&call("7")).is_empty());
        let shared = kept.clone();
        assert!(shared.take(&call("8")).is_empty());
        assert_eq!(shared.take(&call("7")), [yes]);
        assert!(kept.take(&call("7")).is_empty());
    }
}
