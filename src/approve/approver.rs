//! Who approves.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::answered::Answered;
use super::rules::{asks, is_in_chain, rules};
use super::{Approval, Declined, RequestError, SignedRequest, VerifiedRequest};
use crate::action::Action;
use crate::clock::Timestamp;
use crate::keys::{ApproverKey, ApproverPublicKey, KeyRing, Root};
use crate::present::{NoRandomness, Nonce};
use crate::scope::Scope;
use crate::token::Limits;
use crate::verify::{CheckedToken, Verifier, VerifyError, check_lifetime, check_scopes};

/// A person's or a program's side of an approval: its key, and the root keys that it trusts.
///
/// Nothing of a request is shown before its token and its signatures hold. See the
/// [room](crate::approve) for a program that approves.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use bailiwick::approve::Approver;
/// # use bailiwick::{clock::Timestamp, keys::*};
/// # let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// let ada = Approver::new(ApproverKey::generate()?, KeyRing::new([])?);
/// assert_eq!(ada.open("bwr1_AAAA", now).unwrap_err().code(), "request_malformed");
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// Show all [`lines`](VerifiedRequest::lines), and answer what was shown. An approver that answers
/// without reading is worth nothing.
pub struct Approver {
    key: ApproverKey,
    ring: KeyRing,
    limits: Limits,
    skew: Duration,
    house: Option<Scope>,
    answered: Mutex<Answered>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApproveError {
    /// Another approver opened the request.
    #[error("the request was opened by approver {0}")]
    OtherApprover(ApproverPublicKey),
    /// The approval would last for less than a millisecond, or for more than [`Approval::LONGEST`].
    #[error("an approval lasts for 1 ms to 30 days, not for {} ms", .0.as_millis())]
    ValidFor(Duration),
    /// The request, or its token, has ended since it was opened.
    #[error("the request ended at {until}, and it is {now}")]
    Expired {
        /// Its end.
        until: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// No action is to be approved.
    #[error("no action is to be approved")]
    NoActions,
    /// There is no action of this index.
    #[error("the request has no action {0}")]
    NoSuchAction(usize),
    /// An action is to be approved twice.
    #[error("action {0} is to be approved twice")]
    Duplicate(usize),
    /// This approver has answered the request already.
    #[error("the request was answered already")]
    Replayed,
    /// So many requests were answered that no more can be remembered until some of them end.
    #[error("too many requests were answered that have not ended")]
    MemoryFull,
    /// The operating system gave no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl ApproveError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherApprover(_) => "other_approver",
            Self::ValidFor(_) => "valid_for_out_of_range",
            Self::Expired { .. } => "request_expired",
            Self::NoActions => "no_actions",
            Self::NoSuchAction(_) | Self::Duplicate(_) => "not_a_subset",
            Self::Replayed => "request_replayed",
            Self::MemoryFull => "answers_full",
            Self::NoRandomness(_) => "no_randomness",
        }
    }
}

impl Approver {
    /// An approver that believes requests for tokens of these roots.
    pub fn new(key: ApproverKey, ring: KeyRing) -> Self {
        Self {
            key,
            ring,
            limits: Limits::default(),
            skew: Verifier::DEFAULT_SKEW,
            house: None,
            answered: Mutex::default(),
        }
    }

    /// Other limits on tokens.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Accepts requests and tokens that were made so far in the future at the most.
    pub fn with_skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// Knows the service's own rules, so that it can be asked where these want its approval and
    /// neither the token nor the ceiling of its root does.
    pub fn with_house_rules(mut self, house: Scope) -> Self {
        self.house = Some(house);
        self
    }

    /// The key by which requirements name it.
    pub fn public_key(&self) -> ApproverPublicKey {
        self.key.public_key()
    }

    /// Verifies a request, in its text form, so that it may be shown.
    ///
    /// # Errors
    ///
    /// [`RequestError`], the first that was found: form, root key, chain, the holder's signature,
    /// times, audience, then whether this approver may answer it, is asked, and has not answered yet.
    pub fn open(&self, text: &str, now: Timestamp) -> Result<VerifiedRequest, RequestError> {
        let signed = SignedRequest::parse(text, &self.limits)?;
        let request = signed.request();
        let root = request.token().root_key_id();
        let root = self.ring.root(root, now).map_err(VerifyError::from)?;
        let token = CheckedToken::check(request.token().clone(), root.key());
        let token = token.map_err(VerifyError::from)?;
        if !signed.is_signed_by(&request.token().holder()) {
            return Err(RequestError::SignatureInvalid);
        }
        self.check_times(&signed, now)?;
        check_lifetime(&token, root, self.skew, now)?;
        check_scopes(&token, request.service(), now).map_err(|error| match error {
            VerifyError::AudienceMismatch { block } => RequestError::ServiceMismatch {
                block,
                service: request.service().clone(),
            },
            other => other.into(),
        })?;
        let key = self.public_key();
        if is_in_chain(&key, Some(&token.root), &token.holders) {
            return Err(RequestError::ApproverInChain(key));
        }
        if !self.is_asked(root, &token, request.actions()) {
            return Err(RequestError::NotAsked(key));
        }
        if self.answered().contains(request.id()) {
            return Err(RequestError::Replayed);
        }
        VerifiedRequest::new(signed.into_request(), token, key)
    }

