//! Verifies presentations.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;

use super::approvals::Checks;
use super::notes::{NoteChecks, SignedNotes};
use super::{CheckedToken, Verified, VerifyError, check_lifetime, check_scopes};
use crate::action::{Call, Service};
use crate::approve::Approvers;
use crate::clock::Timestamp;
use crate::keys::{KeyRing, Root};
use crate::note::NoteSigners;
use crate::present::{Bound, Presentation};
use crate::revoke::{ChainFacts, Freshness, Revocations, Revoked, Standing};
use crate::token::{Limits, Token};

/// Verifies presentations for one service, offline.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, present::*, revoke::*, scope::*, verify::*};
/// # let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let root = Root::new(RootKeyId::new(1), issuer.public_key(), now..end);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(end).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
/// # let holder = Holder::new(token, agent)?;
/// let service: Service = "forum.example".parse()?;
/// let verifier = Verifier::new(service.clone(), KeyRing::new([root])?);
/// let call = Call::tool("read_thread".parse()?, Tree::from_pairs([("id", 42i64)])?);
/// let other = Call::tool("read_thread".parse()?, Tree::from_pairs([("id", 43i64)])?);
///
/// let sent = holder.present(&service, &call, now)?.to_text();
/// let verified = verifier.verify(&sent, &call, now, &RevocationSet::default())?;
/// assert_eq!(verified.task().id().as_str(), "t-1");
///
/// // The proof covers the call as it was sent.
/// let refused = verifier.verify(&sent, &other, now, &RevocationSet::default());
/// assert_eq!(refused.unwrap_err().code(), "proof_invalid");
/// # Ok(())
/// # }
/// ```
pub struct Verifier {
    service: Service,
    ring: KeyRing,
    limits: Limits,
    window: Duration,
    skew: Duration,
    approvers: Option<Arc<dyn Approvers>>,
    /// By the ends of their bytes, where the last signature stands.
    checked: Cache<[u8; 64], Arc<CheckedToken>>,
    note_signers: NoteSigners,
    signed_notes: SignedNotes,
}

impl Verifier {
    /// How old a proof may be unless [`with_proof_window`](Self::with_proof_window) says otherwise.
    pub const DEFAULT_PROOF_WINDOW: Duration = Duration::from_secs(60);
    /// How far a clock may be ahead unless [`with_skew`](Self::with_skew) says otherwise.
    pub const DEFAULT_SKEW: Duration = Duration::from_secs(5);
    /// How many verified tokens are remembered unless [`with_cache`](Self::with_cache) says
    /// otherwise.
    pub const DEFAULT_CACHE: usize = 1_000;

    /// Verifies for this service, with the root keys of this ring.
    pub fn new(service: Service, ring: KeyRing) -> Self {
        Self {
            service,
            ring,
            limits: Limits::default(),
            window: Self::DEFAULT_PROOF_WINDOW,
            skew: Self::DEFAULT_SKEW,
            approvers: None,
            checked: Cache::new(Self::DEFAULT_CACHE),
            note_signers: NoteSigners::new(),
            signed_notes: SignedNotes::new(Self::DEFAULT_CACHE),
        }
    }

    /// Accepts proofs that were made so long ago at the most.
    pub fn with_proof_window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Accepts proofs that were made so far in the future at the most.
    pub fn with_skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// Counts the approvals of those alone who are known here and not revoked, and names them. A
    /// [`Directory`](crate::approve::Directory) says so until its next update.
    pub fn with_approvers(mut self, approvers: Arc<dyn Approvers>) -> Self {
        self.approvers = Some(approvers);
        self
    }

    /// Admits values that these signers noted, each under the labels that it is named for.
    ///
    /// A note under a label that nobody is named for is left out, as if it had not come: an agent need not
    /// know which service reads what. A note by somebody else under a label that is known here is an error.
    pub fn with_note_signers(mut self, signers: NoteSigners) -> Self {
        self.note_signers = signers;
        self
    }

    /// Other limits on tokens.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Remembers that the signatures of so many tokens hold, and of as many notes; 0 remembers none. What
    /// depends on the time, on revocation or on the call is checked every time.
    pub fn with_cache(mut self, tokens: usize) -> Self {
        self.checked = Cache::new(tokens);
        self.signed_notes = SignedNotes::new(tokens);
        self
    }

    /// The limits on tokens.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The root keys that it trusts.
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// The service that it verifies for.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Verifies the text form of a presentation for `call`, which the service builds from what it
    /// received.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], the first that was found: form, root key, chain, proof, then time,
    /// audience, depth, revocation, approvals and notes.
    pub fn verify(
        &self,
        presentation: &str,
        call: &Call,
        now: Timestamp,
        revocations: &dyn Revocations,
    ) -> Result<Verified, VerifyError> {
        let presentation = Presentation::parse(presentation, &self.limits)?;
        self.verify_presentation(&presentation, call, now, revocations)
    }

