//! Admitting what came in two texts, by a mapping that can fail: what the layer for HTTP calls.

use std::future::Future;

use super::{Admission, Gate, Mapped, Refusal, Unmapped};
use crate::action::Call;
use crate::ledger::AsyncLedger;
use crate::present::Presentation;
use crate::verify::Verified;

/// A presentation as the texts of a token and of all else.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    pub(crate) token: &'a str,
    pub(crate) rest: &'a str,
}

impl<L: AsyncLedger> Gate<L> {
    /// As [`admit_async_with`](Self::admit_async_with), by a mapping that can fail: nothing is told
    /// to who proves nothing.
    pub(crate) async fn admit_apart<F>(
        &self,
        texts: Texts<'_>,
        call: &Call,
        does: impl FnOnce(Verified) -> F,
    ) -> Result<Admission, Refusal>
    where
        F: Future<Output = Result<Mapped, Unmapped>>,
    {
        let verified = self.verify_read(call, |limits| {
            Presentation::parse_apart(texts.token, texts.rest, limits)
        })?;
        self.admit_verified(verified, does).await
    }
}