    /// Approves everything that was asked, for so long, and no longer than the token lasts.
    ///
    /// # Errors
    ///
    /// [`ApproveError`] if the time is none or over 30 days, the request has ended, was answered
    /// already, or was opened by another approver.
    pub fn approve(
        &self,
        request: &VerifiedRequest,
        valid_for: Duration,
        now: Timestamp,
    ) -> Result<Approval, ApproveError> {
        let all: Vec<usize> = (0..request.actions().len()).collect();
        self.approve_some(request, &all, valid_for, now)
    }

    /// As [`approve`](Self::approve), for the actions with these indices alone. The others are not
    /// approved, and the request is answered.
    ///
    /// # Errors
    ///
    /// As [`approve`](Self::approve); [`ApproveError`] also if there is no index, or one is beyond
    /// the last action or there twice.
    pub fn approve_some(
        &self,
        request: &VerifiedRequest,
        actions: &[usize],
        valid_for: Duration,
        now: Timestamp,
    ) -> Result<Approval, ApproveError> {
        let digests = subset(request.actions(), actions)?;
        let digests = digests.into_iter().map(Action::digest).collect();
        if valid_for > Approval::LONGEST || valid_for.as_millis() == 0 {
            return Err(ApproveError::ValidFor(valid_for));
        }
        let last = request.until().min(request.token_until());
        if now >= last {
            return Err(ApproveError::Expired { until: last, now });
        }
        let nonce = Nonce::random()?;
        self.answer(request, now)?;
        let until = now.saturating_add(valid_for).min(request.token_until());
        let token = request.token_signature();
        Ok(Approval::sign(&self.key, token, digests, now, until, nonce))
    }

    /// Says no.
    ///
    /// # Errors
    ///
    /// [`ApproveError`] if the request was answered already, or opened by another approver.
    pub fn decline(
        &self,
        request: &VerifiedRequest,
        now: Timestamp,
    ) -> Result<Declined, ApproveError> {
        self.answer(request, now)?;
        let token = request.token_signature();
        Ok(Declined::sign(&self.key, token, request.id(), now))
    }

    fn check_times(&self, signed: &SignedRequest, now: Timestamp) -> Result<(), RequestError> {
        let (issued, until) = (signed.request().issued(), signed.request().until());
        if issued > now.saturating_add(self.skew) {
            return Err(RequestError::NotYetValid { issued, now });
        }
        if now >= until {
            return Err(RequestError::Expired { until, now });
        }
        Ok(())
    }

    fn is_asked(&self, root: &Root, token: &CheckedToken, actions: &[Action]) -> bool {
        let key = self.public_key();
        let scopes = || {
            let layers = root.ceiling().into_iter().chain(self.house.as_ref());
            token.contents().scopes().iter().chain(layers)
        };
        let mut actions = actions.iter();
        actions.any(|action| rules(scopes(), action).any(|rule| asks(rule, &key)))
    }

    /// The one answer to a request.
    fn answer(&self, request: &VerifiedRequest, now: Timestamp) -> Result<(), ApproveError> {
        if *request.approver() != self.public_key() {
            return Err(ApproveError::OtherApprover(*request.approver()));
        }
        let (id, until) = (request.id(), request.until());
        self.answered().insert(id, until, now)
    }

    /// A thread that panicked left nothing half done: each answer is one insertion.
    fn answered(&self) -> MutexGuard<'_, Answered> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn subset<'a>(actions: &'a [Action], indices: &[usize]) -> Result<Vec<&'a Action>, ApproveError> {
    if indices.is_empty() {
        return Err(ApproveError::NoActions);
    }
    let mut subset = Vec::with_capacity(actions.len());
    for (place, index) in indices.iter().enumerate() {
        if indices.iter().take(place).any(|earlier| earlier == index) {
            return Err(ApproveError::Duplicate(*index));
        }
        let action = actions.get(*index);
        subset.push(action.ok_or(ApproveError::NoSuchAction(*index))?);
    }
    Ok(subset)
}

impl fmt::Debug for Approver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Approver")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
