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
            issued: time(&mut reader)?,
            until: time(&mut reader)?,
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

pub(super) fn time(reader: &mut Reader<'_>) -> Result<Timestamp, ApprovalWireError> {
    Timestamp::from_unix_millis(reader.u64()?).map_err(|_| ApprovalWireError::Time)
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
mod tests {
    use super::*;
    use crate::keys::dangerous::approver_key_from_seed;
    use crate::testing::{at, now};

    const TOKEN: [u8; 64] = [7; 64];

    fn digest(byte: u8) -> ActionDigest {
        ActionDigest::from_bytes([byte; 32])
    }

    fn approval() -> Approval {
        Approval::sign(
            &approver_key_from_seed(&[1; 32]),
            Signature::from_bytes(TOKEN),
            vec![digest(1), digest(2)],
            now(),
            now().saturating_add(Duration::from_secs(60)),
            Nonce::from_bytes([3; 16]),
        )
    }

    fn refused(change: impl FnOnce(&mut Vec<u8>)) -> ApprovalWireError {
        let mut bytes = approval().to_bytes();
        change(&mut bytes);
        Approval::from_bytes(&bytes).unwrap_err()
    }

    const TIMES: usize = 1 + 32 + 64;
    const COUNT: usize = TIMES + 8 + 8 + 16;

    #[test]
    fn what_is_written_is_read_as_bytes_and_as_text() {
        let approval = approval();
        assert!(approval.is_signed());
        assert_eq!(
            Approval::from_bytes(&approval.to_bytes()),
            Ok(approval.clone())
        );
        assert_eq!(Approval::parse(&approval.to_text()).unwrap(), approval);
        assert!(approval.to_text().starts_with("bwa1_"));
    }

    #[test]
    fn an_approval_cut_anywhere_is_too_short() {
        let bytes = approval().to_bytes();
        for end in 0..bytes.len() {
            assert_eq!(
                Approval::from_bytes(&bytes[..end]),
                Err(ApprovalWireError::TooShort),
                "{end}"
            );
        }
    }

    #[test]
    fn any_changed_byte_is_refused_or_breaks_the_signature() {
        let right = approval().to_bytes();
        for at in 0..right.len() {
            for change in [1, 0x80] {
                let mut bytes = right.clone();
                bytes[at] ^= change;
                if let Ok(changed) = Approval::from_bytes(&bytes) {
                    assert!(!changed.is_signed(), "{at}");
                    assert_eq!(changed.to_bytes(), bytes);
                }
            }
        }
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        assert_eq!(
            refused(|bytes| bytes.push(0)),
            ApprovalWireError::TooLong(1)
        );
    }

    #[test]
    fn other_kinds_are_refused() {
        for kind in [0, 2, 3, 255] {
            assert_eq!(
                refused(|bytes| bytes[0] = kind),
                ApprovalWireError::WrongKind(kind)
            );
        }
    }

    #[test]
    fn a_key_for_which_anybody_could_sign_is_refused() {
        assert_eq!(
            refused(|bytes| bytes[1..33].fill(0)),
            ApprovalWireError::Key(PublicKeyError::SmallOrder)
        );
    }

    #[test]
    fn a_time_out_of_range_is_refused() {
        for at in [TIMES, TIMES + 8] {
            let change = |bytes: &mut Vec<u8>| bytes[at..at + 8].fill(0xff);
            assert_eq!(refused(change), ApprovalWireError::Time);
        }
    }

    #[test]
    fn an_approval_lasts_for_something_and_for_30_days_at_the_most() {
        let lasting = |lasts: Duration| {
            let until = now().saturating_add(lasts).unix_millis().to_be_bytes();
            let mut bytes = approval().to_bytes();
            bytes[TIMES + 8..TIMES + 16].copy_from_slice(&until);
            Approval::from_bytes(&bytes).map(|_| ())
        };
        let millisecond = Duration::from_millis(1);
        assert_eq!(lasting(Duration::ZERO), Err(ApprovalWireError::Lifetime));
        assert_eq!(lasting(millisecond), Ok(()));
        assert_eq!(lasting(Approval::LONGEST), Ok(()));
        assert_eq!(
            lasting(Approval::LONGEST + millisecond),
            Err(ApprovalWireError::Lifetime)
        );
        let backwards = |bytes: &mut Vec<u8>| {
            bytes[TIMES + 8..TIMES + 16].copy_from_slice(&at(0).unix_millis().to_be_bytes());
        };
        assert_eq!(refused(backwards), ApprovalWireError::Lifetime);
    }

    #[test]
    fn an_approval_is_of_1_to_64_actions_each_once() {
        for (count, found) in [([0, 0], 0), ([0, 65], 65), ([0xff, 0xff], 65_535)] {
            let change = |bytes: &mut Vec<u8>| bytes[COUNT..COUNT + 2].copy_from_slice(&count);
            assert_eq!(refused(change), ApprovalWireError::Digests { found });
        }
        let twice = |bytes: &mut Vec<u8>| bytes[COUNT + 2 + 32..COUNT + 2 + 64].fill(1);
        assert_eq!(refused(twice), ApprovalWireError::DuplicateDigest);
    }

    #[test]
    fn debug_shows_no_signature() {
        let approval = approval();
        let shown = format!("{approval:?}");
        assert!(!shown.contains(&approval.signature.to_string()), "{shown}");
        assert!(!shown.contains(&approval.token.to_string()), "{shown}");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = Approval::from_bytes(&bytes);
        }
    }
}
