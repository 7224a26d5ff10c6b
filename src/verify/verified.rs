//! A proved fact.

use std::sync::Arc;
use std::time::Duration;

use super::{CheckedToken, VerifiedApproval, VerifiedNote, notes};
use crate::action::{ActionDigest, AgentName, CallDigest, Service, Task};
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, HolderPublicKey, IssuerPublicKey, RootKeyId, Signature};
use crate::present::{AttemptId, Nonce};
use crate::revoke::Freshness;
use crate::scope::{Possession, Scope, Seen};

/// A token whose chain, proof, time, audience and revocation hold, for one call to one service, with
/// the approvals and the notes that do.
///
/// Only a [`Verifier`](super::Verifier) makes one. That it was not presented before is not known
/// yet: the gate claims its nonce.
#[derive(Clone, Debug)]
pub struct Verified {
    pub(super) token: Arc<CheckedToken>,
    pub(super) root: RootKeyId,
    pub(super) ceiling: Option<Arc<Scope>>,
    pub(super) service: Service,
    pub(super) call: CallDigest,
    pub(super) now: Timestamp,
    pub(super) issued: Timestamp,
    pub(super) nonce: Nonce,
    pub(super) attempt: AttemptId,
    pub(super) window: Duration,
    pub(super) skew: Duration,
    pub(super) freshness: Freshness,
    pub(super) approvals: Vec<VerifiedApproval>,
    pub(super) notes: Vec<VerifiedNote>,
}

/// The root key that a decision rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RootKey {
    /// Its id on the key ring.
    pub id: RootKeyId,
    /// The key.
    pub key: IssuerPublicKey,
}

impl Verified {
    /// The root key that signed the first block.
    pub fn root(&self) -> RootKey {
        RootKey {
            id: self.root,
            key: self.token.root,
        }
    }

    /// The task, by its issuer's word.
    pub fn task(&self) -> &Task {
        self.token.contents().info().task()
    }

    /// When the token was issued, by its issuer's word.
    pub fn token_issued(&self) -> Timestamp {
        self.token.contents().info().issued()
    }

    /// The agents that it was delegated to after the first, each by the word of its delegator.
    pub fn delegates(&self) -> &[AgentName] {
        self.token.contents().delegates()
    }

    /// What the blocks say, the first one first.
    pub fn scopes(&self) -> &[Scope] {
        self.token.contents().scopes()
    }

    /// The ceiling that the key ring sets for the root.
    pub fn ceiling(&self) -> Option<&Scope> {
        self.ceiling.as_deref()
    }

    /// The key that each block names, the first block's first. The last one made the proof.
    pub fn holders(&self) -> &[HolderPublicKey] {
        &self.token.holders
    }

    /// The signature of each block: its revocation id.
    pub fn block_signatures(&self) -> &[Signature] {
        &self.token.signatures
    }

    /// The service that verified it.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The digest of the call that the proof covers.
    pub fn call(&self) -> &CallDigest {
        &self.call
    }

    /// The time at which it was verified.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// When the proof was made, by its maker's clock.
    pub fn proof_issued(&self) -> Timestamp {
        self.issued
    }

    /// The proof's nonce.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// The attempt that the proof belongs to.
    pub fn attempt(&self) -> AttemptId {
        self.attempt
    }

    /// From when on the proof is refused for its age anyway.
    pub fn claim_until(&self) -> Timestamp {
        self.issued
            .saturating_add(self.window)
            .saturating_add(self.skew)
            // Times are compared in milliseconds, and the last of them is still accepted.
            .saturating_add(Duration::from_millis(1))
    }

    /// How far a clock may be ahead.
    pub fn skew(&self) -> Duration {
        self.skew
    }

    /// How up to date the revocations were that it was checked against. Under
    /// [`Standing::ReadsOnly`](crate::revoke::Standing::ReadsOnly) only reads may be decided by it.
    pub fn freshness(&self) -> Freshness {
        self.freshness
    }

    /// How possession was proved.
    pub fn possession(&self) -> Possession {
        Possession::Signature
    }

    /// The approvals that came along. That they were not used before is not known yet: the gate
    /// claims them.
    pub fn approvals(&self) -> &[VerifiedApproval] {
        &self.approvals
    }

    /// The keys that approved exactly the action of this digest, each once: what
    /// [`Facts::approved_by`](crate::decide::Facts::approved_by) takes for it.
    pub fn approvers_of(&self, action: &ActionDigest) -> Vec<ApproverPublicKey> {
        let mut approvers = Vec::new();
        for approval in &self.approvals {
            let key = *approval.approver();
            if approval.index_of(action).is_some() && !approvers.contains(&key) {
                approvers.push(key);
            }
        }
        approvers
    }

    /// The notes that came along.
    pub fn notes(&self) -> &[VerifiedNote] {
        &self.notes
    }

    /// What services noted as given to this task, as far as the notes show it: what
    /// [`Facts::seen`](crate::decide::Facts::seen) takes, for a decision with these house rules and brakes.
    ///
    /// A holder chooses what it presents. So a label that a deny entry or a requirement reads, in whatever
    /// block or rule, is left out: such an entry then applies, as it does when nothing is known.
    pub fn seen(&self, house: Option<&Scope>, brakes: Option<&Scope>) -> Seen {
        let scopes = self.scopes().iter().chain(self.ceiling());
        notes::seen(&self.notes, scopes.chain(house).chain(brakes))
    }

    pub(crate) fn token(&self) -> &crate::token::Token {
        self.token.token()
    }
}
