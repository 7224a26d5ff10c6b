//! Proofs with known nonces, for test vectors. Never for anything that is sent.
//!
//! # Security
//! A nonce is what makes a proof another one than all before it. One that is known or repeated
//! makes a proof that the ledger takes for a replay, or that somebody else used up first.

use super::proof::Bound;
use super::{AttemptId, Holder, Nonce, Presentation, Proof};
use crate::action::{Call, Service};
use crate::clock::Timestamp;

/// As [`Holder::present`], with a nonce and an attempt that are given: the same bytes every time.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, present::*, scope::*};
/// # let (now, agent) = (Timestamp::from_unix_seconds(1_800_000_000)?, HolderKey::generate()?);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let token = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
/// # let (service, call) = ("forum.example".parse()?, Call::tool("read".parse()?, Tree::empty()));
/// use bailiwick::present::dangerous::present_with;
///
/// let holder = Holder::new(token, agent)?;
/// let present = |nonce| present_with(&holder, &service, &call, now, nonce, AttemptId::from_bytes([2; 16]));
/// assert_eq!(present(Nonce::from_bytes([1; 16])), present(Nonce::from_bytes([1; 16])));
/// assert_ne!(present(Nonce::from_bytes([1; 16])), holder.present(&service, &call, now)?);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn present_with(
    holder: &Holder,
    service: &Service,
    call: &Call,
    now: Timestamp,
    nonce: Nonce,
    attempt: AttemptId,
) -> Presentation {
    let digest = call.digest();
    let bound = Bound {
        service,
        token: &holder.token().last_signature(),
        call: &digest,
    };
    let proof = Proof::sign(holder.key(), bound, now, nonce, attempt);
    Presentation::new(holder.token(), proof)
}
