//! A token with a proof for one call.

use std::fmt;

use super::wire::{Reader, put_bytes};
use super::{Proof, WireError};
use crate::token::{Limits, TextError, TextKind, Token, text};

/// A token with a proof of possession for one call; approvals and notes will travel here too.
///
/// Nothing of it is verified. Its bytes are no secret, but whoever sees them before the service
/// does can present them first.
#[derive(Clone, PartialEq, Eq)]
pub struct Presentation {
    token: Vec<u8>,
    proof: Proof,
}

/// Why a text is not a presentation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PresentationError {
    /// The text form is damaged.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The bytes in it are.
    #[error(transparent)]
    Wire(#[from] WireError),
}

impl Presentation {
    pub(crate) fn new(token: &Token, proof: Proof) -> Self {
        Self {
            token: token.as_bytes().to_vec(),
            proof,
        }
    }

    /// Reads the text form, `bwp1_…`.
    ///
    /// # Errors
    ///
    /// [`PresentationError`] says whether the text is truncated, damaged, or something else.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, PresentationError> {
        let bytes = text::decode(TextKind::Presentation, text, longest(limits))?;
        Ok(Self::read(&bytes)?)
    }

    /// The text form, `bwp1_…`.
    pub fn to_text(&self) -> String {
        text::encode(TextKind::Presentation, &self.to_bytes())
    }

    /// The binary form, for transports that carry bytes: the text form without its checksum.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, present::*, scope::*, token::Limits};
    /// # let (now, agent) = (Timestamp::from_unix_seconds(1_800_000_000)?, HolderKey::generate()?);
    /// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
    /// #     .audience("forum.example".parse()?).not_after(Timestamp::from_unix_seconds(1_800_000_900)?).build()?;
    /// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
    /// # let token = Issuer::new(IssuerKey::generate()?, RootKeyId::new(1)).mint(&task, scope, &agent.public_key(), now)?.token;
    /// # let call = Call::tool("read_thread".parse()?, Tree::empty());
    /// let presentation = Holder::new(token, agent)?.present(&"forum.example".parse()?, &call, now)?;
    /// let bytes = presentation.to_bytes();
    /// let limits = Limits::default();
    /// assert_eq!(Presentation::from_bytes(&bytes, &limits)?, presentation);
    /// assert!(Presentation::from_bytes(&bytes[1..], &limits).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.token.len() + OVERHEAD);
        put_bytes(&mut bytes, &self.token);
        let mut proof = Vec::with_capacity(Proof::LENGTH);
        self.proof.write(&mut proof);
        put_bytes(&mut bytes, &proof);
        bytes.extend_from_slice(&NO_APPROVALS_NO_NOTES);
        bytes
    }

    /// Reads the binary form.
    ///
    /// # Errors
    ///
    /// [`WireError`] if the bytes are more than the limits allow, or anything else than one
    /// presentation.
    pub fn from_bytes(bytes: &[u8], limits: &Limits) -> Result<Self, WireError> {
        match bytes.len().checked_sub(longest(limits)) {
            None | Some(0) => Self::read(bytes),
            Some(more) => Err(WireError::TooLong(more)),
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let token = reader.bytes()?;
        let proof = Proof::read(reader.bytes()?)?;
        // What cannot be checked is refused, not dropped.
        if reader.array::<4>()? != NO_APPROVALS_NO_NOTES {
            return Err(WireError::Unsupported);
        }
        reader.finish()?;
        Ok(Self {
            token: token.to_vec(),
            proof,
        })
    }

    /// The token's bytes.
    pub(crate) fn token(&self) -> &[u8] {
        &self.token
    }

    /// The proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }
}

/// Two counts, of 2 bytes each.
const NO_APPROVALS_NO_NOTES: [u8; 4] = [0; 4];
const OVERHEAD: usize = 4 + 4 + Proof::LENGTH + NO_APPROVALS_NO_NOTES.len();

fn longest(limits: &Limits) -> usize {
    limits.max_bytes().saturating_add(OVERHEAD)
}

/// Leaves the token and the signature out: a log is no place for what can be presented.
impl fmt::Debug for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presentation")
            .field("token_bytes", &self.token.len())
            .field("issued", &self.proof.issued())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{call, forum, holder, now, scope};

    fn bytes() -> Vec<u8> {
        let presentation = holder(scope()).present(&forum(), &call(), now()).unwrap();
        let most = Limits::default().max_bytes() + OVERHEAD;
        text::decode(TextKind::Presentation, &presentation.to_text(), most).unwrap()
    }

    /// Where the length of the proof begins.
    fn proof(bytes: &[u8]) -> usize {
        bytes.len() - NO_APPROVALS_NO_NOTES.len() - Proof::LENGTH - 4
    }

    fn refused(change: impl FnOnce(&mut Vec<u8>)) -> WireError {
        let mut bytes = bytes();
        change(&mut bytes);
        Presentation::read(&bytes).unwrap_err()
    }

    #[test]
    fn what_is_read_is_written_again() {
        let bytes = bytes();
        let presentation = Presentation::read(&bytes).unwrap();
        let text = text::encode(TextKind::Presentation, &bytes);
        assert_eq!(presentation.to_text(), text);
        assert_eq!(
            Presentation::parse(&text, &Limits::default()),
            Ok(presentation)
        );
    }

    #[test]
    fn a_presentation_cut_anywhere_is_too_short() {
        let bytes = bytes();
        for end in 0..bytes.len() {
            assert_eq!(
                Presentation::read(&bytes[..end]),
                Err(WireError::TooShort),
                "{end}"
            );
        }
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        assert_eq!(refused(|bytes| bytes.push(0)), WireError::TooLong(1));
        // Also after the end of the proof, within its own length.
        let longer = |bytes: &mut Vec<u8>| {
            let at = proof(bytes);
            bytes[at + 3] += 1;
            bytes.insert(at + 4 + Proof::LENGTH, 0);
        };
        assert_eq!(refused(longer), WireError::TooLong(1));
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        assert_eq!(refused(|bytes| bytes[..4].fill(0xff)), WireError::TooShort);
    }

    #[test]
    fn a_proof_of_an_unknown_kind_is_refused() {
        for kind in [0, 2, 255] {
            let change = |bytes: &mut Vec<u8>| {
                let at = proof(bytes) + 4;
                bytes[at] = kind;
            };
            assert_eq!(refused(change), WireError::UnknownProofKind);
        }
    }

    #[test]
    fn a_proof_from_after_the_last_moment_is_refused() {
        let change = |bytes: &mut Vec<u8>| {
            let at = proof(bytes) + 5;
            bytes[at..at + 8].fill(0xff);
        };
        assert_eq!(refused(change), WireError::ProofTime);
    }

    #[test]
    fn approvals_and_notes_that_cannot_be_checked_are_refused_and_not_dropped() {
        for counter in 1..=4 {
            let change = |bytes: &mut Vec<u8>| {
                let at = bytes.len() - counter;
                bytes[at] = 1;
            };
            assert_eq!(refused(change), WireError::Unsupported);
        }
    }

    #[test]
    fn a_text_longer_than_any_presentation_is_refused_first() {
        let long = "*".repeat(1 << 20);
        let error = Presentation::parse(&long, &Limits::default()).unwrap_err();
        assert!(matches!(
            error,
            PresentationError::Text(TextError::TooLong { .. })
        ));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = Presentation::read(&bytes);
        }
    }
}
