//! A signed yes to exactly these actions.

use std::fmt;
use std::time::Duration;

use super::{Answer, AnswerTextError};
use crate::action::ActionDigest;
use crate::clock::Timestamp;
use crate::keys::{ApproverKey, ApproverPublicKey, PublicKeyError, Signature};
use crate::present::Nonce;
use crate::signed::{Purpose, SignedMessage};
use crate::token::{TextKind, text};
use crate::wire::{Reader, WrongLength, put_count};

/// An approver's signature over the digests of actions, for one token.
///
/// It names no service beside the one that is in every action, and no call: an agent presents it
/// with any calls that do these actions, each of them once. It does not survive narrowing: a token
/// that is handed on is another token.
///
/// Nothing of it is verified before a [`Verifier`](crate::verify::Verifier) or a
/// [`Waiting`](super::Waiting) does.
#[derive(Clone, PartialEq, Eq)]
pub struct Approval {
    approver: ApproverPublicKey,
    token: Signature,
    issued: Timestamp,
    until: Timestamp,
    nonce: Nonce,
    digests: Vec<ActionDigest>,
    signature: Signature,
}

/// Why bytes are not an [`Approval`], or not a [`Declined`](super::Declined).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApprovalWireError {
    /// The bytes end before what they announce.
    #[error("the approval ends too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("the approval has {0} bytes too many")]
    TooLong(usize),
    /// It is of another kind: declined where an approval is expected, or unknown.
    #[error("the approval is of kind {0}, which does not belong here")]
    WrongKind(u8),
    /// The approver's key is none.
    #[error("the approver's key: {0}")]
    Key(#[from] PublicKeyError),
    /// A time is after the year 9999.
    #[error("a time of the approval is out of range")]
    Time,
    /// It ends before it begins, or lasts longer than [`Approval::LONGEST`].
    #[error("the approval lasts for less than a millisecond, or for more than 30 days")]
    Lifetime,
    /// It is of no action, or of more than [`Approval::MAX_DIGESTS`].
    #[error(
        "the approval is of {found} actions: 1 to {} are possible",
        Approval::MAX_DIGESTS
    )]
    Digests {
        /// How many it says it has.
        found: usize,
    },
    /// It has the same action twice.
    #[error("the approval has the same action twice")]
    DuplicateDigest,
}

impl From<WrongLength> for ApprovalWireError {
    fn from(error: WrongLength) -> Self {
        match error {
            WrongLength::TooShort => Self::TooShort,
            WrongLength::TooLong(rest) => Self::TooLong(rest),
        }
    }
}

impl Approval {
    /// The most actions that one approval is of.
    pub const MAX_DIGESTS: usize = 64;
    /// The longest that an approval lasts: 30 days. A ledger remembers for as long that it was used.
    pub const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

    pub(crate) const KIND: u8 = 1;
    pub(crate) const MAX_BYTES: usize = 1 + 32 + 64 + 8 + 8 + 16 + 2 + 32 * Self::MAX_DIGESTS + 64;

    pub(crate) fn sign(
        key: &ApproverKey,
        token: Signature,
        digests: Vec<ActionDigest>,
        issued: Timestamp,
        until: Timestamp,
        nonce: Nonce,
    ) -> Self {
        let mut approval = Self {
            approver: key.public_key(),
            token,
            issued,
            until,
            nonce,
            digests,
            signature: Signature::from_bytes([0; 64]),
        };
        approval.signature = key.sign_message(approval.message().as_bytes());
        approval
    }

    /// Whether its approver signed it.
    pub(crate) fn is_signed(&self) -> bool {
        self.approver
            .verify(self.message().as_bytes(), &self.signature)
            .is_ok()
    }

    fn message(&self) -> SignedMessage {
        let digests: Vec<u8> = self.digests.iter().flat_map(|d| *d.as_bytes()).collect();
        SignedMessage::new(Purpose::Approval)
            .field(self.approver.as_bytes())
            .field(self.token.as_bytes())
            .field(&self.issued.unix_millis().to_be_bytes())
            .field(&self.until.unix_millis().to_be_bytes())
            .field(self.nonce.as_bytes())
            .field(&digests)
    }

