//! Reading and writing the bytes that are ours: bounded by what is there, and never panicking.

use crate::clock::Timestamp;

/// The bytes are not as long as they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WrongLength {
    /// They end before what they announce.
    #[error("the bytes end too early")]
    TooShort,
    /// So many are left at the end.
    #[error("there are {0} bytes too many")]
    TooLong(usize),
}

/// What is left to be read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], WrongLength> {
        let (head, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(WrongLength::TooShort)?;
        self.0 = rest;
        Ok(*head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, WrongLength> {
        self.array().map(|[byte]| byte)
    }

    /// A count in 2 bytes.
    pub(crate) fn count(&mut self) -> Result<usize, WrongLength> {
        self.array().map(u16::from_be_bytes).map(usize::from)
    }

    /// A length or a count in 4 bytes. It may be far more than there is.
    pub(crate) fn length(&mut self) -> Result<usize, WrongLength> {
        self.array()
            .map(|bytes| usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, WrongLength> {
        self.array().map(u64::from_be_bytes)
    }

    /// A time in milliseconds, in 8 bytes, or this error if it is after the year 9999.
    pub(crate) fn time<E: From<WrongLength>>(&mut self, out_of_range: E) -> Result<Timestamp, E> {
        let millis = self.u64()?;
        Timestamp::from_unix_millis(millis).map_err(|_| out_of_range)
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], WrongLength> {
        let (head, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(WrongLength::TooShort)?;
        self.0 = rest;
        Ok(head)
    }

    /// Bytes with their length in 4 bytes before them.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], WrongLength> {
        let length = self.length()?;
        self.take(length)
    }

    /// Bytes with their length in 2 bytes before them.
    pub(crate) fn short(&mut self) -> Result<&'a [u8], WrongLength> {
        let length = self.count()?;
        self.take(length)
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn finish(self) -> Result<(), WrongLength> {
        match self.0.len() {
            0 => Ok(()),
            rest => Err(WrongLength::TooLong(rest)),
        }
    }
}

/// Bytes with their length in 4 bytes before them.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    // Longer than 4 GiB is past every limit, and every reader refuses what is written then.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Bytes with their length in 2 bytes before them: names and what is as short.
pub(crate) fn put_short(out: &mut Vec<u8>, bytes: &[u8]) {
    put_count(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// A count in 2 bytes.
pub(crate) fn put_count(out: &mut Vec<u8>, count: usize) {
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    out.extend_from_slice(&count.to_be_bytes());
}
