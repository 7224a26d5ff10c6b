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
        let most = limits.max_bytes().saturating_add(OVERHEAD);
        let bytes = text::decode(TextKind::Presentation, text, most)?;
        Ok(Self::read(&bytes)?)
    }

    /// The text form, `bwp1_…`.
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::with_capacity(self.token.len() + OVERHEAD);
        put_bytes(&mut bytes, &self.token);
        let mut proof = Vec::with_capacity(Proof::LENGTH);
        self.proof.write(&mut proof);
        put_bytes(&mut bytes, &proof);
        bytes.extend_from_slice(&NO_APPROVALS_NO_NOTES);
        text::encode(TextKind::Presentation, &bytes)
    }

    /// The token's bytes.
    pub(crate) fn token(&self) -> &[u8] {
        &self.token
    }

    /// The proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
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
}

/// Two counts, of 2 bytes each.
const NO_APPROVALS_NO_NOTES: [u8; 4] = [0; 4];
const OVERHEAD: usize = 4 + 4 + Proof::LENGTH + NO_APPROVALS_NO_NOTES.len();

/// Leaves the token and the signature out: a log is no place for what can be presented.
impl fmt::Debug for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presentation")
            .field("token_bytes", &self.token.len())
            .field("issued", &self.proof.issued())
            .finish_non_exhaustive()
    }
}
