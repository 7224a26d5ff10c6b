//! Whether a call was let through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a call was let through to what is behind the guard. Goes along among its extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reached(Arc<AtomicBool>);

impl Reached {
    pub(crate) fn is_so(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn note(&self) {
        self.0.store(true, Ordering::Release);
    }
}
