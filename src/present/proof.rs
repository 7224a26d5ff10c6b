//! Proof of possession.

use super::WireError;
use super::wire::Reader;
use crate::action::{CallDigest, Service};
use crate::clock::Timestamp;
use crate::keys::{HolderKey, HolderPublicKey, Signature};
use crate::signed::{Purpose, SignedMessage};

/// 16 random bytes that make every proof another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce([u8; 16]);

/// 16 random bytes that name one attempt at a call: a retry has a new nonce and the same attempt,
/// so that it is charged once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId([u8; 16]);

macro_rules! random_id {
    ($name:ident) => {
        impl $name {
            /// A fresh one from the operating system.
            ///
            /// # Errors
            ///
            /// [`NoRandomness`] if the operating system has none.
            pub fn random() -> Result<Self, NoRandomness> {
                let mut bytes = [0; 16];
                getrandom::getrandom(&mut bytes).map_err(|_| NoRandomness)?;
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
        let issued = u64::from_be_bytes(reader.array()?);
        let proof = Self {
            issued: Timestamp::from_unix_millis(issued).map_err(|_| WireError::ProofTime)?,
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

fn message(
    bound: Bound<'_>,
    issued: Timestamp,
    nonce: Nonce,
    attempt: AttemptId,
) -> SignedMessage {
    SignedMessage::new(Purpose::Proof)
        .field(bound.service.as_str().as_bytes())
        .field(bound.token.as_bytes())
        .field(bound.call.as_bytes())
        .field(&issued.unix_millis().to_be_bytes())
        .field(&nonce.0)
        .field(&attempt.0)
}
