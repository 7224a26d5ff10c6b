//! A signed no.

use std::fmt;

use super::{ApprovalWireError, RequestId};
use crate::clock::Timestamp;
use crate::keys::{ApproverKey, ApproverPublicKey, Signature};
use crate::signed::{Purpose, SignedMessage};
use crate::token::{TextKind, text};
use crate::wire::Reader;

/// An approver's signed no to one request, so that an agent can tell it from no answer yet.
///
/// It tells the agent alone, and no service takes it: whatever is not approved is denied anyway.
#[derive(Clone, PartialEq, Eq)]
pub struct Declined {
    approver: ApproverPublicKey,
    token: Signature,
    request: RequestId,
    issued: Timestamp,
    signature: Signature,
}

impl Declined {
    pub(crate) const KIND: u8 = 2;

    pub(crate) fn sign(
        key: &ApproverKey,
        token: Signature,
        request: RequestId,
        issued: Timestamp,
    ) -> Self {
        let mut declined = Self {
            approver: key.public_key(),
            token,
            request,
            issued,
            signature: Signature::from_bytes([0; 64]),
        };
        declined.signature = key.sign_message(declined.message().as_bytes());
        declined
    }

    pub(crate) fn is_signed(&self) -> bool {
        self.approver
            .verify(self.message().as_bytes(), &self.signature)
            .is_ok()
    }

    fn message(&self) -> SignedMessage {
        SignedMessage::new(Purpose::Decline)
            .field(self.approver.as_bytes())
            .field(self.token.as_bytes())
            .field(self.request.as_bytes())
            .field(&self.issued.unix_millis().to_be_bytes())
    }

    /// The text form, `bwa1_…`.
    pub fn to_text(&self) -> String {
        text::encode(TextKind::Approval, &self.to_bytes())
    }

    /// The binary form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + 32 + 64 + 16 + 8 + 64);
        bytes.push(Self::KIND);
        bytes.extend_from_slice(self.approver.as_bytes());
        bytes.extend_from_slice(self.token.as_bytes());
        bytes.extend_from_slice(self.request.as_bytes());
        bytes.extend_from_slice(&self.issued.unix_millis().to_be_bytes());
        bytes.extend_from_slice(self.signature.as_bytes());
        bytes
    }

    /// Reads the binary form.
    ///
    /// # Errors
    ///
    /// [`ApprovalWireError`] if the bytes are anything else than one decline.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ApprovalWireError> {
        let mut reader = Reader::new(bytes);
        match reader.byte()? {
            Self::KIND => {}
            other => return Err(ApprovalWireError::WrongKind(other)),
        }
        let declined = Self {
            approver: ApproverPublicKey::without_curve_check(reader.array()?)?,
            token: Signature::from_bytes(reader.array()?),
            request: RequestId::from_bytes(reader.array()?),
            issued: reader.time(ApprovalWireError::Time)?,
            signature: Signature::from_bytes(reader.array()?),
        };
        reader.finish()?;
        Ok(declined)
    }

    /// The key that made it, if its signature holds.
    pub fn approver(&self) -> &ApproverPublicKey {
        &self.approver
    }

    /// The signature of the last block of the token that the request was for.
    pub fn token(&self) -> &Signature {
        &self.token
    }

    /// The request that it answers.
    pub fn request(&self) -> RequestId {
        self.request
    }

    /// When it was made, by its maker's clock.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }
}

/// Leaves the signature out.
impl fmt::Debug for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declined")
            .field("approver", &self.approver)
            .field("request", &self.request)
            .field("issued", &self.issued)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::dangerous::approver_key_from_seed;
    use crate::testing::now;

    fn declined() -> Declined {
        Declined::sign(
            &approver_key_from_seed(&[1; 32]),
            Signature::from_bytes([7; 64]),
            RequestId::from_bytes([3; 16]),
            now(),
        )
    }

    #[test]
    fn what_is_written_is_read() {
        let declined = declined();
        assert!(declined.is_signed());
        assert_eq!(Declined::from_bytes(&declined.to_bytes()), Ok(declined));
    }

    #[test]
    fn a_decline_cut_anywhere_is_too_short_and_one_that_goes_on_too_long() {
        let mut bytes = declined().to_bytes();
        for end in 0..bytes.len() {
            assert_eq!(
                Declined::from_bytes(&bytes[..end]),
                Err(ApprovalWireError::TooShort),
                "{end}"
            );
        }
        bytes.push(0);
        assert_eq!(
            Declined::from_bytes(&bytes),
            Err(ApprovalWireError::TooLong(1))
        );
    }

    #[test]
    fn any_changed_byte_is_refused_or_breaks_the_signature() {
        let right = declined().to_bytes();
        for at in 0..right.len() {
            let mut bytes = right.clone();
            bytes[at] ^= 1;
            if let Ok(changed) = Declined::from_bytes(&bytes) {
                assert!(!changed.is_signed(), "{at}");
            }
        }
    }
}
