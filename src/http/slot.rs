//! How a permit gets from the layer to whoever acts.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::gate::Permit;

/// Holds the permit of a request, among its extensions: for services other than axum, whose handlers
/// take [`Permitted`](super::Permitted) as an argument.
///
/// A permit is taken once. Only [`GateLayer`](super::GateLayer) makes a slot, in the place of one
/// that came in with a request.
///
/// ```
/// use bailiwick::gate::Permit;
/// use bailiwick::http::PermitSlot;
///
/// fn permit(extensions: &http::Extensions) -> Option<Permit> {
///     extensions.get().and_then(PermitSlot::take)
/// }
/// // No layer, no permit.
/// assert!(permit(&http::Extensions::new()).is_none());
/// ```
#[derive(Clone)]
pub struct PermitSlot(Arc<Mutex<Option<Permit>>>);

impl PermitSlot {
    pub(super) fn new(permit: Permit) -> Self {
        Self(Arc::new(Mutex::new(Some(permit))))
    }

    /// The permit; `None` if it was taken before.
    pub fn take(&self) -> Option<Permit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for PermitSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PermitSlot(..)")
    }
}
