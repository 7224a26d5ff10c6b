//! Admitting a call: by a ledger that answers at once, and by one that is waited for.

use std::future::Future;

use super::judged::Judged;
use super::{Admission, Gate, Mapped, Refusal, Unmapped};
use crate::action::Call;
use crate::decide::DecisionId;
use crate::ledger::{AsyncLedger, Ledger, LedgerError};
#[cfg(feature = "http")]
use crate::present::Presentation;
use crate::verify::Verified;

/// A presentation as the texts of a token and of all else: see [`Presentation::to_texts`].
#[cfg(feature = "http")]
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    pub(crate) token: &'a str,
    pub(crate) rest: &'a str,
}

impl<L: Ledger> Gate<L> {
    /// Admits a call that does these actions, or says why not.
    ///
    /// `call` is built from the request as it was received, `does` from what the service is about
    /// to execute: an action, several, or a [`Mapped`].
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code.
    ///
    /// # Security
    ///
    /// Execute the [`Permit::actions`](super::Permit::actions), and build them from what would be executed: what is
    /// authorized and what is done must come from one value.
    pub fn admit(
        &self,
        presentation: &str,
        call: &Call,
        does: impl Into<Mapped>,
    ) -> Result<Admission, Refusal> {
        let (id, verified) = self.verify(presentation, call)?;
        self.settle(Judged::new(self, id, verified, does.into())?)
    }

    /// As [`admit`](Self::admit), for a service that says what a call does only to who proves
    /// possession, that looks up attributes for whom they are, or that cannot always say it.
    ///
    /// What a look-up takes long enough to outlive is refused: times and revocations are looked at
    /// again after it.
    ///
    /// ```
    /// # use bailiwick::{action::Call, catalog::{Catalog, NoAttributes}, gate::*, ledger::Ledger};
    /// fn admit(gate: &Gate<impl Ledger>, catalog: &Catalog, sent: &str, call: &Call) -> Result<Permit, Refusal> {
    ///     gate.admit_with(sent, call, |_| Ok(catalog.map(call, None, &NoAttributes)?))?.first()
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code; that of the [`Unmapped`] if the service cannot say what the
    /// call does.
    ///
    /// # Security
    ///
    /// Who proves nothing learns nothing of what the service knows.
    pub fn admit_with<M: Into<Mapped>>(
        &self,
        presentation: &str,
        call: &Call,
        does: impl FnOnce(&Verified) -> Result<M, Unmapped>,
    ) -> Result<Admission, Refusal> {
        let (id, verified) = self.verify(presentation, call)?;
        let mapped = self.mapped(id, &verified, does(&verified))?;
        let verified = self.verify_again(id, verified)?;
        self.settle(Judged::new(self, id, verified, mapped)?)
    }

    fn settle(&self, mut judged: Judged) -> Result<Admission, Refusal> {
        let settled = match self.settle_locally(&judged) {
            Some(settled) => settled.map(|settled| judged.paid_locally(settled)),
            None => match self.ledger.settle(&judged.settlement) {
                Err(LedgerError::Tainted) => {
                    judged = judged.into_tainted(self)?;
                    self.ledger.settle(&judged.settlement)
                }
                settled => settled,
            },
        };
        judged.conclude(self, settled)
    }
}

impl<L: AsyncLedger> Gate<L> {
    /// As [`admit`](Self::admit), with a ledger that is waited for.
    ///
    /// If the future is dropped before it is done, it may have been settled, and no permit is
    /// given: a retry of the same attempt is charged once all the same.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code.
    pub async fn admit_async(
        &self,
        presentation: &str,
        call: &Call,
        does: impl Into<Mapped>,
    ) -> Result<Admission, Refusal> {
        let (id, verified) = self.verify(presentation, call)?;
        self.settle_async(Judged::new(self, id, verified, does.into())?)
            .await
    }

    /// As [`admit_with`](Self::admit_with), with a look-up and a ledger that are waited for.
    ///
    /// # Errors
    ///
    /// [`Refusal`], with a stable code; that of the closure's error if there is one.
    pub async fn admit_async_with<F, M>(
        &self,
        presentation: &str,
        call: &Call,
        does: impl FnOnce(Verified) -> F,
    ) -> Result<Admission, Refusal>
    where
        F: Future<Output = Result<M, Unmapped>>,
        M: Into<Mapped>,
    {
        let verified = self.verify(presentation, call)?;
        self.admit_verified(verified, does).await
    }

    /// As [`admit_async_with`](Self::admit_async_with), for a presentation in two texts.
    #[cfg(feature = "http")]
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

    async fn admit_verified<F, M>(
        &self,
        (id, verified): (DecisionId, Verified),
        does: impl FnOnce(Verified) -> F,
    ) -> Result<Admission, Refusal>
    where
        F: Future<Output = Result<M, Unmapped>>,
        M: Into<Mapped>,
    {
        let mapped = self.mapped(id, &verified, does(verified.clone()).await)?;
        let verified = self.verify_again(id, verified)?;
        self.settle_async(Judged::new(self, id, verified, mapped)?)
            .await
    }

    async fn settle_async(&self, mut judged: Judged) -> Result<Admission, Refusal> {
        let settled = match self.settle_locally(&judged) {
            Some(settled) => settled.map(|settled| judged.paid_locally(settled)),
            None => match self.ledger.settle(&judged.settlement).await {
                Err(LedgerError::Tainted) => {
                    judged = judged.into_tainted(self)?;
                    self.ledger.settle(&judged.settlement).await
                }
                settled => settled,
            },
        };
        judged.conclude(self, settled)
    }
}
