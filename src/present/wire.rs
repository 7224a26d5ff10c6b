//! Reading length-prefixed bytes.

/// Why bytes are not a presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The bytes end before what they announce.
    #[error("the presentation ends too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("the presentation has {0} bytes too many")]
    TooLong(usize),
    /// A proof of a kind that this version does not know.
    #[error("the proof is of an unknown kind")]
    UnknownProofKind,
    /// A proof made after the year 9999.
    #[error("the time of the proof is out of range")]
    ProofTime,
    /// Approvals or notes, which this version cannot check.
    #[error("the presentation carries approvals or notes, which this version cannot check")]
    Unsupported,
}

pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(WireError::TooShort)?;
        self.0 = rest;
        Ok(*head)
    }

    /// Bytes with their length in 4 bytes before them.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let length = u32::from_be_bytes(self.array()?) as usize;
        let (head, rest) = self.0.split_at_checked(length).ok_or(WireError::TooShort)?;
        self.0 = rest;
        Ok(head)
    }

    pub(super) fn finish(self) -> Result<(), WireError> {
        match self.0.len() {
            0 => Ok(()),
            rest => Err(WireError::TooLong(rest)),
        }
    }
}

pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}
