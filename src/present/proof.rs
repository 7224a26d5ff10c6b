//! Proof of possession.

use super::WireError;
use crate::action::{CallDigest, Service};
use crate::clock::Timestamp;
use crate::keys::{HolderKey, HolderPublicKey, Signature};
use crate::signed::{Purpose, SignedMessage};
use crate::wire::Reader;

/// 16 random bytes that make every proof another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce([u8; 16]);

/// 16 random bytes that name one attempt at a call: a retry has a new nonce and the same attempt.
/// (A ledger that knows attempts will charge it once; [`ForgetfulLedger`] does not yet.)
///
/// [`ForgetfulLedger`]: crate::ledger::ForgetfulLedger
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId([u8; 16]);

macro_rules! random_id {
    ($name:ident) => {
        impl $name {
            /// A fresh one from the operating system.
            ///
            /// # Errors
            ///
            /// [`NoRandomness`](crate::present::NoRandomness) if the operating system has none.
            pub fn random() -> Result<Self, $crate::present::NoRandomness> {
                let mut bytes = [0; 16];
                getrandom::getrandom(&mut bytes).map_err(|_| $crate::present::NoRandomness)?;
                Ok(Self(bytes))
            }

            /// From its bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }
    };
}

pub(crate) use random_id;

random_id!(Nonce);
random_id!(AttemptId);

/// The operating system gave no randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

/// A holder's signature over one call: that the token is its own, here and now.
///
/// Says nothing of what the service makes of the call; a service that maps the call to actions
/// decides those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    issued: Timestamp,
    nonce: Nonce,
    attempt: AttemptId,
    signature: Signature,
}

/// What a proof is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound<'a> {
    pub(crate) service: &'a Service,
    /// The signature of the token's last block, and with it every byte of the chain.
    pub(crate) token: &'a Signature,
    pub(crate) call: &'a CallDigest,
}

impl Proof {
    /// The length of its wire form in bytes.
    pub(crate) const LENGTH: usize = 1 + 8 + 16 + 16 + 64;

    pub(crate) fn sign(
        key: &HolderKey,
        bound: Bound<'_>,
        issued: Timestamp,
        nonce: Nonce,
        attempt: AttemptId,
    ) -> Self {
        let message = message(bound, issued, nonce, attempt);
        Self {
            issued,
            nonce,
            attempt,
            signature: key.sign_message(message.as_bytes()),
        }
    }

    /// Whether `holder` signed this proof for this service, token and call.
    pub(crate) fn verify(&self, holder: &HolderPublicKey, bound: Bound<'_>) -> bool {
        let message = message(bound, self.issued, self.nonce, self.attempt);
        holder.verify(message.as_bytes(), &self.signature).is_ok()
    }

    /// When it was made, by its maker's clock.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// What makes it another proof than all others.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// The attempt that it belongs to.
    pub fn attempt(&self) -> AttemptId {
        self.attempt
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(KIND_SIGNATURE);
        out.extend_from_slice(&self.issued.unix_millis().to_be_bytes());
        out.extend_from_slice(&self.nonce.0);
        out.extend_from_slice(&self.attempt.0);
        out.extend_from_slice(self.signature.as_bytes());
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        if reader.array::<1>()? != [KIND_SIGNATURE] {
            return Err(WireError::UnknownProofKind);
        }
        let proof = Self {
            issued: reader.time(WireError::ProofTime)?,
            nonce: Nonce(reader.array()?),
            attempt: AttemptId(reader.array()?),
            signature: Signature::from_bytes(reader.array()?),
        };
        reader.finish()?;
        Ok(proof)
    }
}

/// Proofs by a session's shared key will be 2.
const KIND_SIGNATURE: u8 = 1;

fn message(bound: Bound<'_>, issued: Timestamp, nonce: Nonce, attempt: AttemptId) -> SignedMessage {
    SignedMessage::new(Purpose::Proof)
        .field(bound.service.as_str().as_bytes())
        .field(bound.token.as_bytes())
        .field(bound.call.as_bytes())
        .field(&issued.unix_millis().to_be_bytes())
        .field(&nonce.0)
        .field(&attempt.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{agent, call, forum, now};

    const TOKEN: [u8; 64] = [7; 64];

    /// Whether a proof that was changed so still holds for what it was made for, changed so.
    fn holds(
        change_proof: impl FnOnce(&mut Proof),
        change_bound: impl FnOnce(&mut (Service, Signature, CallDigest)),
    ) -> bool {
        let mut bound = (forum(), Signature::from_bytes(TOKEN), call().digest());
        let of = |(service, token, call): &(Service, Signature, CallDigest),
                  then: &mut dyn FnMut(Bound<'_>)| {
            then(Bound {
                service,
                token,
                call,
            });
        };
        let mut proof = None;
        of(&bound, &mut |bound| {
            let (nonce, attempt) = (Nonce::from_bytes([1; 16]), AttemptId::from_bytes([2; 16]));
            proof = Some(Proof::sign(&agent(1), bound, now(), nonce, attempt));
        });
        let mut proof = proof.unwrap();
        change_proof(&mut proof);
        change_bound(&mut bound);
        let mut held = false;
        of(&bound, &mut |bound| {
            held = proof.verify(&agent(1).public_key(), bound)
        });
        held
    }

    #[test]
    fn a_proof_binds_everything_that_it_is_made_of() {
        assert!(holds(|_| {}, |_| {}));
        assert!(!holds(|proof| proof.issued = Timestamp::MIN, |_| {}));
        assert!(!holds(|proof| proof.nonce.0[0] ^= 1, |_| {}));
        assert!(!holds(|proof| proof.attempt.0[0] ^= 1, |_| {}));
        assert!(!holds(
            |_| {},
            |bound| bound.0 = "forum.example.org".parse().unwrap()
        ));
        assert!(!holds(
            |_| {},
            |bound| bound.1 = Signature::from_bytes([8; 64])
        ));
        assert!(!holds(
            |_| {},
            |bound| bound.2 = CallDigest::from_bytes([9; 32])
        ));
    }

    #[test]
    fn a_proof_holds_for_the_key_that_made_it_alone() {
        let (service, token, call) = (forum(), Signature::from_bytes(TOKEN), call().digest());
        let bound = Bound {
            service: &service,
            token: &token,
            call: &call,
        };
        let (nonce, attempt) = (Nonce::random().unwrap(), AttemptId::random().unwrap());
        let proof = Proof::sign(&agent(1), bound, now(), nonce, attempt);
        assert!(proof.verify(&agent(1).public_key(), bound));
        assert!(!proof.verify(&agent(2).public_key(), bound));
    }

    #[test]
    fn what_a_proof_signs_has_one_layout() {
        let (service, token, call) = (
            forum(),
            Signature::from_bytes(TOKEN),
            CallDigest::from_bytes([9; 32]),
        );
        let bound = Bound {
            service: &service,
            token: &token,
            call: &call,
        };
        let message = message(
            bound,
            now(),
            Nonce::from_bytes([1; 16]),
            AttemptId::from_bytes([2; 16]),
        );
        let expected = [
            b"\0BAILIWICK\0\x01\x01\0\0\0\x0dforum.example\0\0\0\x40".as_slice(),
            &TOKEN,
            b"\0\0\0\x20",
            &[9; 32],
            b"\0\0\0\x08",
            &now().unix_millis().to_be_bytes(),
            b"\0\0\0\x10",
            &[1; 16],
            b"\0\0\0\x10",
            &[2; 16],
        ];
        assert_eq!(message.as_bytes(), expected.concat());
    }
}
