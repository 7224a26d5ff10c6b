//! The bytes that our keys sign where Biscuit defines none.

/// What a signature is for. One key never signs two things that could be read as one another: the
/// purpose stands before everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Purpose {
    Proof = 1,
    Approval = 3,
    ApprovalRequest = 4,
    RevocationList = 5,
    RevocationDelta = 6,
    Note = 8,
    StopTicket = 10,
    ApproverDirectory = 11,
    Decline = 12,
}

/// `\0BAILIWICK\0` ‖ format ‖ purpose, then fields, each with its length in 4 bytes before it.
///
/// Biscuit's own payloads begin `\0BLOCK\0`, `\0EXTERNAL\0`, or with the bytes of a block, which
/// never begin with a zero.
#[derive(Debug)]
pub(crate) struct SignedMessage(Vec<u8>);

const DOMAIN: &[u8] = b"\0BAILIWICK\0";
const FORMAT: u8 = 1;

impl SignedMessage {
    pub(crate) fn new(purpose: Purpose) -> Self {
        let mut bytes = Vec::with_capacity(320);
        bytes.extend_from_slice(DOMAIN);
        bytes.extend_from_slice(&[FORMAT, purpose as u8]);
        Self(bytes)
    }

    pub(crate) fn field(mut self, bytes: &[u8]) -> Self {
        // Longer than 4 GiB is not possible: every field is bounded far below.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cannot_be_moved_across_their_border() {
        let one = SignedMessage::new(Purpose::Proof).field(b"ab").field(b"c");
        let two = SignedMessage::new(Purpose::Proof).field(b"a").field(b"bc");
        assert_ne!(one.as_bytes(), two.as_bytes());
        assert!(
            one.as_bytes()
                .starts_with(b"\0BAILIWICK\0\x01\x01\0\0\0\x02ab")
        );
    }
}