    /// As [`verify`](Self::verify), for a presentation that came in another form than text.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_presentation(
        &self,
        presentation: &Presentation,
        call: &Call,
        now: Timestamp,
        revocations: &dyn Revocations,
    ) -> Result<Verified, VerifyError> {
        let (token, root) = self.checked(presentation.token(), now)?;
        let (holder, signature) = token.last().ok_or(VerifyError::ProofInvalid)?;
        let digest = call.digest();
        let bound = Bound {
            service: &self.service,
            token: signature,
            call: &digest,
        };
        let proof = presentation.proof();
        if !proof.verify(holder, bound) {
            return Err(VerifyError::ProofInvalid);
        }
        let issued = proof.issued();
        if issued < now.saturating_sub(self.window) || issued > now.saturating_add(self.skew) {
            return Err(VerifyError::ProofSkewed { issued, now });
        }
        check_lifetime(&token, root, self.skew, now)?;
        check_scopes(&token, &self.service, now)?;
        let freshness = check_revocation(&token, now, revocations)?;
        // Last, so that a stranger cannot make anybody verify these.
        let approvals = Checks {
            token: &token,
            skew: self.skew,
            now,
            approvers: self.approvers.as_deref(),
            revocations,
        };
        let approvals = approvals.verify(presentation.approvals())?;
        let notes = NoteChecks {
            token: &token,
            skew: self.skew,
            now,
            signers: &self.note_signers,
            signed: &self.signed_notes,
        };
        let notes = notes.verify(presentation.notes())?;
        Ok(Verified {
            approvals,
            notes,
            root: root.id(),
            ceiling: root.shared_ceiling(),
            service: self.service.clone(),
            call: digest,
            now,
            issued,
            nonce: proof.nonce(),
            attempt: proof.attempt(),
            window: self.window,
            skew: self.skew,
            freshness,
            token,
        })
    }

    /// Verifies at a later time what does not depend on signatures: for a service that looked
    /// something up between verifying and deciding.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify): what held then may have ended, or been revoked, since.
    pub fn verify_again(
        &self,
        verified: Verified,
        now: Timestamp,
        revocations: &dyn Revocations,
    ) -> Result<Verified, VerifyError> {
        let now = now.max(verified.now);
        let issued = verified.issued;
        if issued < now.saturating_sub(self.window) {
            return Err(VerifyError::ProofSkewed { issued, now });
        }
        let root = self.ring.root(verified.root, now)?;
        check_lifetime(&verified.token, root, self.skew, now)?;
        check_scopes(&verified.token, &self.service, now)?;
        let freshness = check_revocation(&verified.token, now, revocations)?;
        let approvers = self.approvers.as_deref();
        for approval in &verified.approvals {
            approval.check_again(&verified.token.root, now, approvers, revocations)?;
        }
        for note in &verified.notes {
            note.check_again(now)?;
        }
        Ok(Verified {
            now,
            freshness,
            ..verified
        })
    }

    /// The token with its signatures verified, now or before, under a root that is trusted now.
    fn checked(
        &self,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<(Arc<CheckedToken>, &Root), VerifyError> {
        let end = bytes.last_chunk();
        let remembered = end.and_then(|end| self.checked.get(end));
        // Other bytes may end alike, and were not verified.
        if let Some(token) = remembered.filter(|token| token.as_bytes() == bytes) {
            let root = self.ring.root(token.root_key_id, now)?;
            return Ok((token, root));
        }
        let token = Token::from_bytes(bytes, &self.limits)?;
        let root = self.ring.root(token.root_key_id(), now)?;
        let token = Arc::new(CheckedToken::check(token, root.key())?);
        if let Some(end) = end {
            self.checked.insert(*end, Arc::clone(&token));
        }
        Ok((token, root))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("service", &self.service)
            .field("ring", &self.ring)
            .field("limits", &self.limits)
            .field("window", &self.window)
            .field("skew", &self.skew)
            .finish_non_exhaustive()
    }
}

/// What is known to be revoked says so, even by an old list; then the list's age counts, and only
/// then that nobody can say.
pub(super) fn check_revocation(
    token: &CheckedToken,
    now: Timestamp,
    revocations: &dyn Revocations,
) -> Result<Freshness, VerifyError> {
    let info = token.contents().info();
    let chain = ChainFacts {
        root: &token.root,
        task: info.task().id(),
        principal: info.task().principal(),
        issued: info.issued(),
        holders: &token.holders,
        blocks: &token.signatures,
    };
    // Asked first: a list that comes in between was not the one that was too old.
    let freshness = revocations.freshness(&token.root, now);
    let revoked = revocations.revoked(&chain, now);
    if let Some(known) = revoked.filter(|revoked| *revoked != Revoked::Unknown) {
        return Err(VerifyError::Revoked(known));
    }
    if freshness.standing == Standing::Stale {
        let Freshness { number, age, .. } = freshness;
        return Err(VerifyError::RevocationsStale { number, age });
    }
    revoked.map_or(Ok(freshness), |unknown| Err(VerifyError::Revoked(unknown)))
}

#[cfg(test)]
mod tests;
