//! What tools do.

use std::sync::Arc;

use crate::action::{ToolCall, ToolName};
use crate::gate::{Mapped, Unmapped};
use crate::verify::Verified;

/// Says what a call of a tool does: the service's vocabulary, or a closure.
///
/// # Security
///
/// What it does not know it must refuse. A tool that is guessed at is a tool without a guard.
pub trait Tools: Send + Sync {
    /// The actions that this call does, for whom it is done.
    ///
    /// # Errors
    ///
    /// [`Unmapped`] if there is no such tool, or its arguments are not what they must be.
    fn map(&self, call: &ToolCall, verified: &Verified) -> Result<Mapped, Unmapped>;

    /// Whether some call of this tool could be permitted to whoever holds this token. A list of tools
    /// shows no others. Where it cannot be told, it is so: the call itself is decided all the same.
    fn offers(&self, tool: &ToolName, verified: &Verified) -> bool {
        let _ = (tool, verified);
        true
    }
}

impl<F, M> Tools for F
where
    F: Fn(&ToolCall, &Verified) -> Result<M, Unmapped> + Send + Sync,
    M: Into<Mapped>,
{
    fn map(&self, call: &ToolCall, verified: &Verified) -> Result<Mapped, Unmapped> {
        self(call, verified).map(Into::into)
    }
}

impl<T: Tools + ?Sized> Tools for Arc<T> {
    fn map(&self, call: &ToolCall, verified: &Verified) -> Result<Mapped, Unmapped> {
        (**self).map(call, verified)
    }

    fn offers(&self, tool: &ToolName, verified: &Verified) -> bool {
        (**self).offers(tool, verified)
    }
}