    /// Reads the text form, `bwa1_…`, of an approval; that of a decline is refused.
    ///
    /// # Errors
    ///
    /// [`AnswerTextError`] says whether the text is truncated, damaged, or something else.
    pub fn parse(text: &str) -> Result<Self, AnswerTextError> {
        match Answer::parse(text)? {
            Answer::Approved(approval) => Ok(approval),
            Answer::Declined(_) => Err(ApprovalWireError::WrongKind(super::Declined::KIND).into()),
        }
    }

    /// The text form, `bwa1_…`.
    pub fn to_text(&self) -> String {
        text::encode(TextKind::Approval, &self.to_bytes())
    }

    /// The binary form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::MAX_BYTES);
        bytes.push(Self::KIND);
        bytes.extend_from_slice(self.approver.as_bytes());
        bytes.extend_from_slice(self.token.as_bytes());
        bytes.extend_from_slice(&self.issued.unix_millis().to_be_bytes());
        bytes.extend_from_slice(&self.until.unix_millis().to_be_bytes());
        bytes.extend_from_slice(self.nonce.as_bytes());
        put_count(&mut bytes, self.digests.len());
        for digest in &self.digests {
            bytes.extend_from_slice(digest.as_bytes());
        }
        bytes.extend_from_slice(self.signature.as_bytes());
        bytes
    }

    /// Reads the binary form.
    ///
    /// # Errors
    ///
    /// [`ApprovalWireError`] if the bytes are anything else than one approval.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ApprovalWireError> {
        let mut reader = Reader::new(bytes);
        match reader.byte()? {
            Self::KIND => {}
            other => return Err(ApprovalWireError::WrongKind(other)),
        }
        let approval = Self {
            // Verifying a signature with it shows whether it is on the curve.
            approver: ApproverPublicKey::without_curve_check(reader.array()?)?,
            token: Signature::from_bytes(reader.array()?),
            issued: reader.time(ApprovalWireError::Time)?,
            until: reader.time(ApprovalWireError::Time)?,
            nonce: Nonce::from_bytes(reader.array()?),
            digests: digests(&mut reader)?,
            signature: Signature::from_bytes(reader.array()?),
        };
        reader.finish()?;
        let lasts = approval.until.saturating_since(approval.issued);
        if lasts.is_zero() || lasts > Self::LONGEST {
            return Err(ApprovalWireError::Lifetime);
        }
        Ok(approval)
    }

    /// The key that made it, if its signature holds.
    pub fn approver(&self) -> &ApproverPublicKey {
        &self.approver
    }

    /// The signature of the last block of the token that it is for.
    pub fn token(&self) -> &Signature {
        &self.token
    }

    /// When it was made, by its maker's clock.
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// From when on it counts no more.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// What makes it another approval than all others.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// The actions that are approved, each of them once.
    pub fn digests(&self) -> &[ActionDigest] {
        &self.digests
    }
}

/// Leaves the signature out.
impl fmt::Debug for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Approval")
            .field("approver", &self.approver)
            .field("issued", &self.issued)
            .field("until", &self.until)
            .field("digests", &self.digests)
            .finish_non_exhaustive()
    }
}

fn digests(reader: &mut Reader<'_>) -> Result<Vec<ActionDigest>, ApprovalWireError> {
    let found = reader.count()?;
    if found == 0 || found > Approval::MAX_DIGESTS {
        return Err(ApprovalWireError::Digests { found });
    }
    let mut digests = Vec::with_capacity(found);
    for _ in 0..found {
        let digest = ActionDigest::from_bytes(reader.array()?);
        if digests.contains(&digest) {
            return Err(ApprovalWireError::DuplicateDigest);
        }
        digests.push(digest);
    }
    Ok(digests)
}

#[cfg(test)]
mod tests;
